"""Whole people where the relaxation answers with fractions. It hardly ever does; when it does, in a few small knots.

Prices say how much any deviation costs at least: choosing a row that falls short of its prices by w, or leaving out one
that exceeds them by w, brings the whole plan w below the bound or lower. So rows further than a window's width from
their prices can be decided at once, and of the others only those have to be searched (mixed-integer programme, HiGHS)
that are connected to a fraction. If the plan found is no more than the width below the bound, nothing outside the
window can beat it: it is proven. Otherwise the window is widened to exactly what is missing, which settles it.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from volunteering.matching.plan.columns import Flags, Real, Whole
from volunteering.matching.plan.overlaps import Cliques
from volunteering.matching.plan.problem import ABSOLUTE_TOLERANCE
from volunteering.matching.plan.relaxation import EPSILON, Relaxed
from volunteering.matching.plan.rest import Rest

FIRST_WIDTH = 0.02
# Counted, not timed: the same question gets the same answer on every machine. Real weeks are settled at the first node.
MOST_NODES = 50
# Only against a search without end. HiGHS looks at its own clock; who gets here is not promised a repeatable answer.
MOST_SECONDS = 300.0


@dataclass(frozen=True, eq=False)
class Found:
    """Chosen rows that keep every rule, what they are worth, and a bound for every other choice."""

    chosen: Whole
    worth: float
    bound: float


def made_whole(rest: Rest, cliques: Cliques, relaxed: Relaxed, missing: float) -> Found | None:
    """The best choice of rows near a complete relaxation's; None when the search ends without any. `missing`: by how
    much the best plan so far stays below the relaxation's bound."""
    first = _search(rest, cliques, relaxed, min(FIRST_WIDTH, missing))
    if first is None or first.bound - first.worth <= ABSOLUTE_TOLERANCE:
        return first
    second = _search(rest, cliques, relaxed, min(missing, relaxed.bound - first.worth))
    if second is None:
        return first
    better = max(first, second, key=lambda found: found.worth)
    return Found(better.chosen, better.worth, min(first.bound, second.bound))


def _search(rest: Rest, cliques: Cliques, relaxed: Relaxed, width: float) -> Found | None:
    is_unsure = np.abs(relaxed.excess) <= width + EPSILON
    is_searched = is_unsure & _connected_to_fractions(rest, relaxed, is_unsure)
    decided = np.flatnonzero(~is_searched & (relaxed.share > 0.5))
    searched = np.flatnonzero(is_searched)
    answer = _programme(rest, cliques, decided, searched)
    if answer is None:
        return None
    shares, ceiling = answer
    chosen = np.union1d(decided, searched[shares > 0.5])
    inside = math.fsum(rest.worth[decided].tolist()) + ceiling
    outside = relaxed.bound - width
    return Found(chosen, math.fsum(rest.worth[chosen].tolist()), min(relaxed.bound, max(inside, outside)))


def _connected_to_fractions(rest: Rest, relaxed: Relaxed, is_unsure: Flags) -> Flags:
    """Rows whose visit or helper is reached from a fractional row over unsure ones: these stand or fall together."""
    visits, nodes = len(rest.places), len(rest.places) + len(rest.limit)
    visit, helper = rest.visit[is_unsure], visits + rest.helper[is_unsure]
    graph = csr_array((np.ones(len(visit)), (visit, helper)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    is_fractional = np.abs(relaxed.share - np.round(relaxed.share)) >= EPSILON
    of_row = component[rest.visit]
    return np.isin(of_row, np.unique(of_row[is_fractional]))


def _programme(rest: Rest, cliques: Cliques, decided: Whole, searched: Whole) -> tuple[Real, float] | None:
    """Which of the searched rows are chosen, beside the decided ones, and a bound of their worth."""
    visits, helpers = len(rest.places), len(rest.limit)
    lines = visits + helpers + cliques.count
    capacity = np.concatenate([rest.places, rest.limit, np.ones(cliques.count, dtype=np.int64)])
    of_rule, of_row = _memberships(rest, cliques)
    everything = csr_array((np.ones(len(of_row)), (of_row, of_rule)), shape=(len(rest), lines))
    taken = everything[decided].sum(axis=0)
    matrix = everything[searched]
    is_ruling = np.asarray(matrix.sum(axis=0)).reshape(-1) > 0
    rules = LinearConstraint(matrix.T.tocsr()[is_ruling], -np.inf, (capacity - taken)[is_ruling])
    options = {"node_limit": MOST_NODES, "mip_rel_gap": 0.0, "time_limit": MOST_SECONDS}
    ones = np.ones(len(searched))
    found = milp(-rest.worth[searched], integrality=ones, bounds=Bounds(0, 1), constraints=rules, options=options)
    if found.x is None:
        return None
    return found.x, -float(found.mip_dual_bound)


def _memberships(rest: Rest, cliques: Cliques) -> tuple[Whole, Whole]:
    """Every rule that a row counts for: its visit's places, its helper's limit, its cliques."""
    visits, helpers, rows = len(rest.places), len(rest.limit), np.arange(len(rest))
    rule = np.concatenate([rest.visit, visits + rest.helper, visits + helpers + cliques.clique])
    return rule, np.concatenate([rows, rows, cliques.row])
