"""A new municipality by the command and by the wizard: all of it, or nothing."""

import json
import re

import pytest
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django_scopes import scopes_disabled
from wagtail.models import Collection, Page, Site

from accounts.models import User
from cms.domain import founding
from cms.models import ContactPage, NeighbourhoodPage, SiteLook, StandardPage
from neighbourhoods import places_file
from neighbourhoods.models import Membership, Municipality, Neighbourhood, Role
from notifications import outbox
from tests.factories.cms import make_editor

pytestmark = pytest.mark.django_db

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


@pytest.fixture
def places(tmp_path):
    path = tmp_path / "miejsca.csv"
    path.write_text(PLACES)
    return path


def command(slug="kozienice", **options):
    call_command("create_municipality", slug, **{**OPTIONS, **options})


def everything():
    """How many rows there are of whatever a municipality brings."""
    with scopes_disabled():
        models = (Municipality, Site, Page, Neighbourhood, Collection, SiteLook, Membership, User)
        return [model.objects.count() for model in models]


@pytest.fixture
def kozienice(places):
    command(neighbourhoods=str(places), organiser="osl@kozienice.example")
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


def test_rehearsal_keeps_nothing(places, capsys):
    before = everything()

    command(neighbourhoods=str(places), dry_run=True)

    assert everything() == before
    assert "Nothing was kept." in capsys.readouterr().out


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


def test_nobody_is_completed_who_is_not_there():
    with pytest.raises(CommandError, match="no municipality"):
        command(complete=True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"host": "cudzy.example"}, "--host"),
        ({"host": "https://kozienice.localhost/"}, "--host"),
        ({"host": ""}, "--host"),
        ({"terc": "2472010"}, "--terc"),
        ({"terc": "123"}, "--terc"),
        ({"terc": "0372011"}, "--terc"),
        ({"code": "ko"}, "--code"),
        ({"colour": "#ffff00"}, "--colour"),
        ({"colour": "zielony"}, "--colour"),
        ({"phone": "123"}, "--phone"),
        ({"lat": "18.86", "lon": "50.28"}, "--lat"),
        ({"bip": "javascript:alert(1)"}, "--bip"),
        ({"dpo_email": "iod"}, "--dpo-email"),
        ({"languages": "pl,de"}, "--languages"),
        ({"organiser": "nikt"}, "--organiser"),
        ({"name": ""}, "--name"),
    ],
)
def test_bad_facts_are_refused_and_nothing_is_left(wrong, told):
    before = everything()

    with pytest.raises(CommandError) as refusal:
        command(**wrong)

    assert f"{told}: " in str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize("slug", ["prosby", "Z Kropką.", "-"])
def test_bad_slugs_are_refused(slug):
    with pytest.raises(CommandError, match="--slug"):
        command(slug)


def test_what_another_gmina_has_is_refused(kozienice):
    before = everything()
    own = {"host": "inna.localhost", "terc": "1407042", "code": "IN"}

    for name, taken in (
        ("host", "kozienice.localhost"), ("host", "KOZIENICE.localhost."), ("terc", "1407053"), ("code", "KO"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=f"--{name}"):
            command("inna", **{**own, name: taken})

    assert everything() == before


@pytest.mark.parametrize(
    "content",
    [
        b"nazwa;rodzaj\nWirek;dzielnica",
        PLACES.encode() + "Łączki".encode("cp1250"),
        b'{"type": "FeatureCollection", "features": [',
        json.dumps({"features": [{"properties": {"name": "Wirek"}, "geometry": None}]}).encode(),
        b"nazwa;rodzaj;miejscownik;szerokosc;dlugosc\nWirek;dzielnica;w Wirku;54.16;19.4\n",
    ],
)
def test_bad_file_leaves_nothing(places, content):
    places.write_bytes(content)
    before = everything()

    with pytest.raises(CommandError, match="--neighbourhoods"):
        command(neighbourhoods=str(places))

    assert everything() == before


def test_file_that_is_not_there_is_told():
    with pytest.raises(CommandError, match="--neighbourhoods"):
        command(neighbourhoods="/nie/ma/takiego.csv")


@pytest.mark.postgres
def test_half_made_municipality_is_taken_back():
    """Whatever breaks at the very end takes everything with it."""
    before = everything()

    with pytest.raises(IntegrityError):
        founding.found(
            {"slug": "a", "name": "A", "locative": "w A", "code": "AA", "terc": "1407053", "centre_name": "CUS",
             "phone": "+48322221111", "latitude": 50.2, "longitude": 18.8},
            hostname="a.localhost",
            places=[*map(make_place, ("wirek", "wirek"))],
        )  # fmt: skip

    assert everything() == before


def make_place(slug):
    return places_file.Place(name=slug, slug=slug, kind="district", locative=slug, latitude=50.2, longitude=18.8)


# --- The wizard -------------------------------------------------------------------------------------------------------

GMINA = {"name": "Kozienice", "locative": "w Kozienicach", "slug": "kozienice", "code": "KO", "terc": "1407053",
         "latitude": "50.28", "longitude": "18.86"}  # fmt: skip
CENTRE = {"centre_name": "CUS w Kozienicach", "phone": "48 611 00 00", "organiser": "osl@kozienice.example"}
SITE = {"hostname": "kozienice.localhost", "languages": ["pl", "en"], "colour": "#7a3b0f"}
WIZARD = "/cms/new-municipality/"

wizardry = pytest.mark.usefixtures("wagtails_templates")


@pytest.fixture
def keeper(browse, portal, superuser):
    return browse(None, superuser)


def answer(client, page, **sent):
    return client.post(WIZARD, {"step": page.context["step"], "answers": page.context["answers"], **sent})


@wizardry
def test_wizard_makes_a_municipality(keeper):
    page = keeper.get(WIZARD)
    for sent in (GMINA, CENTRE, SITE, {"pasted": PLACES}):
        page = answer(keeper, page, **sent)
    assert page.context["report"].pages == 2 * 12
    assert not Municipality.objects.exists()

    done = answer(keeper, page)

    made = Municipality.objects.with_site().get()
    assert (done.status_code, made.in_preparation, made.site.hostname) == (302, True, "kozienice.localhost")
    assert SiteLook.for_site(made.site).colour == "#7a3b0f"


@wizardry
def test_wizard_says_what_is_wrong_where_it_was_asked(keeper):
    page = answer(keeper, keeper.get(WIZARD), **{**GMINA, "terc": "1"})

    assert (page.context["step"], list(page.context["form"].errors)) == (0, ["terc"])


@wizardry
def test_wizard_names_the_bad_lines_of_a_list(keeper):
    page = keeper.get(WIZARD)
    for sent in (GMINA, CENTRE, SITE, {"pasted": PLACES.replace("50,31", "tu")}):
        page = answer(keeper, page, **sent)

    assert page.context["step"] == 3
    assert "3" in page.context["form"].non_field_errors()[0]


@wizardry
@pytest.mark.parametrize("seal", ["", "zlamana", signing.dumps({"gmina": GMINA}, salt="cms.other")])
def test_broken_seal_begins_again(keeper, seal):
    page = keeper.post(WIZARD, {"step": 4, "answers": seal})

    assert (page.status_code, page.context["step"]) == (200, 0)
    assert not Municipality.objects.exists()


@wizardry
def test_wizard_goes_back(keeper):
    page = answer(keeper, keeper.get(WIZARD), **GMINA)

    page = answer(keeper, page, back="1")

    assert page.context["step"] == 0
    assert "Kozienice" in page.text


@wizardry
def test_wizard_is_for_superusers_on_the_portal(browse, portal, centre, editor, superuser):
    assert browse(centre, superuser).get(WIZARD).status_code == 404
    assert browse(centre, editor).get(WIZARD).status_code == 404
    assert browse(None, editor).get(WIZARD).status_code == 403
