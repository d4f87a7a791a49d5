"""The question without "whole people only": a linear programme, solved in rounds over the few rows that matter.

One rule for the places of each visit, one for the limit of each helper, one for each clique of overlapping visits of a
helper. Most of the rows are never wanted and most cliques never matter, so a round solves the programme over the rows
that exceed their prices or nearly do, and over the cliques that some round broke. Its prices then judge *all* rows and
its answer is checked against *all* cliques: who was left out wrongly joins the next round. When nobody is, the answer
is the optimum of the whole programme, and its prices prove it.

Two things make it fast, both measured at 10,000 visits with 30 pairs each. The rounds: the whole programme took 20 s,
a round takes half a second and three to five are enough. The beginning: every rule gets a slack that costs the price
known so far, so that HiGHS (dual simplex, without presolve) starts from our prices instead of from nothing; that halved
the time of a round and, more important, keeps the prices from jumping, so that the rounds end. Nothing is split by
connected components: the week of one centre is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

from volunteering.matching.plan.columns import Flags, Real, Whole
from volunteering.matching.plan.overlaps import Cliques
from volunteering.matching.plan.prices import Prices, in_the_middle
from volunteering.matching.plan.rest import Rest

# Rows come in that fall short of their prices by less (in full scores): wider rounds are slower, narrower ones more.
NEARLY = 0.1
MOST_ROUNDS = 40
# HiGHS keeps its promises to 1e-7.
EPSILON = 1e-6
OPTIONS = {"presolve": False, "simplex_dual_edge_weight_strategy": "devex"}


@dataclass(frozen=True, eq=False)
class Relaxed:
    """How much of each row is chosen (in [0, 1]), the prices, by how much each row exceeds them, and the bound that
    they prove. `is_complete`: it keeps every rule and no row outside would help, so that nothing but fractions can be
    wrong with it."""

    share: Real
    prices: Prices
    excess: Real
    bound: float
    is_complete: bool

    @property
    def is_whole(self) -> bool:
        return bool((np.abs(self.share - np.round(self.share)) < EPSILON).all())


def rounds(rest: Rest, cliques: Cliques, prices: Prices) -> Iterator[Relaxed]:
    """One answer for each round, the last one the best. None at all when HiGHS gives up."""
    prices = Prices(prices.visit, prices.helper, np.zeros(cliques.count))
    is_in = np.zeros(len(rest), dtype=np.bool_)
    is_ruled = np.zeros(cliques.count, dtype=np.bool_)
    for _ in range(MOST_ROUNDS):
        prices = in_the_middle(rest, cliques, prices)
        is_in |= prices.excess(rest, cliques) > -NEARLY
        solved = _solve(rest, cliques, prices, is_in, is_ruled)
        if solved is None:
            return
        share, prices = solved
        excess = prices.excess(rest, cliques)
        is_missing = (excess > EPSILON) & ~is_in
        is_broken = np.bincount(cliques.clique, share[cliques.row], minlength=cliques.count) > 1 + EPSILON
        is_complete = not (is_missing.any() or is_broken.any())
        yield Relaxed(share, prices, excess, prices.bound(rest, excess), is_complete)
        if is_complete:
            return
        is_ruled |= is_broken


def _solve(rest: Rest, cliques: Cliques, prices: Prices, is_in: Flags, is_ruled: Flags) -> tuple[Real, Prices] | None:
    """The optimum over the rows that are in and the cliques that are ruled; None when HiGHS finds none."""
    rows, ruled = np.flatnonzero(is_in), np.flatnonzero(is_ruled)
    matrix = _matrix(rest, cliques, rows, ruled)
    capacity = np.concatenate([rest.places, rest.limit, np.ones(len(ruled))])
    price = np.concatenate([prices.visit, prices.helper, prices.clique[ruled]])
    # Worth minus prices, and every place that stays empty costs its price: the same order of plans as by worth alone.
    cost = np.concatenate([prices.excess(rest, cliques)[rows] * -1, price])
    most = np.concatenate([np.ones(len(rows)), np.full(len(price), np.inf)])
    bounds = np.column_stack([np.zeros(len(most)), most])
    found = linprog(cost, A_eq=matrix, b_eq=capacity, bounds=bounds, method="highs-ds", options=OPTIONS)
    if found.status != 0:
        return None
    share = np.zeros(len(rest))
    share[rows] = np.clip(found.x[: len(rows)], 0, 1)
    # Below zero only by rounding; a bound needs prices that are not.
    new = np.maximum(price - found.eqlin.marginals, 0)
    visits, helpers = len(rest.places), len(rest.limit)
    clique = np.zeros(cliques.count)
    clique[ruled] = new[visits + helpers :]
    return share, Prices(new[:visits], new[visits : visits + helpers], clique)


def _matrix(rest: Rest, cliques: Cliques, rows: Whole, ruled: Whole) -> csc_array:
    """A line for each visit, helper and ruled clique; a column for each row, then one slack for each line."""
    column = np.full(len(rest), -1)
    column[rows] = np.arange(len(rows))
    number = np.full(cliques.count, -1)
    number[ruled] = np.arange(len(ruled))
    member = (number[cliques.clique] >= 0) & (column[cliques.row] >= 0)
    visits, helpers = len(rest.places), len(rest.limit)
    lines = visits + helpers + len(ruled)
    of_clique = visits + helpers + number[cliques.clique[member]]
    line = np.concatenate([rest.visit[rows], visits + rest.helper[rows], of_clique, np.arange(lines)])
    places = np.arange(len(rows))
    across = np.concatenate([places, places, column[cliques.row[member]], len(rows) + np.arange(lines)])
    return csc_array((np.ones(len(line)), (line, across)), shape=(lines, len(rows) + lines))
