"""A new municipality as the command makes it, and what completing it does."""

import re

import pytest
from django.core.management import CommandError
from django_scopes import scopes_disabled
from wagtail.models import Page

from cms.models import ContactPage, NeighbourhoodPage, SiteLook, StandardPage
from neighbourhoods.models import Membership, Municipality, Neighbourhood, Role
from notifications import outbox
from tests.cms.found import PLACES, command, everything
from tests.factories.cms import make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def founded(kept, tmp_path_factory):
    """Founding one takes two seconds: one does for all."""
    path = tmp_path_factory.mktemp("founding") / "miejsca.csv"
    path.write_text(PLACES)
    command(neighbourhoods=str(path), organiser="osl@kozienice.example")


@pytest.fixture
def kozienice(founded, db):
    return Municipality.objects.with_site().get()


@pytest.mark.postgres
def test_command_makes_a_whole_site_in_preparation(kozienice):
    pages = Page.objects.filter(url_path__startswith="/kozienice")

    assert kozienice.in_preparation
    assert (kozienice.site.hostname, str(kozienice.phone)) == ("kozienice.localhost", "+48486110000")
    assert sorted({page.locale.language_code for page in pages}) == ["en", "pl", "uk"]
    assert pages.live().count() == 3 * 12
    assert SiteLook.for_site(kozienice.site).dpo_name == "Anna Ochrona"
    with scopes_disabled():
        assert sorted(Neighbourhood.objects.values_list("slug", flat=True)) == ["godula", "wirek"]
        assert NeighbourhoodPage.objects.count() == 6
        assert Membership.objects.get().role == Role.ORGANISER
    assert [event.kind for event in outbox.history(kozienice)] == ["neighbourhoods.municipality_found"]


def test_about_page_names_the_principles_of_the_act(kozienice):
    page = StandardPage.objects.get(slug="o-nas")

    assert "<ul><li>" in str(page.body)


def test_every_page_answers_staff_and_nobody_else(kozienice, browse):
    client, stranger = browse(kozienice, make_editor(kozienice)), browse(kozienice)
    pages = Page.objects.filter(url_path__startswith="/kozienice").select_related("locale")
    paths = {page.full_url.removeprefix("http://kozienice.localhost:443"): page for page in pages}

    answers = {path: client.get(path) for path in paths}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert {stranger.get(path).status_code for path in paths} == {404}
    for path, answer in answers.items():
        language = paths[path].locale.language_code
        assert f'<html lang="{language}"' in answer.text
        # Nothing is fetched from elsewhere.
        assert re.findall(r'(?:src|srcset|rel="stylesheet" href)="https?://', answer.text) == []
    titles = [
        (paths[path].locale_id, re.search(r"(?s)<title>(.*?)</title>", answer.text)[1])
        for path, answer in answers.items()
    ]
    assert len(set(titles)) == len(titles)


def test_one_slug_is_founded_once(kozienice):
    before = everything()

    with pytest.raises(CommandError, match="--complete"):
        command()

    assert everything() == before


def test_completing_adds_what_is_missing_and_changes_nothing_else(kozienice, places):
    page = StandardPage.objects.get(slug="o-nas")
    page.title = "Kim jesteśmy"
    page.save_revision().publish()
    ContactPage.objects.get(slug="contact").delete()
    places.write_text(PLACES + "Halemba;dzielnica;w Halembie;50.24;18.85\n")

    command(complete=True, neighbourhoods=str(places), address="Rynek 1", name="Inna", code="XX")

    kozienice.refresh_from_db()
    assert (kozienice.name, kozienice.code, kozienice.address) == ("Kozienice", "KO", "Rynek 1")
    assert StandardPage.objects.get(slug="o-nas").title == "Kim jesteśmy"
    assert ContactPage.objects.filter(slug="contact").count() == 1
    with scopes_disabled():
        assert Neighbourhood.objects.count() == 3
        assert NeighbourhoodPage.objects.count() == 9


def test_completing_what_is_complete_adds_nothing(kozienice):
    before = everything()

    command(complete=True)

    assert everything() == before


def test_completing_keeps_the_host(kozienice):
    with pytest.raises(CommandError, match="Hosts are changed"):
        command(complete=True, host="inny.localhost")


def test_what_another_gmina_has_is_refused(kozienice):
    before = everything()
    own = {"host": "inna.localhost", "terc": "1407042", "code": "IN"}

    for name, taken in (
        ("host", "kozienice.localhost"), ("host", "KOZIENICE.localhost."), ("terc", "1407053"), ("code", "KO"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=f"--{name}"):
            command("inna", **{**own, name: taken})

    assert everything() == before
