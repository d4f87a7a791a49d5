"""Why somebody may not take a visit: one test for each reason, to the helper and to staff."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    BlockFactory,
    CommitmentFactory,
    HelpRequestFactory,
    SkillFactory,
    StandingFactory,
    VisitFactory,
)
from volunteering.domain import checks
from volunteering.states import HOLDING, CommitmentState, RequestState, StandingState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def help_request(municipality, neighbourhood, shopping):
    return HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping)


@pytest.fixture
def visit(help_request):
    return VisitFactory(help_request=help_request)


@pytest.fixture
def helper(make_helper):
    return make_helper().user


def against(visit, person, **how):
    return checks.reasons_against_taking(visit, person, (visit.starts_at, visit.ends_at), **how)


def reason(check, visit, person):
    """What one check says of the visit's own time."""
    return check(visit, person, (visit.starts_at, visit.ends_at))


def test_nothing_stands_in_the_way(visit, helper):
    assert against(visit, helper) == []
    assert against(visit, helper, by_staff=True) == []


@pytest.mark.parametrize("state", [state for state in StandingState if state != StandingState.ACTIVE])
def test_without_an_active_standing_nobody_takes(visit, make_helper, state):
    helper = make_helper(standing={"state": state}).user

    assert reason(checks.has_standing, visit, helper)


def test_a_standing_elsewhere_is_none_here(visit, make_helper):
    helper = make_helper(standing=None).user
    StandingFactory(volunteer=helper)

    assert reason(checks.has_standing, visit, helper)


@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.OPEN])
def test_only_an_open_request_is_taken(visit, helper, state):
    visit.help_request.state = state

    assert reason(checks.is_open, visit, helper)


@pytest.mark.parametrize("state", [state for state in VisitState if state != VisitState.OPEN])
def test_only_an_open_visit_is_taken(visit, helper, state):
    visit.state = state

    assert reason(checks.is_open, visit, helper)


def test_a_full_visit_is_not_taken(visit, helper):
    visit.taken = visit.places

    assert reason(checks.is_open, visit, helper)


def test_what_is_not_published_is_not_called_taken_by_others(visit, helper):
    visit.help_request.state = RequestState.AWAITING_REVIEW
    unpublished = reason(checks.is_open, visit, helper)
    visit.help_request.state, visit.state = RequestState.FILLED, VisitState.FULL
    taken = reason(checks.is_open, visit, helper)
    visit.help_request.state = RequestState.CANCELLED
    over = reason(checks.is_open, visit, helper)

    assert len({unpublished, taken, over}) == 3


@pytest.mark.parametrize("moved", [timedelta(0), timedelta(minutes=-1), timedelta(days=-1)])
def test_what_has_begun_is_not_taken(visit, helper, moved):
    visit.starts_at = timezone.now() + moved

    assert reason(checks.is_ahead, visit, helper)


def test_nobody_takes_their_own_request(visit):
    assert reason(checks.is_not_own, visit, visit.help_request.requester)
    visit.help_request.requester = None
    assert reason(checks.is_not_own, visit, UserFactory()) is None


def test_a_protected_request_is_left_to_staff(visit, helper):
    visit.help_request.protected = True
    visit.help_request.save()

    assert len(against(visit, helper)) == 1
    assert against(visit, helper, by_staff=True) == []


REPEATED = (*HOLDING, CommitmentState.DECLINED, CommitmentState.NO_SHOW)


@pytest.mark.parametrize("state", CommitmentState)
def test_the_same_visit_is_taken_again_only_after_giving_it_up(visit, helper, state):
    done = {"helper_confirmed_at": timezone.now(), "resident_confirmed_at": timezone.now(), "minutes": 60}
    CommitmentFactory(visit=visit, volunteer=helper, state=state, **(done if state == CommitmentState.DONE else {}))

    assert bool(reason(checks.is_not_taken_by_same, visit, helper)) == (state in REPEATED)


@pytest.mark.parametrize("is_said_by_helper", [True, False])
@pytest.mark.parametrize("is_said_elsewhere", [True, False])
def test_who_does_not_want_to_meet_does_not(visit, helper, municipality, is_said_by_helper, is_said_elsewhere):
    pair = [helper, visit.help_request.requester]
    by, blocked = pair if is_said_by_helper else reversed(pair)
    BlockFactory(municipality=MunicipalityFactory() if is_said_elsewhere else municipality, by=by, against=blocked)

    assert reason(checks.is_not_blocked, visit, helper)


def test_a_block_of_others_does_not_matter(visit, helper, municipality):
    BlockFactory(municipality=municipality, by=helper)

    assert reason(checks.is_not_blocked, visit, helper) is None


def test_required_skills_are_named(visit, make_helper, shopping):
    first_aid, driving = SkillFactory(name_pl="pierwsza pomoc"), SkillFactory(name_pl="prawo jazdy")
    shopping.required_skills.set([first_aid, driving])
    helper = make_helper(skills=[driving]).user

    assert "pierwsza pomoc" in reason(checks.has_skills, visit, helper)
    assert "prawo jazdy" not in reason(checks.has_skills, visit, helper)
    assert against(visit, helper, by_staff=True) == []


@pytest.mark.parametrize(("minutes", "clashes"), [(0, True), (59, True), (-59, True), (60, False), (-60, False)])
def test_tasks_that_touch_do_not_overlap(visit, helper, municipality, minutes, clashes):
    starts_at = visit.starts_at + timedelta(minutes=minutes)
    other = VisitFactory(help_request__municipality=municipality, starts_at=starts_at)
    CommitmentFactory(visit=other, volunteer=helper)

    assert bool(reason(checks.has_time, visit, helper)) == clashes


def test_a_task_in_another_municipality_takes_time_too(visit, helper):
    CommitmentFactory(visit=VisitFactory(starts_at=visit.starts_at), volunteer=helper)

    assert reason(checks.has_time, visit, helper)


def test_a_promise_given_up_takes_no_time(visit, helper, municipality):
    other = VisitFactory(help_request__municipality=municipality, starts_at=visit.starts_at)
    CommitmentFactory(visit=other, volunteer=helper, withdrawn=True)

    assert reason(checks.has_time, visit, helper) is None


@pytest.mark.parametrize(("taken_ago", "counts"), [(timedelta(days=6, hours=23), True), (timedelta(days=7), False)])
def test_takes_of_seven_days_are_capped(visit, helper, municipality, taken_ago, counts):
    visit.help_request.municipality.takes_per_week = 1
    other = VisitFactory(help_request__municipality=municipality, starts_at=visit.starts_at + timedelta(days=1))
    CommitmentFactory(visit=other, volunteer=helper, taken_at=timezone.now() - taken_ago)

    assert bool(reason(checks.is_under_weekly_cap, visit, helper)) == counts
    assert against(visit, helper, by_staff=True) == []


def test_staff_read_about_the_helper_not_to_them():
    assert set(checks.STAFF_WORDS) == set(checks.CHECKS)
