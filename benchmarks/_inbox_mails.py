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
from notifications import delivery, leases, letters, server  # noqa: E402
from notifications.models import Delivery, DeliveryState, Event  # noqa: E402
from notifications.printing import Printer  # noqa: E402
from notifications.words import Wording  # noqa: E402

PORTION = 1000


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
    """Seconds for so many letters: claimed, composed in the reader's language, sent, written down one by one."""
    began, sent = time.perf_counter(), 0
    while sent < count:
        sent += letters.send_due()
    return time.perf_counter() - began, sent


def bare(count, text, reader):
    """Seconds of a loop that does nothing but send one finished text."""
    began = time.perf_counter()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as link:
        for _number in range(count):
            link.sendmail("ogniwo@localhost", [reader], text)
    return time.perf_counter() - began


def finished_letter():
    row = Delivery.objects.select_related("notification__event", "notification__user").first()
    parcel = leases.Parcel([row])
    letter = Printer(Wording(parcel.events, [parcel.user])).compose(parcel)
    return letter.message().as_bytes(), parcel.user.email


def compare(count):
    """Letters a second of both, turn by turn: what else the machine does meanwhile hinders both alike."""
    told(count)
    server.warm_up()
    letter = finished_letter()
    mine = theirs = sent = 0
    while sent < count:
        seconds, number = by_worker(min(PORTION, count - sent))
        mine, sent = mine + seconds, sent + number
        theirs += bare(number, *letter)
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == count
    return {"worker": count / mine, "bare": count / theirs}


if __name__ == "__main__":
    print(json.dumps(compare(int(sys.argv[1]))))
