from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from notifications import duties, own_data
from notifications.models import Channel, Event, Inbox, Notification, Preference
from tests.factories.accounts import UserFactory
from tests.factories.notifications import KIND, DeliveryFactory, EventFactory, NotificationFactory

pytestmark = pytest.mark.django_db


def notification_of(user, *, days, read):
    return NotificationFactory(user=user, read=read, event__created_at=timezone.now() - timedelta(days=days))


def kept(user):
    return list(Notification.objects.of(user.pk).order_by("seq").values_list("seq", flat=True))


@pytest.mark.postgres
def test_old_read_news_goes_and_the_inbox_remembers_where_it_begins():
    user = UserFactory()
    for days, read in [(200, True), (190, True), (179, True), (1, False)]:
        notification_of(user, days=days, read=read)

    duties.forget_old_news()

    inbox = Inbox.objects.get(user=user)
    assert kept(user) == [3, 4]
    assert (inbox.first_kept_seq, inbox.last_seq) == (3, 4)


@pytest.mark.postgres
def test_unread_news_stays_and_all_that_came_after_it():
    user = UserFactory()
    for days, read in [(400, True), (300, False), (200, True)]:
        notification_of(user, days=days, read=read)

    duties.forget_old_news()

    assert kept(user) == [2, 3]
    assert Inbox.objects.get(user=user).first_kept_seq == 2


@pytest.mark.postgres
def test_inbox_can_be_emptied_and_goes_on_counting():
    user = UserFactory()
    notification_of(user, days=200, read=True)

    duties.forget_old_news()

    assert kept(user) == []
    assert Inbox.objects.get(user=user).first_kept_seq == 2
    assert NotificationFactory(user=user).seq == 2


@pytest.mark.postgres
def test_events_go_after_two_years_with_their_unread_news():
    user = UserFactory()
    notification = notification_of(user, days=731, read=False)
    DeliveryFactory(notification=notification)
    silent = EventFactory(delivered=True, created_at=timezone.now() - timedelta(days=731))
    young = EventFactory(delivered=True, created_at=timezone.now() - timedelta(days=729))

    duties.forget_old_news()

    assert list(Event.objects.all()) == [young]
    assert not Event.objects.filter(pk=silent.pk).exists()
    assert kept(user) == []


@pytest.mark.postgres
def test_inboxes_do_not_touch_each_other(monkeypatch):
    monkeypatch.setattr(duties, "INBOXES_AT_ONCE", 1)
    old, young = UserFactory.create_batch(2)
    notification_of(old, days=200, read=True)
    notification_of(young, days=2, read=True)

    duties.forget_old_news()

    assert (kept(old), kept(young)) == ([], [1])


def test_undelivered_event_is_never_forgotten():
    event = EventFactory(created_at=timezone.now() - timedelta(days=1000))

    duties.forget_old_news()

    assert list(Event.objects.all()) == [event]


@task
def nothing():
    """Does nothing."""


def lost_task(attempts):
    result = nothing.enqueue()
    DBTaskResult.objects.filter(pk=result.id).update(
        status="RUNNING", started_at=timezone.now() - timedelta(hours=2), worker_ids=["x"] * attempts
    )
    return DBTaskResult.objects.get(pk=result.id)


def test_task_of_a_dead_worker_comes_back():
    lost = lost_task(attempts=1)

    duties.bring_back_lost_tasks()

    lost.refresh_from_db()
    assert lost.status == "READY"


def test_task_that_kills_its_workers_is_given_up():
    lost = lost_task(attempts=duties.TASK_ATTEMPTS)

    duties.bring_back_lost_tasks()

    lost.refresh_from_db()
    assert lost.status == "FAILED"


def test_running_task_is_left_alone():
    lost = lost_task(attempts=1)
    DBTaskResult.objects.update(started_at=timezone.now())

    duties.bring_back_lost_tasks()

    lost.refresh_from_db()
    assert lost.status == "RUNNING"


# --- My data ---


def test_own_data_are_given_out():
    user = UserFactory()
    NotificationFactory(user=user, event__actor=UserFactory())
    EventFactory(actor=user)
    NotificationFactory()

    data = own_data.export(user)

    assert [told["kind"] for told in data["notifications"]] == [KIND]
    assert [act["kind"] for act in data["acts"]] == [KIND]


def test_erasure_empties_the_inbox_and_keeps_the_audit_trail():
    user, other = UserFactory.create_batch(2)
    letter = DeliveryFactory(notification__user=user)
    NotificationFactory(user=other)
    Preference.objects.create(user=user, kind=KIND, channel=Channel.MAIL, wanted=False)

    own_data.erase(user)
    own_data.erase(user)

    assert list(Inbox.objects.values_list("user", flat=True)) == [other.pk]
    assert not Preference.objects.exists()
    assert Event.objects.filter(pk=letter.notification.event_id).exists()
