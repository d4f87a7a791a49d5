"""What is left to decide once the pairs that were pinned by hand are kept: the pairs that are still possible."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from volunteering.matching.plan.columns import Flags, Real, Whole
from volunteering.matching.plan.pinned import overlap, visits_by_helper
from volunteering.matching.plan.problem import Plan, Problem


@dataclass(frozen=True, eq=False)
class Rest:
    """The open question, one row for each pair that is still possible, in order of (visit, helper).

    `start`, `end` (minutes) and `places` are of the visits, `limit` of the helpers: what the pinned pairs left of them.
    """

    problem: Problem
    start: Whole
    end: Whole
    places: Whole
    limit: Whole
    visit: Whole
    helper: Whole
    worth: Real

    def __len__(self) -> int:
        return len(self.worth)

    def plan(self, chosen: Iterable[int], bound: float) -> Plan:
        """The pinned pairs and the chosen rows. `bound`: no choice of rows is worth more."""
        rows = np.array(sorted(chosen), dtype=np.int64)
        kept = _worth(self.problem)[self.problem.positions(self.problem.pinned)].tolist()
        pairs = [*self.problem.pinned, *zip(self.visit[rows].tolist(), self.helper[rows].tolist(), strict=True)]
        total = math.fsum([*kept, *self.worth[rows].tolist()])
        # A bound below the plan itself is rounding.
        return Plan(tuple(sorted(pairs)), total, max(total, math.fsum([*kept, bound])))


def after_pinned(problem: Problem) -> Rest:
    """The rest of the problem."""
    visit, helper = problem.pairs.visit, problem.pairs.helper
    pinned, forbidden = problem.positions(problem.pinned), problem.positions(problem.forbidden)
    places = problem.visits.places - np.bincount(visit[pinned], minlength=len(problem.visits))
    limit = problem.helpers.limit - np.bincount(helper[pinned], minlength=len(problem.helpers))
    is_open = (places[visit] > 0) & (limit[helper] > 0) & ~_clashes_with_pinned(problem)
    is_open[pinned] = False
    is_open[forbidden[forbidden >= 0]] = False
    return Rest(
        problem=problem,
        start=problem.visits.start,
        end=problem.visits.end,
        places=places,
        limit=limit,
        visit=visit[is_open],
        helper=helper[is_open],
        worth=_worth(problem)[is_open],
    )


def _worth(problem: Problem) -> Real:
    return problem.pairs.score + problem.coverage


def _clashes_with_pinned(problem: Problem) -> Flags:
    """Which pairs need a helper at a time for which the same helper is pinned elsewhere."""
    clashes = np.zeros(len(problem.pairs), dtype=np.bool_)
    is_pinned = np.zeros(len(problem.helpers), dtype=np.bool_)
    pinned = visits_by_helper(problem.pinned)
    is_pinned[list(pinned)] = True
    for row in np.flatnonzero(is_pinned[problem.pairs.helper]).tolist():
        visit, helper = int(problem.pairs.visit[row]), int(problem.pairs.helper[row])
        clashes[row] = any(overlap(problem, visit, other) for other in pinned[helper])
    return clashes
