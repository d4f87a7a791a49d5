"""What a place at a visit and an hour of a helper are worth to the others who want them.

A price for every visit and every helper turns the one big question into many small ones: a pair is good when its worth
exceeds the prices of both. Any prices that are not below zero prove a bound: no plan is worth more than all prices
paid for all places and limits plus what single pairs exceed them by (weak duality of linear programmes). The better the
prices, the closer the bound.
"""

from dataclasses import dataclass

import numpy as np

from volunteering.matching.plan.columns import Flags, Real, Whole
from volunteering.matching.plan.overlaps import Cliques
from volunteering.matching.plan.rest import Rest

# From rough to fine: at which difference of worth (in full scores) a pair counts much less than another one, and how
# often both sides answer. The hot beginning carries scarcity over long chains of visits and helpers: without it plans
# for weeks with too few helpers were twice as far from the best.
HEATS = ((0.5, 3), (0.2, 3), (0.1, 3), (0.05, 3), (0.02, 3))
# exp() of more than 709 is no number any more.
LARGEST_EXPONENT = 600.0


@dataclass(frozen=True, eq=False)
class Prices:
    """In full scores, none below zero. `clique`: for one of the cliques of overlapping visits of a helper."""

    visit: Real
    helper: Real
    clique: Real

    def excess(self, rest: Rest, cliques: Cliques) -> Real:
        """How much each row's worth exceeds what has to be paid for it; below zero when it is not worth it."""
        paid = self.visit[rest.visit] + self.helper[rest.helper]
        return rest.worth - paid - np.bincount(cliques.row, self.clique[cliques.clique], minlength=len(rest))

    def bound(self, rest: Rest, excess: Real) -> float:
        """No choice of rows is worth more than this."""
        paid = rest.places @ self.visit + rest.limit @ self.helper + self.clique.sum()
        return float(paid + np.maximum(excess, 0).sum())


def estimate(rest: Rest) -> Prices:
    """Good prices at once. Overlaps are not looked at.

    Visits and helpers answer each other in turn: every side sets its prices so that, if every pair were wanted the more
    the more its worth exceeds its prices, nobody would be wanted more often than there are places (Sinkhorn's method).
    """
    visit, helper = np.zeros(len(rest.places)), np.zeros(len(rest.limit))
    least_heat = float(rest.worth.max(initial=0.0)) / LARGEST_EXPONENT
    for wanted_heat, turns in HEATS:
        heat = max(wanted_heat, least_heat)
        for _ in range(turns):
            visit = _answer(rest.visit, rest.worth - helper[rest.helper], rest.places, heat)
            helper = _answer(rest.helper, rest.worth - visit[rest.visit], rest.limit, heat)
    return Prices(visit, helper, np.zeros(0))


def in_the_middle(rest: Rest, cliques: Cliques, prices: Prices) -> Prices:
    """The same, with the price of each visit midway between the last row that gets a place there and the first that
    does not: no less close a bound, and most rows are clearly wanted or clearly not."""
    free = Prices(np.zeros(len(rest.places)), prices.helper, prices.clique)
    value = free.excess(rest, cliques)
    # One sort for (visit, best first): rows are in order of visits, so that no value may reach into the next one.
    spread = float(np.ptp(value)) + 1.0 if len(value) else 1.0
    ranked = value[np.argsort(rest.visit * spread - value)]
    first = np.searchsorted(rest.visit, np.arange(len(rest.places)))
    count = np.bincount(rest.visit, minlength=len(rest.places))
    # A visit without rows or places needs no price.
    last_in = _value_at(ranked, first + rest.places - 1, (count >= rest.places) & (rest.places > 0))
    first_out = _value_at(ranked, first + rest.places, (count > rest.places) & (rest.places > 0))
    return Prices((last_in + first_out) / 2, prices.helper, prices.clique)


def _answer(side: Whole, value: Real, capacity: Whole, heat: float) -> Real:
    """Prices of one side at which the wanted pairs, softly counted, fill its capacity at most."""
    wanted = np.bincount(side, np.exp(value / heat), minlength=len(capacity))
    return np.maximum(heat * np.log(np.maximum(wanted, 1e-300) / np.maximum(capacity, 1)), 0.0)


def _value_at(ranked: Real, position: Whole, exists: Flags) -> Real:
    values = np.zeros(len(position))
    values[exists] = np.maximum(ranked[position[exists]], 0.0)
    return values
