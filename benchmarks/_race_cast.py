"""Inside an installation: the people of the race, its rounds, and the truth afterwards. Speaks JSON lines."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 -- Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks._stage import HOST  # noqa: E402
from neighbourhoods.cells import cell_at  # noqa: E402
from neighbourhoods.domain import whereabouts  # noqa: E402
from neighbourhoods.models import Municipality, Neighbourhood  # noqa: E402
from volunteering.domain import taxonomy  # noqa: E402
from volunteering.domain.references import new_reference  # noqa: E402
from volunteering.models import (  # noqa: E402
    Category,
    Commitment,
    HelpRequest,
    Standing,
    Visit,
    VolunteerProfile,
)
from volunteering.states import HOLDING, LIVE, RequestState, StandingState  # noqa: E402


def make_cast(count):
    """A municipality and so many active helpers, each signed in; prints their session keys."""
    taxonomy.load()
    site = Site.objects.create(hostname=HOST, root_page=Page.get_first_root_node())
    municipality = Municipality.objects.create(
        site=site, name="Gmina", locative="w Gminie", slug="gmina", code="GM", terc="0000001", centre_name="CUS",
        phone="+48325550100", latitude=50.28, longitude=18.86, takes_per_week=32_000,
    )  # fmt: skip
    Neighbourhood.objects.create(
        municipality=municipality, kind="district", name="Środek", slug="srodek", locative="w Środku",
        latitude=50.28, longitude=18.86,
    )  # fmt: skip
    keys = []
    for number in range(count):
        user = User.objects.create_user(f"osoba{number}@example.org", display_name=f"Osoba {number}")
        VolunteerProfile.objects.create(user=user, is_adult=True)
        Standing.objects.create(
            municipality=municipality,
            volunteer=user,
            state=StandingState.ACTIVE,
            first_visit_released_at=timezone.now(),
        )
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    print(json.dumps({"sessions": keys, "cookie": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}))


def make_rounds(count, places):
    """So many requests with one visit each; every second one overlaps the one before it."""
    municipality = Municipality.objects.get()
    category = Category.objects.get(code="shopping")
    place = Neighbourhood.objects.get()
    made = []
    begin = timezone.now() + timedelta(days=2)
    first = HelpRequest.objects.count()
    for number in range(count):
        request = HelpRequest.objects.create(
            municipality=municipality, reference=new_reference(municipality), category=category, neighbourhood=place,
            cell=cell_at(50.28, 18.86), people_needed=places, state=RequestState.OPEN, published_at=timezone.now(),
            whereabouts=whereabouts.keep(municipality, person_name="Osoba", phone="", address="Zmyślona 1"),
        )  # fmt: skip
        start = begin + timedelta(hours=2 * ((first + number) // 2), minutes=15 * (number % 2))
        visit = Visit.objects.create(
            help_request=request, starts_at=start, ends_at=start + timedelta(hours=1), places=places
        )
        made.append({"path": f"/prosby/{request.reference}/wizyty/{visit.pk}/biore/", "visit": visit.pk})
    print(json.dumps(made))


def tell_truth():
    """What stands in the database: winners of each visit, and helpers with two tasks at once."""
    winners = {}
    for visit in Commitment.objects.filter(state__in=HOLDING).values_list("visit_id", flat=True):
        winners[visit] = winners.get(visit, 0) + 1
    clashes = (
        Commitment.objects.filter(state__in=LIVE)
        .filter(
            volunteer__commitments__state__in=LIVE,
            volunteer__commitments__starts_at__lt=F("ends_at"),
            volunteer__commitments__ends_at__gt=F("starts_at"),
        )
        .exclude(volunteer__commitments__pk=F("pk"))
        .count()
    )
    overfull = Visit.objects.filter(taken__gt=F("places")).count()
    print(json.dumps({"winners": winners, "clashes": clashes, "overfull": overfull}))


if __name__ == "__main__":
    with scopes_disabled():
        {"cast": make_cast, "rounds": make_rounds, "truth": tell_truth}[sys.argv[1]](*map(int, sys.argv[2:]))
