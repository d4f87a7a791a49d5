"""Addresses that no mail reaches: known from refusals and from what a mail service reports. They are written to no
more, and the desk hears of it."""

from django.contrib.auth import get_user_model
from django.db import transaction

from notifications import outbox
from notifications.models import DeadMailbox
from notifications.registry import centres_of

DIED = "notifications.mailbox_died"


@transaction.atomic
def bury(user, *, reason):
    """No more mail to this address. `reason` is a code. The desks of the person's centres are told, once for each
    address."""
    dead, _is_new = DeadMailbox.objects.select_for_update().get_or_create(user=user, defaults={"reason": reason})
    if dead.address == user.email:
        return
    dead.address, dead.reason = user.email, reason
    dead.save(update_fields=["address", "reason"])
    for municipality_id in centres_of(user.pk) or [None]:
        outbox.publish(DIED, user, municipality_id=municipality_id, reason=reason)


def bury_address(address, *, reason):
    """The same for whoever has this address; nothing where nobody has."""
    user = get_user_model().objects.filter(email=address.lower()).first()
    if user is not None:
        bury(user, reason=reason)


@transaction.atomic
def revive(user):
    """Mail came through, or the person says that the address works: it is written to again."""
    DeadMailbox.objects.filter(user=user).delete()
