"""What the engine answers to questions at their edges, and which numbers it refuses, by name."""

from dataclasses import fields
from math import inf, nan

import numpy as np
import pytest

from tests.volunteering.matching.builders import DAY, HOUR, a_helper, a_need
from volunteering.matching.distances import degrees_in_metres
from volunteering.matching.errors import MatchingError
from volunteering.matching.feasibility import obstacles
from volunteering.matching.rank import assess, highest_score_beyond, suggest
from volunteering.matching.types import Helper, Need, Weights

NUMBERS = ("metres", "radius", "tasks", "tasks_per_week", "helped_before", "idle_days", "asked")


@pytest.mark.parametrize("number", [nan, inf, -inf])
@pytest.mark.parametrize("name", NUMBERS)
def test_no_helper_with_what_is_no_number(name, number):
    with pytest.raises(MatchingError):
        Helper(key=1, **{name: number})


@pytest.mark.parametrize("number", [nan, inf, -inf])
@pytest.mark.parametrize("name", [field.name for field in fields(Weights)])
def test_no_weights_with_what_is_no_number(name, number):
    with pytest.raises(MatchingError):
        Weights(**{name: number})


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_no_need_with_what_is_no_number(number):
    for facts in ({"span": (number, 10.0)}, {"span": (0.0, number)}, {"minutes": number}):
        with pytest.raises(MatchingError):
            Need(**{"key": 1, "category": 1, "span": (0.0, 10.0), **facts})


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_no_distance_to_what_is_no_place(number):
    with pytest.raises(MatchingError):
        degrees_in_metres(np.array([52.0, number]))
    with pytest.raises(MatchingError):
        highest_score_beyond(number)


def test_weights_that_sum_to_zero_are_refused():
    with pytest.raises(MatchingError, match="all weights are zero"):
        Weights(nearness=0, skill=0, language=0, time=0, continuity=0, fairness=0, load=0)


def test_unknown_availability_is_none():
    assert obstacles(a_need(), a_helper(free=())) == ("not_free",)
    assert suggest(a_need(), [a_helper(free=())]) == []
    assert assess(a_need(), a_helper(free=())).parts.time == 0


def test_radius_zero_reaches_the_own_cell_only():
    at_home, next_door = a_helper(key=1, metres=0.0, radius=0.0), a_helper(key=2, metres=0.1, radius=0.0)

    assert [it.key for it in suggest(a_need(), [at_home, next_door])] == [1]


def test_help_over_midnight_needs_both_days():
    need = a_need(span=(23 * HOUR, 25 * HOUR))
    both, first = a_helper(key=1, free=((20 * HOUR, DAY), (DAY, 26 * HOUR))), a_helper(key=2, free=((0.0, DAY),))

    assert [it.key for it in suggest(need, [both, first])] == [1]


def test_a_need_without_length_fits_nobody():
    assert suggest(a_need(span=(HOUR, HOUR)), [a_helper()]) == []


@pytest.mark.long
def test_a_hundred_thousand_who_are_all_alike_come_by_key():
    crowd = [a_helper(key=key) for key in range(100_000, 0, -1)]

    found = suggest(a_need(), crowd)

    assert [it.key for it in found] == list(range(1, 100_001))
    assert len({it.score for it in found}) == 1
