"""People and drop-in hours: when the next one is, and where it is shown."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cms import drop_ins
from cms.models import Closure, DropIn, Weekday
from tests.factories.cms import home_of, make_home, make_image, make_neighbourhood_page, make_people_page
from tests.factories.neighbourhoods import NeighbourhoodFactory

WARSAW = ZoneInfo("Europe/Warsaw")
THURSDAY = {"weekday": Weekday.THURSDAY, "starts": time(15, 30), "ends": time(17), "place": "Dom pod Cisem"}


def row(**fields):
    return DropIn(**{**THURSDAY, **fields})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


def days(rows, closures, now):
    return [occasion.day.isoformat() for occasion in drop_ins.coming(rows, closures, at(now))]


# --- When -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "first", "is_today"),
    [
        ("2026-11-25T12:00", "2026-11-26", False),
        ("2026-11-26T00:00", "2026-11-26", True),
        ("2026-11-26T16:59", "2026-11-26", True),
        ("2026-11-26T17:00", "2026-12-03", False),
        ("2026-11-27T08:00", "2026-12-03", False),
    ],
)
def test_next_drop_in_is_the_one_that_is_not_over(now, first, is_today):
    occasion = drop_ins.coming([row()], [], at(now))[0]

    assert (occasion.day.isoformat(), occasion.is_today) == (first, is_today)


def test_drop_ins_keep_their_hour_when_the_clocks_change():
    sunday = row(weekday=Weekday.SUNDAY, starts=time(2, 15), ends=time(3, 30))

    assert days([sunday], [], "2026-10-24T12:00")[:2] == ["2026-10-25", "2026-11-01"]
    assert days([sunday], [], "2027-03-27T12:00")[:2] == ["2027-03-28", "2027-04-04"]


def test_drop_ins_leave_out_days_off():
    closures = [
        Closure(first_day=date(2026, 11, 26)),
        Closure(first_day=date(2026, 12, 1), last_day=date(2026, 12, 11)),
    ]

    assert days([row()], closures, "2026-11-25T12:00") == ["2026-12-17"]


def test_day_off_of_one_neighbourhood_leaves_the_others():
    closures = [Closure(first_day=date(2026, 11, 26), neighbourhood_id=7)]

    assert days([row(neighbourhood_id=7)], closures, "2026-11-25T12:00")[0] == "2026-12-03"
    assert days([row(neighbourhood_id=8)], closures, "2026-11-25T12:00")[0] == "2026-11-26"


def test_drop_ins_begin_and_end_when_they_are_said_to():
    short = row(first_day=date(2026, 12, 3), last_day=date(2026, 12, 10))

    assert days([short], [], "2026-11-25T12:00") == ["2026-12-03", "2026-12-10"]


def test_drop_ins_come_in_the_order_of_the_week():
    monday, thursday = row(weekday=Weekday.MONDAY), row()

    pairs = drop_ins.first_of_each([thursday, monday], [], at("2026-11-25T12:00"))

    assert [(drop_in.weekday, occasion.day.isoformat()) for drop_in, occasion in pairs] == [
        (0, "2026-11-30"),
        (3, "2026-11-26"),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends": time(15, 30)}, "ends"),
        ({"ends": time(9)}, "ends"),
        ({"first_day": date(2026, 12, 2), "last_day": date(2026, 12, 1)}, "last_day"),
    ],
)
def test_impossible_hours_are_refused_in_words(fields, field):
    with pytest.raises(ValidationError) as refusal:
        row(**fields).clean()

    assert list(refusal.value.message_dict) == [field]


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"ends": time(9)}, {"weekday": 7}])
def test_database_refuses_impossible_hours(centre, fields):
    page = make_people_page(centre)

    with pytest.raises(IntegrityError), transaction.atomic():
        row(page=page, **fields).save()


# --- Where it is shown ------------------------------------------------------------------------------------------------


@pytest.fixture
def place(centre):
    neighbourhood = NeighbourhoodFactory(municipality=centre, name="Zawodzie", slug="zawodzie")
    make_neighbourhood_page(neighbourhood)
    return neighbourhood


def words(browse, centre, address):
    return browse(centre).get(address).content.decode().replace("\xa0", " ")


@pytest.mark.django_db
def test_people_page_shows_people_hours_and_days_off(browse, centre, place):
    make_people_page(
        centre,
        lead="Zapraszamy.",
        people=[
            {
                "name": "Anna Przykład",
                "role": "organizuje społeczność lokalną",
                "about": "z pomysłem",
                "phone": "+48322440000",
                "email": "anna@example.org",
                "photo": make_image(centre),
            }
        ],
        drop_ins=[{**THURSDAY, "neighbourhood": place, "who": "Anna", "note": "wejście od podwórza"}],
        closures=[Closure(first_day=date(2099, 1, 1), last_day=date(2099, 1, 6), reason="urlop")],
    )

    with time_machine.travel(at("2026-11-26T12:00"), tick=False):
        page = words(browse, centre, "/ludzie/")

    for expected in (
        "Zapraszamy.",
        "Anna Przykład",
        "organizuje społeczność lokalną",
        'alt="Anna Przykład"',
        'href="tel:+48322440000"',
        'href="mailto:anna@example.org"',
        "15:30–17:00",
        "Dom pod Cisem, Zawodzie",
        "wejście od podwórza",
        "1 stycznia 2099 – 6 stycznia 2099: urlop",
    ):
        assert expected in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/zawodzie/"])
def test_drop_ins_stand_on_the_front_page_and_that_of_the_neighbourhood(browse, centre, place, address):
    make_people_page(centre, drop_ins=[{**THURSDAY, "neighbourhood": place}])

    assert "Dom pod Cisem" in words(browse, centre, address)


@pytest.mark.django_db
def test_drop_ins_of_an_unpublished_page_are_nowhere(browse, centre, place):
    page = make_people_page(centre, drop_ins=[{**THURSDAY, "neighbourhood": place}])
    page.unpublish()

    assert "Dom pod Cisem" not in words(browse, centre, "/") + words(browse, centre, "/zawodzie/")


@pytest.mark.django_db
def test_drop_ins_of_a_draft_are_nowhere(browse, centre, place):
    make_people_page(centre, live=False, drop_ins=[{**THURSDAY, "neighbourhood": place}])

    assert "Dom pod Cisem" not in words(browse, centre, "/") + words(browse, centre, "/zawodzie/")


@pytest.mark.django_db
def test_drop_ins_of_another_neighbourhood_and_another_centre_are_not_here(browse, centre, stranger, place):
    other = NeighbourhoodFactory(municipality=centre, name="Zatorze", slug="zatorze")
    make_people_page(centre, drop_ins=[{**THURSDAY, "place": "Zatorska 3", "neighbourhood": other}])
    make_people_page(stranger, drop_ins=[{**THURSDAY, "place": "Cudzoziemska 1"}])

    assert "Zatorska 3" not in words(browse, centre, "/zawodzie/")
    assert "Cudzoziemska 1" not in words(browse, centre, "/")


@pytest.mark.django_db
def test_translated_home_shows_the_polish_hours_until_there_are_own_ones(browse, centre):
    english = make_home("Centre", "centre-en", language="en", translation_of=home_of(centre))
    make_people_page(centre, drop_ins=[THURSDAY])

    assert "Dom pod Cisem" in words(browse, centre, "/en/")

    make_people_page(centre, below=english, slug="people", drop_ins=[{**THURSDAY, "place": "House of the Yew"}])
    page = words(browse, centre, "/en/?inaczej=1")

    assert "House of the Yew" in page
    assert "Dom pod Cisem" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 4])
def test_people_page_asks_as_often_for_one_person_as_for_four(
    browse, centre, place, django_assert_max_num_queries, rows
):
    make_people_page(
        centre,
        people=[{"name": f"Osoba {number}", "role": "pomaga", "photo": make_image(centre)} for number in range(rows)],
        drop_ins=[{**THURSDAY, "place": f"Dom {number}", "neighbourhood": place} for number in range(rows)],
    )
    words(browse, centre, "/ludzie/")
    browse_again = browse(centre)

    with django_assert_max_num_queries(19):
        browse_again.get("/ludzie/?inaczej=1")
