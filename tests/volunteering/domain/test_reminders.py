"""A word before a visit: when each person wants it, once for each time of the visit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import habits
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import CommitmentFactory, HelpRequestFactory, VisitFactory
from volunteering.domain import reminders
from volunteering.models import Commitment, Reminder
from volunteering.states import CommitmentState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def make_promise(municipality, neighbourhood, shopping):
    """Makes an agreed visit that starts so many hours from now, taken two days ago."""

    def make(*, hours=20, help_request=(), **facts):
        details = {"municipality": municipality, "neighbourhood": neighbourhood, "category": shopping, "filled": True}
        visit = VisitFactory(
            help_request=HelpRequestFactory(**details | dict(help_request)),
            full=True,
            starts_at=timezone.now() + timedelta(hours=hours),
        )
        return CommitmentFactory(visit=visit, **{"taken_at": timezone.now() - timedelta(days=2), **facts})

    return make


def reminded():
    return set(Notification.objects.filter(event__kind="volunteering.commitment_remind").values_list("user", flat=True))


@pytest.mark.postgres
def test_both_sides_are_reminded_a_day_before(make_promise, django_capture_on_commit_callbacks):
    promise = make_promise()

    with django_capture_on_commit_callbacks(execute=True):
        reminders.remind_due()

    assert reminded() == {promise.volunteer_id, promise.visit.help_request.requester_id}


@pytest.mark.postgres
def test_job_that_runs_again_reminds_nobody_twice(make_promise):
    make_promise()

    runs = [reminders.remind_due() for _number in range(3)]

    assert runs == [1, 0, 0]
    assert Event.objects.filter(kind="volunteering.commitment_remind").count() == 1
    assert Reminder.objects.count() == 2


def test_each_person_is_reminded_at_their_own_time(make_promise, clock):
    promise = make_promise(hours=20)
    habits.choose(promise.volunteer, reminder_hours=2)
    habits.choose(promise.visit.help_request.requester, reminder_hours=0)
    reminders.remind_due()
    early = Reminder.objects.count()

    clock.shift(timedelta(hours=18))
    reminders.remind_due()

    assert early == 0
    assert [it.user for it in Reminder.objects.all()] == [promise.volunteer]


@pytest.mark.postgres
def test_visit_that_moves_is_reminded_of_again(make_promise):
    promise = make_promise()
    reminders.remind_due()
    later = promise.starts_at + timedelta(hours=1)
    Commitment.objects.filter(pk=promise.pk).update(starts_at=later, ends_at=later + timedelta(hours=1))

    again = reminders.remind_due()

    assert again == 1
    assert set(Reminder.objects.values_list("starts_at", flat=True)) == {promise.starts_at, later}


@pytest.mark.parametrize(
    "state", [it for it in CommitmentState if it not in {CommitmentState.ACCEPTED, CommitmentState.DONE}]
)
def test_only_agreed_visits_are_reminded_of(make_promise, state):
    make_promise(state=state)

    assert reminders.remind_due() == 0


@pytest.mark.parametrize("hours", [-1, 25, 100])
def test_visit_that_is_over_or_far_away_is_not_reminded_of(make_promise, hours):
    make_promise(hours=hours)

    assert reminders.remind_due() == 0


def test_promise_of_the_last_minutes_needs_no_reminder(make_promise):
    make_promise(hours=2, taken_at=timezone.now())

    assert reminders.remind_due() == 0


def test_resident_without_an_account_is_left_to_staff(make_promise):
    promise = make_promise(help_request={"by_phone": True})

    reminders.remind_due()

    assert [it.user for it in Reminder.objects.all()] == [promise.volunteer]


def test_reminder_that_another_worker_made_is_not_made_again(make_promise):
    promise = make_promise()
    due = list(reminders.due(list(reminders.coming(timezone.now())), timezone.now()))
    reminders.remind_due()

    assert [reminders.remind(commitment, people=people) for commitment, people in due] == [False]
    assert Reminder.objects.filter(commitment=promise).count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_looking_for_reminders_asks_as_often_for_many(make_promise, count, django_assert_num_queries):
    for _number in range(count):
        make_promise(hours=60)

    with django_assert_num_queries(3):
        reminders.remind_due()


def test_everybody_may_choose_another_hour(make_promise):
    early = UserFactory()
    habits.choose(early, reminder_hours=48)
    make_promise(hours=40, volunteer=early)

    reminders.remind_due()

    assert [it.user for it in Reminder.objects.all()] == [early]
