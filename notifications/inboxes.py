"""One person's inbox: how it stands, and reading what is in it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from notifications.models import Inbox, Notification
from notifications.realtime import bell

# The bell does not count further: "99+".
COUNT_LIMIT = 100


@dataclass(frozen=True)
class Standing:
    """How an inbox stands: its last number, how many are unread (at most COUNT_LIMIT), the first number kept."""

    last_seq: int = 0
    unread: int = 0
    first_kept_seq: int = 1


def standing_of(user_id):
    """Two short queries; none of them grows with the inbox. Only numbers up to the last one are counted, so a client
    that adds what is newer counts nothing twice."""
    inbox = Inbox.objects.filter(pk=user_id).first()
    if inbox is None:
        return Standing()
    return Standing(inbox.last_seq, unread_up_to(user_id, inbox.last_seq), inbox.first_kept_seq)


def unread_up_to(user_id, last_seq):
    unread = Notification.objects.of(user_id).unread().filter(seq__lte=last_seq)
    return len(unread.order_by().values_list("pk")[:COUNT_LIMIT])


def mark_read(user, seq):
    """Marks one notification read. Returns whether it was unread until now."""
    return bool(_mark(user, Notification.objects.of(user.pk).unread().filter(seq=seq)))


def mark_all_read(user, *, up_to):
    """Marks everything read that the person saw: what came in after they looked stays unread."""
    return _mark(user, Notification.objects.of(user.pk).unread().filter(seq__lte=up_to))


def _mark(user, notifications):
    changed = notifications.update(read_at=timezone.now())
    if changed:
        transaction.on_commit(lambda: bell.ring({"read": user.pk}))
    return changed
