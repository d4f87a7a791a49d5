"""The only door of this app for others: say that something happened, read what did, close a person's sockets."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.utils import timezone

from notifications.delivery import courier
from notifications.models import Delivery, Event
from notifications.realtime import bell
from notifications.registry import discreet_kinds

# The moment at which history is being written (imports, the demonstration), or None: now.
_past = ContextVar("past", default=None)


class NoTransaction(RuntimeError):
    """publish() was called outside a transaction: the event could survive a change that did not."""


def publish(kind, subject, *, actor=None, municipality=None, municipality_id=None, **data):
    """Records that something happened to `subject`, in the caller's transaction; whoever is concerned is told after
    its commit. `data` holds ids and codes only. Raises NoTransaction outside a transaction."""
    if not connection.in_atomic_block:
        raise NoTransaction(kind)
    if municipality is not None:
        municipality_id = municipality.pk
    event = Event.objects.create(
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=actor,
        municipality_id=municipality.pk
        if municipality
        else municipality_id or getattr(subject, "municipality_id", None),
        data=data,
        created_at=_past.get() or timezone.now(),
        delivered_at=_past.get(),
    )
    if event.delivered_at:
        return event
    # The callback is lost if the process dies after the commit: then the worker finds the event.
    transaction.on_commit(lambda: courier.take(event.pk), robust=True)
    return event


@contextmanager
def backdated(moment):
    """Events published inside happened at `moment`; nobody is told of them: for histories that are written later."""
    token = _past.set(moment)
    try:
        yield
    finally:
        _past.reset(token)


def history(subject, parts=None):
    """The events of one thing, oldest first, with the people who caused them. `parts`: a queryset of other things whose
    events belong to the same story."""
    return Event.objects.about(subject, parts).select_related("actor")


def revoke(user_id, *, session=""):
    """Closes a person's open sockets after the commit: all of them (closed account, changed role; who still may comes
    back by itself), or those of one session, named by `sessions.fingerprint` (signed out there)."""
    transaction.on_commit(lambda: bell.ring({"revoked": user_id, "session": session}), robust=True)


def failures(municipality=None):
    """Letters that were given up, newest first: staff must reach these people in another way. Each has
    `notification.user`, `notification.event`, `error` and `attempts`. What is discreet is left out."""
    failed = Delivery.objects.failed().exclude(notification__event__kind__in=discreet_kinds())
    return failed.of(municipality) if municipality else failed


def stuck(municipality=None):
    """Events that nobody could be told of so far, with the reason in `error`. They are tried again at least hourly."""
    events = Event.objects.stuck()
    return events.of(municipality) if municipality else events
