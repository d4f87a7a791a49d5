"""Fair turns: a year of 20,000 requests among 500 helpers, decided by the engine and the waves of the site itself.

The share of alerts that the busiest tenth of people got, whether anybody was forgotten for eight weeks, and whether
those who had helped somebody before were still asked first. Pure arithmetic: no database.

    python3 dev.py bench fair [--requests 20000] [--seeds 1]
"""

import argparse
import os
import time

import django

from benchmarks._results import finish, result

# Nothing is stored: the time zone is all that is read of them.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
django.setup()

from benchmarks._fair_year import simulate  # noqa: E402 -- Django must be set up first

BUSIEST_TENTH = 0.25
ASKED_AGAIN = 0.90


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.process_time()
    year = simulate(requests=arguments.requests, seed=arguments.seed)
    alerts, counts = sum(len(person.alerts) for person in year.people), year.counts
    print(
        f"fair: {arguments.requests} requests, {alerts} alerts, {counts.taken} taken, {counts.exhausted} searches at "
        f"their end, {time.process_time() - started:.0f} s CPU",
        flush=True,
    )
    print(f"fair: busiest tenth's share of what they could have been asked: {year.share_of_busiest_tenth('fits'):.3f}")
    result("fair.share_of_alerts_of_busiest_tenth", year.share_of_busiest_tenth(), "<=", BUSIEST_TENTH)
    result("fair.people_forgotten_for_eight_weeks", len(year.forgotten()), "==", 0)
    result("fair.asked_again_where_somebody_helped_before", counts.asked_again / counts.could_again, ">=", ASKED_AGAIN)
    result("fair.most_alerts_in_a_day", counts.most_alerts_in_a_day, "<=", year.rules.alerts_per_day)
    finish()


if __name__ == "__main__":
    main()
