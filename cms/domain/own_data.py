"""This app's part of “my data”: the events that somebody registered for."""

from cms.domain import registrations
from cms.models import Registration


def export(user):
    rows = Registration.objects.of(user).with_events().order_by("pk")
    return {
        "events": [
            {
                "event": row.register.page.title,
                "starts": row.register.page.starts_at,
                "state": row.state,
                "needs": row.needs,
                "registered": row.queued_at,
            }
            for row in rows
        ]
    }


def erase(user):
    """Gives the places of coming events to others, and forgets that the person was ever on a list."""
    for registration in Registration.objects.of(user).live().with_events():
        registrations.leave(registration, actor=user)
    Registration.objects.of(user).delete()
