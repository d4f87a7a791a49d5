"""The plan of the week: the exact one is the best there is, the quick one keeps every rule, and both are repeatable."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.volunteering.matching.plan_builders import (
    a_crowded_week,
    a_problem,
    best_by_trying,
    coverages,
    problems,
    scores,
    weeks,
)
from volunteering.matching.plan import greedy, objective, solve_quick, violations
from volunteering.matching.plan.exact import solve_exact

SOLVERS = [greedy, solve_quick, solve_exact]
MORNING, NOON, EVENING = (480, 600, 1), (600, 720, 1), (1080, 1200, 1)


@given(problems)
@settings(max_examples=300)
def test_exact_plan_is_the_best_of_all_plans(problem):
    plan = solve_exact(problem)

    assert plan.objective == pytest.approx(best_by_trying(problem), abs=1e-9)
    assert plan.is_proven
    assert violations(problem, plan.pairs) == []


@given(problems)
@settings(max_examples=200)
def test_quick_plan_keeps_every_rule_and_its_bound_is_true(problem):
    plan, best = solve_quick(problem), best_by_trying(problem)

    assert violations(problem, plan.pairs) == []
    assert greedy(problem).objective <= plan.objective + 1e-9
    assert plan.objective - 1e-9 <= best <= plan.bound + 1e-9


@given(weeks(), coverages, st.randoms())
def test_order_of_input_does_not_matter(week, coverage, random):
    visits, limits, pairs = week
    shuffled = [(*pair, score) for pair, score in pairs.items()]
    random.shuffle(shuffled)
    problem, other = (a_problem(visits, limits, rows, coverage=coverage) for rows in (pairs, shuffled))

    for solve in SOLVERS:
        assert solve(problem) == solve(other)


@given(weeks(most_pairs=7), scores, st.data())
def test_one_more_pair_never_lowers_the_exact_objective(week, score, data):
    visits, limits, pairs = week
    possible = [(visit, helper) for visit in range(len(visits)) for helper in range(len(limits))]
    pair = data.draw(st.sampled_from(possible))
    more = {**pairs, pair: max(score, pairs.get(pair, 0))}

    fewer_worth, more_worth = (solve_exact(a_problem(visits, limits, rows)).objective for rows in (pairs, more))

    assert more_worth >= fewer_worth - 1e-9


@given(weeks(), st.data())
@settings(max_examples=200)
def test_exact_plan_is_the_best_around_pinned_and_forbidden_pairs(week, data):
    visits, limits, pairs = week
    free = solve_exact(a_problem(visits, limits, pairs))
    pinned = data.draw(st.lists(st.sampled_from(free.pairs), unique=True)) if free.pairs else []
    others = [pair for pair in pairs if pair not in pinned]
    forbidden = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    problem = a_problem(visits, limits, pairs, pinned=tuple(pinned), forbidden=tuple(forbidden))

    for solve in SOLVERS:
        assert violations(problem, solve(problem).pairs) == []
    assert solve_exact(problem).objective == pytest.approx(best_by_trying(problem), abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_crowded_week_is_proven_and_quick_is_near(seed):
    problem = a_crowded_week(seed)

    plain, quick, exact = (solve(problem) for solve in SOLVERS)

    assert exact.is_proven
    assert plain.objective <= quick.objective <= exact.objective <= quick.bound
    assert quick.objective >= 0.95 * exact.objective
    assert [violations(problem, plan.pairs) for plan in (plain, quick, exact)] == [[], [], []]


def test_two_well_covered_visits_beat_one_perfect_match():
    pairs = {(0, 0): 1.0, (0, 1): 0.0, (1, 0): 0.0}

    plan = solve_exact(a_problem([MORNING, (500, 620, 1)], [1, 1], pairs))

    assert plan.pairs == ((0, 1), (1, 0))
    assert plan.objective == 2


def test_without_worth_of_coverage_fit_alone_decides():
    pairs = {(0, 0): 1.0, (0, 1): 0.0, (1, 0): 0.25}

    plan = solve_exact(a_problem([MORNING, (500, 620, 1)], [1, 1], pairs, coverage=0.0))

    assert plan.objective == 1


@pytest.mark.parametrize("solve", SOLVERS)
def test_ties_go_to_the_first_by_number(solve):
    visits = [MORNING, NOON, EVENING]
    pairs = [(visit, helper, 0.5) for visit in (2, 0, 1) for helper in (3, 1, 2, 0)]

    plan = solve(a_problem(visits, [1, 1, 1, 1], pairs))

    assert plan == solve(a_problem(visits, [1, 1, 1, 1], pairs[::-1]))
    assert plan.objective == 4.5


def test_greedy_takes_tied_pairs_in_order_of_visit_and_helper():
    pairs = [(visit, helper, 0.5) for visit in range(3) for helper in range(4)]

    assert greedy(a_problem([MORNING, NOON, EVENING], [1] * 4, pairs)).pairs == ((0, 0), (1, 1), (2, 2))


@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.parametrize(
    ("visits", "limits", "pairs"),
    [
        ([], [], {}),
        ([], [2], {}),
        ([MORNING], [], {}),
        ([MORNING], [2], {}),
        ([MORNING], [0], {(0, 0): 1.0}),
        ([(480, 600, 0)], [2], {(0, 0): 1.0}),
    ],
    ids=["nothing", "no visits", "no helpers", "no pairs", "no capacity", "no places"],
)
def test_nothing_to_choose_gives_an_empty_plan(solve, visits, limits, pairs):
    plan = solve(a_problem(visits, limits, pairs))

    assert (plan.pairs, plan.objective, plan.bound, plan.is_proven, plan.gap) == ((), 0, 0, True, 0)


@pytest.mark.parametrize("solve", SOLVERS)
def test_one_helper_offered_everything_takes_as_much_as_the_limit_allows(solve):
    visits = [(day * 1440 + hour * 60, day * 1440 + hour * 60 + 60, 1) for day in range(7) for hour in range(8, 18)]
    pairs = {(visit, 0): visit / 100 for visit in range(len(visits))}

    plan = solve(a_problem(visits, [3], pairs))

    assert plan.pairs == ((67, 0), (68, 0), (69, 0))


@pytest.mark.parametrize("solve", SOLVERS)
def test_visits_over_midnight_overlap_and_touching_ends_do_not(solve):
    over_midnight, in_the_night, after_it = (1380, 1500, 1), (1470, 1530, 1), (1500, 1560, 1)
    pairs = {(0, 0): 1.0, (1, 0): 0.5, (2, 0): 1.0}

    plan = solve(a_problem([over_midnight, in_the_night, after_it], [3], pairs))

    assert plan.pairs == ((0, 0), (2, 0))


@pytest.mark.parametrize("solve", SOLVERS)
def test_hundred_thousand_candidates_for_one_visit(solve):
    candidates = 100_000
    pairs = [(0, helper, (helper * 7919 % candidates) / candidates) for helper in range(candidates)]

    plan = solve(a_problem([(480, 600, 2)], [1] * candidates, pairs))

    best = sorted(helper for _, helper, score in pairs if score >= (candidates - 2) / candidates)
    assert [helper for _, helper in plan.pairs] == best


@pytest.mark.parametrize("solve", SOLVERS)
def test_pinned_pair_stays_though_another_is_better(solve):
    pairs = {(0, 0): 0.0, (0, 1): 1.0, (1, 0): 1.0}

    plan = solve(a_problem([MORNING, (500, 620, 1)], [2, 1], pairs, pinned=((0, 0),)))

    assert plan.pairs == ((0, 0),)


@pytest.mark.parametrize("solve", SOLVERS)
def test_forbidden_pair_is_left_out(solve):
    pairs = {(0, 0): 1.0, (0, 1): 0.0}

    plan = solve(a_problem([MORNING], [1, 1], pairs, forbidden=((0, 0), (0, 0))))

    assert plan.pairs == ((0, 1),)


@given(problems)
def test_objective_is_the_sum_of_worths(problem):
    plan = solve_quick(problem)

    assert objective(problem, plan.pairs[::-1]) == plan.objective


def test_a_page_that_shows_a_plan_does_not_load_scipy():
    """It takes 40 MB and most of a second of each process that serves pages."""
    command = "import sys, volunteering.matching.plan; sys.exit('scipy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
