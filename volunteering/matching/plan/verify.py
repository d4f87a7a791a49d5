"""An independent look at a plan: does it keep every rule? Plain loops over plain numbers, and nothing shared with the
solvers but the question itself, so that a mistake of theirs is not repeated here."""

from collections.abc import Iterable
from dataclasses import dataclass

from volunteering.matching.plan.problem import Pair, Problem

UNKNOWN = "unknown"
NOT_OFFERED = "not_offered"
FORBIDDEN = "forbidden"
TWICE = "twice"
PINNED_MISSING = "pinned_missing"
OVER_PLACES = "over_places"
OVER_LIMIT = "over_limit"
OVERLAP = "overlap"


@dataclass(frozen=True)
class Violation:
    """A broken rule, and where. `visit` or `helper` is None where the rule is not about one; of two visits that overlap
    it is the later one."""

    rule: str
    visit: int | None = None
    helper: int | None = None


def violations(problem: Problem, pairs: Iterable[Pair]) -> list[Violation]:
    """Every broken rule; an empty list for a plan that may be carried out."""
    chosen = [(int(visit), int(helper)) for visit, helper in pairs]
    visits, helpers = len(problem.visits.places), len(problem.helpers.limit)
    known, found = [], []
    for visit, helper in chosen:
        if 0 <= visit < visits and 0 <= helper < helpers:
            known.append((visit, helper))
        else:
            found.append(Violation(UNKNOWN, visit, helper))
    return found + _bad_pairs(problem, known) + _too_many(problem, known) + _at_once(problem, known)


def _bad_pairs(problem: Problem, chosen: list[Pair]) -> list[Violation]:
    offered = set(zip(problem.pairs.visit.tolist(), problem.pairs.helper.tolist(), strict=True))
    forbidden, seen = set(problem.forbidden), set()
    found = []
    for pair in chosen:
        if pair not in offered:
            found.append(Violation(NOT_OFFERED, *pair))
        if pair in forbidden:
            found.append(Violation(FORBIDDEN, *pair))
        if pair in seen:
            found.append(Violation(TWICE, *pair))
        seen.add(pair)
    return found + [Violation(PINNED_MISSING, *pair) for pair in problem.pinned if pair not in seen]


def _too_many(problem: Problem, chosen: list[Pair]) -> list[Violation]:
    coming = [0] * len(problem.visits.places)
    tasks = [0] * len(problem.helpers.limit)
    for visit, helper in chosen:
        coming[visit] += 1
        tasks[helper] += 1
    places, limits = problem.visits.places.tolist(), problem.helpers.limit.tolist()
    over_places = [Violation(OVER_PLACES, visit=visit) for visit, count in enumerate(coming) if count > places[visit]]
    return over_places + [
        Violation(OVER_LIMIT, helper=helper) for helper, count in enumerate(tasks) if count > limits[helper]
    ]


def _at_once(problem: Problem, chosen: list[Pair]) -> list[Violation]:
    """Every pair of visits of one helper is compared: slow and beyond doubt."""
    start, end = problem.visits.start.tolist(), problem.visits.end.tolist()
    diaries: dict[int, list[int]] = {}
    for visit, helper in sorted(set(chosen)):
        diaries.setdefault(helper, []).append(visit)
    return [
        Violation(OVERLAP, max((start[one], one), (start[other], other))[1], helper)
        for helper, diary in diaries.items()
        for number, one in enumerate(diary)
        for other in diary[number + 1 :]
        if max(start[one], start[other]) < min(end[one], end[other])
    ]
