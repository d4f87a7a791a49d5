"""The order of suggestions: the best first, always the same for the same people."""

from dataclasses import replace
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.volunteering.matching.builders import (
    a_helper,
    a_need,
    calendars,
    codes,
    distances,
    fitting_helpers,
    helpers,
    needs,
)
from volunteering.matching.errors import BadNumber
from volunteering.matching.feasibility import obstacles
from volunteering.matching.rank import assess, suggest
from volunteering.matching.types import Weights

crowds = st.lists(fitting_helpers, max_size=12, unique_by=lambda helper: helper.key)


@given(crowds, st.randoms())
def test_order_of_input_does_not_matter(crowd, random):
    shuffled = list(crowd)
    random.shuffle(shuffled)

    assert suggest(a_need(), crowd) == suggest(a_need(), shuffled)


@given(crowds)
def test_suggestions_fall_from_best_to_worst(crowd):
    found = suggest(a_need(), crowd)

    assert [(-it.score, it.key) for it in found] == sorted((-it.score, it.key) for it in found)


@given(needs, st.lists(helpers, max_size=8, unique_by=lambda helper: helper.key))
def test_exactly_those_without_obstacles_are_suggested(need, crowd):
    found = {it.key for it in suggest(need, crowd)}

    assert found == {helper.key for helper in crowd if not obstacles(need, helper)}


@given(needs, helpers, codes, calendars, distances)
def test_who_could_come_still_can_with_more_skill_time_and_nearness(need, helper, skill, free, metres):
    if obstacles(need, helper):
        helper = replace(a_helper(key=helper.key), radius=60_000.0, free=((need.span[0] - 1, need.span[1] + 1),))
        need = replace(need, category=1, required_skills=frozenset(), languages=())
    better = replace(
        helper,
        skills=helper.skills | {skill},
        free=(*helper.free, *free),
        metres=min(metres, helper.metres),
    )

    before, after = suggest(need, [helper]), suggest(need, [better])

    assert [it.key for it in after] == [it.key for it in before]
    assert all(more.score >= less.score - 1e-12 for more, less in zip(after, before, strict=True))


@given(crowds, fitting_helpers)
def test_others_do_not_change_a_score(crowd, helper):
    alone = {it.key: it.score for it in suggest(a_need(), [helper])}

    together = {it.key: it.score for it in suggest(a_need(), [*[it for it in crowd if it.key != helper.key], helper])}

    assert all(together[key] == score for key, score in alone.items())


def test_ties_are_broken_by_key():
    crowd = [a_helper(key=key) for key in (7, 3, 5)]

    assert [it.key for it in suggest(a_need(), crowd)] == [3, 5, 7]


def test_the_nearer_of_two_alike_comes_first():
    crowd = [a_helper(key=1, metres=2000.0), a_helper(key=2, metres=500.0)]

    assert [it.key for it in suggest(a_need(), crowd)] == [2, 1]


def test_weights_decide_what_matters_more():
    near, known = a_helper(key=1, metres=0.0), a_helper(key=2, metres=2500.0, helped_before=4)

    by_default = [it.key for it in suggest(a_need(), [near, known], Weights(continuity=0.0))]
    by_continuity = [it.key for it in suggest(a_need(), [near, known], Weights(continuity=50.0))]

    assert by_default == [1, 2]
    assert by_continuity == [2, 1]


def test_nobody_makes_no_suggestion():
    assert suggest(a_need(), []) == []


def test_a_score_keeps_its_parts():
    facts = {"helped_before": 1, "idle_days": 7.0, "asked": 7, "tasks": 1, "tasks_per_week": 4}
    suggestion = assess(a_need(), a_helper(metres=2000.0, **facts))

    assert suggestion.parts.nearness == 0.5
    assert suggestion.parts.continuity == 0.5
    assert suggestion.parts.fairness == 0.5
    assert suggestion.parts.load == 0.75
    assert suggestion.score == pytest.approx((3 * 0.5 + 2 + 1 + 1 + 2 * 0.5 + 2 * 0.5 + 0.75) / 12)


def test_not_a_number_never_reaches_the_order():
    with pytest.raises(BadNumber):
        suggest(a_need(), [a_helper(metres=nan)])
