import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.db import DatabaseError, connection
from django.utils import timezone

from notifications import delivery, health
from notifications.delivery import courier
from notifications.models import Delivery, Duty, Event, Inbox, Notification
from notifications.worker import HEARTBEAT, Heart
from tests.factories.notifications import EventFactory


@pytest.fixture(autouse=True)
def fresh_check(monkeypatch):
    monkeypatch.setattr(health, "check", health.Check())


@pytest.fixture
def news_thread(committed):
    """What the worker does with news, in a thread, as in the worker."""
    stopping = threading.Event()

    def work():
        while not stopping.wait(0.02):
            delivery.deliver_left_over()
        connection.close()

    Heart().beat()
    thread = threading.Thread(target=work)
    thread.start()
    yield
    stopping.set()
    thread.join()


@contextmanager
def worker_process(folder):
    """`manage.py worker` on the tests' own database."""
    environment = {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENV_FILE": "",
        "OGNIWO_DEMO": "1",
        "SECRET_KEY": "only-for-tests",
        "VAR_DIR": str(folder),
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-u", "manage.py", "worker"],
        cwd=site.BASE_DIR,
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        process.stdout.readline()
        yield process
        process.send_signal(signal.SIGTERM)
        process.stdout.read()


def test_messages_arrive_by_the_process_and_by_the_worker(news_thread, client):
    response = client.get("/readyz")

    answer = response.json()
    assert response.status_code == 200
    assert (answer["ready"], answer["reasons"]) == (True, [])
    assert answer["inbox_seconds"] < 5
    assert answer["worker_seconds"] < 5


@pytest.mark.long
def test_worker_that_runs_is_ready_and_one_that_was_stopped_is_not(committed, client, tmp_path, logged_errors):
    if connection.vendor != "sqlite":
        pytest.skip("one shape is enough: the command is started on a database file")
    with worker_process(tmp_path):
        deadline = time.monotonic() + 20
        while not Duty.objects.filter(name=HEARTBEAT).exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        running = client.get("/readyz")
    health.check = health.Check()
    began_at = time.monotonic()

    stopped = client.get("/readyz")

    assert (running.status_code, running.json()["reasons"]) == (200, [])
    assert stopped.status_code == 503
    assert stopped.json()["reasons"] == ["worker: a probe did not arrive within 5 s"]
    assert stopped.json()["inbox_seconds"] < 5
    assert time.monotonic() - began_at < 8


def test_worker_that_hangs_is_not_ready(committed, client, monkeypatch, logged_errors):
    """It says that it lives, and does nothing: a heartbeat alone proves too little."""
    monkeypatch.setattr(health, "PROBE_SECONDS", 0.2)
    Heart().beat()

    answer = client.get("/readyz").json()

    assert answer["reasons"] == ["worker: a probe did not arrive within 0.2 s"]
    assert (answer["inbox_seconds"] < 5, answer["worker_seconds"]) == (True, None)


@pytest.mark.postgres
def test_probe_leaves_nothing_behind(news_thread):
    health.probe()
    health.probe()

    assert not Event.objects.exists()
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.postgres
def test_failing_probes_do_not_pile_up(committed, monkeypatch):
    monkeypatch.setattr(health, "PROBE_SECONDS", 0.05)
    monkeypatch.setattr(courier, "take", lambda event_id: None)

    answers = [health.probe() for _number in range(5)]

    assert answers == [(None, None)] * 5
    assert not Event.objects.exists()
    assert Inbox.objects.count() <= 1


@pytest.mark.postgres
def test_probe_in_a_workers_hands_goes_with_the_next_check(committed, monkeypatch):
    """A worker that delivers just when the probe is given up must not meet an event that is half gone."""
    if connection.vendor != "postgresql":
        pytest.skip("rows are locked one by one on PostgreSQL only")
    user = health.probe_user()
    event = EventFactory(about=user, kind=health.PROBE)
    held, may_end = threading.Event(), threading.Event()

    def hold():
        from django.db import transaction  # noqa: PLC0415 -- of this thread

        with transaction.atomic():
            Event.objects.select_for_update().get(pk=event.pk)
            held.set()
            may_end.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    health.clean_up(user, [event.pk])
    is_kept = Event.objects.filter(pk=event.pk).exists()
    may_end.set()
    thread.join()
    health.clean_up(user, [event.pk])

    assert is_kept
    assert not Event.objects.exists()


def test_probe_through_the_courier(news_thread, monkeypatch):
    monkeypatch.setattr(courier, "is_on", True)

    inbox, worker = health.probe()
    courier.stop()

    assert inbox < 5
    assert worker < 5


def test_probes_account_cannot_be_used(news_thread):
    health.probe()

    user = health.probe_user()
    assert not user.is_active
    assert not user.has_usable_password()


def test_probe_of_a_process_that_died_is_cleared_away(news_thread):
    user = health.probe_user()
    now = timezone.now()
    EventFactory(about=user, kind=health.PROBE, delivered_at=now, created_at=now - timedelta(minutes=1))
    fresh = EventFactory(about=user, kind=health.PROBE, delivered_at=now)

    health.probe()

    assert list(Event.objects.all()) == [fresh]


def test_inbox_that_stays_empty_is_not_ready(committed, client, monkeypatch, logged_errors):
    monkeypatch.setattr(health, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr(courier, "take", lambda event_id: None)
    Heart().beat()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["reasons"] == [
        "inbox: a probe did not arrive within 0.1 s",
        "worker: a probe did not arrive within 0.1 s",
    ]
    assert not Event.objects.exists()


@pytest.mark.parametrize(("silence", "reason"), [(None, "worker: none has run yet"), (61, "worker: silent for 61 s")])
def test_worker_that_is_silent_is_not_ready_and_nothing_is_awaited(committed, client, silence, reason, logged_errors):
    began_at = time.monotonic()
    with time_machine.travel(timezone.now(), tick=False):
        if silence:
            Duty.objects.create(name=HEARTBEAT, ran_at=timezone.now() - timedelta(seconds=silence))
        response = client.get("/readyz")

    assert (response.status_code, response.json()["reasons"]) == (503, [reason])
    assert time.monotonic() - began_at < 4


def test_events_that_wait_for_long_are_not_ready(committed, client, monkeypatch, logged_errors):
    monkeypatch.setattr(health, "PROBE_SECONDS", 0.1)
    Heart().beat()
    EventFactory(created_at=timezone.now() - timedelta(minutes=2))

    reasons = client.get("/readyz").json()["reasons"]

    assert "outbox: events have waited for more than 60 s" in reasons


def test_one_broken_notice_does_not_take_the_site_down(news_thread, client):
    EventFactory(
        created_at=timezone.now() - timedelta(minutes=2),
        not_before=timezone.now() + timedelta(hours=1),
        error="LookupError",
    )

    assert client.get("/readyz").status_code == 200


def test_answer_is_kept_for_some_seconds(news_thread, client):
    first = client.get("/readyz").json()

    second = client.get("/readyz").json()

    assert first == second


def test_who_asks_during_the_first_check_does_not_wait_for_it():
    health.check.lock.acquire()

    answer = health.check.run()

    assert answer.reasons == ["the first check is under way"]


def test_database_that_is_away_is_not_ready(monkeypatch):
    def break_down():
        raise DatabaseError

    monkeypatch.setattr(health, "why_silent", break_down)

    answer = health.check.run()

    assert answer.reasons == ["database: DatabaseError"]


def test_nobody_needs_to_sign_in_to_ask(news_thread, client):
    assert client.get("/readyz").status_code == 200
