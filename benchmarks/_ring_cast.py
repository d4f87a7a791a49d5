"""Inside an installation: one person with a session, and a process that tells them things as a view would."""

import json
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402 -- Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from notifications.delivery import courier  # noqa: E402
from notifications.outbox import publish  # noqa: E402
from notifications.registry import Notice, register  # noqa: E402
from notifications.server import serve_pages  # noqa: E402


@register
class Ring(Notice):
    kind = "benchmarks.ring"
    label = "Ring"
    template = "notifications/notices/probe.txt"
    mail = False

    @staticmethod
    def recipients(event):
        return [event.subject_id]


def make_cast():
    user = User.objects.create_user("osoba@example.org", display_name="Osoba")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(json.dumps({"session": session.session_key, "cookie": settings.SESSION_COOKIE_NAME}))


def ring(count, pause_ms):
    """Publishes so many events; prints for each the moment of its commit and the milliseconds that telling cost the
    caller after it."""
    user = User.objects.get()
    # As a process that serves pages begins.
    serve_pages()
    told = []
    for _number in range(count):
        cost = 0.0

        def measured(event_id, take=courier.__class__.take):
            nonlocal cost
            began = time.perf_counter()
            take(courier, event_id)
            cost = 1000 * (time.perf_counter() - began)

        courier.take = measured
        with transaction.atomic():
            publish("benchmarks.ring", user)
        told.append([time.time(), cost])
        time.sleep(pause_ms / 1000)
    courier.stop()
    print(json.dumps(told))


if __name__ == "__main__":
    {"cast": make_cast, "ring": ring}[sys.argv[1]](*map(int, sys.argv[2:]))
