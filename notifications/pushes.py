"""Word on phones and computers whose owner asked for it (web push). The message says that there is news, never what:
a phone lies on the table. Only 404 and 410 end a subscription; any other trouble is the push service's, and passes."""

import json
import logging
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from notifications.many import among
from notifications.models import Channel, DeliveryState, PushSubscription
from notifications.registry import origin_of

log = logging.getLogger(__name__)

GONE = {404, 410}
NO_DEVICE = "no device"
DEVICES_LIMIT = 10
KEPT_SECONDS = 24 * 3600


class Trouble(Exception):
    """A push service could not take the message now."""


def is_on():
    """Whether the installation has keys, and the package of the production extra."""
    return bool(settings.VAPID_PRIVATE_KEY) and find_spec("pywebpush") is not None


def devices_of(user):
    return PushSubscription.objects.filter(user=user)


def with_devices(user_ids):
    """Ids of those who asked for word on some device."""
    if not is_on():
        return set()
    return set(PushSubscription.objects.filter(user__in=among(user_ids)).values_list("user", flat=True))


# --- Devices ---


def is_push_service(endpoint):
    """Whether this is the address of a known push service: we post to it, so it must lead nowhere else."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = any(host == name or host.endswith(f".{name}") for name in settings.PUSH_SERVICES)
    return parts.scheme == "https" and known and parts.port in {None, 443} and "@" not in parts.netloc


@transaction.atomic
def subscribe(user, *, endpoint, p256dh, auth, session=""):
    """This browser belongs to this person now; who used it before is told nothing more there."""
    PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults={"user": user, "p256dh": p256dh, "auth": auth, "session": session}
    )
    kept = list(devices_of(user).order_by("-pk").values_list("pk", flat=True)[:DEVICES_LIMIT])
    devices_of(user).exclude(pk__in=kept).delete()


def unsubscribe(user, *, endpoint):
    devices_of(user).filter(endpoint=endpoint).delete()


def forget_session(user_id, session):
    """Whoever signed out is told nothing more in that browser."""
    PushSubscription.objects.filter(user_id=user_id, session=session).delete()


# --- Sending ---


def send_due():
    """Sends what is due. Returns how much it dealt with."""
    from notifications import leases  # noqa: PLC0415 -- leases and batches need routes, which need this module

    if not is_on() or not leases.due(Channel.PUSH).exists():
        return 0
    parcels = leases.claim(Channel.PUSH)
    send(parcels)
    return len(parcels)


def send(parcels):
    from notifications import leases  # noqa: PLC0415 -- see send_due
    from notifications.batches import Batch  # noqa: PLC0415 -- see send_due

    devices = devices_by_user({parcel.user.pk for parcel in parcels})
    for parcel in Batch(parcels, Channel.PUSH).to_send():
        own = devices.get(parcel.user.pk, [])
        try:
            outcomes = [push(device, content_of(parcel)) for device in own]
        except Exception as error:  # noqa: BLE001 -- one message must not stop the others
            log.warning("Push %s was not sent: %s", parcel, type(error).__name__)
            leases.retry(parcel, error)
            continue
        settle(parcel, outcomes)


def devices_by_user(user_ids):
    found = {}
    for device in PushSubscription.objects.filter(user__in=user_ids).order_by("pk"):
        found.setdefault(device.user_id, []).append(device)
    return found


def settle(parcel, outcomes):
    """One device that took it is enough; where all are gone there is none to tell."""
    from notifications import leases  # noqa: PLC0415 -- see send_due

    if True in outcomes:
        leases.settle(parcel.rows, DeliveryState.SENT, sent_at=timezone.now(), error="")
    elif troubles := [it for it in outcomes if isinstance(it, Trouble)]:
        leases.retry(parcel, troubles[0])
    else:
        leases.settle(parcel.rows, DeliveryState.SKIPPED, error=NO_DEVICE)


def content_of(parcel):
    """What the service worker shows: the same words for everything."""
    rows = parcel.rows
    path = reverse("notifications:open", args=[rows[0].notification.seq])
    with translation.override(parcel.user.language):
        title = _("Urgent news for you") if parcel.is_urgent else _("There is news for you")
        body = _("Tap to read it.")
    url = origin_of(rows[0].notification.event.municipality_id) + path
    if len(rows) > 1:
        url = origin_of(rows[0].notification.event.municipality_id) + reverse("notifications:inbox")
    return json.dumps({"title": title, "body": body, "url": url, "tag": "ogniwo"}, ensure_ascii=False)


def push(device, content):
    """True where the push service took it, False where the device is gone (and is forgotten), else the Trouble."""
    import pywebpush  # noqa: PLC0415 -- in the production extra only

    try:
        pywebpush.webpush(
            {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}},
            content,
            vapid_private_key=settings.VAPID_PRIVATE_KEY,
            vapid_claims={"sub": settings.VAPID_CONTACT},
            ttl=KEPT_SECONDS,
            timeout=settings.PUSH_TIMEOUT,
        )
    except pywebpush.WebPushException as error:
        status = getattr(error.response, "status_code", None)
        if status in GONE:
            device.delete()
            return False
        return Trouble(f"the push service answered {status}")
    except OSError as error:
        return Trouble(f"the push service did not answer: {type(error).__name__}")
    return True
