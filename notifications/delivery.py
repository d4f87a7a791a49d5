"""From an event to the inboxes of the people concerned: once for each of them, however often it is tried."""

import contextvars
import logging
import queue
import threading
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_scopes import scope

from notifications import frames, numbering, routes
from notifications.connections import KeptConnections
from notifications.many import IdList, among, listed
from notifications.models import Call, Event
from notifications.realtime import bell
from notifications.registry import NOTICES

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
EVENTS_AT_ONCE = 100


def deliver(event_id, *, by_worker=False):
    """Tells everybody concerned of one event: numbers, notifications and letters in one short transaction of its own,
    then the doorbell. Returns id of the person → number of the notifications it made.

    Whom to tell is worked out before that transaction. More people than DELIVER_AT_ONCE are left to the worker.
    """
    event = Event.objects.undelivered().filter(pk=event_id).first()
    if event is None:
        return {}
    people = people_concerned(event)
    if len(people) > settings.DELIVER_AT_ONCE and not by_worker:
        Event.objects.undelivered().filter(pk=event_id).update(not_before=timezone.now())
        return {}
    with listed(people) as ids:
        readers = readers_of(ids)
        planned = routes.plan(event, readers, ids)
        with transaction.atomic():
            seqs = numbering.fill(event.pk, ids, planned.rows)
            if planned.to_ring:
                Call.objects.store(event, planned.to_ring)
    if seqs:
        transaction.on_commit(lambda: ring(event, readers, seqs), robust=True)
    return seqs


def people_concerned(event):
    """Ids of the people that the notice names, without the actor: nobody is told of their own act."""
    notice = NOTICES.get(event.kind)
    if notice is None:
        return set()
    try:
        with scope(municipality=event.municipality_id):
            people = {getattr(person, "pk", person) for person in notice.recipients(event)}
    except Exception:
        if event.subject is not None:
            raise
        # Deleted between the commit and here: trying again every hour would not bring it back.
        log.info("Event %s is of something that was deleted since", event.pk)
        return set()
    return people - {None, event.actor_id}


class Reader(NamedTuple):
    """What a delivery needs to know of one of very many people. Of e-mail and phone it knows whether there is one."""

    pk: int
    language: str
    is_active: bool
    email: bool
    phone: bool


def readers_of(people):
    """Those of these people who exist: users, or where they are very many only what is asked of them here."""
    users = get_user_model().objects.filter(pk__in=among(people))
    if len(people) <= settings.DELIVER_AT_ONCE:
        return list(users.order_by("pk"))
    return [Reader(pk, *traits) for *traits, ids in kinds_of(users) for pk in ids]


def kinds_of(users):
    """The users by what they have in common, with the ids of each kind. To fetch ten thousand users one by one costs
    as much as the rows that are written for them."""
    kinds = users.annotate(has_mail=~Q(email=""), has_phone=~Q(phone=""))
    return kinds.values_list("language", "is_active", "has_mail", "has_phone").annotate(ids=IdList("pk"))


def ring(event, readers, seqs):
    """Rings for the open sockets, with a copy of the words. Words of one reader's own are copied for few readers only:
    of very many, each of these reads them from the database."""
    if not bell.can_be_heard():
        return
    told = [reader for reader in readers if reader.pk in seqs]
    few = len(told) <= settings.DELIVER_AT_ONCE
    bell.ring(frames.copies(event, told, seqs) if few else frames.shared_copies(event, told, seqs))


def attempt(event_id, *, by_worker=False):
    """Delivers, and puts off what fails: the change that the event speaks of is saved and must not become an error."""
    try:
        deliver(event_id, by_worker=by_worker)
    except Exception as error:
        log.exception("Event %s could not be delivered", event_id)
        put_off(event_id, error)


def put_off(event_id, error):
    """The next attempt comes after 5, 10, 20 … seconds, at most after an hour; the desk sees what is stuck."""
    try:
        event = Event.objects.undelivered().filter(pk=event_id).first()
        if event is None:
            return
        pause = min(FIRST_PAUSE * 2 ** min(event.attempts, 20), LONGEST_PAUSE)
        Event.objects.undelivered().filter(pk=event_id).update(
            attempts=F("attempts") + 1,
            not_before=timezone.now() + pause,
            error=f"{type(error).__name__}: {error}"[:500],
        )
    except Exception:
        log.exception("Event %s could not be put off", event_id)


def deliver_left_over():
    """The worker's part: events of a process that died, put off, or with many people to tell. Returns how many."""
    found = list(Event.objects.left_over().order_by("pk").values_list("pk", flat=True)[:EVENTS_AT_ONCE])
    for event_id in found:
        attempt(event_id, by_worker=True)
    return len(found)


class Courier:
    """A thread of a web process that delivers right after the commit, so that no request waits for it.

    Processes that serve pages switch it on; elsewhere (worker, commands, tests) delivery happens in the thread that
    committed. What a dying process leaves in the queue is found by the worker.
    """

    def __init__(self):
        self.is_on = False
        self.lock = threading.Lock()
        self.events = queue.SimpleQueue()
        self.thread = None

    def take(self, event_id):
        if not self.is_on:
            attempt(event_id)
            return
        self.events.put(event_id)
        with self.lock:
            if self.thread is None or not self.thread.is_alive():  # not inherited by a fork
                self.thread = threading.Thread(target=self._run, name="courier", daemon=True)
                self.thread.start()

    def stop(self, timeout=5):
        """Delivers what is queued and ends."""
        self.is_on = False
        if self.thread is not None:
            self.events.put(None)
            self.thread.join(timeout)

    def _run(self):
        kept = KeptConnections()
        try:
            while (event_id := self.events.get()) is not None:
                # In a context of its own: a scope must not leak from one event into the next.
                contextvars.Context().run(attempt, event_id)
                kept.refresh()
        finally:
            kept.close()


courier = Courier()
