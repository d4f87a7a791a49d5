"""The proof: the relaxation in rounds, whole people where it answers with fractions, and what a caller sees of it."""

from itertools import pairwise

import numpy as np
import pytest

from tests.volunteering.matching.plan_builders import a_crowded_week, a_problem, best_by_trying
from volunteering.matching.plan import relaxation, solve_quick, violations, whole
from volunteering.matching.plan.answers import quick
from volunteering.matching.plan.exact import solve_exact
from volunteering.matching.plan.overlaps import cliques_of
from volunteering.matching.plan.rest import after_pinned

# The first two visits touch, the third takes the time of both. Halves of everything would be worth 3.
KNOT = ([(0, 1, 1), (1, 2, 1), (0, 2, 1)], [2, 1], {(0, 0): 0.0, (0, 1): 0.5, (1, 0): 0.0, (1, 1): 0.5, (2, 0): 0.0})


def last_round(problem):
    rest = after_pinned(problem)
    cliques = cliques_of(rest)
    *_, relaxed = relaxation.rounds(rest, cliques, quick(rest)[1])
    return rest, cliques, relaxed


def many_knots(count):
    """Knots side by side, each with its own helpers."""
    visits, limits, pairs = KNOT
    tied = {
        (visit + 3 * knot, helper + 2 * knot): score
        for knot in range(count)
        for (visit, helper), score in pairs.items()
    }
    return a_problem(visits * count, limits * count, tied)


def test_knot_has_a_fractional_relaxation():
    *_, relaxed = last_round(a_problem(*KNOT))

    assert relaxed.is_complete
    assert not relaxed.is_whole
    assert relaxed.bound == pytest.approx(3)


@pytest.mark.parametrize("count", [1, 2, 20])
def test_fractional_relaxation_is_made_whole_and_proven(count):
    problem = many_knots(count)

    plan = solve_exact(problem)

    assert plan.objective == plan.bound == pytest.approx(2.5 * count)
    assert plan.is_proven
    assert violations(problem, plan.pairs) == []
    assert best_by_trying(a_problem(*KNOT)) == 2.5


def test_without_a_search_the_bound_stays_honest(monkeypatch):
    monkeypatch.setattr("volunteering.matching.plan.exact.made_whole", lambda *_, **__: None)

    plan = solve_exact(a_problem(*KNOT))

    assert plan.objective == 2.5
    assert plan.bound == pytest.approx(3)
    assert not plan.is_proven
    assert plan.gap == pytest.approx(1 / 6)


def test_without_a_relaxation_the_quick_plan_is_the_answer(monkeypatch):
    monkeypatch.setattr("volunteering.matching.plan.exact.rounds", lambda *_: iter(()))
    problem = a_crowded_week(1)

    assert solve_exact(problem) == solve_quick(problem)


def test_relaxation_gives_up_when_its_solver_does(monkeypatch):
    class Nothing:
        status = 4

    monkeypatch.setattr(relaxation, "linprog", lambda *_, **__: Nothing())
    rest = after_pinned(a_problem(*KNOT))

    assert list(relaxation.rounds(rest, cliques_of(rest), quick(rest)[1])) == []


def test_search_that_finds_nothing_says_so(monkeypatch):
    class Nothing:
        x = None

    monkeypatch.setattr(whole, "milp", lambda *_, **__: Nothing())

    assert whole.made_whole(*last_round(a_problem(*KNOT)), missing=0.5) is None


def test_last_round_keeps_every_rule_and_its_prices_prove_its_worth():
    rest, cliques, relaxed = last_round(a_crowded_week(2, visits=200, helpers=80))

    assert relaxed.is_complete
    assert (np.bincount(rest.visit, relaxed.share, len(rest.places)) <= rest.places + 1e-6).all()
    assert (np.bincount(rest.helper, relaxed.share, len(rest.limit)) <= rest.limit + 1e-6).all()
    assert (np.bincount(cliques.clique, relaxed.share[cliques.row], cliques.count) <= 1 + 1e-6).all()
    assert float(rest.worth @ relaxed.share) == pytest.approx(relaxed.bound)


def test_progress_is_told_and_only_gets_better():
    heard = []

    plan = solve_exact(a_crowded_week(3), heard.append)

    assert [step.step for step in heard[:2]] == ["quick", "round"]
    assert [step.number for step in heard if step.step == "round"] == list(range(1, len(heard) - 1))
    assert all(later.objective >= sooner.objective for sooner, later in pairwise(heard))
    assert all(later.bound <= sooner.bound + 1e-9 for sooner, later in pairwise(heard))
    assert (heard[-1].step, heard[-1].objective, heard[-1].bound) == ("rest", plan.objective, plan.bound)


def test_caller_stops_the_search_by_raising():
    class StoppedError(Exception):
        pass

    def stop(progress):
        raise StoppedError(progress.step)

    with pytest.raises(StoppedError, match="quick"):
        solve_exact(a_crowded_week(4), stop)


def test_same_question_gets_the_same_answer():
    assert solve_exact(a_crowded_week(5)) == solve_exact(a_crowded_week(5))
