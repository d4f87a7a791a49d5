from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone

from notifications import health
from notifications.delivery import courier
from notifications.models import Delivery, Duty, Event, Notification
from notifications.worker import HEARTBEAT, Heart
from tests.factories.notifications import EventFactory


@pytest.fixture(autouse=True)
def fresh_check(monkeypatch):
    monkeypatch.setattr(health, "check", health.Check())


def test_message_arrives_and_a_worker_lives(committed, client):
    Heart().beat()

    response = client.get("/readyz")

    answer = response.json()
    assert response.status_code == 200
    assert (answer["ready"], answer["reasons"]) == (True, [])
    assert answer["inbox_seconds"] < 5


@pytest.mark.postgres
def test_probe_leaves_nothing_behind(committed):
    health.probe()
    health.probe()

    assert not Event.objects.exists()
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_probe_through_the_courier(committed, monkeypatch):
    monkeypatch.setattr(courier, "is_on", True)

    seconds = health.probe()
    courier.stop()

    assert seconds < 5


def test_probes_account_cannot_be_used(committed):
    health.probe()

    user = health.probe_user()
    assert not user.is_active
    assert not user.has_usable_password()


def test_probe_of_a_process_that_died_is_cleared_away(committed):
    user = health.probe_user()
    EventFactory(about=user, kind=health.PROBE, created_at=timezone.now() - timedelta(minutes=1))
    fresh = EventFactory(about=user, kind=health.PROBE)

    health.probe()

    assert list(Event.objects.all()) == [fresh]


def test_inbox_that_stays_empty_is_not_ready(committed, client, monkeypatch, logged_errors):
    monkeypatch.setattr(health, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr(courier, "take", lambda event_id: None)
    Heart().beat()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["reasons"] == ["inbox: a probe did not arrive within 0.1 s"]
    assert not Event.objects.exists()


@pytest.mark.parametrize(("silence", "reason"), [(None, "worker: none has run yet"), (61, "worker: silent for 61 s")])
def test_worker_that_is_silent_is_not_ready(committed, client, silence, reason, logged_errors):
    with time_machine.travel(timezone.now(), tick=False):
        if silence:
            Duty.objects.create(name=HEARTBEAT, ran_at=timezone.now() - timedelta(seconds=silence))
        response = client.get("/readyz")

    assert (response.status_code, response.json()["reasons"]) == (503, [reason])


def test_events_that_wait_for_long_are_not_ready(committed, client, logged_errors):
    Heart().beat()
    EventFactory(created_at=timezone.now() - timedelta(minutes=2))

    reasons = client.get("/readyz").json()["reasons"]

    assert reasons == ["outbox: events have waited for more than 60 s"]


def test_one_broken_notice_does_not_take_the_site_down(committed, client):
    Heart().beat()
    EventFactory(created_at=timezone.now() - timedelta(minutes=2), error="LookupError")

    assert client.get("/readyz").status_code == 200


def test_answer_is_kept_for_some_seconds(committed, client):
    Heart().beat()
    first = client.get("/readyz").json()

    second = client.get("/readyz").json()

    assert first["inbox_seconds"] == second["inbox_seconds"]


def test_who_asks_during_the_first_check_does_not_wait_for_it():
    health.check.lock.acquire()

    reasons, _seconds = health.check.run()

    assert reasons == ["the first check is under way"]


def test_database_that_is_away_is_not_ready(monkeypatch):
    def break_down():
        raise DatabaseError

    monkeypatch.setattr(health, "probe", break_down)

    reasons, _seconds = health.check.run()

    assert reasons == ["database: DatabaseError"]


def test_nobody_needs_to_sign_in_to_ask(committed, client, logged_errors):
    assert client.get("/readyz").status_code in {200, 503}
