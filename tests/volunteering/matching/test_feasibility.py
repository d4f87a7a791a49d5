"""What stands in the way of helping: one code for each obstacle, and intervals of time."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given

from tests.volunteering.matching.builders import DAY, HOUR, SPAN, a_helper, a_need, calendars, helpers, needs
from volunteering.matching.feasibility import available, merge, obstacles, openings, subtract


def test_a_fitting_helper_has_no_obstacle():
    assert obstacles(a_need(), a_helper()) == ()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"active": False}, "not_active"),
        ({"blocked": True}, "blocked"),
        ({"paused": True}, "paused"),
        ({"answered": True}, "answered"),
        ({"categories": frozenset({2, 3})}, "wrong_category"),
        ({"categories": frozenset()}, "wrong_category"),
        ({"metres": 3000.5}, "too_far"),
        ({"metres": None}, "too_far"),
        ({"metres": 1.0, "radius": 0.0}, "too_far"),
        ({"free": ()}, "not_free"),
        ({"free": ((SPAN[0], SPAN[1] - 1),)}, "not_free"),
        ({"free": ((SPAN[0], SPAN[0]),)}, "not_free"),
        ({"free": ((0.0, SPAN[0] + HOUR), (SPAN[0] + HOUR + 1, 3 * DAY))}, "not_free"),
        ({"busy": ((SPAN[0] + 30, SPAN[0] + 45),)}, "overlap"),
        ({"busy": ((SPAN[1] - 1, SPAN[1] + HOUR),)}, "overlap"),
        ({"full": ((DAY, 3 * DAY),)}, "weekly_limit"),
        ({"full": ((SPAN[0], SPAN[0] + 1),)}, "weekly_limit"),
    ],
)
def test_each_obstacle_has_its_code(facts, code):
    assert obstacles(a_need(), a_helper(**facts)) == (code,)


@pytest.mark.parametrize(
    "facts",
    [
        {"metres": 3000.0},
        {"metres": 0.0, "radius": 0.0},
        {"free": (SPAN,)},
        {"free": ((SPAN[0], SPAN[0] + HOUR), (SPAN[0] + HOUR, SPAN[1]))},
        {"busy": ((SPAN[0] - HOUR, SPAN[0]), (SPAN[1], SPAN[1] + HOUR))},
        {"full": ((0.0, SPAN[0]), (SPAN[0] + 1, 3 * DAY))},
    ],
)
def test_limits_themselves_are_no_obstacle(facts):
    assert obstacles(a_need(), a_helper(**facts)) == ()


def test_all_required_skills_are_needed():
    need = a_need(required_skills=frozenset({1, 2}))

    assert obstacles(need, a_helper(skills=frozenset({1}))) == ("missing_skill",)
    assert obstacles(need, a_helper(skills=frozenset({1, 2, 3}))) == ()


def test_helpful_skills_are_not_needed():
    assert obstacles(a_need(helpful_skills=frozenset({1, 2})), a_helper()) == ()


def test_one_shared_language_is_enough():
    need = a_need(languages=("uk", "pl"))

    assert obstacles(need, a_helper(languages=frozenset({"en"}))) == ("language",)
    assert obstacles(need, a_helper(languages=frozenset({"en", "pl"}))) == ()


def test_all_obstacles_are_named_the_weightiest_first():
    helper = a_helper(
        active=False, blocked=True, paused=True, answered=True, categories=frozenset(), metres=None, free=()
    )

    codes = obstacles(a_need(required_skills=frozenset({9}), languages=("pl",)), helper)

    assert codes == (
        "not_active",
        "blocked",
        "paused",
        "answered",
        "wrong_category",
        "missing_skill",
        "language",
        "too_far",
        "not_free",
    )


def test_flexible_help_fits_into_a_gap_between_promises():
    need = a_need(span=(0.0, 2 * DAY), minutes=60)
    helper = a_helper(free=((10 * HOUR, 13 * HOUR),), busy=((10.5 * HOUR, 12 * HOUR),))

    assert obstacles(need, helper) == ()
    assert openings(need, available(need, helper)) == [(12 * HOUR, 13 * HOUR)]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"free": ((10 * HOUR, 10.9 * HOUR), (12 * HOUR, 12.9 * HOUR))}, "not_free"),
        ({"free": ((-HOUR, 0.5 * HOUR), (47.5 * HOUR, 50 * HOUR))}, "not_free"),
        ({"free": ((10 * HOUR, 12 * HOUR),), "busy": ((10.5 * HOUR, 11.5 * HOUR),)}, "overlap"),
        ({"free": ((10 * HOUR, 12 * HOUR),), "full": ((0.0, DAY),)}, "weekly_limit"),
    ],
)
def test_flexible_help_needs_one_long_enough_gap_inside_its_days(facts, code):
    need = a_need(span=(0.0, 2 * DAY), minutes=60)

    assert obstacles(need, a_helper(**facts)) == (code,)


def test_flexible_help_moves_to_a_week_that_is_not_full():
    need = a_need(span=(0.0, 2 * DAY), minutes=60)
    helper = a_helper(free=((10 * HOUR, 12 * HOUR), (30 * HOUR, 31 * HOUR)), full=((0.0, DAY),))

    assert obstacles(need, helper) == ()


@given(calendars)
def test_merged_time_is_in_order_and_apart(calendar):
    merged = merge(calendar)

    assert all(one[1] < other[0] for one, other in pairwise(merged))
    assert merge(tuple(merged)) == merged


@given(calendars, calendars)
def test_what_is_left_lies_in_the_one_and_outside_the_other(calendar, taken):
    left = subtract(calendar, taken)

    for start, end in left:
        assert any(first <= start and end <= last for first, last in merge(calendar))
        assert all(end <= first or last <= start for first, last in taken if first < last)


@given(calendars, calendars)
def test_taken_and_left_time_make_up_the_whole(calendar, taken):
    def length(intervals):
        return sum(end - start for start, end in merge(tuple(intervals)))

    shared = subtract(calendar, subtract(calendar, taken))

    assert abs(length(subtract(calendar, taken)) + length(shared) - length(calendar)) < 1e-6


@given(needs, helpers)
def test_more_promises_never_make_somebody_free(need, helper):
    without = obstacles(need, replace(helper, busy=()))

    if "overlap" in without or "not_free" in without:
        assert set(obstacles(need, helper)) & {"overlap", "not_free"}


@given(needs, helpers)
def test_codes_are_unique(need, helper):
    codes = obstacles(need, helper)

    assert len(codes) == len(set(codes))
