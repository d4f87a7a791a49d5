"""Whether telling people works from end to end: not "the process is up", but "a message arrives"."""

import threading
import time
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from notifications.models import Duty, Event, Inbox, Notification
from notifications.notices import PROBE
from notifications.outbox import publish
from notifications.worker import HEARTBEAT

PROBE_ADDRESS = "readyz@ogniwo.invalid"
PROBE_SECONDS = 10
LOOK_SECONDS = 0.02
WORKER_SILENCE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(seconds=60)
KEPT_SECONDS = 5


class Check:
    """The last answer, kept for some seconds: however many ask, one probe runs, and nobody else waits for it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.answer = None
        self.asked_at = 0.0

    def run(self):
        """Returns what is wrong (nothing: ready) and the seconds that the probe took."""
        if self.answer is not None and time.monotonic() - self.asked_at < KEPT_SECONDS:
            return self.answer
        if not self.lock.acquire(blocking=False):
            return self.answer or (["the first check is under way"], None)
        try:
            self.answer = examine()
            self.asked_at = time.monotonic()
        finally:
            self.lock.release()
        return self.answer


def examine():
    try:
        seconds = probe()
        reasons = [] if seconds is not None else [f"inbox: a probe did not arrive within {PROBE_SECONDS} s"]
        return [*reasons, *what_ails_the_worker()], seconds
    except DatabaseError as error:
        return [f"database: {type(error).__name__}"], None


def probe():
    """Publishes an event to the probe's inbox the way every verb does, and waits for it there. Returns the seconds
    until it came, None where it did not. Leaves nothing behind but the inbox's counter."""
    user = probe_user()
    started_at = time.monotonic()
    with transaction.atomic():
        event = publish(PROBE, user)
    try:
        while time.monotonic() - started_at < PROBE_SECONDS:
            if Notification.objects.of(user.pk).filter(event=event).exists():
                return time.monotonic() - started_at
            time.sleep(LOOK_SECONDS)
        return None
    finally:
        clean_up(user, event)


def probe_user():
    """The owner of the probe's inbox: a closed account without a mailbox, that nobody can sign in to."""
    users = get_user_model().objects
    user = users.filter(email=PROBE_ADDRESS).first()
    return user or users.create_user(PROBE_ADDRESS, is_active=False)


def clean_up(user, event):
    """Takes the probe away, and those of processes that died in the middle. Fresh ones of others are still awaited."""
    old = timezone.now() - timedelta(seconds=3 * PROBE_SECONDS)
    with transaction.atomic():
        Event.objects.about(user).filter(Q(pk=event.pk) | Q(created_at__lt=old), kind=PROBE).delete()
        Inbox.objects.filter(pk=user.pk).update(first_kept_seq=F("last_seq") + 1)


def what_ails_the_worker():
    now = timezone.now()
    seen_at = Duty.objects.filter(name=HEARTBEAT).values_list("ran_at", flat=True).first()
    reasons = []
    if seen_at is None:
        reasons.append("worker: none has run yet")
    elif now - seen_at > WORKER_SILENCE:
        reasons.append(f"worker: silent for {(now - seen_at).total_seconds():.0f} s")
    waiting = Event.objects.left_over().filter(error="", created_at__lt=now - LONGEST_WAIT).exclude(kind=PROBE)
    if waiting.exists():
        reasons.append(f"outbox: events have waited for more than {LONGEST_WAIT.total_seconds():.0f} s")
    return reasons


check = Check()
