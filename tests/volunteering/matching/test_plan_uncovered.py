"""Why a place stays open: the first sieve that leaves too few, or what the plan does with those who came through."""

from collections import Counter

import pytest
from hypothesis import given

from tests.volunteering.matching.plan_builders import a_problem, problems
from volunteering.matching.errors import MatchingError
from volunteering.matching.plan import Shortfall, Sieves, count_by, shortfalls, solve_quick
from volunteering.matching.plan.exact import solve_exact

VISITS = [(0, 60, 1), (30, 90, 1)]
PLENTY = Sieves([9, 9], [8, 8], [7, 7])


@pytest.mark.parametrize(
    ("places", "sieves", "reason"),
    [
        (1, (0, 0, 0), "no_skill"),
        (1, (5, 0, 0), "not_near"),
        (1, (5, 2, 0), "not_free"),
        (2, (1, 1, 1), "no_skill"),
        (2, (5, 1, 1), "not_near"),
        (2, (5, 2, 1), "not_free"),
    ],
)
def test_first_sieve_that_leaves_too_few_is_the_reason(places, sieves, reason):
    problem = a_problem([(0, 60, places)], [1], {})

    (shortfall,) = shortfalls(problem, [], Sieves(*([count] for count in sieves)))

    assert (shortfall.reason, shortfall.missing) == (reason, places)
    assert (shortfall.skilled, shortfall.near, shortfall.free) == sieves


def test_helper_who_is_somewhere_else_then_is_busy():
    problem = a_problem(VISITS, [2], {(0, 0): 0.5, (1, 0): 0.5})

    found = shortfalls(problem, [(0, 0)], PLENTY)

    assert found == [
        Shortfall(1, 1, "busy", skilled=9, near=8, free=7, forbidden=0, elsewhere=1, at_limit=0, possible=0)
    ]


def test_helper_with_enough_tasks_is_busy():
    problem = a_problem([(0, 60, 1), (60, 90, 1)], [1], {(0, 0): 0.5, (1, 0): 0.5})

    (shortfall,) = shortfalls(problem, [(0, 0)], PLENTY)

    assert (shortfall.reason, shortfall.at_limit) == ("busy", 1)


def test_helper_ruled_out_by_hand_is_the_reason():
    problem = a_problem([(0, 60, 1)], [1], {(0, 0): 0.5}, forbidden=((0, 0),))

    (shortfall,) = shortfalls(problem, [], Sieves([1], [1], [1]))

    assert (shortfall.reason, shortfall.forbidden) == ("forbidden", 1)


def test_plan_edited_by_hand_leaves_somebody_possible():
    problem = a_problem(VISITS, [1, 1], {(0, 0): 0.5, (1, 1): 0.5})

    (shortfall,) = shortfalls(problem, [(0, 0)], PLENTY)

    assert (shortfall.visit, shortfall.reason, shortfall.possible) == (1, "possible", 1)


def test_covered_visits_and_visits_without_places_are_not_short():
    problem = a_problem([(0, 60, 1), (30, 90, 0)], [1], {(0, 0): 0.5})

    assert shortfalls(problem, [(0, 0)], PLENTY) == []


@given(problems)
def test_solvers_leave_nobody_who_could_still_come(problem):
    everybody = [len(problem.helpers)] * len(problem.visits)

    for solve in (solve_quick, solve_exact):
        found = shortfalls(problem, solve(problem).pairs, Sieves(everybody, everybody, everybody))
        assert [shortfall.possible for shortfall in found] == [0] * len(found)


def test_missing_helpers_are_counted_by_label_and_reason():
    problem = a_problem([(0, 60, 2), (0, 60, 1), (0, 60, 1)], [], {})

    found = shortfalls(problem, [], Sieves([0, 0, 5], [0, 0, 0], [0, 0, 0]))

    assert count_by(found, ["Orzegów", "Orzegów", "Wirek"]) == Counter(
        {("Orzegów", "no_skill"): 3, ("Wirek", "not_near"): 1}
    )


def test_sieves_of_another_week_are_refused():
    with pytest.raises(MatchingError):
        shortfalls(a_problem(VISITS, [1], {}), [], Sieves([1], [1], [1]))
