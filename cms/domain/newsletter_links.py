"""Signed links in letters of the newsletter: to confirm (for a week), to change one's choices, to leave (for ever)."""

import uuid
from datetime import timedelta

from django.core import signing
from django.urls import reverse

from cms.models import Subscriber

CONFIRM_WITHIN = timedelta(days=7)
CONFIRMING = signing.TimestampSigner(salt="cms.newsletter.confirm")
OWN_LINKS = signing.Signer(salt="cms.newsletter.own")


def confirming_token(subscriber):
    return CONFIRMING.sign(subscriber.key.hex)


def own_token(subscriber):
    """Opens nothing but one's own choices, and the way out. It does not expire: letters are kept for years."""
    return OWN_LINKS.sign(subscriber.key.hex)


def of_confirming_token(token):
    """The subscriber in the open scope whom a fresh token names; None for anything else."""
    return _of_token(token, CONFIRMING, max_age=CONFIRM_WITHIN)


def of_own_token(token):
    return _of_token(token, OWN_LINKS)


def _of_token(token, signer, **limits):
    try:
        key = uuid.UUID(hex=signer.unsign(token, **limits))
    except (signing.BadSignature, ValueError):
        return None
    return Subscriber.objects.filter(key=key).first()


def confirming_address(subscriber, origin):
    return origin + reverse("cms:newsletter_confirm", args=[confirming_token(subscriber)])


def choices_address(subscriber, origin):
    return origin + reverse("cms:newsletter_choices", args=[own_token(subscriber)])


def leaving_address(subscriber, origin):
    return origin + reverse("cms:newsletter_leave", args=[own_token(subscriber)])
