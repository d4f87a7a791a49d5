"""The worker: delivers what is left over, sends mail, does the duties of all apps and runs queued tasks.

`manage.py worker` runs it in a process (any number of them), the embedded shape as threads beside the server. News,
duties, mail and tasks have threads of their own: a mail server that does not answer must not hold up reminders, and a
duty that takes minutes must not hold up news.
"""

import contextvars
import logging
import threading
import time
from contextlib import nullcontext
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_scopes import scopes_disabled
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from notifications import delivery, letters, pushes, texts
from notifications.connections import KeptConnections
from notifications.models import Duty
from notifications.registry import DUTIES, UNSCOPED_TASKS

log = logging.getLogger(__name__)

# The row of the duty table that says when a worker was last seen alive.
HEARTBEAT = "notifications.worker.heartbeat"
HEARTBEAT_PAUSE = 5.0
LEASE = timedelta(minutes=5)
REST_AFTER_FAILURE = timedelta(minutes=1)
TASKS_AT_ONCE = 20
# The package's own worker runs and records a task; its loop is not used, for ours does more than tasks.
TASK_WORKER = TaskWorker(
    queue_names=["*"],
    excluded_queue_names=[],
    interval=0,
    batch=True,
    backend_name="default",
    startup_delay=False,
    max_tasks=None,
    worker_id=f"ogniwo-{get_random_string(16)}",
)


class Worker:
    """Loops over its jobs until it is told to stop; then each ends with what it has in hand."""

    def __init__(self):
        self.stopping = threading.Event()
        self.threads = []
        self.heart = Heart()

    def start(self):
        self.threads = [
            threading.Thread(target=self._loop, args=[jobs], name=f"worker-{name}", daemon=True)
            for name, jobs in {
                "news": [self.heart.beat, delivery.deliver_left_over],
                "duties": [self.heart.beat, do_duties],
                "letters": [self.heart.beat, letters.send_due],
                "messages": [self.heart.beat, pushes.send_due, texts.send_due],
                "tasks": [self.heart.beat, run_tasks],
            }.items()
        ]
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Asks to stop; returns at once."""
        self.stopping.set()

    def join(self, timeout=None):
        """Waits for the end, at most so many seconds altogether. Returns whether it came."""
        deadline = None if timeout is None else time.monotonic() + timeout
        for thread in self.threads:
            thread.join(None if deadline is None else max(0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)

    def _loop(self, jobs):
        kept = KeptConnections()
        try:
            while not self.stopping.is_set():
                done = sum(run_safely(job) for job in jobs)
                kept.refresh()
                if not done:
                    self.stopping.wait(settings.WORKER_PAUSE_SECONDS)
        finally:
            kept.close()


def run_once():
    """One round of everything, in this thread (tests, and `manage.py worker --once`). Returns how much was done."""
    jobs = [
        Heart().beat,
        delivery.deliver_left_over,
        letters.send_due,
        pushes.send_due,
        texts.send_due,
        do_duties,
        run_tasks,
    ]
    return sum(run_safely(job) for job in jobs)


def run_safely(job):
    """Runs one job in a fresh context, so that no scope leaks into the next. What fails is logged: the loop goes on."""
    try:
        return contextvars.Context().run(job) or 0
    except Exception:
        log.exception("%s failed", job.__name__)
        return 0


class Heart:
    """Says that a worker is alive, every few seconds. All loops of a worker share it."""

    def __init__(self):
        self.beaten_at = -HEARTBEAT_PAUSE

    def beat(self):
        if time.monotonic() - self.beaten_at > HEARTBEAT_PAUSE:
            Duty.objects.update_or_create(name=HEARTBEAT, defaults={"ran_at": timezone.now()})
            self.beaten_at = time.monotonic()


def do_duties():
    """Runs the duties that are due and in nobody's hands. Returns how many."""
    known = dict(Duty.objects.values_list("name", "ran_at"))
    missing = [Duty(name=name) for name in DUTIES if name not in known]
    if missing:
        Duty.objects.bulk_create(missing, ignore_conflicts=True)
    now = timezone.now()
    due = [
        entry for entry in DUTIES.values() if (ran_at := known.get(entry.name)) is None or ran_at <= now - entry.every
    ]
    return sum(do_duty(entry) for entry in due)


def do_duty(entry):
    """Does one duty if no other worker has it. A failing one rests a little and is tried again."""
    started_at = timezone.now()
    row = Duty.objects.filter(name=entry.name)
    # Compare and set: of several workers one gets it.
    if not row.free().due(entry.every).update(leased_until=started_at + LEASE):
        return 0
    try:
        contextvars.Context().run(entry.run)
    except Exception as error:
        log.exception("Duty %s failed", entry.name)
        rest = min(REST_AFTER_FAILURE, entry.every)
        row.update(leased_until=timezone.now() + rest, error=f"{type(error).__name__}: {error}"[:500])
        return 0
    row.update(ran_at=started_at, leased_until=None, error="")
    return 1


def run_tasks():
    """Runs queued tasks (Django's Tasks API), each in a context of its own. Returns how many."""
    done = 0
    while done < TASKS_AT_ONCE and (task := claim_task()) is not None:
        contextvars.Context().run(_run, task)
        done += 1
    return done


def _run(task):
    with scopes_disabled() if task.task_path in UNSCOPED_TASKS else nullcontext():
        TASK_WORKER.run_task(task)


def claim_task():
    """Takes the next task that is due; None where there is none. A look without a lock comes first: the queue is empty
    nearly always."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None
    with exclusive_transaction():
        task = ready.get_locked()
        if task is not None:
            task.claim(TASK_WORKER.worker_id)
    return task
