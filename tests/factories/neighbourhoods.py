"""Factories of places."""

import factory
from factory.django import DjangoModelFactory
from wagtail.models import Page, Site

from neighbourhoods.models import Municipality, Neighbourhood


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    hostname = factory.Sequence(lambda number: f"gmina-{number}.localhost")
    port = 80
    root_page = factory.LazyFunction(Page.get_first_root_node)


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
