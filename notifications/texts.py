"""Text messages: urgent word for those who asked for it, and all mail for those whom no mail reaches. Never what it is
about: a phone lies on the table. Each centre pays for so many a month."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from notifications import leases, sms
from notifications.batches import Batch
from notifications.models import Call, Channel, DeliveryState, SmsMonth
from notifications.registry import centre_of, origin_of

log = logging.getLogger(__name__)

OVER_BUDGET = "sms budget"


def send_due():
    """Sends the messages that are due. Returns how many it dealt with."""
    if not sms.is_on() or not leases.due(Channel.SMS).exists():
        return 0
    parcels = leases.claim(Channel.SMS)
    send(parcels)
    return len(parcels)


def send(parcels):
    gateway, trouble = sms.backend(), None
    for parcel in Batch(parcels, Channel.SMS).to_send():
        try:
            if trouble is not None:
                raise trouble  # away is away for the whole batch
            deal_with(parcel, gateway)
        except sms.Refused as error:
            refund(parcel)
            leases.give_up(parcel, error)
            ring_instead(parcel)
        except sms.Away as error:
            trouble = error
            leases.retry(parcel, error, least=timedelta(seconds=getattr(error, "seconds", None) or 0))
        except Exception as error:  # noqa: BLE001 -- one message must not stop the others
            log.warning("Text message %s was not sent: %s", parcel, type(error).__name__)
            leases.retry(parcel, error)


def deal_with(parcel, gateway):
    message = compose(parcel)
    if not pay(parcel, sms.parts_of(message.text)):
        leases.settle(parcel.rows, DeliveryState.SKIPPED, error=OVER_BUDGET)
        ring_instead(parcel)
        return
    gateway.send(message)
    leases.settle(parcel.rows, DeliveryState.SENT, sent_at=timezone.now(), error="")


def compose(parcel):
    """Who writes, that there is news, where to read it, where to ring. Nothing of what it says."""
    event = parcel.rows[0].notification.event
    centre = centre_of(event.municipality_id)
    place = reverse("notifications:open", args=[parcel.rows[0].notification.seq])
    if len(parcel.rows) > 1:
        place = reverse("notifications:inbox")
    values = {"centre": centre.name, "address": origin_of(event.municipality_id) + place, "phone": centre.phone}
    with translation.override(parcel.user.language):
        if parcel.is_urgent:
            words = _("%(centre)s: urgent news for you. Read it: %(address)s or ring us: %(phone)s") % values
        else:
            words = _("%(centre)s: there is news for you. Read it: %(address)s or ring us: %(phone)s") % values
    return sms.Message(to=str(parcel.user.phone), text=sms.in_letters(words), key=key_of(parcel))


def key_of(parcel):
    """The same for every attempt at the same message; it tells no numbers."""
    return salted_hmac("notifications.texts", str(parcel.lead.pk), algorithm="sha256").hexdigest()[:32]


# --- What it costs ---


@transaction.atomic
def pay(parcel, parts):
    """Takes these parts from the centre's month, once for each message however often it is tried. Returns whether there
    were enough left."""
    if parcel.lead.cost:
        return True
    municipality_id = parcel.lead.notification.event.municipality_id
    limit = centre_of(municipality_id).sms_per_month
    month = timezone.localdate().replace(day=1)
    SmsMonth.objects.bulk_create([SmsMonth(municipality_id=municipality_id or 0, month=month)], ignore_conflicts=True)
    # Compare and set: two workers cannot both take the last part.
    purse = SmsMonth.objects.filter(municipality_id=municipality_id or 0, month=month, parts__lte=limit - parts)
    if parts > limit or not purse.update(parts=F("parts") + parts):
        return False
    leases.write(parcel.lead, cost=parts)
    return True


@transaction.atomic
def refund(parcel):
    """What the gateway refused costs nothing."""
    if not parcel.lead.cost:
        return
    municipality_id = parcel.lead.notification.event.municipality_id or 0
    month = timezone.localdate().replace(day=1)
    purse = SmsMonth.objects.filter(municipality_id=municipality_id, month=month, parts__gte=parcel.lead.cost)
    purse.update(parts=F("parts") - parcel.lead.cost)
    leases.write(parcel.lead, cost=0)


def ring_instead(parcel):
    """Whom no message reaches either is rung by staff."""
    for event in {row.notification.event for row in parcel.rows}:
        Call.objects.store(event, [parcel.user.pk])
