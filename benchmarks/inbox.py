"""One event for ten thousand people: rows into their inboxes and out by mail.

python3 dev.py bench inbox [--count 10000] [--rounds 7] [--mails 10000]
"""

import argparse
import json

from benchmarks._results import finish, result
from benchmarks._stage import stage


def rows(shape, limit, arguments):
    with stage(shape, pages=False) as installation:
        figures = json.loads(installation.python("benchmarks._inbox_cast", arguments.count, arguments.rounds))
    mine, full = (1e6 * figures[way] / arguments.count for way in ("ours", "full"))
    print(f"{shape}: {mine:.1f} µs CPU a person, full rows {full:.1f} µs", flush=True)
    result(f"inbox.{shape}.cpu_to_full_rows", mine / full, "<=", limit)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--mails", type=int, default=10_000)
    arguments = parser.parse_args()
    rows("embedded", 0.7, arguments)
    rows("server", 2.0, arguments)
    finish()


if __name__ == "__main__":
    main()
