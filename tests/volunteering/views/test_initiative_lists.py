"""Facets, the calendar, the map, what came of it; and what is never told of closed groups."""

from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.utils import timezone
from django_scopes import scope

from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AudienceFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    MeetingFactory,
)
from volunteering.domain.initiative_facets import InitiativeIndex
from volunteering.domain.month import Month
from volunteering.models import Joining
from volunteering.states import LifecycleState, MeetingState

pytestmark = pytest.mark.django_db

# A Monday; clocks change on 28 March and on 31 October 2027.
NOW = "2027-03-22 12:00:00+01:00"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def page(client, municipality):
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


@pytest.fixture
def make(municipality):
    def make(**facts):
        return InitiativeFactory(municipality=municipality, **facts)

    return make


def at(day, hour=17):
    return timezone.make_aware(datetime(*day, hour))  # noqa: DTZ001 -- a wall time


def meet(initiative, day, hour=17, **facts):
    start = at(day, hour)
    return MeetingFactory(initiative=initiative, starts_at=start, ends_at=start + timedelta(hours=2), **facts)


def choices(response, name):
    return dict(response.context["filter"].form.fields[name].choices)


# --- Facets -----------------------------------------------------------------------------------------------------------


def test_numbers_are_what_pressing_them_finds(page, municipality, make):
    place, other = NeighbourhoodFactory.create_batch(2, municipality=municipality)
    kind, second = InitiativeKindFactory(code="klub"), InitiativeKindFactory(code="sport")
    make(kind=kind, neighbourhoods=[place, other])
    make(kind=kind, neighbourhoods=[other])
    make(kind=second, neighbourhoods=[other])

    for query in ({}, {"rodzaj": "klub"}, {"gdzie": other.slug}, {"rodzaj": "sport", "gdzie": place.slug}):
        caches["pages"].clear()
        response = page.get("/inicjatywy/", query)
        for name in ("rodzaj", "gdzie"):
            for code, label in choices(response, name).items():
                if code:
                    caches["pages"].clear()
                    found = page.get("/inicjatywy/", {**query, name: code})
                    assert label.endswith(f"({len(found.context['page'].rows)})")


def test_day_of_the_week_is_that_of_local_clocks(page, make):
    """Monday 0:30 in Warsaw is Sunday in UTC; and 0:30 it is before and after clocks change."""
    night = make()
    meet(night, (2027, 3, 29), 0)
    afternoon = make()
    meet(afternoon, (2027, 3, 28))

    monday = page.get("/inicjatywy/", {"dzien": "1"})
    sunday = page.get("/inicjatywy/", {"dzien": "7"})

    assert monday.context["page"].rows == [night]
    assert sunday.context["page"].rows == [afternoon]


def test_free_places_are_those_of_any_coming_meeting(page, make):
    full, free, open_door, over = make(), make(), make(), make()
    meet(full, (2027, 3, 25), places=1, taken=1)
    meet(free, (2027, 3, 25), places=1, taken=1)
    meet(free, (2027, 4, 1), places=1, taken=0)
    meet(open_door, (2027, 3, 26), places=None)
    meet(over, (2027, 3, 1), places=5)
    meet(over, (2027, 3, 30), places=5, state=MeetingState.CANCELLED)

    response = page.get("/inicjatywy/", {"wolne": "tak"})

    assert set(response.context["page"].rows) == {free, open_door}


def test_audience_and_way_of_joining_are_filtered(page, make):
    seniors = AudienceFactory(code="seniorzy")
    wanted = make(audiences=[seniors], joining=Joining.REQUEST)
    make(audiences=[seniors])
    make(joining=Joining.REQUEST)

    response = page.get("/inicjatywy/", {"dla": "seniorzy", "wejscie": "request"})

    assert response.context["page"].rows == [wanted]


def test_choices_that_find_nothing_are_left_out(page, make):
    InitiativeKindFactory(code="pusty")
    make(kind=InitiativeKindFactory(code="klub"))

    response = page.get("/inicjatywy/")

    assert set(choices(response, "rodzaj")) == {"", "klub"}


@pytest.mark.parametrize(
    "path", ["/inicjatywy/", "/inicjatywy/kalendarz/", "/inicjatywy/mapa/", "/inicjatywy/kalendarz.ics"]
)
@pytest.mark.parametrize(
    "query",
    [
        "dzien=9",
        "dzien=%00",
        "wolne=nie",
        "rodzaj=x&rodzaj=y",
        "slowa=%F0%9F",
        "miesiac=2027-13",
        "widok=%00",
        "slowa=" + "a" * 5000,
    ],
)
def test_any_query_is_survived(page, make, path, query):
    meet(make(), (2027, 3, 25))

    assert page.get(f"{path}?{query}").status_code == 200


def test_facets_know_this_centre_only(municipality, make):
    make()
    foreign = InitiativeFactory(municipality=MunicipalityFactory())
    MeetingFactory(initiative=foreign)

    assert foreign.pk not in InitiativeIndex().keys({})


# --- The calendar -----------------------------------------------------------------------------------------------------


def test_month_has_headings_and_every_day(page, make):
    meet(make(title="Klub szachowy"), (2027, 3, 25))

    table = BeautifulSoup(page.get("/inicjatywy/kalendarz/").content, "html.parser").table

    assert table.thead.th["abbr"].lower() == "poniedziałek"
    assert len(table.thead.find_all("th", scope="col")) == 7
    assert len(table.tbody.find_all("time")) == 35
    assert table.find("time", datetime="2027-03-25").parent.a.text.split() == ["17:00", "Klub", "szachowy"]
    assert table.find("td", attrs={"aria-current": "date"}).time["datetime"] == "2027-03-22"
    assert table.caption.text.strip()


def test_months_are_turned_forwards_and_back_as_far_as_anything_is(page, make):
    meet(make(), (2027, 4, 30), 23)
    meet(make(), (2027, 5, 1), 0)

    march = page.get("/inicjatywy/kalendarz/").context
    april = page.get("/inicjatywy/kalendarz/?miesiac=2027-04").context
    last = page.get("/inicjatywy/kalendarz/?miesiac=2028-03").context
    beyond = page.get("/inicjatywy/kalendarz/?miesiac=2028-04").context

    assert march["addresses"]["previous"] == ""
    assert march["addresses"]["next"] == "?miesiac=2027-04"
    assert [day.date for day in april["agenda"]] == [date(2027, 4, 30)]
    assert (last["month"].name, last["addresses"]["next"]) == ("2028-03", "")
    assert beyond["month"].name == "2027-03"


def test_meetings_that_are_over_are_not_in_the_calendar(page, make):
    meet(make(), (2027, 3, 1))

    assert page.get("/inicjatywy/kalendarz/").context["agenda"] == []


def test_filters_of_a_day_and_free_places_are_asked_of_meetings(page, make):
    initiative = make()
    meet(initiative, (2027, 3, 24))
    thursday = meet(initiative, (2027, 3, 25), places=2, taken=1)
    meet(initiative, (2027, 4, 1), places=2, taken=2)

    context = page.get("/inicjatywy/kalendarz/?dzien=4&wolne=tak").context

    assert [meeting for day in context["agenda"] for meeting in day.meetings] == [thursday]


def test_agenda_has_no_grid_and_keeps_the_choice(page, make):
    meet(make(), (2027, 3, 25))

    response = page.get("/inicjatywy/kalendarz/?widok=agenda&dzien=4")

    assert BeautifulSoup(response.content, "html.parser").table is None
    assert response.context["addresses"]["next"] == "?widok=agenda&dzien=4&miesiac=2027-04"


def test_month_knows_how_long_it_is_on_local_clocks():
    """March has an hour less than 31 days, October one more."""
    march, october = Month(date(2027, 3, 1)), Month(date(2027, 10, 1))

    lengths = [(end - start) / timedelta(hours=1) for start, end in (march.span, october.span)]

    assert lengths == [31 * 24, 31 * 24]  # aware times of one zone: wall clocks
    assert march.span[1].utcoffset() == timedelta(hours=2)
    assert march.previous.name == "2027-02"
    assert Month(date(2027, 12, 1)).next.name == "2028-01"


# --- Neighbourhoods and what came of it -------------------------------------------------------------------------------


def test_map_counts_and_leads_to_the_list(page, municipality, make):
    place = NeighbourhoodFactory(municipality=municipality)
    make(neighbourhoods=[place])
    make()

    response = page.get("/inicjatywy/mapa/")

    [row] = response.context["map"].places
    assert (row["number"], row["address"]) == (1, f"?gdzie={place.slug}")


def test_results_are_told_after_the_end(page, make):
    told = make(results="<p>Naprawiliśmy 40 rzeczy.</p>")
    silent = make()
    for initiative in (told, silent):
        initiative.lifecycle.state = LifecycleState.FINISHED
        initiative.lifecycle.save()
    meet(told, (2027, 4, 1))

    finished = page.get("/inicjatywy/zakonczone/")
    detail = page.get(told.get_absolute_url())

    assert finished.context["page"].rows == [told]
    assert "Naprawiliśmy 40 rzeczy." in detail.text
    assert detail.context["meetings"] == []
    # Without words there are the figures.
    assert page.get(silent.get_absolute_url()).status_code == 200
    assert told not in page.get("/inicjatywy/").context["page"].rows


# --- Closed groups ----------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(make):
    closed = make(title="Grupa Cicha", joining=Joining.CLOSED)
    meet(closed, (2027, 3, 25), place="Sala Tajna")
    return closed


def test_nobody_learns_when_and_where_a_closed_group_meets(page, closed):
    assert closed not in page.get("/inicjatywy/?dzien=4").context["page"].rows
    for path in (
        "/inicjatywy/",
        "/inicjatywy/?wolne=tak",
        closed.get_absolute_url(),
        "/inicjatywy/kalendarz/",
        "/inicjatywy/kalendarz/?widok=agenda",
    ):
        response = page.get(path)
        assert "Sala Tajna" not in response.text
        assert "25 marca" not in response.text


def test_closed_group_is_in_no_calendar_feed_or_poster(page, closed):
    meeting = closed.meetings.get()

    assert "Cicha" not in page.get("/inicjatywy/kalendarz.ics").content.decode()
    assert "Cicha" not in page.get("/inicjatywy/kanal.atom").content.decode()
    for part in ("kalendarz.ics", "plakat.pdf", f"spotkania/{meeting.pk}/kalendarz.ics"):
        assert page.get(f"{closed.get_absolute_url()}{part}").status_code == 404


# --- Costs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "costs",
    [
        ("/inicjatywy/", 9),
        ("/inicjatywy/kalendarz/", 7),
        ("/inicjatywy/mapa/", 4),
        ("/inicjatywy/kalendarz.ics", 5),
        ("/inicjatywy/kanal.atom", 3),
        ("/inicjatywy/zakonczone/", 1),
    ],
)
@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_for_many(page, make, queries_of, costs, count):
    path, queries = costs
    audience = AudienceFactory()
    for _number in range(count):
        initiative = make(audiences=[audience])
        initiative.neighbourhoods.set([NeighbourhoodFactory(municipality=initiative.municipality)])
        initiative.save()
        meet(initiative, (2027, 3, 25))

    assert queries_of(page, path) == queries
