"""Who could help, best first."""

from collections.abc import Iterable

from volunteering.matching import scoring
from volunteering.matching.feasibility import obstacles
from volunteering.matching.types import Helper, Need, Suggestion, Weights

DEFAULT_WEIGHTS = Weights()


def suggest(need: Need, helpers: Iterable[Helper], weights: Weights = DEFAULT_WEIGHTS) -> list[Suggestion]:
    """All helpers who could come, the best first; ties by key, so that equal input gives equal output."""
    feasible = [assess(need, helper, weights) for helper in helpers if not obstacles(need, helper)]
    return sorted(feasible, key=order)


def assess(need: Need, helper: Helper, weights: Weights = DEFAULT_WEIGHTS) -> Suggestion:
    """The score of one helper and its parts, whether the person could come or not."""
    scored = scoring.parts(need, helper, weights)
    return Suggestion(helper.key, scoring.total(scored, weights), scored)


def order(suggestion: Suggestion) -> tuple[float, int]:
    return -suggestion.score, suggestion.key
