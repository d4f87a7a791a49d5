"""Many people press at the same moment: exactly as many get in as there are places, on either database."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    InitiativeFactory,
    MeetingFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from tests.races import at_once
from volunteering.domain import commitments, moving, sign_ups, waves, week_plans
from volunteering.domain.visits import Times
from volunteering.errors import Refused
from volunteering.models import (
    Alert,
    Commitment,
    DailyCount,
    Meeting,
    PairOutcome,
    Participation,
    PlannedPair,
    Search,
    Timing,
    Visit,
    VolunteerProfile,
    WeekPlan,
)
from volunteering.states import HOLDING, LIVE, PlanState, SearchState, VisitState
from volunteering.tasks import prove_plan, send_plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CROWD = 12


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory(takes_per_week=100)
    with scope(municipality=municipality):
        yield municipality


def make_crowd(municipality, count=CROWD):
    people = UserFactory.create_batch(count)
    for person in people:
        StandingFactory(municipality=municipality, volunteer=person)
    return people


@pytest.mark.parametrize("places", [1, 3])
def test_visit_is_taken_by_as_many_as_there_are_places(municipality, places):
    visit = VisitFactory(
        help_request=HelpRequestFactory(municipality=municipality, people_needed=places), places=places
    )
    crowd = make_crowd(municipality)

    answers = at_once([lambda person=person: commitments.take(visit, actor=person) for person in crowd])

    refusals = [answer for answer in answers if isinstance(answer, Refused)]
    assert sum(isinstance(answer, Commitment) for answer in answers) == places
    assert len(refusals) == CROWD - places
    assert Commitment.objects.filter(state__in=HOLDING).count() == places
    visit.refresh_from_db()
    assert (visit.taken, visit.state) == (places, VisitState.FULL)


def test_one_person_gets_one_of_two_overlapping_visits(municipality):
    person = make_crowd(municipality, 1)[0]
    visits = [VisitFactory(help_request=HelpRequestFactory(municipality=municipality)) for _number in range(4)]

    answers = at_once([lambda visit=visit: commitments.take(visit, actor=person) for visit in visits])

    assert sum(isinstance(answer, Commitment) for answer in answers) == 1
    assert Commitment.objects.filter(state__in=LIVE).count() == 1
    assert sum(Visit.objects.values_list("taken", flat=True)) == 1


def test_taking_and_giving_back_keep_the_count_right(municipality):
    visit = VisitFactory(help_request=HelpRequestFactory(municipality=municipality, people_needed=2), places=2)
    crowd = make_crowd(municipality, 6)

    def come_and_go(person):
        promise = commitments.take(visit, actor=person)
        commitments.withdraw(promise, actor=person)

    at_once([lambda person=person: come_and_go(person) for person in crowd])

    visit.refresh_from_db()
    assert visit.taken == Commitment.objects.filter(state__in=HOLDING).count() == 0
    assert visit.state == VisitState.OPEN


def test_meeting_takes_as_many_as_there_are_places(municipality):
    meeting = MeetingFactory(initiative=InitiativeFactory(municipality=municipality), places=3)
    crowd = UserFactory.create_batch(CROWD)

    answers = at_once([lambda person=person: sign_ups.join(meeting, user=person, actor=person) for person in crowd])

    assert sum(isinstance(answer, Participation) for answer in answers) == 3
    assert Meeting.objects.get().taken == Participation.objects.count() == 3


def test_database_refuses_more_taken_than_places(municipality):
    visit = VisitFactory(help_request=HelpRequestFactory(municipality=municipality))

    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(taken=2)


def test_database_refuses_two_promises_for_one_visit(municipality):
    promise = CommitmentFactory(visit=VisitFactory(help_request=HelpRequestFactory(municipality=municipality)))

    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentFactory(visit=promise.visit, volunteer=promise.volunteer)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no exclusion constraints")
def test_database_refuses_two_tasks_at_once():
    with scopes_disabled():
        promise = CommitmentFactory()
        other = VisitFactory(starts_at=promise.starts_at, ends_at=promise.ends_at)

        with pytest.raises(IntegrityError), transaction.atomic():
            CommitmentFactory(visit=other, volunteer=promise.volunteer)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_visit_is_moved_while_others_take_it(municipality, agreed):
    """Whoever got a place comes when the visit is, and places are counted as promises are."""
    visit = VisitFactory(help_request=HelpRequestFactory(municipality=municipality, people_needed=3), places=3)
    crowd = make_crowd(municipality)
    day = timezone.localdate() + timedelta(days=5)
    times = Times(timing=Timing.FIXED, day=day, at=time(9))
    acts = [lambda person=person: commitments.take(visit, actor=person) for person in crowd]
    acts.insert(CROWD // 2, lambda: moving.move(visit, actor=crowd[0], times=times, agreed=agreed))

    answers = at_once(acts)

    assert [answer for answer in answers if not isinstance(answer, (Commitment, Visit, Refused))] == []
    visit.refresh_from_db()
    promises = Commitment.objects.filter(visit=visit, state__in=LIVE)
    assert promises.count() == visit.taken <= 3
    assert {promise.starts_at for promise in promises} <= {visit.starts_at}
    assert (visit.state == VisitState.FULL) == (visit.taken == visit.places)


# Waves ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def near_by(municipality):
    """Visits for which the same six people could come."""
    municipality.alert_count = 2
    municipality.alerts_per_day = 3
    municipality.save()
    neighbourhood, category = NeighbourhoodFactory(municipality=municipality), CategoryFactory()
    for _number in range(6):
        profile = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[category], tasks_per_week=20)
        StandingFactory(municipality=municipality, volunteer=profile.user)
    details = {"municipality": municipality, "neighbourhood": neighbourhood, "category": category}
    return [VisitFactory(help_request=HelpRequestFactory(**details)) for _number in range(8)]


def test_two_workers_take_a_step_once(municipality, near_by):
    for visit in near_by:
        Search.objects.create(visit=visit, next_at=timezone.now())

    answers = at_once([waves.take_due_steps] * 4)

    assert [answer for answer in answers if not isinstance(answer, int)] == []
    assert sum(answers) <= len(near_by)
    waves.take_due_steps()
    counts = [Alert.objects.filter(visit=visit).count() for visit in near_by]
    assert max(counts) <= 2
    assert set(Alert.objects.values_list("times", flat=True)) == {1}


def test_waves_at_the_same_moment_keep_to_the_cap(municipality, near_by):
    start = transaction.atomic(waves.start)

    answers = at_once([lambda visit=visit: start(visit) for visit in near_by])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert max(DailyCount.objects.values_list("alerts", flat=True)) <= 3
    for profile in VolunteerProfile.objects.all():
        assert Alert.objects.filter(volunteer=profile.user_id).count() <= 3


def test_a_step_and_a_helper_who_takes_the_visit_come_one_after_the_other(municipality, near_by):
    visit = near_by[0]
    Search.objects.create(visit=visit, next_at=timezone.now())
    person = VolunteerProfile.objects.first().user

    answers = at_once([lambda: commitments.take(visit, actor=person), waves.take_due_steps])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    waves.take_due_steps()
    assert Search.objects.get().state == SearchState.FULL


# The plan of the week -------------------------------------------------------------------------------------------------


def test_two_organisers_make_one_plan(municipality, near_by):
    organisers = UserFactory.create_batch(3)

    answers = at_once([lambda person=person: week_plans.make(municipality, actor=person) for person in organisers])

    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Refused", "WeekPlan"]
    assert WeekPlan.objects.count() == 1


def test_two_organisers_send_at_once_and_nobody_is_invited_twice(municipality, near_by):
    municipality.alerts_per_day = 20
    municipality.save()
    organisers = UserFactory.create_batch(3)
    plan = week_plans.make(municipality, actor=organisers[0])
    prove_plan.call(plan.pk, plan.version)

    answers = at_once([lambda person=person: week_plans.send(plan, actor=person) for person in organisers])
    workers = at_once([lambda: send_plan.call(plan.pk)] * 3)

    assert sorted(type(answer).__name__ for answer in answers) == ["TransitionError", "TransitionError", "WeekPlan"]
    assert workers == [None] * 3
    pairs = PlannedPair.objects.of_plan(plan)
    assert {pair.outcome for pair in pairs} == {PairOutcome.INVITED}
    assert Alert.objects.count() == pairs.count() > 1
    assert set(Alert.objects.values_list("times", flat=True)) == {1}
    assert sum(DailyCount.objects.values_list("alerts", flat=True)) == pairs.count()
    assert WeekPlan.objects.get().state == PlanState.SENT
    assert Event.objects.filter(kind="volunteering.plan_complete").count() == 1


def test_a_visit_is_taken_while_the_plan_is_sent(municipality, near_by):
    """Whoever comes first: the helper keeps the promise, and the plan says what came of its row."""
    organiser = UserFactory()
    plan = week_plans.make(municipality, actor=organiser)
    prove_plan.call(plan.pk, plan.version)
    week_plans.send(WeekPlan.objects.get(), actor=organiser)
    pair = PlannedPair.objects.with_visits().first()

    answers = at_once(
        [lambda: commitments.take(pair.planned.visit, actor=pair.volunteer), lambda: send_plan.call(plan.pk)],
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Commitment.objects.count() == 1
    assert not PlannedPair.objects.unsent().exists()
