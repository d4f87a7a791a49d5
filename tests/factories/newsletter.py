"""Factories of the newsletter: people who get it, and issues."""

from itertools import count

from django.utils import timezone
from django_scopes import scope

from cms.domain import newsletters
from cms.models import Subscriber, Topic
from cms.models.newsletter import fingerprint_of
from tests.factories.accounts import UserFactory

numbers = count(1)


def make_subscriber(municipality, *, neighbourhoods=(), **fields):
    """Somebody who has confirmed and wants everything, unless something else is said."""
    address = fields.pop("address", f"czytelniczka{next(numbers)}@example.org")
    now = timezone.now()
    defaults = {
        "address": address,
        "fingerprint": fingerprint_of(address),
        "topics": Topic.values,
        "state": "confirmed",
        "consent_words": "Chcę newsletter.",
        "asked_at": now,
        "confirmed_at": now,
    }
    with scope(municipality=municipality):
        subscriber = Subscriber.objects.create(municipality=municipality, **{**defaults, **fields})
        subscriber.neighbourhoods.set(neighbourhoods)
    return subscriber


def make_issue(municipality, *, chosen=(), actor=None, sent=False, **words):
    """A draft with a title and a few words; `sent`: its letters wait."""
    words = {"title_pl": "Co słychać w sąsiedztwie", "lead_pl": "Dzień dobry!", **words}
    actor = actor or UserFactory()
    with scope(municipality=municipality):
        issue = newsletters.write(municipality, actor=actor, words=words, chosen=list(chosen), since=timezone.now())
        return newsletters.send(issue, actor=actor, version=issue.version) if sent else issue
