"""Who could help, best first."""

from collections.abc import Iterable

from volunteering.matching import scoring
from volunteering.matching.feasibility import obstacles
from volunteering.matching.types import Helper, Need, Parts, Suggestion, Weights

DEFAULT_WEIGHTS = Weights()


def suggest(need: Need, helpers: Iterable[Helper], weights: Weights = DEFAULT_WEIGHTS) -> list[Suggestion]:
    """All helpers who could come, the best first; ties by key, so that equal input gives equal output."""
    feasible = [assess(need, helper, weights) for helper in helpers if not obstacles(need, helper)]
    return sorted(feasible, key=order)


def assess(need: Need, helper: Helper, weights: Weights = DEFAULT_WEIGHTS) -> Suggestion:
    """The score of one helper and its parts, whether the person could come or not."""
    scored = scoring.parts(need, helper, weights)
    return Suggestion(helper.key, scoring.total(scored, weights), scored)


def highest_score_beyond(metres: float, weights: Weights = DEFAULT_WEIGHTS) -> float:
    """What nobody farther away than this can exceed who has not helped the person before."""
    nearness = scoring.nearness(Helper(key=0, metres=metres), weights)
    best = Parts(nearness=nearness, skill=1.0, language=1.0, time=1.0, continuity=0.0, fairness=1.0, load=1.0)
    return scoring.total(best, weights)


def order(suggestion: Suggestion) -> tuple[float, int]:
    return -suggestion.score, suggestion.key
