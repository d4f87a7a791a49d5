"""The plan of the waves as pure arithmetic: urgency, quiet hours, distances, nights of clock changes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    waited_days: float = 0.0
    asked: int = 1
    helped_before: int = 0

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


def crowd(count, **facts):
    return [Found(key, 100 * key, **facts) for key in range(1, count + 1)]


def test_a_third_of_a_wave_goes_by_turn():
    found = [*crowd(8, waited_days=2, asked=5), Found(9, 900, 3, 4), Found(10, 1000, 9, 4), Found(11, 1100, 1, 9)]

    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=6))) == (1, [1, 2, 3, 4, 9, 10])
    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=3))) == (1, [1, 2, 10])
    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=2))) == (1, [1, 10])


def test_of_those_asked_as_often_who_waits_longest_has_a_turn_and_of_equals_the_best():
    found = [*crowd(5, asked=3), Found(6, 600, 20.1, 2), Found(7, 700, 20.9, 2), Found(8, 800, 21.0, 2)]

    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=4))) == (1, [1, 2, 6, 8])
    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=3))) == (1, [1, 2, 8])


def test_who_was_not_asked_for_four_weeks_is_asked_beyond_the_wave():
    found = [*crowd(9), Found(20, 9000, 28, 0), Found(21, 9000, 90, 0), Found(22, 9000, 27.9, 0)]

    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=6))) == (1, [1, 2, 3, 4, 20, 21])
    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=2))) == (1, [1, 21])


def test_a_wave_of_one_asks_the_best():
    found = [*crowd(3), Found(20, 200, 90, 0)]

    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=1))) == (1, [1])


def test_who_has_helped_this_person_is_asked_beyond_the_wave():
    found = [Found(1, 20_000, helped_before=1), *[Found(key, 100) for key in (2, 3)]]

    assert keys(schedule.pick(found, wave=1, rules=replace(RULES, count=2)))[1][0] == 1


def test_nobody_has_a_turn_twice_and_seats_are_kept():
    for seats in range(1, 13):
        for size in range(9):
            chosen = schedule.pick(crowd(size), wave=1, rules=replace(RULES, count=seats))[1]
            assert len(chosen) == len({it.key for it in chosen}) == min(seats, size)


someone = st.builds(
    Found,
    key=st.integers(1, 10_000),
    metres=st.floats(0, 50_000),
    waited_days=st.floats(0, 400),
    asked=st.integers(0, 3),
    helped_before=st.integers(0, 1),
)
people = st.lists(someone, min_size=1, max_size=40, unique_by=lambda it: it.key)


@given(people, st.integers(2, 20), st.integers(1, 9))
def test_who_waits_longest_is_passed_over_only_for_others_who_do(found, seats, wave):
    chosen = schedule.pick(found, wave=wave, rules=replace(RULES, count=seats))[1]

    for it in found:
        if it not in chosen and it.waited_days >= schedule.LONG_WAIT_DAYS and not it.asked:
            before = [other for other in chosen if not other.asked and other.waited_days // 1 >= it.waited_days // 1]
            assert len(before) >= seats / 3


@given(people, st.integers(1, 20), st.integers(1, 9))
def test_two_thirds_of_a_wave_are_the_best_within_its_radius(found, seats, wave):
    number, chosen = schedule.pick(found, wave=wave, rules=replace(RULES, count=seats))

    radius = schedule.radius_of(number, RULES)
    near = [it for it in found if it.metres <= radius or it.helped_before]
    assert set(near[: seats * 2 // 3]) <= set(chosen)
    assert len(chosen) <= seats
    assert [it for it in found if it in chosen] == chosen


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
