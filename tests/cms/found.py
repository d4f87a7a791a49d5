"""The command that founds a municipality, with facts that are good."""

from django.core.management import call_command
from django_scopes import scopes_disabled
from wagtail.models import Collection, Page, Site

from accounts.models import User
from cms.models import SiteLook
from neighbourhoods.models import Membership, Municipality, Neighbourhood

PLACES = "nazwa;rodzaj;miejscownik;szerokosc;dlugosc\nWirek;dzielnica;w Wirku;50,2744;18,8644\nGodula;dzielnica;w Goduli;50,31;18,89\n"  # fmt: skip  # noqa: E501
OPTIONS = {
    "host": "kozienice.localhost",
    "name": "Kozienice",
    "locative": "w Kozienicach",
    "code": "KO",
    "terc": "1407053",
    "centre": "CUS w Kozienicach",
    "phone": "48 611 00 00",
    "lat": "50.28",
    "lon": "18.86",
    "dpo_name": "Anna Ochrona",
    "dpo_email": "iod@kozienice.example",
}


def command(slug="kozienice", **options):
    call_command("create_municipality", slug, **{**OPTIONS, **options})


def everything():
    """How many rows there are of whatever a municipality brings."""
    with scopes_disabled():
        models = (Municipality, Site, Page, Neighbourhood, Collection, SiteLook, Membership, User)
        return [model.objects.count() for model in models]
