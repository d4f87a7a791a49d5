"""Events as residents read them: lists, filters, pages in every state, the words for search engines, the calendar."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_scopes import scope

from cms.domain import registrations
from cms.models import EventIndexPage, EventPage
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_event, make_event_index, make_home, register_of, republish
from tests.factories.neighbourhoods import NeighbourhoodFactory
from volunteering.models import Audience

pytestmark = pytest.mark.django_db

LIST = "/wydarzenia/"
NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


@pytest.fixture
def index(centre):
    return make_event_index(home_of(centre))


def show(browse, where, address):
    response = browse(where).get(address)
    assert response.status_code == 200, address
    return response.content.decode().replace("\xa0", " ")


def titles(words):
    return re.findall(r'card__title"><a href="[^"]+">([^<]+)</a>', words)


def fill(register, people):
    for _person in range(people):
        user = UserFactory()
        registrations.join(register, user=user, actor=user)


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_soonest_event_comes_first_and_past_ones_are_in_the_archive(browse, centre, index):
    for title, days in (("Później", 9), ("Wkrótce", 2), ("Dawno", -30), ("Niedawno", -3)):
        make_event(index, title=title, days=days)

    assert titles(show(browse, centre, LIST)) == ["Wkrótce", "Później"]
    assert titles(show(browse, centre, f"{LIST}?archiwum=1")) == ["Niedawno", "Dawno"]


def test_event_under_way_is_not_over(browse, centre, index):
    make_event(index, title="Trwa", days=-1, hours=30)

    assert titles(show(browse, centre, LIST)) == ["Trwa"]


def test_drafts_and_other_sites_are_not_listed(browse, centre, stranger, index):
    make_event(index, live=False, title="Szkic")
    make_event(make_event_index(home_of(stranger)), title="Cudzoziemskie")

    words = show(browse, centre, LIST)

    assert titles(words) == []
    assert "empty" in words


def test_filters_narrow_the_list(browse, centre, index):
    audience = Audience.objects.create(code="seniorzy", name_pl="seniorzy", name_en="seniors", name_uk="seniors")
    other = Audience.objects.create(code="dzieci", name_pl="dzieci", name_en="children", name_uk="children")
    with scope(municipality=centre):
        place, elsewhere = (NeighbourhoodFactory(municipality=centre, slug=slug) for slug in ("wirek", "orzegow"))
    with time_machine.travel(NOON, tick=False):
        with scope(municipality=centre):
            make_event(index, title="Tu, dla seniorów", neighbourhood=place, audiences=[audience])
            make_event(index, title="Tam, dla dzieci", days=8, neighbourhood=elsewhere, audiences=[other])
        make_event(index, title="Dla wszystkich w maju", days=20)
        found = {
            query: titles(show(browse, centre, LIST + query))
            for query in (
                "?gdzie=wirek",
                "?dla=seniorzy",
                "?miesiac=2027-05",
                "?gdzie=nie-ma&dla=x&miesiac=99&strona=x",
            )
        }

    assert found == {
        "?gdzie=wirek": ["Tu, dla seniorów", "Dla wszystkich w maju"],
        "?dla=seniorzy": ["Tu, dla seniorów", "Dla wszystkich w maju"],
        "?miesiac=2027-05": ["Dla wszystkich w maju"],
        "?gdzie=nie-ma&dla=x&miesiac=99&strona=x": ["Tu, dla seniorów", "Tam, dla dzieci", "Dla wszystkich w maju"],
    }


def test_month_is_that_of_local_clocks(browse, centre, index):
    """Half past midnight of 1 May in Warsaw is still April in Greenwich."""
    with time_machine.travel(NOON, tick=False):
        make_event(index, title="Majówka", starts_at=datetime(2027, 4, 30, 22, 30, tzinfo=UTC))

        assert titles(show(browse, centre, f"{LIST}?miesiac=2027-05")) == ["Majówka"]
        assert titles(show(browse, centre, f"{LIST}?miesiac=2027-04&dla=x")) == ["Majówka"]


def test_long_list_has_pages_that_keep_the_choice(browse, centre, index):
    with time_machine.travel(NOON, tick=False):
        for number in range(13):
            make_event(index, days=1 + number / 10)
        first = show(browse, centre, f"{LIST}?miesiac=2027-04")

    assert len(titles(first)) == 12
    assert 'href="?miesiac=2027-04&amp;strona=2"' in first


@pytest.mark.parametrize("events", [1, 3])
def test_list_costs_the_same_for_one_event_and_for_three(browse, centre, index, django_assert_max_num_queries, events):
    for _event in range(events):
        make_event(index, places=5)
    show(browse, centre, LIST)

    with django_assert_max_num_queries(25) as counted:
        show(browse, centre, f"{LIST}?strona=1")
    assert len(counted) == 13


def test_portal_lists_its_events_without_neighbourhoods(browse, portal):
    make_event(make_event_index(portal.root_page), title="Spotkanie informacyjne")

    words = show(browse, None, LIST)

    assert titles(words) == ["Spotkanie informacyjne"]
    assert 'name="gdzie"' not in words


def test_front_pages_show_the_next_three(browse, centre, portal, index):
    for where, below in ((centre, index), (None, make_event_index(portal.root_page))):
        for number in range(4):
            make_event(below, title=f"Wydarzenie nr {number}", days=number + 1)
        make_event(below, title="Minione", days=-5)

        words = show(browse, where, "/")

        assert [title for title in titles(words) if title.startswith(("Wydarzenie nr", "Minione"))] == [
            f"Wydarzenie nr {number}" for number in range(3)
        ]


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected", "can_register"),
    [
        ({"places": 2, "people": 1}, "1 ", True),
        ({"places": 1, "people": 1}, "zapisy/", True),
        ({"places": 1, "waiting_list": False, "people": 1}, "alert--info", False),
        ({"deadline": timezone.now() - timedelta(days=1)}, "alert--info", False),
        ({"registration": "none"}, "alert--info", False),
        ({"called_off": True, "called_off_note": "Prowadząca zachorowała."}, "Prowadząca zachorowała.", False),
        ({"days": -3}, "alert--info", False),
    ],
    ids=["open", "waiting list", "full", "closed", "none", "called off", "past"],
)
def test_page_says_how_things_stand(browse, index, event, expected, can_register):
    event = dict(event)
    people = event.pop("people", 0)
    fill(register_of(make_event(index, slug="dzien", **event)), people)

    words = show(browse, index.get_site().municipality, f"{LIST}dzien/")

    assert expected in words
    assert ("button--primary" in words) == can_register


def test_page_of_an_event_takes_no_session_and_no_token(browse, centre, index):
    make_event(index, slug="dzien")

    response = browse(centre).get(f"{LIST}dzien/")

    assert response.cookies == {}
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_page_is_fresh_after_somebody_has_registered(browse, centre, index, django_capture_on_commit_callbacks):
    event = make_event(index, slug="dzien", places=1)
    before = show(browse, centre, f"{LIST}dzien/")

    with django_capture_on_commit_callbacks(execute=True):
        fill(register_of(event), 1)

    assert show(browse, centre, f"{LIST}dzien/") != before


def test_search_engines_are_told_of_the_event(browse, centre, index):
    with time_machine.travel(NOON, tick=False):
        make_event(index, slug="dzien", title="</script><b>Dzień & noc</b>", lead="Krótko.")
        words = show(browse, centre, f"{LIST}dzien/")

    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', words, re.DOTALL)[1]
    facts = json.loads(text)
    assert "<" not in text
    assert facts["@type"] == "Event"
    assert facts["name"] == "</script><b>Dzień & noc</b>"
    assert (facts["startDate"], facts["endDate"]) == ("2027-04-28T12:00:00+02:00", "2027-04-28T14:00:00+02:00")
    assert facts["eventStatus"] == "https://schema.org/EventScheduled"


def test_hour_that_comes_twice_says_which_one(browse, centre, index):
    """On 31 October 2027 the clocks go from 3:00 back to 2:00."""
    with time_machine.travel(NOON, tick=False):
        make_event(index, slug="noc", starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), hours=1)
        polish = show(browse, centre, f"{LIST}noc/")

    assert "2:30 czasu letniego–2:30 czasu zimowego" in polish


def test_hour_that_comes_twice_is_not_taken_for_a_change(index):
    with time_machine.travel(NOON, tick=False):
        event = make_event(index, starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), hours=1)

        republish(event, lead="Inne słowa.")

    assert register_of(event).sequence == 0


def test_calendar_holds_the_event_under_one_name_for_ever(browse, centre, index):
    with time_machine.travel(NOON, tick=False):
        event = make_event(index, title="Dzień; otwarty, dla wszystkich")
        address = f"/zapisy/{register_of(event).pk}/wydarzenie.ics"
        first = browse(centre).get(address)
        republish(event, place="Dom kultury", called_off=True)
        second = browse(centre).get(address)

    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = [answer.content.decode().split("\r\n") for answer in (first, second)]
    uids = [next(line for line in file if line.startswith("UID:")) for file in lines]
    assert uids[0] == uids[1]
    assert {"DTSTART:20270428T100000Z", "DTEND:20270428T120000Z", "SEQUENCE:0", "STATUS:CONFIRMED"} <= set(lines[0])
    assert "SUMMARY:Dzień\\; otwarty\\, dla wszystkich" in lines[0]
    assert {"SEQUENCE:1", "STATUS:CANCELLED", "LOCATION:Dom kultury"} <= set(lines[1])


def test_english_page_leads_to_the_same_register(browse, centre, index):
    event = make_event(index, places=1)
    english = make_home("Centre", "centre", language="en", translation_of=home_of(centre))
    events = make_event_index(english, language="en", slug="events", translation_key=index.translation_key)
    make_event(events, language="en", slug="day", title="Open day", translation_key=event.translation_key)
    register = register_of(event)

    assert f'href="/zapisy/{register.pk}/"' in show(browse, centre, "/en/events/day/")
    assert titles(show(browse, centre, "/en/events/")) == ["Open day"]


# --- What may not be published ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": NOON - timedelta(hours=1)}, "ends_at"),
        ({"ends_at": NOON + timedelta(days=40)}, "ends_at"),
        ({"deadline": NOON + timedelta(minutes=1)}, "deadline"),
        ({"place": ""}, "place"),
        ({"places": 0}, "places"),
        ({"hours_to_confirm": 0}, "hours_to_confirm"),
        ({"hours_to_confirm": 500}, "hours_to_confirm"),
        ({"slug": "zapisy"}, "slug"),
    ],
)
def test_event_that_cannot_be_is_refused(fields, field):
    event = EventPage(
        **{
            "title": "Dzień",
            "slug": "dzien",
            "starts_at": NOON,
            "ends_at": NOON + timedelta(hours=2),
            "place": "Tu",
            "registration": "open",
            **fields,
        }
    )

    with pytest.raises(ValidationError) as refusal:
        event.full_clean(exclude=["path", "depth", "locale"])

    assert field in refusal.value.message_dict


@pytest.mark.parametrize("page_type", [EventIndexPage, EventPage])
def test_page_type_says_where_it_may_stand(page_type):
    assert {"parent_page_types", "subpage_types", "template"} <= set(vars(page_type))
    assert page_type.private_page_options == []
