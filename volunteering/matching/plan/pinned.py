"""Pairs that people decided by hand must keep the rules too: whoever pins is told which rule, not handed a bad plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from volunteering.matching.errors import MatchingError

if TYPE_CHECKING:
    from volunteering.matching.plan.problem import Problem


def check_pinned(problem: Problem) -> None:
    """Raises MatchingError for the first pinned pair that breaks a rule."""
    _check_each(problem)
    for visit, count in Counter(visit for visit, _ in problem.pinned).items():
        places = int(problem.visits.places[visit])
        if count > places:
            message = f"Visit {visit} has {places} open places, but {count} helpers are pinned to it."
            raise MatchingError(message, rule="pinned_over_places", visit=visit)
    for helper, visits in visits_by_helper(problem.pinned).items():
        _check_helper(problem, helper, visits)


def visits_by_helper(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    visits: dict[int, list[int]] = defaultdict(list)
    for visit, helper in pairs:
        visits[helper].append(visit)
    return visits


def overlap(problem: Problem, one: int, other: int) -> bool:
    """Whether two visits share a moment. Touching ends do not."""
    start, end = problem.visits.start, problem.visits.end
    return bool(start[one] < end[other] and start[other] < end[one])


def _check_each(problem: Problem) -> None:
    forbidden = set(problem.forbidden)
    counts = Counter(problem.pinned)
    for pair, position in zip(problem.pinned, problem.positions(problem.pinned).tolist(), strict=True):
        reasons = (
            ("pinned_twice", "is given twice", counts[pair] > 1),
            ("pinned_forbidden", "is forbidden as well", pair in forbidden),
            ("pinned_not_offered", "was not offered", position < 0),
        )
        for rule, words, is_broken in reasons:
            if is_broken:
                message = f"The pinned pair of visit {pair[0]} and helper {pair[1]} {words}."
                raise MatchingError(message, rule=rule, visit=pair[0], helper=pair[1])


def _check_helper(problem: Problem, helper: int, visits: list[int]) -> None:
    limit = int(problem.helpers.limit[helper])
    if len(visits) > limit:
        message = f"Helper {helper} may take {limit} more visits this week, but is pinned to {len(visits)}."
        raise MatchingError(message, rule="pinned_over_limit", helper=helper)
    for earlier, later in pairwise(sorted(visits, key=lambda visit: int(problem.visits.start[visit]))):
        if overlap(problem, earlier, later):
            message = f"Helper {helper} is pinned to visits {earlier} and {later}, which overlap."
            raise MatchingError(message, rule="pinned_overlap", visit=later, helper=helper)
