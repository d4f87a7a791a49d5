"""One person's inbox: how it stands, and reading what is in it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.utils import timezone

from notifications.models import Event, Inbox, Notification
from notifications.realtime import bell

# The bell does not count further: "99+".
COUNT_LIMIT = 100


@dataclass(frozen=True)
class Standing:
    """How an inbox stands: its last number, how many are unread, the first number kept."""

    last_seq: int = 0
    unread: int = 0
    first_kept_seq: int = 1


def standing_of(user_id):
    """One query, and therefore one moment: every notification up to the last number is counted, none beyond it."""
    unread = Notification.objects.unread().filter(user=OuterRef("pk")).order_by().values("user")
    count = Subquery(unread.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    found = Inbox.objects.filter(pk=user_id).values_list("last_seq", count, "first_kept_seq").first()
    if found is None:
        return Standing()
    last_seq, unread, first_kept_seq = found
    return Standing(last_seq, unread or 0, first_kept_seq)


def mark_read(user, seq):
    """Marks one notification read. Returns whether it was unread until now."""
    return bool(_mark(user, Notification.objects.of(user.pk).unread().filter(seq=seq)))


def mark_all_read(user, *, up_to):
    """Marks everything read that the person saw: what came in after they looked stays unread."""
    return _mark(user, Notification.objects.of(user.pk).unread().filter(seq__lte=up_to))


def mark_read_about(user, subject):
    """Marks everything read that this thing caused: they have it before their eyes. Returns how many were unread."""
    about = Event.objects.about(subject).order_by().values("pk")
    return _mark(user, Notification.objects.of(user.pk).unread().filter(event__in=about))


def _mark(user, notifications):
    changed = notifications.update(read_at=timezone.now())
    if changed:
        transaction.on_commit(lambda: bell.ring({"read": user.pk}))
    return changed
