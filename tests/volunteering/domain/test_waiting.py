"""The rules of a waiting list: no database, no clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteering.domain.calendar import ZONE
from volunteering.domain.waiting import LEAST, Rules, confirm_until, to_offer

DAY = Rules(hours=24)


def at(month, day, hour, minute=0):
    return datetime(2027, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("places", "taken", "waiting", "offered"),
    [(2, 2, 5, 0), (3, 2, 5, 1), (9, 2, 5, 5), (None, 2, 5, 5), (2, 2, 0, 0), (1, 2, 5, 0)],
)
def test_as_many_are_offered_as_are_free(places, taken, waiting, offered):
    assert to_offer(places, taken, waiting) == offered


@pytest.mark.parametrize(
    ("now", "start", "until"),
    [
        (at(4, 21, 10), at(5, 21, 10), at(4, 22, 10)),
        (at(4, 21, 10), at(4, 22, 10), at(4, 22, 8)),  # half would be 22:00: after the night, with an hour
        (at(4, 21, 10), at(4, 21, 16), at(4, 21, 13)),
        (at(4, 21, 10), at(4, 21, 10, 40), at(4, 21, 10, 30)),
        (at(4, 21, 10), at(4, 21, 10, 10), at(4, 21, 10, 10)),
        (at(4, 21, 23), at(5, 21, 10), at(4, 23, 8)),
        (at(4, 21, 23), at(4, 22, 7, 30), at(4, 22, 7, 30)),
    ],
)
def test_there_is_less_time_the_nearer_the_start(now, start, until):
    assert confirm_until(now, start, DAY) == until


@pytest.mark.parametrize(
    ("now", "until"), [((4, 21, 10), (4, 22, 15)), ((4, 23, 16), (4, 26, 15)), ((4, 25, 9), (4, 26, 15))]
)
def test_staff_have_a_working_day_to_ring(now, until):
    assert confirm_until(at(*now), at(5, 21, 10), Rules(hours=1), by_phone=True) == at(*until)


def test_staff_do_not_ring_after_the_start():
    assert confirm_until(at(4, 23, 16), at(4, 24, 10), DAY, by_phone=True) == at(4, 24, 10)


def test_without_quiet_hours_the_night_counts():
    assert confirm_until(at(4, 21, 10), at(4, 22, 10), Rules(24, 0, 0)) == at(4, 21, 22)


@pytest.mark.parametrize(
    ("now", "until"), [((3, 27, 10), (3, 28, 11)), ((10, 30, 10), (10, 31, 9))], ids=["spring", "autumn"]
)
def test_a_day_is_twenty_four_hours_when_clocks_change(now, until):
    moment = confirm_until(at(*now), at(12, 1, 10), DAY)

    assert moment - at(*now) == timedelta(hours=24)
    assert moment == at(*until)


@given(
    now=st.integers(0, 500_000).map(lambda minutes: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=60)),
    hours=st.integers(1, 168),
    quiet=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    by_phone=st.booleans(),
)
def test_an_offer_ends_after_now_and_never_past_the_start(now, ahead, hours, quiet, by_phone):
    start = now + ahead

    until = confirm_until(now, start, Rules(hours, *quiet), by_phone=by_phone)

    assert now < until <= start
    assert until - now >= min(LEAST, ahead)
