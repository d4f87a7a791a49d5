"""Nonsense is refused where the question is made, by name and with its first offender."""

from math import inf, nan

import pytest

from tests.volunteering.matching.plan_builders import a_problem
from volunteering.matching.errors import MatchingError
from volunteering.matching.plan import Helpers, Pairs, Problem, Sieves, Visits, objective

TWO_VISITS = [(0, 60, 1), (30, 90, 2)]
ALL_PAIRS = {(0, 0): 0.5, (0, 1): 0.5, (1, 0): 0.5, (1, 1): 0.5}


def refused(rule):
    return pytest.raises(MatchingError, check=lambda error: error.rule == rule)


@pytest.mark.parametrize("score", [nan, inf, -inf, -0.1, 1.1])
def test_scores_outside_their_range_are_refused(score):
    with refused("bad_number") as caught:
        Pairs([0, 0], [0, 1], [0.5, score])

    assert str(caught.value) == f"The score of the pair at position 1 is {score}: not between 0 and 1."


@pytest.mark.parametrize("number", [nan, inf, 0.5, 2**70])
def test_times_that_are_no_whole_minutes_are_refused(number):
    with pytest.raises(MatchingError):
        Visits([0, number], [60, 120], [1, 1])


@pytest.mark.parametrize("numbers", ["ab", [[1, 2]], [None], [True, False], 2**62 + 1])
def test_columns_that_are_no_lists_of_numbers_are_refused(numbers):
    with pytest.raises(MatchingError):
        Helpers(numbers)


@pytest.mark.parametrize("end", [60, 59])
def test_visit_that_does_not_end_after_its_start_is_refused(end):
    with refused("end_before_start") as caught:
        Visits([0, 60], [30, end], [1, 1])

    assert caught.value.visit == 1
    assert str(caught.value) == f"Visit 1 ends at {end}, which is not after its start at 60."


def test_places_and_limits_below_zero_are_refused():
    with refused("bad_number"):
        Visits([0], [60], [-1])
    with refused("bad_number"):
        Helpers([1, -1])


def test_columns_of_different_length_are_refused():
    with refused("lengths_differ"):
        Visits([0, 1], [60], [1])
    with refused("lengths_differ"):
        Pairs([0], [0, 1], [0.5])


def test_pair_twice_is_refused():
    with refused("pair_twice") as caught:
        Pairs([1, 0, 1], [2, 2, 2], [0.1, 0.2, 0.3])

    assert (caught.value.visit, caught.value.helper) == (1, 2)
    assert str(caught.value) == "The pair of visit 1 and helper 2 is given twice."


@pytest.mark.parametrize("pair", [(2, 0), (0, 2), (-1, 0), (0, -1)])
def test_indices_out_of_range_are_refused(pair):
    with refused("unknown_index"):
        a_problem(TWO_VISITS, [1, 1], {pair: 0.5})
    with refused("unknown_index"):
        a_problem(TWO_VISITS, [1, 1], ALL_PAIRS, pinned=(pair,))
    with refused("unknown_index"):
        a_problem(TWO_VISITS, [1, 1], ALL_PAIRS, forbidden=(pair,))


@pytest.mark.parametrize("coverage", [nan, inf, -1.0, 101.0])
def test_coverage_outside_its_range_is_refused(coverage):
    with refused("bad_coverage"):
        a_problem(TWO_VISITS, [1, 1], ALL_PAIRS, coverage=coverage)


@pytest.mark.parametrize(
    ("rule", "words", "details"),
    [
        ("pinned_twice", "visit 0 and helper 0 is given twice", {"pinned": ((0, 0), (0, 0))}),
        (
            "pinned_forbidden",
            "visit 0 and helper 0 is forbidden as well",
            {"pinned": ((0, 0),), "forbidden": ((0, 0),)},
        ),
        ("pinned_over_places", "Visit 0 has 1 open places, but 2 helpers", {"pinned": ((0, 0), (0, 1))}),
        ("pinned_over_limit", "Helper 1 may take 1 more visits this week, but is", {"pinned": ((0, 1), (1, 1))}),
        ("pinned_overlap", "Helper 0 is pinned to visits 0 and 1, which overlap", {"pinned": ((0, 0), (1, 0))}),
    ],
)
def test_pinned_pairs_that_break_a_rule_are_refused(rule, words, details):
    with refused(rule) as caught:
        a_problem(TWO_VISITS, [2, 1], ALL_PAIRS, **details)

    assert words in str(caught.value)


def test_pinned_pair_that_was_not_offered_is_refused():
    with refused("pinned_not_offered") as caught:
        a_problem(TWO_VISITS, [2, 2], {(0, 0): 0.5}, pinned=((1, 1),))

    assert (caught.value.visit, caught.value.helper) == (1, 1)


def test_pinned_pair_without_any_offer_is_refused():
    with refused("pinned_not_offered"):
        a_problem(TWO_VISITS, [2, 2], {}, pinned=((1, 1),))


def test_pinned_visits_that_touch_are_fine():
    problem = a_problem([(0, 60, 1), (60, 90, 1)], [2], {(0, 0): 0.5, (1, 0): 0.5}, pinned=((1, 0), (0, 0)))

    assert problem.pinned == ((0, 0), (1, 0))


def test_objective_of_a_pair_that_was_not_offered_is_refused():
    with refused("not_offered"):
        objective(a_problem(TWO_VISITS, [1, 1], {(0, 0): 0.5}), [(1, 1)])


def test_sieves_that_let_more_through_than_came_are_refused():
    with refused("sieve_grows") as caught:
        Sieves([5, 5], [3, 6], [1, 1])

    assert caught.value.visit == 1


def test_question_cannot_be_changed_afterwards():
    problem = a_problem(TWO_VISITS, [1, 1], ALL_PAIRS)

    with pytest.raises(ValueError, match="read-only"):
        problem.pairs.score[0] = 1
    with pytest.raises(AttributeError):
        problem.coverage = 0


def test_columns_of_the_caller_stay_the_callers():
    limits = Helpers([1, 2]).limit.copy()
    Problem(Visits([], [], []), Helpers(limits), Pairs([], [], []))

    limits[0] = 5

    assert limits.tolist() == [5, 2]
