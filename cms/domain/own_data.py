"""This app's part of “my data”: the events that somebody registered for, and the newsletters that come to them."""

from django_scopes import scopes_disabled

from cms.domain import registrations
from cms.models import Registration, Subscriber


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
        ],
        "newsletters": _newsletters(user),
    }


@scopes_disabled()
def _newsletters(user):
    """Signing in has proved the mailbox, so what comes there is the person's own."""
    rows = Subscriber.objects.at_address(user.email).select_related("municipality").order_by("pk")
    return [
        {
            "centre": row.municipality.centre_name,
            "state": row.state,
            "topics": row.topics,
            "neighbourhoods": [place.name for place in row.neighbourhoods.all()],
            "language": row.language,
            "asked": row.asked_at,
            "confirmed": row.confirmed_at,
            "left": row.left_at,
            "agreed_to": row.consent_words,
        }
        for row in rows
    ]


def erase(user):
    """Gives the places of coming events to others, forgets that the person was ever on a list, and that a newsletter
    came to them."""
    for registration in Registration.objects.of(user).live().with_events():
        registrations.leave(registration, actor=user)
    Registration.objects.of(user).delete()
    with scopes_disabled():
        Subscriber.objects.at_address(user.email).delete()
