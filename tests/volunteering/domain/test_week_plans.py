"""The plan of the week: how it is made, changed and sent, and what refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    AlertFactory,
    HelpRequestFactory,
    PlannedPairFactory,
    PlannedVisitFactory,
    VisitFactory,
    WeekPlanFactory,
)
from volunteering import duties
from volunteering.domain import commitments, own_data, plan_work, week_plans
from volunteering.domain.plan_question import Question
from volunteering.errors import Refused
from volunteering.matching.plan.exact import solve_exact
from volunteering.models import (
    Alert,
    DailyCount,
    PairChoice,
    PairOutcome,
    PlannedPair,
    PlannedVisit,
    Visit,
    VolunteerProfile,
    WeekPlan,
)
from volunteering.states import LIVE_PLANS, PlanState, VisitState
from volunteering.tasks import prove_plan, send_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def organiser():
    return UserFactory()


@pytest.fixture
def plan(municipality, visit, make_helper, organiser):
    make_helper()
    return week_plans.make(municipality, actor=organiser)


@pytest.fixture
def hard_plan(municipality, neighbourhood, shopping, make_helper, organiser):
    """One helper for two visits: the quick answer cannot prove that it is the best."""
    make_helper(tasks_per_week=1)
    for days in (1, 2):
        request = HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping)
        VisitFactory(help_request=request, starts_at=timezone.now() + timedelta(days=days))
    return week_plans.make(municipality, actor=organiser)


def pair_of(plan):
    return PlannedPair.objects.of_plan(plan).with_visits().coming().get()


def again(plan):
    return WeekPlan.objects.get(pk=plan.pk)


def send_out(plan, actor):
    week_plans.send(plan, actor=actor)
    send_plan.call(plan.pk)


def kinds(plan):
    events = Event.objects.filter(subject_type="volunteering.weekplan", subject_id=plan.pk).order_by("pk")
    return [event.kind.removeprefix("volunteering.plan_") for event in events]


# Making and computing ------------------------------------------------------------------------------------------------


def test_an_easy_week_is_planned_and_proven_at_once(plan, visit):
    assert (plan.state, plan.is_proven, plan.first_day) == (PlanState.READY, True, timezone.localdate())
    assert pair_of(plan).planned.visit == visit
    assert kinds(plan) == ["make", "finish"]
    assert not DBTaskResult.objects.filter(task_path__endswith="prove_plan").exists()


def test_what_the_quick_answer_cannot_prove_the_worker_does(hard_plan):
    assert (hard_plan.state, PlannedPair.objects.count()) == (PlanState.COMPUTING, 1)
    [task] = DBTaskResult.objects.filter(task_path__endswith="prove_plan")

    prove_plan.call(*task.args_kwargs["args"])

    plan = again(hard_plan)
    assert (plan.state, plan.is_proven, plan.worth) == (PlanState.READY, True, plan.bound)
    assert plan.step
    assert kinds(plan) == ["make", "finish"]


def test_an_answer_that_nobody_waits_for_is_thrown_away(hard_plan, organiser):
    pair = pair_of(hard_plan)
    week_plans.forbid(pair, actor=organiser)

    prove_plan.call(hard_plan.pk, hard_plan.version)

    assert not PlannedPair.objects.coming().exists()
    assert kinds(hard_plan) == ["make", "forbid"]


def test_a_change_while_it_computes_stops_the_computing(hard_plan, organiser):
    """The plan is changed between the question and its answer."""
    question = plan_work.question_of(hard_plan)
    week_plans.settle(hard_plan, actor=organiser)

    with pytest.raises(plan_work.Stopped):
        question.answer(lambda problem: solve_exact(problem, lambda it: plan_work._tell(hard_plan.pk, 1, it)))

    assert again(hard_plan).state == PlanState.READY


def test_a_computation_that_breaks_is_told_and_leaves_the_first_plan(hard_plan, monkeypatch):
    monkeypatch.setattr(Question, "_gather", lambda *_arguments: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        prove_plan.call(hard_plan.pk, hard_plan.version)

    assert again(hard_plan).state == PlanState.FAILED
    assert PlannedPair.objects.count() == 1
    assert kinds(hard_plan) == ["make", "fail"]


def test_a_plan_that_is_gone_is_no_failure(hard_plan):
    WeekPlan.objects.all().delete()

    prove_plan.call(hard_plan.pk, hard_plan.version)
    send_plan.call(hard_plan.pk)


def test_computing_again_keeps_what_was_decided(municipality, visit, make_helper, organiser):
    near, far = make_helper(), make_helper(radius=20_000, home_cell=visit.help_request.cell + 5)
    plan = week_plans.make(municipality, actor=organiser)
    week_plans.choose(pair_of(plan).planned, volunteer=far.user, actor=organiser, instead=pair_of(plan))

    plan = week_plans.compute_again(again(plan), actor=organiser)

    assert pair_of(plan).volunteer == far.user
    week_plans.forbid(pair_of(plan), actor=organiser)
    week_plans.compute_again(again(plan), actor=organiser)
    assert pair_of(plan).volunteer == near.user
    assert PlannedPair.objects.forbidden().get().volunteer == far.user


def test_computing_again_forgets_visits_that_need_nobody_any_more(plan, visit, organiser):
    Visit.objects.update(state=VisitState.FULL)

    week_plans.compute_again(plan, actor=organiser)

    assert not PlannedVisit.objects.exists()


def test_a_kept_pair_stays_when_its_visit_needs_nobody_any_more(plan, visit, organiser):
    week_plans.keep(pair_of(plan), actor=organiser)
    Visit.objects.update(state=VisitState.FULL)

    week_plans.compute_again(again(plan), actor=organiser)

    assert pair_of(plan).choice == PairChoice.KEPT


def test_computing_again_begins_with_today(plan, clock, organiser):
    clock.shift(timedelta(days=1))

    assert week_plans.compute_again(plan, actor=organiser).first_day == timezone.localdate()


@pytest.mark.parametrize("state", LIVE_PLANS)
def test_there_is_one_plan_in_hand_at_most(municipality, organiser, state):
    WeekPlanFactory(municipality=municipality, state=state, sent_at=timezone.now())

    with pytest.raises(Refused):
        week_plans.make(municipality, actor=organiser)

    assert WeekPlan.objects.count() == 1


def test_other_centres_plan_for_themselves(plan, organiser):
    elsewhere = MunicipalityFactory()

    with scope(municipality=elsewhere):
        assert not WeekPlan.objects.exists()
        assert week_plans.make(elsewhere, actor=organiser).state == PlanState.READY


@pytest.mark.parametrize("facts", [{"choice": "x"}, {"outcome": "x"}, {"outcome": "refused"}], ids=str)
def test_the_database_refuses_pairs_that_cannot_be(plan, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedPair.objects.update(**facts)


def test_the_database_refuses_a_pair_twice_and_a_forbidden_one_that_was_sent(plan):
    pair = pair_of(plan)

    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedPairFactory(planned=pair.planned, volunteer=pair.volunteer)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedPair.objects.update(choice=PairChoice.FORBIDDEN, outcome=PairOutcome.INVITED)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedVisitFactory(plan=plan, visit=pair.planned.visit)


# By hand -------------------------------------------------------------------------------------------------------------


def test_every_change_is_written_down_with_its_author(plan, organiser):
    pair = pair_of(plan)
    week_plans.keep(pair, actor=organiser)
    week_plans.loosen(pair, actor=organiser)
    week_plans.remove(pair, actor=organiser)

    assert kinds(plan) == ["make", "finish", "keep", "loosen", "remove"]
    assert set(Event.objects.filter(kind="volunteering.plan_keep").values_list("actor", flat=True)) == {organiser.pk}
    assert again(plan).version == plan.version + 3


def test_nobody_is_put_into_the_plan_twice_at_the_same_time(plan, visit, organiser):
    same = visit.help_request
    request = HelpRequestFactory(
        municipality=same.municipality, neighbourhood=same.neighbourhood, category=same.category
    )
    other = PlannedVisitFactory(plan=plan, visit=VisitFactory(help_request=request, starts_at=visit.starts_at))

    with pytest.raises(Refused):
        week_plans.choose(other, volunteer=pair_of(plan).volunteer, actor=organiser)

    assert PlannedPair.objects.count() == 1


def test_a_refused_choice_takes_nobody_away(plan, organiser, make_helper):
    """The place that was to be taken over is still that of the first one."""
    far = make_helper(radius=0, home_cell=1)

    with pytest.raises(Refused):
        week_plans.choose(pair_of(plan).planned, volunteer=far.user, actor=organiser, instead=pair_of(plan))

    assert pair_of(plan).volunteer != far.user
    assert again(plan).version == plan.version


def test_nobody_can_be_chosen_for_a_request_that_became_protected(plan, organiser, make_helper, visit):
    other = make_helper()
    visit.help_request.protected = True
    visit.help_request.save()

    with pytest.raises(Refused):
        week_plans.choose(pair_of(plan).planned, volunteer=other.user, actor=organiser, instead=pair_of(plan))


# Sending -------------------------------------------------------------------------------------------------------------


def test_everybody_in_the_plan_is_invited_once(plan, organiser, visit):
    send_out(plan, organiser)
    send_plan.call(plan.pk)

    alert = Alert.objects.get()
    assert (alert.visit, alert.invited_by, alert.times) == (visit, organiser, 1)
    assert (again(plan).state, pair_of(plan).outcome) == (PlanState.SENT, PairOutcome.INVITED)
    assert kinds(plan) == ["make", "finish", "send", "complete"]
    assert DailyCount.objects.get().alerts == 1


def cancel(visit, helper):
    Visit.objects.update(state=VisitState.CANCELLED)


def take(visit, helper):
    Visit.objects.update(state=VisitState.FULL, taken=1)


def move(visit, helper):
    Visit.objects.update(starts_at=visit.starts_at + timedelta(hours=1), ends_at=visit.ends_at + timedelta(hours=1))


def pause(visit, helper):
    VolunteerProfile.objects.update(paused_until=timezone.localdate() + timedelta(days=9))


def say_no(visit, helper):
    AlertFactory(visit=visit, volunteer=helper, declined=True)


def protect(visit, helper):
    visit.help_request.protected = True
    visit.help_request.save()


def ask_often(visit, helper):
    DailyCount.objects.create(volunteer=helper, day=timezone.localdate(), alerts=6)


def leave(visit, helper):
    VolunteerProfile.objects.update(home_cell=None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (cancel, "not_wanted"),
        (take, "not_wanted"),
        (move, "moved"),
        (pause, "paused"),
        (say_no, "answered"),
        (protect, "protected"),
        (ask_often, "enough_today"),
        (leave, "no_profile"),
    ],
    ids=lambda it: getattr(it, "__name__", it),
)
def test_who_is_no_longer_possible_is_marked_and_not_told(plan, organiser, visit, change, why):
    change(visit, pair_of(plan).volunteer)

    send_out(plan, organiser)

    pair = pair_of(plan)
    assert (pair.outcome, pair.why) == (PairOutcome.REFUSED, why)
    assert not Alert.objects.exclude(answer=Alert.Answer.DECLINED).exists()
    assert again(plan).state == PlanState.SENT


def test_who_was_asked_before_is_not_asked_twice(plan, organiser, visit):
    alert = AlertFactory(visit=visit, volunteer=pair_of(plan).volunteer)

    send_out(plan, organiser)

    assert pair_of(plan).outcome == PairOutcome.AWAITED
    alert.refresh_from_db()
    assert (alert.times, alert.invited_by) == (1, None)


def test_an_invited_helper_can_take_the_visit(plan, organiser, visit):
    send_out(plan, organiser)

    commitments.take(visit, actor=pair_of(plan).volunteer)

    assert Alert.objects.get().answer == Alert.Answer.TAKEN


def test_an_empty_plan_is_not_sent(plan, organiser):
    week_plans.remove(pair_of(plan), actor=organiser)

    with pytest.raises(Refused):
        week_plans.send(plan, actor=organiser)

    assert again(plan).state == PlanState.READY


@pytest.mark.parametrize("state", [state for state in PlanState if state not in {PlanState.READY, PlanState.FAILED}])
def test_only_what_is_computed_is_sent(plan, organiser, state):
    WeekPlan.objects.update(state=state, sent_at=timezone.now())

    with pytest.raises(Refused):
        week_plans.send(plan, actor=organiser)

    assert not DBTaskResult.objects.filter(task_path__endswith="send_plan").exists()


# What the worker looks after -----------------------------------------------------------------------------------------


def test_what_a_worker_left_behind_is_taken_up_again(hard_plan, clock):
    clock.shift(duties.SIGN_OF_LIFE + timedelta(minutes=1))
    duties.take_up_plans_left_behind()
    assert again(hard_plan).state == PlanState.FAILED

    WeekPlan.objects.update(state=PlanState.SENDING, sent_at=timezone.now())
    duties.take_up_plans_left_behind()
    duties.take_up_plans_left_behind()

    assert DBTaskResult.objects.filter(task_path__endswith="send_plan").count() == 1


def test_what_is_alive_is_left_alone(hard_plan, clock):
    clock.shift(timedelta(minutes=5))

    duties.take_up_plans_left_behind()

    assert again(hard_plan).state == PlanState.COMPUTING


def test_old_plans_are_forgotten(municipality, clock):
    old = WeekPlanFactory(municipality=municipality, sent=True)
    clock.shift(duties.PLANS_KEPT + timedelta(days=1))
    new = WeekPlanFactory(municipality=municipality, dropped=True)

    duties.forget_old_plans()

    assert list(WeekPlan.objects.all()) == [new]
    assert old != new


def test_who_closes_their_account_is_in_no_plan(plan):
    own_data.erase(pair_of(plan).volunteer)

    assert not PlannedPair.objects.exists()
