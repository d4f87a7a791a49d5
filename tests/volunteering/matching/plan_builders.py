"""Small weeks to plan, and the answer that trying everything gives."""

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from volunteering.matching.plan import Helpers, Pairs, Problem, Visits, objective, violations

# Scores that add up without rounding, with many ties.
scores = st.integers(0, 8).map(lambda eighths: eighths / 8)


def a_problem(visits, limits, pairs, **details):
    """`visits`: (start, end, places); `pairs`: {(visit, helper): score} or a list of (visit, helper, score)."""
    rows = [(*pair, score) for pair, score in pairs.items()] if isinstance(pairs, dict) else list(pairs)
    return Problem(Visits(*columns(visits)), Helpers(limits), Pairs(*columns(rows)), **details)


def columns(rows, width=3):
    return list(zip(*rows, strict=True)) if rows else [[]] * width


@st.composite
def weeks(draw, most_pairs=9):
    """Visits, limits and scored pairs of a week so small that every plan can be tried."""
    times = st.tuples(st.integers(-2, 6), st.integers(1, 4), st.integers(0, 2))
    visits = [
        (start, start + length, places) for start, length, places in draw(st.lists(times, min_size=1, max_size=4))
    ]
    limits = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    possible = [(visit, helper) for visit in range(len(visits)) for helper in range(len(limits))]
    offered = draw(st.lists(st.sampled_from(possible), unique=True, max_size=most_pairs))
    return visits, limits, {pair: draw(scores) for pair in offered}


coverages = st.sampled_from([0.0, 1.0, 2.5])
problems = st.builds(lambda week, coverage: a_problem(*week, coverage=coverage), weeks(), coverages)


def best_by_trying(problem):
    """The worth of the best plan: every set of pairs is tried."""
    offered = list(zip(problem.pairs.visit.tolist(), problem.pairs.helper.tolist(), strict=True))
    plans = (plan for size in range(len(offered) + 1) for plan in combinations(offered, size))
    return max((objective(problem, plan) for plan in plans if not violations(problem, plan)), default=0.0)


def a_crowded_week(seed, *, visits=60, helpers=25, pairs_each=8):
    """A week with few helpers and many overlaps, the same for the same seed."""
    random = np.random.default_rng(seed)
    start = random.integers(0, 2 * 24, visits) * 30
    end = start + random.integers(1, 7, visits) * 30
    chosen = np.argsort(random.random((visits, helpers)), axis=1)[:, :pairs_each]
    return Problem(
        Visits(start, end, random.integers(1, 3, visits)),
        Helpers(random.integers(1, 4, helpers)),
        Pairs(np.repeat(np.arange(visits), pairs_each), chosen.ravel(), random.random(chosen.size).round(3)),
    )
