"""This app's part of “my data”: what is given out, and what goes when an account is deleted."""

from notifications.models import (
    Call,
    DeadMailbox,
    Delivery,
    Event,
    Habits,
    Inbox,
    Notification,
    Preference,
    PushSubscription,
)


def export(user):
    """What a person was told and chose. The words are those of the pages; here are kinds and times."""
    notifications = Notification.objects.of(user.pk).with_events().order_by("seq")
    return {
        "notifications": [
            {"kind": told.event.kind, "when": told.event.created_at, "read": told.read_at} for told in notifications
        ],
        "choices": list(Preference.objects.filter(user=user).order_by("kind").values("kind", "channel", "wanted")),
        "habits": Habits.objects.filter(pk=user.pk).values().first(),
        "devices": list(PushSubscription.objects.filter(user=user).order_by("pk").values("endpoint", "created_at")),
        "calls": list(Call.objects.filter(user=user).order_by("pk").values("created_at", "state", "settled_at")),
        "acts": list(Event.objects.filter(actor=user).order_by("pk").values("kind", "created_at")),
    }


def erase(user):
    """Empties the inbox and forgets the choices. The audit trail keeps its events: they hold ids and codes only, and
    the account they name is blank."""
    Delivery.objects.filter(notification__user=user).delete()
    Notification.objects.of(user.pk).delete()
    Inbox.objects.filter(pk=user.pk).delete()
    Preference.objects.filter(user=user).delete()
    Habits.objects.filter(pk=user.pk).delete()
    DeadMailbox.objects.filter(pk=user.pk).delete()
    PushSubscription.objects.filter(user=user).delete()
    Call.objects.filter(user=user).delete()
    Habits.objects.filter(pk=user.pk).delete()
    DeadMailbox.objects.filter(pk=user.pk).delete()
    PushSubscription.objects.filter(user=user).delete()
    Call.objects.filter(user=user).delete()
