"""Inside an installation: a centre with its site and many open requests, and a signed-in helper."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 -- Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks import _site_cast  # noqa: E402
from benchmarks._stage import HOST  # noqa: E402
from cms.domain import sites  # noqa: E402
from neighbourhoods.cells import cell_at  # noqa: E402
from neighbourhoods.domain import whereabouts  # noqa: E402
from neighbourhoods.models import Neighbourhood  # noqa: E402
from volunteering.domain import taxonomy  # noqa: E402
from volunteering.domain.references import new_reference  # noqa: E402
from volunteering.models import Category, HelpRequest, Standing, Visit, VolunteerProfile  # noqa: E402
from volunteering.states import RequestState, StandingState  # noqa: E402


def make_cast(count):
    taxonomy.load()
    sites.build_portal(hostname="localhost", port=80, languages=[])
    municipality = sites.build_site(
        hostname=HOST, port=80, languages=[], name="Gmina", locative="w Gminie", slug="gmina", code="GM",
        terc="0000001", centre_name="CUS", phone="+48325550100", latitude=50.28, longitude=18.86,
    )  # fmt: skip
    place = Neighbourhood.objects.create(
        municipality=municipality, kind="district", name="Środek", slug="srodek", locative="w Środku",
        latitude=50.28, longitude=18.86,
    )  # fmt: skip
    categories = list(Category.objects.open())
    begin = timezone.now() + timedelta(days=2)
    for number in range(count):
        request = HelpRequest.objects.create(
            municipality=municipality, reference=new_reference(municipality), neighbourhood=place,
            category=categories[number % len(categories)], cell=cell_at(50.28, 18.86), state=RequestState.OPEN,
            words="Chodzi o zakupy.", published_at=timezone.now() - timedelta(minutes=number),
            whereabouts=whereabouts.keep(municipality, person_name="Osoba", phone="", address="Zmyślona 1"),
        )  # fmt: skip
        Visit.objects.create(help_request=request, starts_at=begin, ends_at=begin + timedelta(hours=1))
    _site_cast.fill(municipality, place)
    user = User.objects.create_user("osoba@example.org", display_name="Osoba")
    VolunteerProfile.objects.create(user=user, is_adult=True, home_neighbourhood=place, home_cell=cell_at(50.28, 18.86))
    Standing.objects.create(municipality=municipality, volunteer=user, state=StandingState.ACTIVE)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(json.dumps({"session": session.session_key, "cookie": settings.SESSION_COOKIE_NAME}))


if __name__ == "__main__":
    with scopes_disabled():
        {"cast": make_cast}[sys.argv[1]](*map(int, sys.argv[2:]))
