"""The plan of the week: how near the quick answer comes to the proven one, and what both cost beside plain greedy.

Every way of planning runs alone in a process of its own, in turns; of each the fastest run counts (CPU, not wall
clock). The week `even` is the one that the goals were set for; `fit_alone` is the same without a worth of coverage, so
that only scores count. In `towns` help is scarce, which is where greed costs most; its CPU is told without a goal.

    python3 dev.py bench plan [--rounds 3]
"""

import argparse
import json
import os
import subprocess
import sys

from benchmarks._results import finish, result

METHODS = ("greedy", "quick", "exact")
# The proven plan takes ten times as long, so it is run once in each turn.
REPEATS = {"greedy": 3, "quick": 3, "exact": 1}
WEEKS = (("even", 1_000), ("even", 10_000), ("fit_alone", 10_000), ("towns", 10_000))
SECONDS = 900


def run(kind, size, method):
    """One way of planning one week, in one thread of a process of its own."""
    command = [sys.executable, "-m", "benchmarks._plan_cast", kind, str(size), method, str(REPEATS[method])]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=True)
    return json.loads(done.stdout)


def measure(kind, size, rounds):
    """The figures of each method, over all rounds: least CPU, highest peak of memory, all violations."""
    runs = {method: [] for method in METHODS}
    for _ in range(rounds):
        for method in METHODS:
            runs[method].append(run(kind, size, method))
    return {method: summary(several) for method, several in runs.items()}


def summary(several):
    first = several[0]
    return {
        **first,
        "seconds": min(one["seconds"] for one in several),
        "megabytes": max(one["megabytes"] for one in several),
        "violations": sum(one["violations"] for one in several),
        "differs": sum(one["differs"] + (one["objective"] != first["objective"]) for one in several),
    }


def tell(kind, size, found):
    name = f"plan.{kind}_{size // 1000}k"
    greedy, quick, exact = (found[method] for method in METHODS)
    for method in METHODS:
        one = found[method]
        print(
            f"{name} {method}: {one['seconds']:.3f} s CPU, {one['megabytes']:.0f} MB, worth {one['objective']:.3f}, "
            f"bound {one['bound']:.3f}, {one['covered']} places covered",
            flush=True,
        )
    best = exact["objective"]
    print(f"{name} greedy stays {1 - greedy['objective'] / best:.2%} below the proven plan", flush=True)
    result(f"{name}.quick_gap", 1 - quick["objective"] / best, "<=", 0.03)
    result(f"{name}.certified", int(exact["is_proven"]), "==", 1)
    result(f"{name}.rule_violations", sum(found[method]["violations"] for method in METHODS), "==", 0)
    result(f"{name}.answers_that_differ_when_repeated", sum(found[method]["differs"] for method in METHODS), "==", 0)
    result(f"{name}.peak_megabytes", max(found[method]["megabytes"] for method in METHODS), "<=", 700)
    tell_cost(
        name, quick["seconds"] / greedy["seconds"], exact["seconds"] / greedy["seconds"], has_goal=kind != "towns"
    )


def tell_cost(name, quick, exact, *, has_goal):
    if has_goal:
        result(f"{name}.quick_cpu_to_greedy", quick, "<=", 3)
        result(f"{name}.exact_cpu_to_greedy", exact, "<=", 25)
    else:
        print(f"{name} quick takes {quick:.1f} times the CPU of greedy, exact {exact:.1f} times", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for kind, size in WEEKS:
        tell(kind, size, measure(kind, size, arguments.rounds))
    finish()


if __name__ == "__main__":
    main()
