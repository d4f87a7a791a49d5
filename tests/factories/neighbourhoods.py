"""Factories of places."""

import factory
from django.conf import settings
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site

from neighbourhoods.models import Membership, Municipality, Neighbourhood, Network, Organisation, Role
from tests.factories.accounts import UserFactory


def root_page():
    """The root of Wagtail's tree; a test that really commits leaves a database without the one from the migrations."""
    root = Page.get_first_root_node()
    if root is None:
        Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        root = Page.add_root(instance=Page(title="Root", slug="root"))
    return root


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    hostname = factory.Sequence(lambda number: f"gmina-{number}.localhost")
    port = 80
    root_page = factory.LazyFunction(root_page)


def code_of(number):
    """Two capital letters and one more for every 676: AA, AB, …"""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters[number // 676 % 26] + letters[number // 26 % 26] + letters[number % 26]


class MunicipalityFactory(DjangoModelFactory):
    """A gmina with a site of its own at gmina-N.localhost."""

    class Meta:
        model = Municipality

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda number: f"Gmina {number}")
    locative = factory.LazyAttribute(lambda municipality: municipality.name)
    slug = factory.Sequence(lambda number: f"gmina-{number}")
    code = factory.Sequence(code_of)
    terc = factory.Sequence(lambda number: f"{number:07d}")
    centre_name = factory.LazyAttribute(lambda municipality: f"CUS {municipality.name}")
    phone = "+48320000000"
    latitude = 50.2806
    longitude = 18.8592
    # No quiet hours: what tests expect must not depend on the hour at which they run.
    quiet_from = quiet_until = 0


class NeighbourhoodFactory(DjangoModelFactory):
    """A district in the middle of its municipality."""

    class Meta:
        model = Neighbourhood

    municipality = factory.SubFactory(MunicipalityFactory)
    kind = Neighbourhood.Kind.DISTRICT
    name = factory.Sequence(lambda number: f"Dzielnica {number}")
    slug = factory.Sequence(lambda number: f"dzielnica-{number}")
    locative = factory.LazyAttribute(lambda neighbourhood: neighbourhood.name)
    latitude = factory.SelfAttribute("municipality.latitude")
    longitude = factory.SelfAttribute("municipality.longitude")


class OrganisationFactory(DjangoModelFactory):
    """A partner of the centre."""

    class Meta:
        model = Organisation

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda number: f"Stowarzyszenie {number}")


class MembershipFactory(DjangoModelFactory):
    """An organiser. Traits: `coordinator`, `editor`, `director`, `partner` (of an organisation there), `ended`."""

    class Meta:
        model = Membership

    class Params:
        coordinator = factory.Trait(role=Role.COORDINATOR)
        editor = factory.Trait(role=Role.EDITOR)
        director = factory.Trait(role=Role.DIRECTOR)
        partner = factory.Trait(
            role=Role.PARTNER,
            organisation=factory.SubFactory(OrganisationFactory, municipality=factory.SelfAttribute("..municipality")),
        )
        ended = factory.Trait(ended_at=factory.LazyFunction(timezone.now))

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    role = Role.ORGANISER


class NetworkFactory(DjangoModelFactory):
    """A network of municipalities: `NetworkFactory(municipalities=[…], observers=[…])`."""

    class Meta:
        model = Network
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Sieć {number}")

    @factory.post_generation
    def municipalities(self, create, extracted, **kwargs):
        self.municipalities.set(extracted or [])

    @factory.post_generation
    def observers(self, create, extracted, **kwargs):
        self.observers.set(extracted or [])
