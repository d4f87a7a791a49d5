"""Times as people say them become visits; also on the two nights when clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import HelpRequestFactory, VisitFactory
from volunteering.domain import visits
from volunteering.domain.visits import ZONE, Times
from volunteering.errors import Refused
from volunteering.models import Timing, Visit

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=ZONE)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


@pytest.fixture
def help_request(db):
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield HelpRequestFactory(municipality=municipality)


def fixed(day, at=time(9), minutes=60):
    return Times(Timing.FIXED, day, at=at, minutes=minutes)


def weekly(day, until, at=time(9), minutes=60):
    return Times(Timing.RECURRING, day, at=at, until=until, minutes=minutes)


def flexible(day, until, minutes=60):
    return Times(Timing.FLEXIBLE, day, until=until, minutes=minutes)


def test_fixed_time_is_one_span():
    assert visits.spans(fixed(date(2027, 4, 24), time(15, 30), 90)) == [
        (datetime(2027, 4, 24, 15, 30, tzinfo=ZONE), datetime(2027, 4, 24, 15, 0, tzinfo=UTC))
    ]


def test_flexible_time_reaches_from_morning_of_the_first_to_evening_of_the_last_day():
    assert visits.spans(flexible(date(2027, 4, 24), date(2027, 4, 26))) == [
        (datetime(2027, 4, 24, 7, 0, tzinfo=ZONE), datetime(2027, 4, 26, 21, 0, tzinfo=ZONE))
    ]


@pytest.mark.parametrize(
    ("until", "count"),
    [(date(2027, 3, 8), 1), (date(2027, 3, 14), 1), (date(2027, 3, 15), 2), (date(2027, 12, 31), 12)],
)
def test_weekly_time_repeats_until_its_end_at_most_twelve_times(until, count):
    assert len(visits.spans(weekly(date(2027, 3, 8), until))) == count


@given(st.dates(date(2026, 1, 1), date(2037, 1, 1)), st.integers(4, 23))
def test_weekly_time_keeps_its_hour_over_changes_of_clocks(day, hour):
    spans = visits.spans(weekly(day, day + timedelta(weeks=12), at=time(hour)))

    assert {start.astimezone(ZONE).time() for start, _end in spans} == {time(hour)}
    assert {(end - start.astimezone(UTC)) for start, end in spans} == {timedelta(hours=1)}


def test_an_hour_of_help_is_an_hour_in_the_night_when_clocks_are_set_back():
    [(start, end)] = visits.spans(fixed(AUTUMN, time(1, 30), 120))

    assert end - start.astimezone(UTC) == timedelta(hours=2)
    assert end.astimezone(ZONE).time() == time(2, 30)


def test_hour_that_comes_twice_is_the_first_one():
    assert visits.local(AUTUMN, time(2, 30)).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59)])
def test_hour_that_summer_time_leaves_out_is_refused(at):
    with pytest.raises(Refused, match="zmienia się czas"):
        visits.local(SPRING, at)


def test_hour_before_the_calendar_begins_is_refused_not_overflown():
    with pytest.raises(Refused):
        visits.local(date.min, time(0))


@pytest.mark.parametrize(("day", "at"), [(date.min, time(0)), (date.max, time(23, 59))])
def test_times_at_the_ends_of_the_calendar_are_refused_not_overflown(day, at):
    with pytest.raises(Refused):
        visits.check_times(fixed(day, at))


@pytest.mark.parametrize(
    "times",
    [
        fixed(TODAY, time(11, 59)),
        fixed(TODAY - timedelta(days=1)),
        fixed(TODAY + timedelta(days=367)),
        fixed(date(9999, 12, 31), time(23, 59)),
        fixed(SPRING, time(2, 30)),
        weekly(SPRING - timedelta(weeks=2), SPRING, at=time(2, 30)),
        flexible(TODAY - timedelta(days=3), TODAY - timedelta(days=1)),
        flexible(TODAY + timedelta(days=2), TODAY + timedelta(days=1)),
        flexible(TODAY, TODAY + timedelta(days=400)),
        flexible(TODAY, date(9999, 12, 31)),
        weekly(TODAY, date(9999, 12, 31), at=time(9)),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_impossible_times_are_refused_with_a_sentence(times):
    with pytest.raises(Refused) as refusal:
        visits.check_times(times)

    assert all(str(reason).endswith(".") for reason in refusal.value.reasons)


@pytest.mark.parametrize(
    "times",
    [
        fixed(TODAY, time(12, 1)),
        fixed(TODAY + timedelta(days=365)),
        flexible(TODAY, TODAY),
        flexible(TODAY, TODAY + timedelta(days=14)),
        weekly(TODAY + timedelta(days=1), TODAY + timedelta(days=1)),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_possible_times_are_taken(times):
    assert visits.check_times(times) is None


@time_machine.travel(NOW, tick=False)
def test_make_visits_writes_one_row_an_occasion(help_request):
    help_request.people_needed = 2

    visits.make_visits(help_request, weekly(date(2027, 3, 8), date(2027, 3, 29)))

    rows = list(Visit.objects.values_list("places", "taken", "minutes", "is_flexible"))
    assert rows == [(2, 0, 60, False)] * 4


@time_machine.travel(NOW, tick=False)
def test_flexible_visit_of_today_begins_now(help_request):
    visits.make_visits(help_request, flexible(TODAY, TODAY))

    visit = Visit.objects.get()
    assert (visit.starts_at, visit.is_flexible) == (NOW, True)


@time_machine.travel(NOW, tick=False)
def test_refused_times_write_nothing(help_request):
    with pytest.raises(Refused):
        visits.make_visits(help_request, fixed(TODAY - timedelta(days=1)))

    assert not Visit.objects.exists()


def test_agreed_time_is_that_of_the_visit(help_request):
    visit = VisitFactory(help_request=help_request)

    assert visits.agreed_time(visit) == (visit.starts_at, visit.ends_at)


def test_agreed_time_of_a_flexible_visit_lasts_as_long_as_the_help(help_request):
    visit = VisitFactory(help_request=help_request, flexible=True, minutes=90)
    chosen = visit.starts_at + timedelta(days=1)

    assert visits.agreed_time(visit, chosen) == (chosen, chosen + timedelta(minutes=90))


@pytest.mark.parametrize(
    "shift", [None, timedelta(days=-1), timedelta(days=7), timedelta(days=6, hours=23, minutes=30)]
)
def test_agreed_time_of_a_flexible_visit_must_lie_within_it(help_request, shift):
    visit = VisitFactory(help_request=help_request, flexible=True)

    with pytest.raises(Refused):
        visits.agreed_time(visit, visit.starts_at + shift if shift is not None else None)


def test_agreed_time_cannot_have_passed(help_request):
    visit = VisitFactory(help_request=help_request, flexible=True, starts_at=timezone.now() - timedelta(days=2))

    with pytest.raises(Refused):
        visits.agreed_time(visit, timezone.now() - timedelta(hours=1))


def test_visits_to_tell_now_are_the_first_and_those_of_the_coming_week(help_request):
    soon = [VisitFactory(help_request=help_request, starts_at=timezone.now() + timedelta(days=day)) for day in (2, 5)]
    VisitFactory(help_request=help_request, starts_at=timezone.now() + timedelta(days=9))

    assert visits.visits_to_tell_now(help_request) == soon


def test_visits_to_tell_now_include_a_first_one_far_ahead(help_request):
    first = VisitFactory(help_request=help_request, starts_at=timezone.now() + timedelta(days=20))
    VisitFactory(help_request=help_request, starts_at=timezone.now() + timedelta(days=27))

    assert visits.visits_to_tell_now(help_request) == [first]
