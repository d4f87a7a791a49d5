"""Inside an installation: many people with a session each, and a kind of news that goes to those whom its event names.

Run as a module it makes the people, prints how their sockets sign in, and then raises an event for every line it reads.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 -- Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from accounts.models import User  # noqa: E402
from notifications.models import Event  # noqa: E402
from notifications.registry import Notice, register  # noqa: E402

KIND = "benchmarks.crowd"


@register
class ToTheCrowd(Notice):
    """Goes to the people whose ids the event names, or to as many as it says; urgent, so that nothing holds it back."""

    kind = KIND
    label = "Crowd"
    template = "notifications/notices/probe.txt"
    mail = False
    can_wait = False

    @staticmethod
    def recipients(event):
        if "to" in event.data:
            return event.data["to"]
        return User.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)[: event.data["first"]]

    @staticmethod
    def is_urgent(event):
        return True


def make_people(count):
    """The ids of new people."""
    people = [
        User(email=f"osoba{number}@example.org", display_name=f"Osoba {number}", password="!")
        for number in range(count)
    ]
    return [user.pk for user in User.objects.bulk_create(people, batch_size=500)]


def sign_in(ids):
    """A session for each of these people; returns the keys."""
    until = timezone.now() + timezone.timedelta(days=1)
    store, sessions = SessionStore(), []
    for user in User.objects.filter(pk__in=ids).order_by("pk"):
        content = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        sessions.append(Session(session_key=key, session_data=store.encode(content), expire_date=until))
    Session.objects.bulk_create(sessions, batch_size=500)
    return [session.session_key for session in sessions]


def raise_event(data):
    """An event as a process leaves it that died after the commit: whichever worker looks first tells it."""
    with transaction.atomic():
        return Event.objects.create(
            kind=KIND, subject_type="accounts.user", subject_id=User.objects.values_list("pk")[0][0], data=data,
            not_before=timezone.now(),
        ).pk  # fmt: skip


def main(count):
    ids = make_people(count)
    print(json.dumps({"cookie": settings.SESSION_COOKIE_NAME, "ids": ids, "sessions": sign_in(ids)}), flush=True)
    for line in sys.stdin:
        print(raise_event(json.loads(line)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
