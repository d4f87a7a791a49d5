"""The way to the best plan, with the proof. Needs SciPy, which is large: only who asks for the proof loads this."""

from collections.abc import Callable

import numpy as np

from volunteering.matching.plan.answers import quick
from volunteering.matching.plan.board import Board
from volunteering.matching.plan.improve import improve
from volunteering.matching.plan.overlaps import Cliques, cliques_of
from volunteering.matching.plan.problem import Plan, Problem, Progress
from volunteering.matching.plan.relaxation import EPSILON, Relaxed, rounds
from volunteering.matching.plan.rest import Rest, after_pinned
from volunteering.matching.plan.whole import made_whole

Listener = Callable[[Progress], None]


def solve_exact(problem: Problem, progress: Listener | None = None) -> Plan:
    """The best plan, and the proof (`is_proven`), in seconds for a week of a big city.

    `progress` is called after each step; what it raises ends the search, which is how a caller stops it. The proof can
    stay out where hundreds of long visits on one day compete for few helpers; the answer is then the best plan found,
    with an honest bound, never worse than the quick one. Among plans of equal worth the order of (visit, helper)
    decides, never the order of the input: the same question gets the same answer.
    """
    rest = after_pinned(problem)
    best, prices = quick(rest)
    tell = _teller(progress)
    tell("quick", 1, best)
    if best.is_proven:
        return best
    cliques = cliques_of(rest)
    relaxed: Relaxed | None = None
    for number, relaxed in enumerate(rounds(rest, cliques, prices), start=1):
        best = _better(best, rest.plan([], relaxed.bound))
        tell("round", number, best)
    if relaxed is not None:
        best = _better(best, _rounded(rest, relaxed))
        if relaxed.is_complete and not best.is_proven:
            best = _better(best, _searched(rest, cliques, relaxed, best))
        tell("rest", 1, best)
    return best


def _rounded(rest: Rest, relaxed: Relaxed) -> Plan:
    """The relaxation's answer where it has no fractions; otherwise the largest shares first, and improved."""
    board = Board(rest)
    board.fill_best_first(np.round(relaxed.share, 6) + np.clip(relaxed.excess, -1, 0) * EPSILON)
    if not (relaxed.is_complete and relaxed.is_whole):
        improve(board, relaxed.excess)
    return rest.plan(board.chosen(), relaxed.bound)


def _searched(rest: Rest, cliques: Cliques, relaxed: Relaxed, best: Plan) -> Plan:
    """The best plan that the search for whole people finds; `best` itself when it finds none."""
    found = made_whole(rest, cliques, relaxed, missing=rest.plan([], relaxed.bound).bound - best.objective)
    return best if found is None else rest.plan(found.chosen.tolist(), found.bound)


def _better(one: Plan, other: Plan) -> Plan:
    """The plan that is worth more, with the closer of both bounds: each holds for every plan."""
    more = other if other.objective > one.objective else one
    return Plan(more.pairs, more.objective, max(more.objective, min(one.bound, other.bound)))


def _teller(progress: Listener | None) -> Callable[[str, int, Plan], None]:
    def tell(step: str, number: int, plan: Plan) -> None:
        if progress is not None:
            progress(Progress(step, number, plan.objective, plan.bound))

    return tell
