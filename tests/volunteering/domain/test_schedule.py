"""The plan of the waves as pure arithmetic: urgency, quiet hours, distances, nights of clock changes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from volunteering.domain import schedule
from volunteering.domain.calendar import ZONE
from volunteering.domain.schedule import Rules, Urgency

RULES = Rules()


def local(month, day, hour, minute=0, fold=0):
    return datetime(2027, month, day, hour, minute, tzinfo=ZONE, fold=fold).astimezone(UTC)


@dataclass(frozen=True)
class Found:
    key: int
    metres: float

    @property
    def volunteer(self):
        return SimpleNamespace(pk=self.key)


def keys(picked):
    wave, chosen = picked
    return wave, [it.key for it in chosen]


@pytest.mark.parametrize(
    ("now", "deadline", "urgency"),
    [
        (local(4, 21, 15), local(4, 21, 20), Urgency.TODAY),
        (local(4, 21, 0), local(4, 21, 23, 59), Urgency.TODAY),
        (local(4, 21, 23, 59), local(4, 22, 0), Urgency.SOON),
        (local(4, 21, 12), local(4, 23, 12), Urgency.SOON),
        (local(4, 21, 12), local(4, 23, 12, 1), Urgency.LATER),
        # Late in the evening UTC has the next day already.
        (local(4, 21, 1), local(4, 21, 23, 30), Urgency.TODAY),
        # Days of 23 and of 25 hours.
        (local(3, 28, 0, 30), local(3, 28, 23, 30), Urgency.TODAY),
        (local(10, 31, 0, 30), local(10, 31, 23, 30), Urgency.TODAY),
        (local(10, 30, 12), local(11, 1, 11), Urgency.SOON),
        (local(10, 30, 12), local(11, 1, 12), Urgency.LATER),
    ],
)
def test_urgency_is_told_by_the_local_clock(now, deadline, urgency):
    assert schedule.urgency_of(deadline, now) == urgency


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (local(4, 21, 20, 59), None),
        (local(4, 21, 21), local(4, 22, 7)),
        (local(4, 21, 23, 59), local(4, 22, 7)),
        (local(4, 22, 0), local(4, 22, 7)),
        (local(4, 22, 6, 59), local(4, 22, 7)),
        (local(4, 22, 7), None),
        # The night of 9 hours and the one of 11.
        (local(3, 27, 22), local(3, 28, 7)),
        (local(10, 30, 22), local(10, 31, 7)),
    ],
)
def test_quiet_hours_end_in_the_morning(moment, end):
    assert schedule.quiet_end(moment, RULES) == end


def test_nights_of_clock_changes_have_their_own_length():
    starts = [local(3, 27, 21), local(10, 30, 21), local(4, 21, 21)]

    assert [schedule.quiet_end(start, RULES) - start for start in starts] == [
        timedelta(hours=hours) for hours in (9, 11, 10)
    ]


def test_quiet_hours_may_lie_within_a_day():
    rules = replace(RULES, quiet_from=13, quiet_until=15)

    assert schedule.quiet_end(local(4, 21, 14), rules) == local(4, 21, 15)
    assert schedule.quiet_end(local(4, 21, 15), rules) is None
    assert schedule.quiet_end(local(4, 21, 2), rules) is None


@pytest.mark.parametrize("hour", [0, 7, 21])
def test_equal_hours_mean_no_quiet_hours(hour):
    rules = replace(RULES, quiet_from=hour, quiet_until=hour)

    assert all(schedule.quiet_end(local(4, 21, other), rules) is None for other in range(24))


def test_quiet_hours_end_once_where_an_hour_comes_twice():
    rules = replace(RULES, quiet_from=21, quiet_until=2)
    first, second = local(10, 31, 2, fold=0), local(10, 31, 2, fold=1)

    assert second - first == timedelta(hours=1)
    assert schedule.quiet_end(local(10, 31, 1, 59), rules) == first
    assert [schedule.quiet_end(moment, rules) for moment in (first, second)] == [None, None]


def test_quiet_hours_end_also_where_their_hour_is_left_out():
    rules = replace(RULES, quiet_from=21, quiet_until=2)

    assert schedule.quiet_end(local(3, 28, 1, 30), rules) == local(3, 28, 3)


def test_every_moment_of_a_quiet_night_knows_the_same_end():
    for month, day in ((3, 27), (10, 30), (4, 21)):
        moment, end = local(month, day, 21), schedule.quiet_end(local(month, day, 21), RULES)
        while moment < end:
            assert schedule.quiet_end(moment, RULES) == end
            moment += timedelta(minutes=10)
        assert schedule.quiet_end(moment, RULES) is None


@pytest.mark.parametrize(
    ("now", "deadline", "then"),
    [
        (local(4, 21, 15), local(4, 21, 20), local(4, 21, 15, 10)),
        (local(4, 21, 15), local(4, 22, 20), local(4, 21, 16)),
        (local(4, 21, 12), local(4, 28, 12), local(4, 21, 18)),
        # What would fall into quiet hours waits for the morning; what is needed today does not.
        (local(4, 21, 20, 30), local(4, 22, 20), local(4, 22, 7)),
        (local(4, 21, 16), local(4, 28, 12), local(4, 22, 7)),
        (local(4, 21, 20, 55), local(4, 21, 23), local(4, 21, 21, 5)),
        # A wave of an evening that becomes "today" at midnight.
        (local(4, 21, 23, 30), local(4, 22, 9), local(4, 22, 0, 30)),
        (local(3, 27, 20, 30), local(3, 28, 20), local(3, 28, 7)),
        (local(10, 30, 20, 30), local(10, 31, 20), local(10, 31, 7)),
    ],
)
def test_next_step_comes_by_urgency_and_outside_of_quiet_hours(now, deadline, then):
    assert schedule.next_step(now, deadline, RULES) == then


def test_the_next_step_is_always_ahead():
    for month, day in ((3, 27), (10, 30)):
        for minutes in range(0, 2 * 24 * 60, 7):
            now = local(month, day, 0) + timedelta(minutes=minutes)
            for hours in (1, 5, 30, 100):
                assert schedule.next_step(now, now + timedelta(hours=hours), RULES) > now


def test_tomorrow_begins_after_the_quiet_hours():
    assert schedule.tomorrow(local(4, 21, 12), RULES) == local(4, 22, 7)
    assert schedule.tomorrow(local(3, 27, 12), RULES) == local(3, 28, 7)
    assert schedule.tomorrow(local(4, 21, 12), replace(RULES, quiet_from=0, quiet_until=0)) == local(4, 22, 0)


def test_every_wave_looks_farther():
    radii = [schedule.radius_of(wave, RULES) for wave in range(1, 8)]

    assert radii == [3000, 6000, 12_000, 24_000, 48_000, 50_000, 50_000]
    assert schedule.radius_of(30_000, RULES) == schedule.FARTHEST
    assert schedule.radius_of(1, replace(RULES, radius=0)) == schedule.LEAST_RADIUS


def test_the_best_within_the_radius_are_picked_in_their_order():
    found = [Found(1, 5000), Found(2, 100), Found(3, 2999), Found(4, 200)]

    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=2))) == (1, [2, 3])
    assert keys(schedule.pick(found, wave=2, rules=RULES)) == (2, [1, 2, 3, 4])


def test_a_wave_that_finds_nobody_near_goes_farther_at_once():
    assert keys(schedule.pick([Found(1, 20_000), Found(2, 40_000)], wave=1, rules=RULES)) == (4, [1])
    assert keys(schedule.pick([Found(1, 49_999)], wave=9, rules=RULES)) == (9, [1])
    assert schedule.pick([], wave=3, rules=RULES)[1] == []


def test_people_on_duty_come_first_however_far_they_go():
    found = [Found(1, 100), Found(2, 30_000), Found(3, 200)]

    assert keys(schedule.pick(found, wave=1, rules=RULES, on_duty={2})) == (1, [2])
    assert keys(schedule.pick(found, wave=1, rules=RULES, on_duty={9})) == (1, [1, 3])


def test_in_quiet_hours_nobody_else_is_picked():
    assert schedule.pick([Found(1, 100)], wave=1, rules=RULES, on_duty={2}, only_on_duty=True)[1] == []


def test_of_a_span_of_days_the_last_possible_beginning_counts():
    start, end = local(4, 21, 7), local(4, 23, 21)
    visit = SimpleNamespace(starts_at=start, ends_at=end, minutes=90, is_flexible=True)

    assert schedule.latest_start(visit) == local(4, 23, 19, 30)
    assert schedule.latest_start(SimpleNamespace(**{**vars(visit), "is_flexible": False})) == start
