"""Asking for the newsletter: by anybody, for any address. It begins when whoever reads that mailbox confirms."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain import people
from accounts.models import Consent
from cms.domain.subscriptions import check_topics
from cms.models import Subscriber
from cms.models.newsletter import fingerprint_of, folded
from cms.states import SUBSCRIBER, SubscriberState
from cms.tasks import send_confirmation


def consent_words(centre_name):
    """What one agrees to, in the language that is switched on: kept with each consent as it was read."""
    return _(
        "I want the newsletter of %(centre)s by e-mail. I can leave at any time with one press in every letter."
    ) % {"centre": centre_name}


@transaction.atomic
def ask(municipality, *, address, language, topics, neighbourhoods=(), is_mailed=True):
    """Somebody typed an address in. Nothing comes to it before it is confirmed; whoever gets the newsletter there
    already keeps their choices, for a stranger may have typed it. Returns the row. Raises Refused without a topic.

    `is_mailed`: whether a letter goes to the address (it does not where it has had enough of them today).
    """
    check_topics(topics)
    subscriber = _row_of(municipality, folded(address))
    if subscriber.state != SubscriberState.CONFIRMED:
        subscriber.state = SUBSCRIBER["ask"][1]
        subscriber.address, subscriber.language, subscriber.topics = folded(address), language, list(topics)
        subscriber.asked_at = timezone.now()
        subscriber.consent_words = consent_words(municipality.centre_name)
        subscriber.privacy_version = people.text_version(Consent.Kind.PRIVACY, municipality)
        subscriber.save()
        subscriber.neighbourhoods.set(neighbourhoods)
    if is_mailed:
        send_confirmation.enqueue(subscriber.pk)
    return subscriber


def _row_of(municipality, address):
    """The row of an address, locked; a new one where there is none. Two who ask at the same moment get the same."""
    found = Subscriber.objects.at_address(address).select_for_update(of=("self",))
    if subscriber := found.first():
        return subscriber
    try:
        with transaction.atomic():
            return Subscriber.objects.create(
                municipality=municipality, address=address, fingerprint=fingerprint_of(address)
            )
    except IntegrityError:
        return found.get()
