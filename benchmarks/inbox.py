"""One event for ten thousand people: rows into their inboxes and out by mail.

python3 dev.py bench inbox [--count 10000] [--rounds 7] [--mails 10000]
"""

import argparse
import json
import subprocess
import sys
from contextlib import contextmanager

from benchmarks._results import finish, result
from benchmarks._stage import HERE, stage


def rows(shape, limit, arguments):
    with stage(shape, pages=False) as installation:
        figures = json.loads(installation.python("benchmarks._inbox_cast", arguments.count, arguments.rounds))
    mine, full = (1e6 * figures[way] / arguments.count for way in ("ours", "full"))
    print(f"{shape}: {mine:.1f} µs CPU a person, full rows {full:.1f} µs", flush=True)
    result(f"inbox.{shape}.cpu_to_full_rows", mine / full, "<=", limit)


@contextmanager
def sink():
    """A mail server that takes everything, in a process of its own; yields its port."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks._sink"], cwd=HERE, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def mails(count):
    with sink() as port, stage("embedded", pages=False) as installation:
        installation.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        rates = json.loads(installation.python("benchmarks._inbox_mails", count))
    print(f"{count} letters: {rates['worker']:.0f} a second, bare loop {rates['bare']:.0f}", flush=True)
    result("inbox.mails_to_bare_loop", rates["worker"] / rates["bare"], ">=", 0.3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--mails", type=int, default=10_000)
    arguments = parser.parse_args()
    rows("embedded", 0.7, arguments)
    rows("server", 2.0, arguments)
    mails(arguments.mails)
    finish()


if __name__ == "__main__":
    main()
