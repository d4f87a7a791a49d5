"""Twelve weeks of waves among 500 helpers: alerts are spread, nobody is forgotten, and those who know each other meet
again. `bench fair` measures a whole year of it."""

import pytest

from benchmarks._fair_year import simulate
from volunteering.domain.schedule import Rules


@pytest.fixture(scope="module")
def year():
    return simulate(requests=1500, days=84, seed=7)


@pytest.mark.long
def test_the_busiest_tenth_gets_a_quarter_of_the_alerts_at_most(year):
    assert year.share_of_busiest_tenth() <= 0.25
    # Not because there was no choice: they could have been asked far more often.
    assert year.share_of_busiest_tenth() < 0.9 * year.share_of_busiest_tenth("fits")


def test_nobody_is_forgotten_for_eight_weeks_in_which_something_fitting_came_up(year):
    assert year.forgotten() == []
    assert sum(bool(person.fits) for person in year.people) > 450


def test_who_has_helped_somebody_is_asked_again(year):
    assert year.counts.could_again > 300
    assert year.counts.asked_again / year.counts.could_again >= 0.9


def test_nobody_gets_more_alerts_in_a_day_than_the_rules_say(year):
    assert 0 < year.counts.most_alerts_in_a_day <= Rules().alerts_per_day


def test_the_same_seed_makes_the_same_year():
    def ledger():
        year = simulate(volunteers=60, requests=60, days=20, seed=3)
        return [person.alerts for person in year.people]

    assert ledger() == ledger()
