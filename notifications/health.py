"""Whether telling people works from end to end: not "the process is up", but "a message arrives"."""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from notifications import operations
from notifications.models import Event, Inbox, Notification
from notifications.notices import PROBE
from notifications.operations import LONGEST_WAIT
from notifications.outbox import publish

PROBE_ADDRESS = "readyz@ogniwo.invalid"
# A worker that lives looks every second; nobody who asks waits longer than this.
PROBE_SECONDS = 5
FIRST_LOOK_SECONDS, LAST_LOOK_SECONDS = 0.02, 0.2
KEPT_SECONDS = 5


@dataclass(frozen=True)
class Answer:
    """What is wrong (nothing: ready), and the seconds until the probes came into the inbox: the one that goes the way
    of every verb, and the one that only a worker delivers. None: it did not come, or was not sent."""

    reasons: list
    inbox_seconds: float | None = None
    worker_seconds: float | None = None


class Check:
    """The last answer, kept for some seconds: however many ask, one probe runs, and nobody else waits for it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.answer = None
        self.asked_at = 0.0

    def run(self):
        if self.answer is not None and time.monotonic() - self.asked_at < KEPT_SECONDS:
            return self.answer
        if not self.lock.acquire(blocking=False):
            return self.answer or Answer(["the first check is under way"])
        try:
            self.answer = examine()
            self.asked_at = time.monotonic()
        finally:
            self.lock.release()
        return self.answer


def examine():
    try:
        silence = why_silent()
        # Of a worker that has been gone for long nothing is awaited: the answer comes at once.
        inbox, worker = probe(with_worker=not silence)
        reasons = [] if inbox is not None else [f"inbox: a probe did not arrive within {PROBE_SECONDS} s"]
        if not silence and worker is None:
            silence = [f"worker: a probe did not arrive within {PROBE_SECONDS} s"]
        return Answer([*reasons, *silence, *what_waits()], inbox, worker)
    except DatabaseError as error:
        return Answer([f"database: {type(error).__name__}"])


def probe(*, with_worker=True):
    """Sends two events to the probe's inbox and waits for them there. One is published the way every verb does it, the
    other one left to the worker, as news for many people is. Returns the seconds until each came, None where it did
    not. Leaves nothing behind but the inbox's counter."""
    user = probe_user()
    started_at = time.monotonic()
    with transaction.atomic():
        sent = [publish(PROBE, user).pk]
        if with_worker:
            sent.append(leave_to_worker(user).pk)
    try:
        came = wait_for(user, sent, started_at)
    finally:
        clean_up(user, sent)
    return came.get(sent[0]), came.get(sent[-1]) if with_worker else None


def leave_to_worker(user):
    """An event that no process but a worker's takes up: it is due, and nobody was given it after the commit."""
    return Event.objects.create(
        kind=PROBE, subject_type=user._meta.label_lower, subject_id=user.pk, not_before=timezone.now()
    )


def wait_for(user, sent, started_at):
    """Id of the event → seconds, for those that came in time."""
    came, pause = {}, FIRST_LOOK_SECONDS
    while True:
        arrived = set(Notification.objects.of(user.pk).filter(event__in=sent).values_list("event", flat=True))
        seconds = time.monotonic() - started_at
        came |= dict.fromkeys(arrived - came.keys(), seconds)
        if len(came) == len(sent) or seconds + pause > PROBE_SECONDS:
            return came
        time.sleep(pause)
        pause = min(1.3 * pause, LAST_LOOK_SECONDS)


def probe_user():
    """The owner of the probe's inbox: a closed account without a mailbox, that nobody can sign in to."""
    users = get_user_model().objects
    user = users.filter(email=PROBE_ADDRESS).first()
    return user or users.create_user(PROBE_ADDRESS, is_active=False)


def clean_up(user, sent):
    """Takes the probes away, and those of processes that died in the middle. Fresh ones of others are still awaited;
    what a worker has in hand this moment goes with the next check."""
    old = timezone.now() - timedelta(seconds=3 * PROBE_SECONDS)
    probes = Event.objects.about(user).filter(Q(pk__in=sent) | Q(created_at__lt=old), kind=PROBE)
    with transaction.atomic():
        ours = list(probes.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Event.objects.filter(pk__in=ours).delete()
        Inbox.objects.filter(pk=user.pk).update(first_kept_seq=F("last_seq") + 1)


def why_silent():
    """What is wrong with the worker's sign of life; empty where it was seen just now."""
    crew = operations.crew()
    if crew.seen_at is None:
        return ["worker: none has run yet"]
    silence = (timezone.now() - crew.seen_at).total_seconds()
    return [f"worker: silent for {silence:.0f} s"] if crew.is_silent else []


def what_waits():
    waiting = Event.objects.left_over().filter(error="", created_at__lt=timezone.now() - LONGEST_WAIT)
    if waiting.exclude(kind=PROBE).exists():
        return [f"outbox: events have waited for more than {LONGEST_WAIT.total_seconds():.0f} s"]
    return []


check = Check()
