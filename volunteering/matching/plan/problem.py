"""What is asked and what is answered: immutable, and checked where it is made, so that no solver meets nonsense.

Visits and helpers are numbered 0, 1, 2, …: the caller keeps the list of who is who. Times are whole minutes on one
running count (any beginning, below zero too), so that midnight and the end of a week are no borders. A visit takes the
time [start, end): another one may begin where it ends.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from volunteering.matching.errors import MatchingError
from volunteering.matching.plan.columns import Real, Whole, check_lengths, frozen, parts_of_one, whole_numbers
from volunteering.matching.plan.pinned import check_pinned

Pair = tuple[int, int]

# The same sum of some ten thousand worths, reached from two sides of a proof, differs by rounding. Two plans that are
# not worth the same differ by more than this as long as scores have five decimals or fewer.
ABSOLUTE_TOLERANCE = 1e-6
RELATIVE_TOLERANCE = 1e-10
MOST_COVERAGE = 100.0


@dataclass(frozen=True, eq=False, init=False)
class Visits:
    """When each visit starts and ends (minutes), and how many helpers it still needs (`places`, 0 or more)."""

    start: Whole
    end: Whole
    places: Whole

    def __init__(self, start: ArrayLike, end: ArrayLike, places: ArrayLike) -> None:
        object.__setattr__(self, "start", whole_numbers("start", start))
        object.__setattr__(self, "end", whole_numbers("end", end))
        object.__setattr__(self, "places", whole_numbers("number of places", places, least=0))
        check_lengths("visits", self.start, self.end, self.places)
        for visit in np.flatnonzero(self.end <= self.start)[:1].tolist():
            message = f"Visit {visit} ends at {self.end[visit]}, which is not after its start at {self.start[visit]}."
            raise MatchingError(message, rule="end_before_start", visit=visit)

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, eq=False, init=False)
class Helpers:
    """How many more visits each helper may take in this week (`limit`, 0 or more)."""

    limit: Whole

    def __init__(self, limit: ArrayLike) -> None:
        object.__setattr__(self, "limit", whole_numbers("weekly limit", limit, least=0))

    def __len__(self) -> int:
        return len(self.limit)


@dataclass(frozen=True, eq=False, init=False)
class Pairs:
    """Who could help where, and how well that would be (`score` in [0, 1]). Kept in order of (visit, helper), whatever
    order they come in; no pair twice."""

    visit: Whole
    helper: Whole
    score: Real

    def __init__(self, visit: ArrayLike, helper: ArrayLike, score: ArrayLike) -> None:
        visits = whole_numbers("visit of the pair", visit)
        helpers = whole_numbers("helper of the pair", helper)
        scores = parts_of_one("score of the pair", score)
        check_lengths("pairs", visits, helpers, scores)
        order = np.lexsort((helpers, visits))
        object.__setattr__(self, "visit", frozen(visits[order]))
        object.__setattr__(self, "helper", frozen(helpers[order]))
        object.__setattr__(self, "score", frozen(scores[order]))
        again = (self.visit[1:] == self.visit[:-1]) & (self.helper[1:] == self.helper[:-1])
        for place in np.flatnonzero(again)[:1].tolist():
            twice = int(self.visit[place]), int(self.helper[place])
            message = f"The pair of visit {twice[0]} and helper {twice[1]} is given twice."
            raise MatchingError(message, rule="pair_twice", visit=twice[0], helper=twice[1])

    def __len__(self) -> int:
        return len(self.visit)


@dataclass(frozen=True, eq=False)
class Problem:
    """The whole question.

    `pinned`: pairs (visit, helper) decided by hand: they are in every answer and count against places, limits and time.
    `forbidden`: pairs that are in no answer. `coverage`: what a covered place is worth by itself, in full scores.
    """

    visits: Visits
    helpers: Helpers
    pairs: Pairs
    pinned: tuple[Pair, ...] = ()
    forbidden: tuple[Pair, ...] = ()
    coverage: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.coverage <= MOST_COVERAGE:
            message = f"The worth of coverage is {self.coverage}: not between 0 and {MOST_COVERAGE:.0f}."
            raise MatchingError(message, rule="bad_coverage")
        object.__setattr__(self, "pinned", _in_order("pinned", self.pinned))
        object.__setattr__(self, "forbidden", _in_order("forbidden", self.forbidden))
        self._check_indices("A pair", self.pairs.visit, self.pairs.helper)
        self._check_indices("A pinned pair", *_columns(self.pinned))
        self._check_indices("A forbidden pair", *_columns(self.forbidden))
        check_pinned(self)

    def _check_indices(self, what: str, visit: Whole, helper: Whole) -> None:
        for kind, numbers, count in (("visit", visit, len(self.visits)), ("helper", helper, len(self.helpers))):
            outside = numbers[(numbers < 0) | (numbers >= count)]
            for number in outside[:1].tolist():
                message = f"{what} names {kind} {number}; there are {count}, and the first is 0."
                raise MatchingError(message, rule="unknown_index")

    def positions(self, pairs: Iterable[Pair]) -> Whole:
        """Where these pairs stand among the offered ones; -1 for one that was not offered."""
        visit, helper = _columns(pairs)
        if not len(self.pairs):
            return np.full(len(visit), -1, dtype=np.int64)
        keys = self.pairs.visit * len(self.helpers) + self.pairs.helper
        wanted = visit * len(self.helpers) + helper
        found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[found] == wanted, found, -1)


@dataclass(frozen=True)
class Plan:
    """An answer. `pairs`: (visit, helper) in order, the pinned ones among them. `objective`: the sum of their worths.
    `bound`: no plan is worth more than that."""

    pairs: tuple[Pair, ...]
    objective: float
    bound: float

    @property
    def is_proven(self) -> bool:
        """Whether no plan is worth more than this one."""
        return self.bound - self.objective <= ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * self.bound

    @property
    def gap(self) -> float:
        """How much is missing at most, as a part of the bound: 0 for nothing, 0.03 for three per cent."""
        return max(0.0, 1 - self.objective / self.bound) if self.bound > 0 else 0.0


@dataclass(frozen=True)
class Progress:
    """Where the exact solver stands. `step`: "quick", "round" or "rest"; `number`: the how manieth of its kind;
    `objective`: worth of the best plan so far; `bound`: no plan is worth more."""

    step: str
    number: int
    objective: float
    bound: float


def objective(problem: Problem, pairs: Iterable[Pair]) -> float:
    """The worth of these pairs. Their order does not matter, not even to the last digit.

    Raises MatchingError for a pair that was not offered: it has no score.
    """
    chosen = list(pairs)
    positions = problem.positions(chosen)
    for place in np.flatnonzero(positions < 0)[:1].tolist():
        visit, helper = chosen[place]
        message = f"The pair of visit {visit} and helper {helper} was not offered."
        raise MatchingError(message, rule="not_offered", visit=visit, helper=helper)
    return math.fsum((problem.pairs.score[positions] + problem.coverage).tolist())


def _in_order(what: str, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    listed = list(pairs)
    visit = whole_numbers(f"visit of the {what} pair", [visit for visit, _ in listed])
    helper = whole_numbers(f"helper of the {what} pair", [helper for _, helper in listed])
    return tuple(sorted(zip(visit.tolist(), helper.tolist(), strict=True)))


def _columns(pairs: Iterable[Pair]) -> tuple[Whole, Whole]:
    both = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
