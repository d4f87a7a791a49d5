"""The nearest 20 who could help, out of a million helpers all over Poland, against a vectorised search through all of
them, which is the oracle as well; and a thousand distances against geopy.

Both shapes; ids must be the same every time. Rows go into the real tables, and the real query is asked.

    python3 dev.py bench near [--people 1000000] [--queries 100] [--shape server|embedded]
"""

import argparse
import importlib.util
import json
import statistics
import time

import numpy as np
from geopy.distance import geodesic

from benchmarks._results import finish, result
from benchmarks._stage import stage
from neighbourhoods.cells import CELL_LAT, CELL_LON, ROW, cell_at, centre
from volunteering.domain.distances import metres_from

FEW = 10_000
NEAREST = 20
RATIOS = {"embedded": 0.25, "server": 0.50}
DATABASES = {"embedded": "sqlite", "server": "postgresql"}


def ask(installation, people, queries):
    return json.loads(installation.python("benchmarks._near_run", people, queries, NEAREST))


def show(title, times):
    """Times come as pairs: on the clock, and computing, which says more on a busy machine."""
    clock, computing = zip(*times, strict=True)
    middle, late = statistics.median(clock), statistics.quantiles(clock, n=20)[-1]
    print(
        f"{title}: median {middle * 1000:.2f} ms, 95 % within {late * 1000:.2f} ms; "
        f"median of computing {statistics.median(computing) * 1000:.2f} ms",
        flush=True,
    )
    return middle


def compare(shape, people, queries):
    with stage(shape) as installation:
        few = ask(installation, min(FEW, people), queries)
        # What was loaded is what the site itself would have written.
        installation.manage("check_reach")
        many = ask(installation, people, queries)
    name = f"near.{DATABASES[shape]}"
    print(f"{name}: {people} helpers loaded in {many['loading']:.0f} s, {many['found'] / queries:.1f} found on average")
    late = show(f"{name} index, {people}", many["times"]["index"])
    show(f"{name} search through all, {people}", many["times"]["all"])
    early = show(f"{name} index, {min(FEW, people)}", few["times"]["index"])
    pairs = list(zip(many["times"]["index"], many["times"]["all"], strict=True))
    print(f"{name} median ratio of computing: {statistics.median(mine[1] / other[1] for mine, other in pairs):.3f}")
    ratio = statistics.median(mine[0] / other[0] for mine, other in pairs)
    result(f"{name}.identical_answers", few["same"] + many["same"], "==", 2 * queries)
    result(f"{name}.median_ratio_to_search_through_all", ratio, "<=", RATIOS[shape])
    result(f"{name}.growth_of_median", late / early, "<=", 4)


def distances(count=1000, rounds=7):
    """All distances to `count` candidates within 45 km, as the engine takes them and one by one."""
    here, random = cell_at(52.23, 21.01), np.random.default_rng(3)
    metres, angle = 45_000 * np.sqrt(random.random(count)), random.uniform(0, 2 * np.pi, count)
    rows = (metres * np.sin(angle) / (111_320 * CELL_LAT)).astype(int)
    columns = (metres * np.cos(angle) / (68_500 * CELL_LON)).astype(int)
    there = here + rows * ROW + columns
    ours, loop = [], []
    for _round in range(rounds):
        started = time.perf_counter()
        fast = metres_from(here, there)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        exact = [geodesic(centre(here), centre(cell)).meters for cell in there.tolist()]
        loop.append(time.perf_counter() - started)
    result("near.distances.ratio_to_geopy", statistics.median(ours) / statistics.median(loop), "<=", 0.01)
    result("near.distances.largest_error_in_metres", float(np.abs(fast - exact).max()), "<=", 1)
    if importlib.util.find_spec("pyproj"):
        result("near.distances.ratio_to_pyproj", statistics.median(ours) / pyproj(here, there, rounds), "<=", 0.15)


def pyproj(here, there, rounds):
    """Seconds that pyproj takes for the same, all at once."""
    from pyproj import Geod  # noqa: PLC0415 -- not one of our packages

    north, east = np.array([centre(cell) for cell in there.tolist()]).T
    latitude, longitude = centre(here)
    seconds = []
    for _round in range(rounds):
        started = time.perf_counter()
        Geod(ellps="WGS84").inv(np.full_like(east, longitude), np.full_like(north, latitude), east, north)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--shape", choices=list(RATIOS))
    arguments = parser.parse_args()
    distances()
    for shape in [arguments.shape] if arguments.shape else list(RATIOS):
        compare(shape, arguments.people, arguments.queries)
    finish()


if __name__ == "__main__":
    main()
