"""What the plan of the week asks of the engine: the same people and scores as the suggestions, and every rule kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    AlertFactory,
    BlockFactory,
    CommitmentFactory,
    HelpRequestFactory,
    SkillFactory,
    StandingFactory,
    VisitFactory,
)
from volunteering.domain.plan_question import Question
from volunteering.domain.suggestions import helpers_for
from volunteering.matching.plan import solve_quick, violations
from volunteering.matching.plan.exact import solve_exact
from volunteering.models import Standing, Visit, VolunteerProfile
from volunteering.states import RequestState, StandingState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WEEKDAY_BITS = 1 << 10 | 1 << 11


@pytest.fixture
def make_visit(municipality, neighbourhood, shopping):
    """A visit so many days and hours from now (a Wednesday, noon)."""

    def make(*, days=1, hours=0, minutes=60, request=(), **facts):
        details = {"municipality": municipality, "neighbourhood": neighbourhood, "category": shopping}
        start = timezone.now() + timedelta(days=days, hours=hours)
        request = HelpRequestFactory(**details | dict(request))
        return VisitFactory(help_request=request, starts_at=start, minutes=minutes, **facts)

    return make


def ask(municipality, **details):
    return Question(municipality, timezone.localdate(), **details)


def answer(municipality, **details):
    """Pairs (visit, person) of the proven answer."""
    question = ask(municipality, **details)
    found = question.answer(solve_exact)
    assert (
        violations(question.problem, [(it.index, question.nodes.index((it.person, it.week))) for it in found.pairs])
        == []
    )
    return [(question.visits[offer.index], offer.person) for offer in found.pairs]


def reasons_of(municipality, solver=solve_exact, **details):
    return [found.reason for found in ask(municipality, **details).answer(solver).shortfalls]


# Who and which -------------------------------------------------------------------------------------------------------


def test_people_and_scores_are_those_of_the_suggestions(municipality, make_visit, make_helper, shopping):
    shopping.helpful_skills.add(skill := SkillFactory())
    visits = [make_visit(days=1), make_visit(days=2, hours=-4), make_visit(days=1, flexible=True)]
    for number in range(6):
        make_helper(
            skills=[skill] * (number % 2),
            radius=(500, 20_000)[number % 2],
            home_cell=visits[0].help_request.cell + number,
            availability=[WEEKDAY_BITS if number % 3 else (1 << 24) - 1] * 7,
        )

    question = ask(municipality)

    offered = {(question.visits[it.index].pk, it.person): it.score for it in question.offers}
    expected = {(visit.pk, it.volunteer.pk): round(it.score, 5) for visit in visits for it in helpers_for(visit)}
    assert offered == expected
    assert 6 < len(expected) < 18


@pytest.mark.parametrize(
    "request_facts",
    [{"protected": True}, {"state": RequestState.AWAITING_REVIEW}, {"state": RequestState.FILLED}],
    ids=str,
)
def test_requests_of_which_nobody_is_told_are_not_planned(municipality, make_visit, make_helper, request_facts):
    make_helper()
    make_visit(request=request_facts)

    assert ask(municipality).visits == []


@pytest.mark.parametrize("days", [-1, 0, 7, 30])
def test_what_has_begun_or_lies_beyond_the_week_is_not_planned(municipality, make_visit, make_helper, days):
    make_helper()
    make_visit(days=days)

    assert ask(municipality).visits == []


def test_a_span_of_days_that_has_begun_is_planned(municipality, make_visit, make_helper):
    helper, visit = make_helper(), make_visit(days=-1, flexible=True)

    assert answer(municipality) == [(visit, helper.user_id)]


def test_only_places_that_are_left_are_filled(municipality, make_visit, make_helper):
    make_helper(), make_helper(), make_helper()
    make_visit(places=3, taken=1)
    make_visit(days=2, places=2, taken=2)

    assert len(answer(municipality)) == 2


def test_other_centres_are_another_question(municipality, make_visit, make_helper):
    elsewhere = MunicipalityFactory()
    visit, here = make_visit(), make_helper()
    stranger = make_helper(standing=None)
    StandingFactory(municipality=elsewhere, volunteer=stranger.user)

    assert answer(municipality) == [(visit, here.user_id)]
    assert ask(elsewhere).visits == []


def test_a_week_without_visits_has_an_empty_answer(municipality, make_helper):
    make_helper()

    found = ask(municipality).answer(solve_quick)

    assert (found.pairs, found.shortfalls, found.is_proven) == ((), (), True)


def test_a_week_without_helpers_is_all_open(municipality, make_visit):
    make_visit()

    assert reasons_of(municipality) == ["no_skill"]


# Rules ---------------------------------------------------------------------------------------------------------------


def test_nobody_is_in_two_places_at_once(municipality, make_visit, make_helper):
    make_helper(tasks_per_week=20)
    make_visit(days=1), make_visit(days=1, minutes=90), make_visit(days=1, hours=1)

    assert len(answer(municipality)) == 2
    assert reasons_of(municipality) == ["busy"]


def test_the_weekly_limit_counts_calendar_weeks_and_what_is_promised(municipality, make_visit, make_helper):
    helper = make_helper(tasks_per_week=2)
    CommitmentFactory(volunteer=helper.user, visit=make_visit(days=1, full=True))
    this_week = [make_visit(days=days) for days in (2, 3)]
    next_week = [make_visit(days=days) for days in (5, 6)]

    pairs = [visit for visit, _person in answer(municipality)]

    assert len(pairs) == 3
    assert set(next_week) < set(pairs)
    assert len(set(this_week) & set(pairs)) == 1


def test_a_visit_without_a_set_hour_needs_a_free_hour_beside_the_others(municipality, make_visit, make_helper):
    """Free from 12 to 14 on Thursday: an hour at noon and an hour of one's choice fit, a third one does not."""
    make_helper(tasks_per_week=20, availability=[0, 0, 0, 1 << 12 | 1 << 13, 0, 0, 0])
    fixed = make_visit(days=1)
    any_hour = [make_visit(days=1, hours=-5, is_flexible=True, ends_at=timezone.now() + timedelta(days=1, hours=9))]
    assert {visit for visit, _person in answer(municipality)} == {fixed, *any_hour}

    make_visit(days=1, hours=-5, is_flexible=True, ends_at=timezone.now() + timedelta(days=1, hours=9))

    assert len(answer(municipality)) == 2


def test_a_task_over_sunday_midnight_and_one_after_it_are_not_for_the_same_person(
    municipality, make_visit, make_helper
):
    """Two weeks, two limits, one person."""
    make_helper(tasks_per_week=20)
    make_visit(days=4, hours=11, minutes=120)
    make_visit(days=4, hours=12, minutes=60)

    assert len(answer(municipality)) == 1


@pytest.mark.parametrize(
    "bar",
    [
        lambda visit, helper: BlockFactory(
            municipality=visit.help_request.municipality, by=visit.help_request.requester, against=helper.user
        ),
        lambda visit, helper: AlertFactory(visit=visit, volunteer=helper.user, declined=True),
        lambda visit, helper: CommitmentFactory(visit=visit, volunteer=helper.user, declined=True),
        lambda visit, helper: CommitmentFactory(
            volunteer=helper.user, visit=VisitFactory(starts_at=visit.starts_at), starts_at=visit.starts_at
        ),
        lambda visit, helper: Standing.objects.update(state=StandingState.SUSPENDED),
    ],
    ids=["blocked", "said no", "declined by the resident", "promised elsewhere", "suspended"],
)
def test_who_may_not_come_is_not_planned(municipality, make_visit, make_helper, bar):
    visit, helper = make_visit(), make_helper()
    bar(visit, helper)

    assert answer(municipality) == []


def test_a_request_of_ones_own_is_not_planned(municipality, make_visit, make_helper):
    helper = make_helper()
    make_visit(request={"requester": helper.user})

    assert answer(municipality) == []


def test_who_has_been_asked_stays_in_the_plan_but_others_go_first(municipality, make_visit, make_helper):
    visit, asked = make_visit(), make_helper()
    AlertFactory(visit=visit, volunteer=asked.user)
    assert answer(municipality) == [(visit, asked.user_id)]

    farther = make_helper(radius=20_000, home_cell=visit.help_request.cell + 3)

    assert answer(municipality) == [(visit, farther.user_id)]


def test_what_is_kept_is_in_the_answer_and_what_is_ruled_out_is_not(municipality, make_visit, make_helper):
    visit, near = make_visit(), make_helper()
    far = make_helper(radius=20_000, home_cell=visit.help_request.cell + 5)
    pairs = {person: (visit.pk, person.user_id) for person in (near, far)}

    assert answer(municipality, kept={pairs[far]}) == [(visit, far.user_id)]
    assert answer(municipality, forbidden={pairs[near]}) == [(visit, far.user_id)]
    assert answer(municipality, forbidden=set(pairs.values())) == []
    assert reasons_of(municipality, forbidden=set(pairs.values())) == ["forbidden"]


def test_kept_pairs_that_no_longer_hold_are_left_out(municipality, make_visit, make_helper):
    """Two at the same time, one of somebody who is on a break, one of a visit that is gone."""
    one, two, away = make_visit(), make_visit(), make_visit(days=2)
    helper, paused = make_helper(), make_helper(paused_until=timezone.localdate() + timedelta(days=9))
    kept = {(one.pk, helper.user_id), (two.pk, helper.user_id), (away.pk, paused.user_id), (10**9, helper.user_id)}

    pairs = answer(municipality, kept=kept)

    assert sorted(person for _visit, person in pairs) == [helper.user_id] * 2
    assert {visit for visit, _person in pairs} in ({one, away}, {two, away})


# Why it stays open ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"categories": []}, "no_skill"),
        ({"languages": ["en"]}, "no_skill"),
        ({"radius": 0, "home_cell": 1}, "not_near"),
        ({"never_free": True}, "not_free"),
    ],
    ids=["category", "language", "far", "never free"],
)
def test_a_place_stays_open_for_a_reason(municipality, make_visit, make_helper, facts, reason):
    make_visit()
    make_helper(**facts)

    assert reasons_of(municipality) == [reason]


def test_a_skill_that_is_required_is_a_skill(municipality, make_visit, make_helper, shopping):
    shopping.required_skills.add(skill := SkillFactory())
    visit = make_visit()
    make_helper()
    assert reasons_of(municipality) == ["no_skill"]

    able = make_helper(skills=[skill])

    assert answer(municipality) == [(visit, able.user_id)]


# Size and order ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_the_same_for_one_and_for_three(
    municipality, make_visit, make_helper, django_assert_num_queries, count
):
    for number in range(count):
        make_visit(days=1 + number, flexible=bool(number))
        make_helper()
    Visit.objects.count(), VolunteerProfile.objects.count()

    with django_assert_num_queries(16):
        ask(municipality).answer(solve_quick)


def test_the_same_week_has_the_same_answer(municipality, make_visit, make_helper):
    for number in range(5):
        make_visit(days=1 + number % 2)
        make_helper()

    assert answer(municipality) == answer(municipality)
