"""The parts of a score: within bounds, and moving the way they say."""

from dataclasses import asdict, replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.volunteering.matching.builders import (
    DAY,
    HOUR,
    SPAN,
    a_helper,
    a_need,
    calendars,
    codes,
    fitting_helpers,
    helpers,
    needs,
)
from volunteering.matching import scoring
from volunteering.matching.errors import BadNumber
from volunteering.matching.rank import assess
from volunteering.matching.types import Helper, Need, Weights

PARTS = {"nearness", "skill", "language", "time", "continuity", "fairness", "load"}
weights = st.builds(
    Weights,
    **dict.fromkeys(PARTS, st.floats(0.01, 100)),
    half_distance=st.floats(1, 10_000),
    rested_days=st.floats(1, 90),
)


@given(needs, helpers, weights)
def test_every_part_and_the_score_lie_between_zero_and_one(need, helper, weights):
    suggestion = assess(need, helper, weights)

    assert set(asdict(suggestion.parts)) == PARTS
    assert all(0 <= part <= 1 for part in asdict(suggestion.parts).values())
    assert 0 <= suggestion.score <= 1


@given(fitting_helpers, st.floats(0, 50_000), weights)
def test_living_farther_never_raises_the_score(helper, more, weights):
    farther = replace(helper, metres=helper.metres + more)

    assert assess(a_need(), farther, weights).score <= assess(a_need(), helper, weights).score + 1e-12


@given(needs, helpers, codes, weights)
def test_more_skill_never_lowers_the_score(need, helper, skill, weights):
    skilled = replace(helper, skills=helper.skills | {skill})

    assert assess(need, skilled, weights).score >= assess(need, helper, weights).score - 1e-12


@given(needs, helpers, weights)
def test_another_language_never_lowers_the_score(need, helper, weights):
    speaking = replace(helper, languages=helper.languages | {"uk"})

    assert assess(need, speaking, weights).score >= assess(need, helper, weights).score - 1e-12


@given(fitting_helpers, st.integers(1, 10), weights)
def test_more_tasks_never_raise_the_score(helper, more, weights):
    busier = replace(helper, tasks=helper.tasks + more)

    assert assess(a_need(), busier, weights).score <= assess(a_need(), helper, weights).score + 1e-12


@given(fitting_helpers, st.floats(0, 100), st.floats(0, 100), weights)
def test_waiting_longer_never_lowers_the_score(helper, days, more, weights):
    waiting, longer = replace(helper, idle_days=days), replace(helper, idle_days=days + more)

    assert assess(a_need(), longer, weights).score >= assess(a_need(), waiting, weights).score - 1e-12


@given(fitting_helpers, st.integers(0, 200), weights)
def test_more_alerts_never_raise_the_score(helper, more, weights):
    asked_more = replace(helper, asked=helper.asked + more)

    assert assess(a_need(), asked_more, weights).score <= assess(a_need(), helper, weights).score + 1e-12


@given(needs, helpers)
def test_more_free_time_never_lowers_its_part(need, helper):
    freer = replace(helper, free=(*helper.free, (0.0, 5 * DAY)))

    assert scoring.time(need, freer, Weights()) >= scoring.time(need, helper, Weights()) - 1e-9


@given(needs, helpers, calendars, weights)
def test_more_free_time_never_lowers_the_score(need, helper, more, weights):
    freer = replace(helper, free=(*helper.free, *more))

    assert assess(need, freer, weights).score >= assess(need, helper, weights).score - 1e-12


@given(fitting_helpers, st.integers(1, 5), weights)
def test_having_helped_before_never_lowers_the_score(helper, more, weights):
    known = replace(helper, helped_before=helper.helped_before + more)

    assert assess(a_need(), known, weights).score >= assess(a_need(), helper, weights).score - 1e-12


@pytest.mark.parametrize(("metres", "expected"), [(0.0, 1.0), (2000.0, 0.5), (6000.0, 0.25), (None, 0.0)])
def test_nearness_halves_at_the_half_distance(metres, expected):
    assert scoring.nearness(a_helper(metres=metres), Weights()) == expected


@pytest.mark.parametrize(("skills", "expected"), [(set(), 0.0), ({1}, 0.5), ({1, 2, 9}, 1.0)])
def test_skill_is_the_share_of_helpful_ones(skills, expected):
    assert scoring.skill(a_need(helpful_skills=frozenset({1, 2})), a_helper(skills=frozenset(skills))) == expected


def test_skill_counts_in_full_where_none_is_named():
    assert scoring.skill(a_need(), a_helper()) == 1


@pytest.mark.parametrize(("spoken", "expected"), [({"uk"}, 1.0), ({"pl"}, 0.3), ({"uk", "pl"}, 1.0), ({"en"}, 0.0)])
def test_language_is_best_in_the_one_that_the_person_would_choose(spoken, expected):
    assert scoring.language(a_need(languages=("uk", "pl")), a_helper(languages=frozenset(spoken))) == expected


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        ((SPAN,), 0.5),
        (((SPAN[0] - HOUR, SPAN[1]),), 0.75),
        (((SPAN[0] - HOUR, SPAN[1] + HOUR),), 1.0),
        (((SPAN[0] - 9 * HOUR, SPAN[1]),), 0.75),
        (((0.0, 3 * DAY),), 1.0),
        ((), 0.0),
    ],
)
def test_time_is_better_with_room_on_both_sides(free, expected):
    assert scoring.time(a_need(), a_helper(free=free), Weights()) == pytest.approx(expected)


def test_time_of_flexible_help_counts_the_choice_of_hours():
    need = a_need(span=(0.0, DAY), minutes=60)

    assert scoring.time(need, a_helper(free=((HOUR, 2 * HOUR),)), Weights()) == 0.5
    assert scoring.time(need, a_helper(free=((HOUR, 3 * HOUR),)), Weights()) == 0.75
    assert scoring.time(need, a_helper(free=((HOUR, 9 * HOUR),)), Weights()) == 1


@pytest.mark.parametrize(("visits", "expected"), [(0, 0.0), (1, 0.5), (2, 0.75), (10_000, pytest.approx(1))])
def test_continuity_grows_with_every_visit_ever_more_slowly(visits, expected):
    assert scoring.continuity(a_helper(helped_before=visits)) == expected


@pytest.mark.parametrize(("days", "expected"), [(None, 1.0), (0.0, 0.5), (7.0, 0.75), (14.0, 1.0), (400.0, 1.0)])
def test_fairness_grows_until_somebody_is_rested(days, expected):
    assert scoring.fairness(a_helper(idle_days=days), Weights()) == expected


@pytest.mark.parametrize(("asked", "expected"), [(0, 1.0), (1, 5 / 6), (7, 0.5), (31, 1 / 6), (63, 0.0), (500, 0.0)])
def test_fairness_falls_with_every_doubling_of_alerts(asked, expected):
    assert scoring.fairness(a_helper(idle_days=0.0, asked=asked), Weights()) == pytest.approx(expected / 2)


@pytest.mark.parametrize(
    ("tasks", "most", "expected"), [(0, 3, 1.0), (1, 4, 0.75), (3, 3, 0.0), (5, 3, 0.0), (0, 0, 0.0)]
)
def test_load_is_the_share_of_wished_for_tasks_still_free(tasks, most, expected):
    assert scoring.load(a_helper(tasks=tasks, tasks_per_week=most)) == expected


@pytest.mark.parametrize("number", [nan, inf, -1.0])
@pytest.mark.parametrize("name", ["metres", "radius", "idle_days", "tasks", "tasks_per_week", "helped_before", "asked"])
def test_a_helper_with_a_bad_number_is_refused(name, number):
    with pytest.raises(BadNumber):
        Helper(key=1, **{name: number})


@pytest.mark.parametrize("interval", [(nan, 1.0), (0.0, nan), (-inf, 1.0), (0.0, inf), (2.0, 1.0)])
@pytest.mark.parametrize("name", ["free", "busy", "full"])
def test_a_helper_with_bad_time_is_refused(name, interval):
    with pytest.raises(BadNumber):
        Helper(key=1, **{name: (interval,)})


@pytest.mark.parametrize("facts", [{"span": (nan, 1.0)}, {"span": (3.0, 2.0)}, {"minutes": nan}, {"minutes": -15.0}])
def test_a_need_with_a_bad_number_is_refused(facts):
    with pytest.raises(BadNumber):
        Need(**{"key": 1, "category": 1, "span": SPAN, **facts})


@pytest.mark.parametrize(
    "facts",
    [{"skill": nan}, {"load": inf}, {"time": -0.1}, {"half_distance": 0.0}, dict.fromkeys(PARTS, 0.0)],
)
def test_bad_weights_are_refused(facts):
    with pytest.raises(BadNumber):
        Weights(**facts)
