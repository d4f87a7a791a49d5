"""Getting the newsletter: confirmed by whoever reads the mailbox, changed, left by one press. What is kept of those who
left is enough to leave them alone, and no more."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from cms.domain.newsletter_links import CONFIRM_WITHIN
from cms.models import Subscriber, Topic
from cms.states import SUBSCRIBER, LeftWhy, SubscriberState
from volunteering.errors import Refused, TransitionError

# The address of somebody who left; then how long they are known by its fingerprint.
ADDRESS_KEPT = timedelta(days=30)
FINGERPRINT_KEPT = timedelta(days=3 * 365)


@transaction.atomic
def confirm(subscriber):
    """The owner of the mailbox says yes. Saying it twice changes nothing. Raises TransitionError for who has left."""
    locked = _lock(subscriber)
    if locked.state == SubscriberState.CONFIRMED:
        return locked
    _move(locked, "confirm")
    locked.confirmed_at, locked.left_at, locked.left_why = timezone.now(), None, LeftWhy.NONE
    locked.save(update_fields=["state", "confirmed_at", "left_at", "left_why"])
    return locked


@transaction.atomic
def choose(subscriber, *, topics, language, neighbourhoods=()):
    """Other things, another language. Raises Refused without a topic: who wants nothing leaves."""
    check_topics(topics)
    locked = _lock(subscriber)
    if locked.state != SubscriberState.CONFIRMED:
        raise TransitionError(_("You do not get the newsletter any more. You can sign up again."))
    locked.topics, locked.language = list(topics), language
    locked.save(update_fields=["topics", "language"])
    locked.neighbourhoods.set(neighbourhoods)
    return locked


@transaction.atomic
def leave(subscriber, *, why=LeftWhy.ASKED):
    """No more letters, at once. Leaving twice is leaving once."""
    locked = _lock(subscriber)
    if locked.state != SubscriberState.LEFT:
        _move(locked, "leave")
        locked.left_at, locked.left_why = timezone.now(), why
        locked.save(update_fields=["state", "left_at", "left_why"])
    return locked


def leave_everywhere(address, *, why):
    """The same at every centre."""
    with scopes_disabled():
        for subscriber in Subscriber.objects.at_address(address):
            leave(subscriber, why=why)


def hear_of(address, *, is_dead):
    """The mailbox died, or its owner called a letter a nuisance (`notifications.registry.hear_of_addresses`)."""
    leave_everywhere(address, why=LeftWhy.DEAD if is_dead else LeftWhy.COMPLAINED)


def check_topics(topics):
    if not topics or set(topics) - set(Topic.values):
        raise Refused(_("Choose at least one thing that you want to read about."))


def _lock(subscriber):
    return Subscriber.objects.select_for_update(of=("self",)).get(pk=subscriber.pk)


def _move(subscriber, verb):
    sources, target = SUBSCRIBER[verb]
    if subscriber.state not in sources:
        raise TransitionError(_("This link is no longer valid. You can sign up again."))
    subscriber.state = target


# Retention -----------------------------------------------------------------------------------------------------------


def erase_old(now):
    """In the open scope: who never confirmed goes after a week, or back to having left; the address of who left after a
    month, and the fingerprint after three years."""
    silent = Subscriber.objects.pending_since_before(now - CONFIRM_WITHIN)
    silent.filter(left_at=None).delete()
    silent.update(state=SubscriberState.LEFT, left_why=LeftWhy.NEVER_CONFIRMED)
    Subscriber.objects.left_before(now - FINGERPRINT_KEPT).delete()
    old = Subscriber.objects.left_before(now - ADDRESS_KEPT).exclude(address="")
    Subscriber.neighbourhoods.through._base_manager.filter(subscriber__in=old.values("pk")).delete()
    old.update(address="", topics=[])
