"""A centre with fewer languages, one that is refused, and the portal."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from cms.domain import sites
from neighbourhoods.models import Municipality
from tests.cms.facts import FACTS, trees

pytestmark = pytest.mark.django_db


def test_site_can_be_built_in_polish_alone(db):
    sites.build_site(hostname="klucze.localhost", port=80, languages=["pl"], **FACTS)

    assert {code for code, address in trees() if "klucze" in address} == {"pl"}


def test_unreadable_colour_builds_nothing(db):
    with pytest.raises(ValidationError):
        sites.build_site(hostname="klucze.localhost", port=80, colour="#ffff00", **FACTS)

    assert not Municipality.objects.exists()


def test_portal_takes_the_place_of_wagtails_welcome(db):
    site = sites.build_portal(hostname="localhost", port=80, name="Ogniwo")

    assert (site.is_default_site, site.root_page.slug) == (True, "portal")
    assert not Page.objects.filter(slug="home").exists()
    for path in ("/", "/en/", "/uk/", "/aktualnosci/", "/en/news/"):
        assert Client(headers={"host": "localhost"}).get(path).status_code == 200


def test_portal_says_what_the_platform_knows_of_people(db):
    sites.build_portal(hostname="localhost", port=80)
    visitor = Client(headers={"host": "localhost"})

    for home, privacy in (("/", "/prywatnosc/"), ("/en/", "/en/privacy/"), ("/uk/", "/uk/pryvatnist/")):
        assert f'<li><a href="{privacy}">' in visitor.get(home).text
        assert visitor.get(privacy).status_code == 200


def test_privacy_of_the_portal_is_no_centres(db):
    sites.build_portal(hostname="localhost", port=80)

    words = Client(headers={"host": "localhost"}).get("/en/privacy/").text.replace("\xa0", " ")

    assert "One account serves you at all centres." in words
    assert "%(centre)s" not in words
