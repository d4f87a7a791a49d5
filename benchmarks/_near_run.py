"""Inside an installation: loads people, asks for the nearest, and says how long each answer took. Prints JSON."""

import gc
import json
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 -- Django must be set up first

from benchmarks import _near_people, _near_rows  # noqa: E402 -- Django must be set up first
from volunteering.domain.candidates import nearest  # noqa: E402

WARM_UP = 10


def backend_seconds():
    """What PostgreSQL's process for this connection has computed so far; 0 for SQLite, and where the kernel keeps it to
    itself."""
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0
    path = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(path.read_text().split()[0]) / 1e9 if path.exists() else 0


def timed(function, *arguments):
    """The answer, and the seconds it took: on the clock, and computing."""
    computed, started = time.thread_time() + backend_seconds(), time.perf_counter()
    answer = function(*arguments)
    return answer, (time.perf_counter() - started, time.thread_time() + backend_seconds() - computed)


def main(count, queries, limit):
    """Each need is put to the database and to the search through everybody, one right after the other; who goes first
    takes turns."""
    people = _near_people.invent(count)
    categories, loading = timed(_near_rows.load, people)
    times = {"index": [], "all": []}
    same = found = 0
    gc.collect()
    gc.freeze()
    for number, (kind, wanted) in enumerate(_near_people.needs(people, categories, WARM_UP + queries)):
        runs = {"index": lambda w=wanted: [candidate.volunteer for candidate in nearest(w, limit)]}
        runs["all"] = lambda k=kind, w=wanted: _near_people.search_all(people, k, w, limit)
        answers = {}
        for name in sorted(runs, reverse=bool(number % 2)):
            answers[name], seconds = timed(runs[name])
            if number >= WARM_UP:
                times[name].append(seconds)
        if number >= WARM_UP:
            same += answers["index"] == answers["all"]
            found += len(answers["index"])
    print(json.dumps({"loading": loading[0], "same": same, "found": found, "times": times}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
