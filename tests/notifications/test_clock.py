from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications import clock
from notifications.models import Habits

WARSAW = ZoneInfo("Europe/Warsaw")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2027-04-24 20:59", None),
        ("2027-04-24 21:00", "2027-04-25 07:00"),
        ("2027-04-25 06:59", "2027-04-25 07:00"),
        ("2027-04-25 07:00", None),
        ("2027-03-27 23:00", "2027-03-28 07:00"),  # the night with 23 hours
        ("2027-10-30 23:00", "2027-10-31 07:00"),  # the night with 25 hours
    ],
)
def test_quiet_hours_end_in_the_morning_of_the_local_clock(moment, end):
    assert clock.quiet_end(at(moment), Habits()) == (end and at(end))


def test_quiet_hours_by_day_end_on_the_same_day():
    habits = Habits(quiet_from=13, quiet_until=15)

    assert clock.quiet_end(at("2027-04-24 14:00"), habits) == at("2027-04-24 15:00")
    assert clock.quiet_end(at("2027-04-24 12:59"), habits) is None


def test_same_hour_twice_means_no_quiet_hours():
    assert clock.quiet_end(at("2027-04-24 23:00"), Habits(quiet_from=5, quiet_until=5)) is None


@pytest.mark.parametrize(
    ("rhythm", "moment", "comes"),
    [
        ("daily", "2027-04-24 07:59", "2027-04-24 08:00"),
        ("daily", "2027-04-24 08:00", "2027-04-25 08:00"),
        ("daily", "2027-03-27 12:00", "2027-03-28 08:00"),
        ("daily", "2027-10-30 12:00", "2027-10-31 08:00"),
        ("weekly", "2027-04-24 12:00", "2027-04-26 08:00"),  # Monday
        ("weekly", "2027-04-26 07:00", "2027-04-26 08:00"),
        ("weekly", "2027-04-26 08:00", "2027-05-03 08:00"),
    ],
)
def test_summary_comes_at_the_readers_hour(rhythm, moment, comes):
    assert clock.next_digest(at(moment), Habits(rhythm=rhythm)) == at(comes)


def test_enough_for_today_goes_on_after_the_next_quiet_hours():
    assert clock.next_morning(at("2027-04-24 12:00"), Habits()) == at("2027-04-25 07:00")
    assert clock.next_morning(at("2027-04-24 12:00"), Habits(quiet_from=0, quiet_until=0)) == at("2027-04-25 00:00")


def test_what_follows_within_five_minutes_waits_for_their_end():
    now, minute = at("2027-04-24 12:00"), timedelta(minutes=1)

    assert clock.after_burst(now, None, now) is None
    assert clock.after_burst(now, now - 5 * minute, now) is None
    assert clock.after_burst(now, now - 2 * minute, now) == now + 3 * minute
    assert clock.after_burst(now, now + 3 * minute, now) == now + 3 * minute
