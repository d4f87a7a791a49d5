"""How good it would be if this person came: one part for each criterion, every one in [0, 1]."""

from math import log2

from volunteering.matching.feasibility import available, openings
from volunteering.matching.types import Helper, Need, Parts, Weights

# Somebody who shares a language with the person, but not the one she would choose.
SECOND_LANGUAGE = 0.3


def parts(need: Need, helper: Helper, weights: Weights) -> Parts:
    """All parts of the score of a person who could come."""
    return Parts(
        nearness=nearness(helper, weights),
        skill=skill(need, helper),
        language=language(need, helper),
        time=time(need, helper, weights),
        continuity=continuity(helper),
        fairness=fairness(helper, weights),
        load=load(helper),
    )


def total(scored: Parts, weights: Weights) -> float:
    """The weighted mean of the parts, in [0, 1]."""
    weighted = float(sum(getattr(weights, part) * value for part, value in vars(scored).items()))
    return min(1.0, weighted / weights.total)


def nearness(helper: Helper, weights: Weights) -> float:
    """1 next door, a half at `half_distance`; 0 where the home is not known."""
    if helper.metres is None:
        return 0.0
    return 1 / (1 + helper.metres / weights.half_distance)


def skill(need: Need, helper: Helper) -> float:
    """The share of helpful skills that the person has; 1 where none is named."""
    if not need.helpful_skills:
        return 1.0
    return len(need.helpful_skills & helper.skills) / len(need.helpful_skills)


def language(need: Need, helper: Helper) -> float:
    """1 in the language that the person would choose, less in another one that she can use too."""
    if not need.languages or need.languages[0] in helper.languages:
        return 1.0
    return 0.0 if helper.languages.isdisjoint(need.languages) else SECOND_LANGUAGE


def time(need: Need, helper: Helper, weights: Weights) -> float:
    """A half where the free time is just enough, 1 where there is ample room around the help."""
    free = available(need, helper)
    fitting = openings(need, free)
    if not fitting:
        return 0.0
    if need.minutes is None:
        around = (need.span[0] - weights.ample_minutes / 2, need.span[1] + weights.ample_minutes / 2)
        room = sum(max(0.0, min(end, around[1]) - max(start, around[0])) for start, end in free)
        spare = room - (need.span[1] - need.span[0])
    else:
        spare = sum(end - start for start, end in fitting) - need.minutes
    return 0.5 + 0.5 * min(1.0, max(0.0, spare) / weights.ample_minutes)


def continuity(helper: Helper) -> float:
    """0 for strangers; a half after one visit to the same person, then more and more slowly."""
    return 1 - 0.5 ** min(helper.helped_before, 50)


def fairness(helper: Helper, weights: Weights) -> float:
    """1 for who was never asked or not for long; 0 for who was asked just now and had many alerts before that.

    Half of it is the rest since then, half how seldom they were asked: each time that the alerts double counts alike,
    so that it tells people apart where there are few alerts and where there are many.
    """
    rest = 1.0 if helper.idle_days is None else min(1.0, helper.idle_days / weights.rested_days)
    return (rest + seldom(helper, weights)) / 2


def seldom(helper: Helper, weights: Weights) -> float:
    """1 for nobody's alerts, 0 for `many_alerts` and more, on a scale of doublings."""
    return max(0.0, 1 - log2(1 + helper.asked) / log2(1 + weights.many_alerts))


def load(helper: Helper) -> float:
    """The share of the wished-for tasks of that week that is still free."""
    if not helper.tasks_per_week:
        return 0.0
    return max(0.0, 1 - helper.tasks / helper.tasks_per_week)
