"""A whole centre as one call builds it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django_scopes import scopes_disabled
from wagtail.models import GroupPagePermission, Page, Site

from cms.domain import sites
from cms.models import CallIndexPage, CrisisLine, EditorialTeam, EventIndexPage, HomePage, NeighbourhoodPage, SiteLook
from neighbourhoods.models import Municipality
from tests.cms.facts import FACTS, trees
from tests.factories.neighbourhoods import NeighbourhoodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(kept):
    """Building one takes a second: one does for all."""
    return sites.build_site(hostname="klucze.localhost", port=80, colour="#7a3b0f", **FACTS).pk


@pytest.fixture
def klucze(built, db):
    return Municipality.objects.with_site().get(pk=built)


def test_site_has_its_pages_in_three_languages(klucze):
    host = "http://klucze.localhost"
    expected = {
        "pl": [
            "/",
            "/aktualnosci/",
            "/dostepnosc/",
            "/kontakt/",
            "/nabory/",
            "/o-nas/",
            "/prywatnosc/",
            "/uslugi/",
            "/wydarzenia/",
            "/zasady/",
        ],
        "en": [
            "/en/",
            "/en/about/",
            "/en/accessibility/",
            "/en/calls/",
            "/en/contact/",
            "/en/events/",
            "/en/news/",
            "/en/privacy/",
            "/en/services/",
            "/en/terms/",
        ],
        "uk": [
            "/uk/",
            "/uk/dostupnist/",
            "/uk/konkursy/",
            "/uk/kontakt/",
            "/uk/novyny/",
            "/uk/podii/",
            "/uk/pravyla/",
            "/uk/posluhy/",
            "/uk/pro-nas/",
            "/uk/pryvatnist/",
        ],
    }

    own = [entry for entry in trees() if entry[1].startswith(host)]

    assert own == sorted((code, host + path) for code, paths in expected.items() for path in paths)


def test_every_page_of_a_new_site_answers(klucze):
    client = Client(headers={"host": "klucze.localhost"})

    answers = {
        address: client.get(address.removeprefix("http://klucze.localhost")).status_code
        for _code, address in trees()
        if "klucze" in address
    }

    assert set(answers.values()) == {200}


def test_lists_of_events_and_calls_are_found_from_every_page(klucze):
    client = Client(headers={"host": "klucze.localhost"})

    for home, menu, footer in (
        ("/", "/wydarzenia/", "/nabory/"),
        ("/en/", "/en/events/", "/en/calls/"),
        ("/uk/", "/uk/podii/", "/uk/konkursy/"),
    ):
        words = client.get(home).text

        assert f'<a class="nav__link" href="{menu}">' in words
        assert f'<li><a href="{footer}">' in words
        assert (client.get(menu).status_code, client.get(footer).status_code) == (200, 200)


def test_lists_that_somebody_made_before_are_kept(klucze):
    """A centre that has its lists at other addresses gets no second ones."""
    mine = EventIndexPage.objects.get(slug="wydarzenia")
    mine.slug = "spotkania"
    mine.save_revision().publish()

    sites.complete_site(klucze)

    assert list(EventIndexPage.objects.filter(locale=mine.locale).values_list("slug", flat=True)) == ["spotkania"]
    assert EventIndexPage.objects.count() == CallIndexPage.objects.count() == 3


def test_site_has_its_team_and_looks(klucze):
    team = EditorialTeam.objects.get(site=klucze.site)
    look = SiteLook.objects.get(site=klucze.site)

    assert GroupPagePermission.objects.filter(group=team.group).values("page").distinct().count() == 3
    assert (look.colour, look.privacy_page.slug, look.accessibility_page.slug) == (
        "#7a3b0f",
        "prywatnosc",
        "dostepnosc",
    )


def test_contact_page_has_the_facts_of_the_centre(klucze):
    words = Client(headers={"host": "klucze.localhost"}).get("/kontakt/").content.decode()

    for expected in ("32 555 01 12", "cus@klucze.example", "ul. Bajkowa 1", "8:00–16:00"):
        assert expected in words.replace("\xa0", " ")


def test_gmina_is_built_once(klucze):
    for taken in ("slug", "code", "terc"):
        facts = {**FACTS, "slug": "inna", "code": "IN", "terc": "0000001", taken: FACTS[taken]}

        with pytest.raises((IntegrityError, ValidationError)):
            sites.build_site(hostname="inna.localhost", port=80, **facts)

    assert Municipality.objects.count() == 1
    assert not Site.objects.filter(hostname="inna.localhost").exists()


def test_neighbourhood_pages_are_built_once_each(klucze):
    for name, slug in (("Chechło", "chechlo"), ("Kolbark", "kolbark")):
        NeighbourhoodFactory(municipality=klucze, name=name, slug=slug)

    sites.build_neighbourhood_pages(klucze, leads={"kolbark": "Wieś pod skałami."}, languages=["pl", "en"])
    sites.build_neighbourhood_pages(klucze, languages=["pl", "en"])

    with scopes_disabled():
        found = sorted(NeighbourhoodPage.objects.values_list("slug", "locale__language_code", "lead"))
    assert found == [
        ("chechlo", "en", ""),
        ("chechlo", "pl", ""),
        ("kolbark", "en", ""),
        ("kolbark", "pl", "Wieś pod skałami."),
    ]


def test_site_begins_with_the_nationwide_numbers(klucze):
    lines = CrisisLine.objects.of_site(klucze.site)

    assert [line.phone for line in lines] == ["800 70 2222", "800 120 002", "116 111"]
    assert all(line.text_pl and line.text_en and line.text_uk for line in lines)


def test_portal_and_centre_stand_side_by_side(klucze):
    sites.build_portal(hostname="localhost", port=80)

    assert HomePage.objects.get(pk=klucze.site.root_page_id).full_url == "http://klucze.localhost/"


def test_port_is_changed_everywhere(klucze):
    sites.use_port(8123)

    assert set(Site.objects.values_list("port", flat=True)) == {8123}
    assert klucze.site.root_page.full_url == "http://klucze.localhost:8123/"


def test_root_of_all_pages_has_a_polish_name(klucze):
    assert Page.get_first_root_node().title == "Wszystkie strony"
