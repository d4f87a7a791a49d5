"""The public list with a million requests, a fifth of them open: page 450, the counts beside the filters and a search
in folded Polish, each as a share of what page 1 costs.

Both shapes. Rows go into the real tables, the list is asked as its page asks. A median of ratios within one round.

    python3 dev.py bench list [--requests 1000000] [--rounds 25] [--shape server|embedded]
"""

import argparse
import json
import statistics

from benchmarks._results import finish, result
from benchmarks._stage import stage

DATABASES = {"embedded": "sqlite", "server": "postgresql"}
# What is measured, by what it is compared with, and how dear it may be.
GOALS = {
    "page_450": ("page_1", 1.5),
    "page_450_of_kind": ("page_1_of_kind", 1.5),
    "facets": ("page_1", 1.5),
    "search_rare": ("page_1", 1.5),
    "search_common": ("page_1", 2.5),
}
# Shown beside them: what the same would cost without keys, counts and an index of words.
INSTEAD = ("offset_450", "facets_counted", "like_rare")


def milliseconds(times):
    clock, computing = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    return f"{clock:.2f} ms, computing {computing:.2f} ms"


def compare(shape, requests, rounds):
    name = f"list.{DATABASES[shape]}"
    with stage(shape) as installation:
        told = json.loads(installation.python("benchmarks._list_run", requests, rounds))
        # What was loaded is what the site itself would have written.
        installation.manage("check_listings")
    times = told["times"]
    print(
        f"{name}: {requests} requests loaded in {told['loading']:.0f} s; {told['rare']} of a rare word; far pages are"
    )
    print(f"  {told['far']} of all and {told['far_of_kind']} of one kind; the common word is “{told['common']}”")
    for act in ("page_1", "page_1_of_kind", *GOALS, *INSTEAD):
        print(f"  {act}: {milliseconds(times[act])}", flush=True)
    for act, (other, goal) in GOALS.items():
        pairs = list(zip(times[act], times[other], strict=True))
        computing = statistics.median(mine[1] / theirs[1] for mine, theirs in pairs)
        print(f"  {act} computes {computing:.2f} times {other}")
        result(f"{name}.{act}_to_{other}", statistics.median(mine[0] / theirs[0] for mine, theirs in pairs), "<=", goal)
    for question, is_right in told["right"].items():
        result(f"{name}.{question}", int(is_right), "==", 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--shape", choices=list(DATABASES))
    arguments = parser.parse_args()
    for shape in [arguments.shape] if arguments.shape else list(DATABASES):
        compare(shape, arguments.requests, arguments.rounds)
    finish()


if __name__ == "__main__":
    main()
