"""Free hours, weeks and days in local time, exact also on the nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteering.domain.calendar import DAYTIME, free_time, hours_between, minutes_of, today, week_of, weeks_between

WARSAW = ZoneInfo("Europe/Warsaw")
ALWAYS = [(1 << 24) - 1] * 7
NEVER = [0] * 7


def local(*parts, fold=0):
    return datetime(*parts, tzinfo=WARSAW, fold=fold)


def at(weekday, *hours):
    availability = [0] * 7
    availability[weekday] = sum(1 << hour for hour in hours)
    return availability


def free(availability, start, end, hours=range(24)):
    """Free time as pairs of local wall times."""
    return [
        tuple(datetime.fromtimestamp(moment * 60, tz=WARSAW) for moment in interval)
        for interval in free_time(availability, hours_between(start, end, hours))
    ]


def test_free_hours_are_those_of_the_weekday():
    friday = local(2027, 4, 23, 10)

    assert friday.weekday() == 4
    assert free(at(4, 9, 10, 14), friday, friday + timedelta(hours=1)) == [
        (local(2027, 4, 23, 9), local(2027, 4, 23, 11)),
        (local(2027, 4, 23, 14), local(2027, 4, 23, 15)),
    ]


def test_free_hours_of_other_days_do_not_count():
    friday = local(2027, 4, 23, 10)

    assert free(at(3, 9, 10, 14), friday, friday + timedelta(hours=1)) == []


def test_free_hours_go_on_over_midnight():
    availability = [up | other for up, other in zip(at(4, 22, 23), at(5, 0, 1), strict=True)]

    found = free(availability, local(2027, 4, 23, 23), local(2027, 4, 24, 1))

    assert found == [(local(2027, 4, 23, 22), local(2027, 4, 24, 2))]


def test_never_free_is_no_time_at_all():
    assert free(NEVER, local(2027, 4, 19), local(2027, 4, 26)) == []


def test_always_free_is_one_interval():
    assert free(ALWAYS, local(2027, 4, 19, 8), local(2027, 4, 20, 8)) == [(local(2027, 4, 19), local(2027, 4, 21))]


def test_hours_may_be_limited_to_daytime():
    found = free(ALWAYS, local(2027, 4, 19, 8), local(2027, 4, 20, 8), DAYTIME)

    assert found == [
        (local(2027, 4, 19, 7), local(2027, 4, 19, 21)),
        (local(2027, 4, 20, 7), local(2027, 4, 20, 21)),
    ]


def test_the_hour_that_summer_time_leaves_out_is_empty():
    night = (local(2027, 3, 28, 0), local(2027, 3, 28, 6))

    [(start, end)] = free(at(6, 1, 2, 3), *night)

    assert (start, end) == (local(2027, 3, 28, 1), local(2027, 3, 28, 4))
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=2)
    assert free(at(6, 2), *night) == [(local(2027, 3, 28, 3), local(2027, 3, 28, 3))]


def test_the_hour_that_comes_twice_lasts_two():
    night = (local(2027, 10, 31, 0), local(2027, 10, 31, 6))

    [(start, end)] = free(at(6, 2), *night)

    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=2)
    assert start.astimezone(UTC) == datetime(2027, 10, 31, 0, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [((2027, 3, 28), 23), ((2027, 10, 31), 25), ((2027, 4, 23), 24)])
def test_the_hours_of_a_day_add_up(day, hours):
    found = hours_between(local(*day, 12), local(*day, 13))

    assert len(found) == 24
    assert sum(hour.end - hour.start for hour in found) == hours * 60


@given(st.integers(0, 12 * 365 * 24), st.integers(1, 200))
def test_hours_follow_each_other_without_a_gap(later, hours):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=later)

    found = hours_between(start, start + timedelta(hours=hours))

    assert all(one.end == other.start for one, other in pairwise(found))
    assert found[0].start <= minutes_of(start)
    assert found[-1].end >= minutes_of(start + timedelta(hours=hours))


def test_a_span_without_end_is_looked_at_as_far_as_reasonable():
    found = hours_between(local(2027, 4, 19), local(2999, 1, 1))

    assert len(found) == 93 * 24


def test_a_week_begins_on_local_monday():
    monday, next_monday = local(2027, 4, 19), local(2027, 4, 26)

    assert week_of(local(2027, 4, 19)) == (monday, next_monday)
    assert week_of(local(2027, 4, 25, 23, 59)) == (monday, next_monday)
    # Sunday 22:30 UTC is Monday in Warsaw.
    assert week_of(datetime(2027, 4, 25, 22, 30, tzinfo=UTC)) == (next_monday, local(2027, 5, 3))


@pytest.mark.parametrize(("day", "hours"), [((2027, 3, 28), 167), ((2027, 10, 31), 169), ((2027, 4, 23), 168)])
def test_weeks_are_as_long_as_clocks_make_them(day, hours):
    start, end = week_of(local(*day, 12))

    assert end - start == timedelta(hours=hours)


def test_weeks_between_are_all_that_are_touched():
    weeks = weeks_between(local(2027, 4, 25, 12), local(2027, 5, 3, 12))

    assert [week[0] for week in weeks] == [local(2027, 4, 19), local(2027, 4, 26), local(2027, 5, 3)]
    assert len(weeks_between(local(2027, 4, 19), local(2027, 4, 26))) == 1


def test_today_is_the_local_date():
    assert today(datetime(2027, 4, 21, 22, 30, tzinfo=UTC)) == date(2027, 4, 22)
