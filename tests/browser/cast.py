"""The people and places of the browser's journeys, made inside the installation that the browser visits."""

import json
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from cms.domain import sites
from config.demo import people
from neighbourhoods.cells import cell_at
from neighbourhoods.domain import membership
from neighbourhoods.models import Municipality, Neighbourhood, Role
from tests.browser import newsroom
from tests.cms import whole_site
from tests.factories.volunteering import CommitmentFactory, HelpRequestFactory, VisitFactory
from volunteering.domain import profiles, standings, taxonomy
from volunteering.models import Category, Commitment, Visit, VolunteerProfile

HOST = "ruda-slaska.localhost"
ALWAYS = [(1 << 24) - 1] * 7


def make(port):
    """One centre with an organiser and a helper who lives where the help is needed."""
    taxonomy.load()
    sites.build_portal(hostname="localhost", port=port, languages=[])
    municipality = sites.build_site(
        hostname=HOST, port=port, languages=[], name="Ruda Śląska", locative="w Rudzie Śląskiej", slug="ruda-slaska",
        code="RS", terc="2472011", centre_name="Centrum Usług Społecznych w Rudzie Śląskiej", phone="+48325550100",
        opening_hours="poniedziałek–piątek 7:30–15:30", latitude=50.2806, longitude=18.8592,
        quiet_from=0, quiet_until=0,
    )  # fmt: skip
    with scope(municipality=municipality):
        place = Neighbourhood.objects.create(
            municipality=municipality, kind="district", name="Wirek", slug="wirek", locative="w Wirku",
            latitude=50.27444, longitude=18.86444,
        )  # fmt: skip
        organiser = get_user_model().objects.create_user(people.ORGANISER, display_name="Jadwiga Ogniwo")
        membership.grant(organiser, municipality=municipality, role=Role.ORGANISER, actor=None)
        helper = get_user_model().objects.create_user(people.VOLUNTEER, display_name="Błażej Pomagajło")
        profiles.save_profile(
            VolunteerProfile(user=helper, is_adult=True, languages=["pl"], home_cell=cell_at(50.27444, 18.86444)),
            categories=Category.objects.open(),
            home_neighbourhood=place,
            availability=ALWAYS,
        )
        standing = standings.apply(helper, municipality=municipality)
        standings.activate(standing, actor=organiser)
        standings.release_first_visit(standing, actor=organiser)


def make_newsroom(port):
    """Another centre in its place: founded by the wizard, nothing written yet."""
    newsroom.make(HOST, port)


def make_urgent(port):
    """The same centre, on an afternoon when somebody needs help in the evening: the neighbour lives where the help is
    needed, a person on duty an hour's walk away."""
    make(port)
    with scopes_disabled():
        municipality, place = Municipality.objects.get(), Neighbourhood.objects.get()
        on_duty = get_user_model().objects.create_user(people.RESIDENT, display_name="Danuta Gotowa")
        organiser = get_user_model().objects.get(email=people.ORGANISER)
    with scope(municipality=municipality):
        profiles.save_profile(
            VolunteerProfile(user=on_duty, is_adult=True, languages=["pl"], home_cell=cell_at(50.31, 18.86444)),
            categories=Category.objects.open(),
            home_neighbourhood=place,
            availability=ALWAYS,
            radius=10_000,
            on_duty_until=timezone.now() + timedelta(hours=12),
        )
        standing = standings.apply(on_duty, municipality=municipality)
        standings.activate(standing, actor=organiser)
        evening = timezone.localtime().replace(hour=18, minute=0, second=0, microsecond=0)
        VisitFactory(
            help_request=HelpRequestFactory(
                municipality=municipality,
                neighbourhood=place,
                category=Category.objects.get(code="conversation"),
                reference="RS-D22R",
                awaiting_review=True,
            ),
            starts_at=evening,
            ends_at=evening + timedelta(hours=1),
        )


def make_whole(port):
    """A new centre as the command makes it, filled; the addresses of its pages are left beside the database."""
    sites.build_portal(hostname="localhost", port=port, languages=[])
    municipality = whole_site.found(settings.VAR_DIR, port=port)
    founded = whole_site.paths(municipality)
    _resident, values = whole_site.fill(municipality)
    whole_site.crowd(municipality)
    addresses = {
        "founded": founded,
        "pages": whole_site.paths(municipality),
        "application": whole_site.addresses(values),
        "forms": whole_site.forms(values),
    }
    Path(settings.VAR_DIR, "addresses.json").write_text(json.dumps(addresses))


def agree(_number):
    """A resident whose request the helper has promised to answer the day after tomorrow; both have agreed."""
    helper = get_user_model().objects.get(email=people.VOLUNTEER)
    resident = people.person(people.RESIDENT, "Grażyna Przykład", 5000)
    municipality = Municipality.objects.get()
    with scope(municipality=municipality):
        request = HelpRequestFactory(
            municipality=municipality,
            neighbourhood=Neighbourhood.objects.get(),
            category=Category.objects.get(code="conversation"),
            requester=resident,
            reference="RS-TALK",
        )
        CommitmentFactory(visit=VisitFactory(help_request=request, full=True), volunteer=helper)


def pass_time(hours):
    """Moves every visit into the past, as if so many hours had gone by."""
    shift = timedelta(hours=hours)
    with scopes_disabled():
        for model in (Visit, Commitment):
            model.objects.update(starts_at=F("starts_at") - shift, ends_at=F("ends_at") - shift)


ACTS = {
    "make": make,
    "make_whole": make_whole,
    "make_newsroom": make_newsroom,
    "make_urgent": make_urgent,
    "agree": agree,
    "pass_time": pass_time,
}
