"""The only door of this app for others: say that something happened, and read what did."""

from django.db import connection

from notifications.models import Event


class NoTransaction(RuntimeError):
    """publish() was called outside a transaction: the event could survive a change that did not."""


def publish(kind, subject, *, actor=None, municipality=None, **data):
    """Records that something happened to `subject`, in the caller's transaction; whoever is concerned is told after
    its commit. `data` holds ids and codes only. Raises NoTransaction outside a transaction."""
    if not connection.in_atomic_block:
        raise NoTransaction(kind)
    return Event.objects.create(
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=actor,
        municipality_id=municipality.pk if municipality else None,
        data=data,
    )


def history(subject):
    """The events of one thing, oldest first, with the people who caused them."""
    return Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).select_related("actor")
