"""Inside an installation: the worker's way to send many letters, and a bare loop of smtplib that sends the same."""

import json
import smtplib
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402 -- Django must be set up first
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks._inbox_cast import KIND, make_people  # noqa: E402
from notifications import delivery, leases, letters  # noqa: E402
from notifications.models import Delivery, DeliveryState, Event  # noqa: E402
from notifications.words import Wording  # noqa: E402


def told(count):
    """One event told to so many people, each with a letter that waits."""
    make_people(count)
    with transaction.atomic():
        first = User.objects.order_by("pk").first()
        event = Event.objects.create(
            kind=KIND, subject_type="accounts.user", subject_id=first.pk, not_before=timezone.now()
        )
    delivery.deliver(event.pk, by_worker=True)


def by_worker(count):
    """Letters a second: composed in the reader's language, sent, acknowledged one by one."""
    began = time.perf_counter()
    while letters.send_due():
        pass
    seconds = time.perf_counter() - began
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == count
    return count / seconds


def bare(count):
    """Letters a second of a loop that does nothing but send one finished text."""
    parcel = leases.Parcel([Delivery.objects.select_related("notification__event", "notification__user").first()])
    letter = letters.compose(parcel, Wording(parcel.events, [parcel.user]))
    text, reader = letter.message().as_bytes(), parcel.user.email
    began = time.perf_counter()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as link:
        for _number in range(count):
            link.sendmail("ogniwo@localhost", [reader], text)
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    number = int(sys.argv[1])
    told(number)
    print(json.dumps({"worker": by_worker(number), "bare": bare(number)}))
