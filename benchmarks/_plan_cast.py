"""Weeks to plan, made up but the same for the same seed; and one way of planning one of them, alone in its process.

    python -m benchmarks._plan_cast KIND SIZE METHOD REPEATS

prints the CPU seconds of the fastest run, the peak memory of the process in MB, and what came out of it.
"""

import json
import resource
import sys
import time

import numpy as np
from scipy.spatial import cKDTree

from volunteering.matching.plan import Helpers, Pairs, Problem, Visits, greedy, solve_quick, violations
from volunteering.matching.plan.exact import solve_exact

METHODS = {"greedy": greedy, "quick": solve_quick, "exact": solve_exact}
SEED = 20261121
PAIRS_A_VISIT = 30
HALF_HOURS_A_WEEK = 7 * 48
TOWNS = 20


def even(visits, random, *, coverage=1.0):
    """As many helpers as visits, thirty of them drawn for each visit, scores at random: nothing is scarce."""
    helper = random.integers(0, visits, visits * PAIRS_A_VISIT)
    key = np.unique(np.repeat(np.arange(visits), PAIRS_A_VISIT) * visits + helper)
    pairs = Pairs(key // visits, key % visits, random.random(len(key)))
    start = random.integers(0, HALF_HOURS_A_WEEK, visits) * 30
    return week(random, start, visits, pairs, coverage)


def fit_alone(visits, random):
    """The same week with no worth of coverage: what the plan is worth is the sum of scores, and gaps show larger."""
    return even(visits, random, coverage=0.0)


def towns(visits, random):
    """Six helpers for ten visits, in towns and around them; near ones are offered and liked better; all by day.

    There is not enough help, and everybody wants the same neighbours: this is where greed costs most.
    """
    helpers = visits * 6 // 10
    centres = random.uniform(0, 100, (TOWNS, 2))
    homes, places = scattered(random, centres, helpers), scattered(random, centres, visits)
    metres, helper = cKDTree(homes).query(places, k=PAIRS_A_VISIT * 3 // 2)
    offered = np.argsort(random.random(helper.shape), axis=1)[:, :PAIRS_A_VISIT]
    helper, metres = (np.take_along_axis(table, offered, 1).ravel() for table in (helper, metres))
    liked = random.random(helpers)
    score = 0.5 / (1 + metres) + 0.3 * liked[helper] + 0.2 * random.random(len(helper))
    pairs = Pairs(np.repeat(np.arange(visits), PAIRS_A_VISIT), helper, score.round(2))
    start = random.integers(0, 7, visits) * 1440 + random.integers(16, 40, visits) * 30
    return week(random, start, helpers, pairs)


def scattered(random, centres, count):
    """Points around the centres of towns, four in ten of them anywhere."""
    points = centres[random.integers(0, len(centres), count)] + random.normal(0, 3, (count, 2))
    is_anywhere = random.random(count) < 0.4
    points[is_anywhere] = random.uniform(0, 100, (int(is_anywhere.sum()), 2))
    return points


def week(random, start, helpers, pairs, coverage=1.0):
    """Visits of half an hour to three hours with one or two places, helpers for one to three visits."""
    end = start + random.integers(1, 7, len(start)) * 30
    places = np.where(random.random(len(start)) < 0.25, 2, 1)
    return Problem(Visits(start, end, places), Helpers(random.integers(1, 4, helpers)), pairs, coverage=coverage)


KINDS = {"even": even, "fit_alone": fit_alone, "towns": towns}


def seconds_of(method, problem):
    before = time.process_time()
    plan = method(problem)
    return time.process_time() - before, plan


def peak_megabytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main():
    kind, size, method, repeats = sys.argv[1:]
    problem = KINDS[kind](int(size), np.random.default_rng(SEED))
    runs = [seconds_of(METHODS[method], problem) for _ in range(int(repeats))]
    megabytes, plan = peak_megabytes(), runs[0][1]
    told = {
        "seconds": min(seconds for seconds, _ in runs),
        "megabytes": megabytes,
        "objective": plan.objective,
        "bound": plan.bound,
        "is_proven": plan.is_proven,
        "covered": len(plan.pairs),
        "violations": len(violations(problem, plan.pairs)),
        "differs": sum(other != plan for _, other in runs),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
