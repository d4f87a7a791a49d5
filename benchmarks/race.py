"""200 people press “I take it” at the same moment: exactly as many win as there are places.

Both shapes, one place and three, every second round with a visit that overlaps the one before. The same check runs
against a copy of the application without its guard, where it must fail.

    python3 dev.py bench race [--rounds 100] [--takers 200]
"""

import argparse
import asyncio
import json
import secrets
from collections import Counter

from benchmarks._results import finish, result
from benchmarks._stage import HOST, stage

REDIRECT, CONFLICT = 302, 409
SECONDS = 120
# Enough that the copy without a guard is caught, even where the machine hardly ever lets two be at the same line.
MUTANT_ROUNDS = 20


async def press(port, path, session, cookies):
    """One person presses; returns the status of the answer, 0 where none came."""
    token = secrets.token_hex(16)
    body = f"csrfmiddlewaretoken={token}"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n"
        f"Cookie: {cookies['cookie']}={session}; {cookies['csrf']}={token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write((head + body).encode())
            status = await reader.readline()
            await reader.read()
            writer.close()
            return int(status.split()[1])
    except (OSError, TimeoutError, IndexError, ValueError):
        return 0


async def race(port, entry, cast):
    statuses = await asyncio.gather(*(press(port, entry["path"], key, cast) for key in cast["sessions"]))
    return Counter(statuses)


def run_rounds(installation, port, cast, *, rounds, places):
    """Runs the rounds and compares the answers with the rows; returns counts of what went wrong."""
    entries = json.loads(installation.python("benchmarks._race_cast", "rounds", rounds, places))
    answers = {entry["visit"]: asyncio.run(race(port, entry, cast)) for entry in entries}
    truth = json.loads(installation.python("benchmarks._race_cast", "truth"))
    wrong = sum(
        counts[REDIRECT] != places or truth["winners"].get(str(visit), 0) != places for visit, counts in answers.items()
    )
    errors = sum(
        count for counts in answers.values() for status, count in counts.items() if status >= 500 or not status
    )
    unkind = sum(
        count for counts in answers.values() for status, count in counts.items() if status not in {REDIRECT, CONFLICT}
    )
    overbooked = sum(truth["winners"].get(str(visit), 0) > places for visit in answers)
    return {"wrong": wrong, "overbooked": overbooked, "errors": errors, "unkind": unkind, "clashes": truth["clashes"]}


def check(shape, *, rounds, takers):
    with stage(shape) as installation:
        cast = json.loads(installation.python("benchmarks._race_cast", "cast", takers))
        serve = installation.gunicorn if shape == "server" else installation.daphne
        with serve() as port:
            for places in (1, 3):
                found = run_rounds(installation, port, cast, rounds=rounds, places=places)
                name = f"race.{shape}.{places}_places"
                result(f"{name}.rounds_with_wrong_winners", found["wrong"], "==", 0)
                result(f"{name}.answers_5xx_or_none", found["errors"], "==", 0)
                result(f"{name}.answers_neither_yes_nor_no", found["unkind"], "==", 0)
                result(f"{name}.helpers_with_two_tasks_at_once", found["clashes"], "==", 0)
        mutant = "benchmarks._naive_wsgi:application" if shape == "server" else "benchmarks._naive_asgi:application"
        with serve(mutant) as port:
            found = run_rounds(installation, port, cast, rounds=min(rounds, MUTANT_ROUNDS), places=1)
            result(f"race.{shape}.without_guard.rounds_with_too_many_winners", found["overbooked"], ">=", 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--takers", type=int, default=200)
    parser.add_argument("--shape", choices=["server", "embedded"])
    arguments = parser.parse_args()
    for shape in [arguments.shape] if arguments.shape else ["server", "embedded"]:
        check(shape, rounds=arguments.rounds, takers=arguments.takers)
    finish()


if __name__ == "__main__":
    main()
