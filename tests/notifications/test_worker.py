import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_scopes import get_scope, scope
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from notifications import registry, worker
from notifications.models import Delivery, DeliveryState, Duty, Notification
from notifications.registry import DutyEntry
from tests.factories.accounts import UserFactory
from tests.factories.notifications import DeliveryFactory, EventFactory

runs = []


@pytest.fixture(autouse=True)
def no_runs():
    runs.clear()


@pytest.fixture
def duty(monkeypatch):
    """Registers one duty of the tests; the site's own are left out."""
    duties = {}
    monkeypatch.setattr(worker, "DUTIES", duties)

    def register(function, every=timedelta(minutes=1)):
        duties["tests.duty"] = DutyEntry("tests.duty", function, every)

    return register


@task
def remember(word):
    runs.append((word, get_scope()))


@task
def fail():
    raise LookupError("not there")


# --- One round ---


@pytest.mark.django_db
def test_round_delivers_mails_and_does_tasks():
    person = UserFactory()
    data = {"to": [person.pk], "words": "", "shared": ""}
    EventFactory(created_at=timezone.now() - timedelta(minutes=1), data=data)
    remember.enqueue("zrób to")

    worker.run_once()

    assert Notification.objects.get().user == person
    assert Delivery.objects.get().state == DeliveryState.SENT
    assert runs == [("zrób to", {})]


@pytest.mark.django_db
def test_round_goes_on_after_a_failing_job(monkeypatch, logged_errors):
    def breaks():
        raise LookupError

    monkeypatch.setattr("notifications.delivery.deliver_left_over", breaks)
    DeliveryFactory()

    worker.run_once()

    assert Delivery.objects.get().state == DeliveryState.SENT


def test_command_does_one_round(committed):
    DeliveryFactory()

    call_command("worker", "--once")

    assert Delivery.objects.get().state == DeliveryState.SENT


# --- Duties ---


@pytest.mark.django_db
def test_duty_runs_at_its_rhythm(duty, time_machine):
    time_machine.move_to("2027-03-28 01:30:00+01:00", tick=False)  # half an hour before the clocks are put forward
    duty(lambda: runs.append(timezone.now()), every=timedelta(minutes=10))

    for _minute in range(60):
        worker.do_duties()
        time_machine.shift(timedelta(minutes=1))

    assert len(runs) == 6


@pytest.mark.django_db
def test_duty_catches_up_once_after_a_pause(duty, time_machine):
    time_machine.move_to("2027-10-31 00:00:00+02:00", tick=False)
    duty(lambda: runs.append(1), every=timedelta(hours=1))
    worker.do_duties()
    time_machine.shift(timedelta(hours=30))

    worker.do_duties()
    worker.do_duties()

    assert len(runs) == 2


@pytest.mark.django_db
def test_failing_duty_rests_and_is_tried_again(duty, time_machine, logged_errors):
    time_machine.move_to("2027-04-01 12:00:00+02:00", tick=False)

    def breaks():
        runs.append(1)
        raise LookupError("no network")

    duty(breaks, every=timedelta(hours=1))

    for _second in range(0, 130, 10):
        worker.do_duties()
        time_machine.shift(timedelta(seconds=10))

    assert len(runs) == 3  # at once, after a minute, after two
    assert Duty.objects.get(name="tests.duty").error == "LookupError: no network"


@pytest.mark.django_db
def test_failing_duty_does_not_stop_the_next(monkeypatch, logged_errors):
    def breaks():
        raise LookupError

    rhythm = timedelta(minutes=1)
    entries = [DutyEntry("tests.breaks", breaks, rhythm), DutyEntry("tests.works", lambda: runs.append(1), rhythm)]
    monkeypatch.setattr(worker, "DUTIES", {entry.name: entry for entry in entries})

    worker.do_duties()

    assert runs == [1]


@pytest.mark.django_db
def test_duty_of_a_dead_worker_is_taken_over_after_its_lease(duty, time_machine):
    time_machine.move_to("2027-04-01 12:00:00+02:00", tick=False)
    Duty.objects.create(name="tests.duty", leased_until=timezone.now() + worker.LEASE)
    duty(lambda: runs.append(1))

    worker.do_duties()
    before = len(runs)
    time_machine.shift(worker.LEASE)
    worker.do_duties()

    assert (before, len(runs)) == (0, 1)


@pytest.mark.postgres
def test_duty_runs_in_one_of_many_workers(committed, duty):
    duty(lambda: (runs.append(1), time.sleep(0.2)))
    worker.do_duties()  # makes the row
    Duty.objects.update(ran_at=None)
    runs.clear()
    ready = threading.Barrier(4)

    def work():
        ready.wait()
        worker.run_safely(worker.do_duties)
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert runs == [1]


@pytest.mark.django_db
def test_scope_does_not_leak_from_one_duty_into_the_next(monkeypatch):
    leaks = []

    def leave_open():
        leaks.append(scope(municipality=1))  # kept, so that it stays open
        leaks[-1].__enter__()

    rhythm = timedelta(minutes=1)
    entries = [DutyEntry("tests.a", leave_open, rhythm), DutyEntry("tests.b", lambda: runs.append(get_scope()), rhythm)]
    monkeypatch.setattr(worker, "DUTIES", {entry.name: entry for entry in entries})

    with scope(municipality=2):
        worker.do_duties()

    assert runs == [{}]


@pytest.mark.django_db
def test_registered_duty_is_known_by_its_place():
    @registry.duty(every=timedelta(days=1))
    def clean():
        """Nothing."""

    entry = registry.DUTIES.pop(f"{__name__}.clean")

    assert (entry.run, entry.every) == (clean, timedelta(days=1))


# --- Tasks ---


@pytest.mark.django_db
def test_failed_task_is_recorded_and_the_next_runs(logged_errors):
    fail.enqueue()
    remember.enqueue("potem")

    worker.run_tasks()

    assert [word for word, _scope in runs] == ["potem"]
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


@pytest.mark.django_db
def test_task_of_another_time_waits():
    remember.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("później")

    assert worker.run_tasks() == 0


# --- Starting and stopping ---


def test_worker_stops_with_what_it_has_in_hand(committed, settings, duty):
    settings.WORKER_PAUSE_SECONDS = 0.01
    begun, may_end = threading.Event(), threading.Event()
    duty(lambda: (begun.set(), may_end.wait(10), runs.append("ended")))
    one = worker.Worker()

    one.start()
    begun.wait(10)
    one.stop()
    was_running = not one.join(0.2)
    may_end.set()

    assert was_running
    assert one.join(10)
    assert runs == ["ended"]


def test_worker_says_that_it_lives(committed, settings):
    settings.WORKER_PAUSE_SECONDS = 0.01
    one = worker.Worker()

    one.start()
    deadline = time.monotonic() + 10
    while not Duty.objects.filter(name=worker.HEARTBEAT).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    one.stop()

    assert one.join(10)
    assert timezone.now() - Duty.objects.get(name=worker.HEARTBEAT).ran_at < timedelta(seconds=10)


@pytest.mark.long
@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_command_ends_cleanly_on_a_signal(committed, order, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("one shape is enough: the command is started on a database file")
    environment = {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENV_FILE": "",
        "OGNIWO_DEMO": "1",
        "SECRET_KEY": "only-for-tests",
        "VAR_DIR": str(tmp_path),
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-u", "manage.py", "worker"],
        cwd=site.BASE_DIR,
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        first = process.stdout.readline()
        process.send_signal(order)
        rest = process.stdout.read()

    assert first == "worker: running\n"
    assert rest.splitlines()[-1] == "worker: ended"
    assert process.returncode == 0
