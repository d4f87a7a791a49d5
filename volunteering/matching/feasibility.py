"""What stands in the way of this person helping there. Codes, the weightiest first; the words are the caller's."""

from collections.abc import Iterator

from volunteering.matching.types import Helper, Interval, Need

NOT_ACTIVE = "not_active"
BLOCKED = "blocked"
PAUSED = "paused"
ANSWERED = "answered"
WRONG_CATEGORY = "wrong_category"
MISSING_SKILL = "missing_skill"
LANGUAGE = "language"
TOO_FAR = "too_far"
NOT_FREE = "not_free"
OVERLAP = "overlap"
WEEKLY_LIMIT = "weekly_limit"


def obstacles(need: Need, helper: Helper) -> tuple[str, ...]:
    """Codes of all that is in the way; empty when the person could come."""
    return tuple(_obstacles(need, helper))


def _obstacles(need: Need, helper: Helper) -> Iterator[str]:
    if not helper.active:
        yield NOT_ACTIVE
    if helper.blocked:
        yield BLOCKED
    if helper.paused:
        yield PAUSED
    if helper.answered:
        yield ANSWERED
    if need.category not in helper.categories:
        yield WRONG_CATEGORY
    if need.required_skills - helper.skills:
        yield MISSING_SKILL
    if need.languages and helper.languages.isdisjoint(need.languages):
        yield LANGUAGE
    if helper.metres is None or helper.metres > helper.radius:
        yield TOO_FAR
    if obstacle := time_obstacle(need, helper):
        yield obstacle


def time_obstacle(need: Need, helper: Helper) -> str:
    """Why there is no time: "" when there is."""
    if not openings(need, helper.free):
        return NOT_FREE
    # What takes nothing away is not looked at again: most people have promised little.
    if helper.busy and not openings(need, subtract(helper.free, helper.busy)):
        return OVERLAP
    if _starts_in_full_week(need, helper) or (helper.full and not openings(need, available(need, helper))):
        return WEEKLY_LIMIT
    return ""


def available(need: Need, helper: Helper) -> tuple[Interval, ...]:
    """The free time that is not promised away. Where the helper picks the hour, full weeks are left out too."""
    free = subtract(helper.free, helper.busy)
    return free if need.minutes is None else subtract(free, helper.full)


def openings(need: Need, free: tuple[Interval, ...]) -> list[Interval]:
    """The parts of the free time in which the help fits, cut to the need's span."""
    first, last = need.span
    parts = [(max(first, start), min(last, end)) for start, end in merge(free)]
    least = last - first if need.minutes is None else need.minutes
    return [(start, end) for start, end in parts if end > start and end - start >= least]


def merge(intervals: tuple[Interval, ...]) -> list[Interval]:
    """The same time in order, touching and overlapping intervals made one."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def subtract(intervals: tuple[Interval, ...], taken: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """What is left of the first time without the second. Touching ends do not overlap."""
    left = merge(intervals)
    for start, end in merge(taken):
        left = [
            piece
            for first, last in left
            for piece in ((first, min(last, start)), (max(first, end), last))
            if piece[0] < piece[1]
        ]
    return tuple(left)


def _starts_in_full_week(need: Need, helper: Helper) -> bool:
    """Help at a set hour belongs to the week in which it starts."""
    return need.minutes is None and any(start <= need.span[0] < end for start, end in helper.full)
