"""Which places stay open, and why. Codes; the words are the caller's.

Whoever collects the candidates passes people through sieves: those with the skill (and the category, the language, the
clearance), of these who live near enough, of these who have the time (and are not paused, blocked or at their weekly
limit already). How many came through each is a by-product of the collecting; here it becomes a reason. Who came through
the last one was offered, and why those people are not chosen the plan itself tells.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from volunteering.matching.errors import MatchingError
from volunteering.matching.plan.columns import Whole, check_lengths, whole_numbers
from volunteering.matching.plan.problem import Pair, Problem

# Somebody could still be chosen: only a plan edited by hand leaves that undone.
POSSIBLE = "possible"
# Fewer people than places have the skill; live near enough, of these; have the time, of these.
NO_SKILL = "no_skill"
NOT_NEAR = "not_near"
NOT_FREE = "not_free"
# There were enough, but too many of them are forbidden by hand; or they are all somewhere else in this plan.
FORBIDDEN = "forbidden"
BUSY = "busy"
# What became of an offered person who was not chosen, beside POSSIBLE and FORBIDDEN.
ELSEWHERE = "elsewhere"
AT_LIMIT = "at_limit"


@dataclass(frozen=True, eq=False, init=False)
class Sieves:
    """For each visit, how many people came through each sieve. Every number counts people of the one before."""

    skilled: Whole
    near: Whole
    free: Whole

    def __init__(self, skilled: ArrayLike, near: ArrayLike, free: ArrayLike) -> None:
        object.__setattr__(self, "skilled", whole_numbers("number of skilled people", skilled, least=0))
        object.__setattr__(self, "near", whole_numbers("number of people near", near, least=0))
        object.__setattr__(self, "free", whole_numbers("number of free people", free, least=0))
        check_lengths("sieves", self.skilled, self.near, self.free)
        for visit in np.flatnonzero((self.near > self.skilled) | (self.free > self.near))[:1].tolist():
            message = f"A sieve of visit {visit} lets more people through than came to it."
            raise MatchingError(message, rule="sieve_grows", visit=visit)


@dataclass(frozen=True)
class Shortfall:
    """A visit with places that nobody takes. `missing`: how many; `reason`: the first code of this module that applies.

    `skilled`, `near`, `free`: people who came through the sieves. Of those offered and not chosen, `forbidden` were
    ruled out by hand, `elsewhere` are with somebody else at that time, `at_limit` have all the tasks they want in this
    week, `possible` could still come.
    """

    visit: int
    missing: int
    reason: str
    skilled: int
    near: int
    free: int
    forbidden: int
    elsewhere: int
    at_limit: int
    possible: int


def shortfalls(problem: Problem, pairs: Iterable[Pair], sieves: Sieves) -> list[Shortfall]:
    """The visits that stay short, in order. `pairs`: a plan that keeps the rules, edited by hand or not."""
    check_lengths("visits and of their sieves", problem.visits.places, sieves.skilled)
    plan = _Plan(problem, pairs)
    return [
        plan.shortfall(visit, missing, sieves)
        for visit, places in enumerate(problem.visits.places.tolist())
        if (missing := places - plan.coming[visit]) > 0
    ]


def count_by(found: Iterable[Shortfall], labels: Sequence[Hashable]) -> Counter[tuple[Hashable, str]]:
    """Missing helpers by (label, reason). `labels`: one for each visit, its neighbourhood or its category."""
    counts: Counter[tuple[Hashable, str]] = Counter()
    for shortfall in found:
        counts[labels[shortfall.visit], shortfall.reason] += shortfall.missing
    return counts


class _Plan:
    """The same pairs by visit and by helper."""

    def __init__(self, problem: Problem, pairs: Iterable[Pair]) -> None:
        self.problem = problem
        self.chosen = set(pairs)
        self.forbidden = set(problem.forbidden)
        self.coming = Counter(visit for visit, _ in self.chosen)
        self.tasks: list[list[int]] = [[] for _ in range(len(problem.helpers))]
        for visit, helper in self.chosen:
            self.tasks[helper].append(visit)
        self.first = np.searchsorted(problem.pairs.visit, np.arange(len(problem.visits) + 1)).tolist()

    def shortfall(self, visit: int, missing: int, sieves: Sieves) -> Shortfall:
        offered = self.problem.pairs.helper[self.first[visit] : self.first[visit + 1]].tolist()
        fates = Counter(self._fate(visit, helper) for helper in offered if (visit, helper) not in self.chosen)
        places = self.coming[visit] + missing
        through = {name: int(getattr(sieves, name)[visit]) for name in ("skilled", "near", "free")}
        reasons = (
            (POSSIBLE, fates[POSSIBLE] > 0),
            (NO_SKILL, through["skilled"] < places),
            (NOT_NEAR, through["near"] < places),
            (NOT_FREE, through["free"] < places),
            (FORBIDDEN, len(offered) - fates[FORBIDDEN] < places),
            (BUSY, True),
        )
        reason = next(reason for reason, applies in reasons if applies)
        left = {fate: fates[fate] for fate in (FORBIDDEN, ELSEWHERE, AT_LIMIT, POSSIBLE)}
        return Shortfall(visit, missing, reason, **through, **left)

    def _fate(self, visit: int, helper: int) -> str:
        visits = self.problem.visits
        start, end = visits.start[visit], visits.end[visit]
        if (visit, helper) in self.forbidden:
            return FORBIDDEN
        if any(visits.start[other] < end and start < visits.end[other] for other in self.tasks[helper]):
            return ELSEWHERE
        return AT_LIMIT if len(self.tasks[helper]) >= self.problem.helpers.limit[helper] else POSSIBLE
