"""Posters of initiatives: what stands on them, for whom there is one, and that one sheet is enough."""

import io
from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.test import Client
from django_scopes import scope
from pypdf import PdfReader
from wagtail.images import get_image_model

from cms.domain import posters
from cms.models import SiteLook
from tests.factories.cms import picture_file
from tests.factories.neighbourhoods import MunicipalityFactory, OrganisationFactory
from tests.factories.volunteering import AudienceFactory, InitiativeFactory, MeetingFactory
from volunteering.models import Joining

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory(centre_name="Centrum Usług Społecznych w Żółwiu")
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def initiative(municipality):
    return InitiativeFactory(
        municipality=municipality,
        title="Źdźbło: ćwiczenia dla każdego",
        summary="Łagodna gimnastyka, zawsze we środę.",
        audiences=[AudienceFactory(name_pl="Seniorki i seniorzy")],
    )


@pytest.fixture
def page(municipality):
    return Client(HTTP_HOST=municipality.site.hostname)


def read(response):
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def words(pdf):
    return " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())


def test_poster_says_what_when_where_for_whom_and_whom_to_ring(page, municipality, initiative):
    start = datetime(2099, 4, 24, 15, tzinfo=UTC)
    MeetingFactory(initiative=initiative, starts_at=start, ends_at=start.replace(hour=16), place="Biblioteka, sala 2")

    found = words(read(page.get(f"{initiative.get_absolute_url()}plakat.pdf")))

    for said in (
        "Centrum Usług Społecznych w Żółwiu",
        "Źdźbło: ćwiczenia dla każdego",
        "Łagodna gimnastyka, zawsze we środę.",
        "24 kwietnia 2099, 17:00–18:00",
        "Biblioteka, sala 2",
        "Seniorki i seniorzy",
        municipality.phone.as_national,
        f"http://{municipality.site.hostname}{initiative.get_absolute_url()}",
    ):
        assert said in found


def test_poster_is_tagged_and_brings_its_fonts(page, initiative):
    pdf = read(page.get(f"{initiative.get_absolute_url()}plakat.pdf"))

    root = pdf.trailer["/Root"]
    fonts = pdf.pages[0]["/Resources"]["/Font"].values()
    embedded = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert root["/MarkInfo"]["/Marked"]
    assert (root["/Lang"], pdf.metadata.title) == ("pl", initiative.title)
    assert all({"/FontFile3", "/FontFile2"} & descriptor.get_object().keys() for descriptor in embedded)
    assert b"pdfuaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data()


@pytest.mark.parametrize("size", ["a4", "a5", "a3", "../etc"])
def test_longest_words_fit_on_one_sheet(page, municipality, size):
    initiative = InitiativeFactory(
        municipality=municipality,
        title="Wspólne " * 15,
        summary="Bardzo długie zdanie o wszystkim, co robimy. " * 5,
        audiences=AudienceFactory.create_batch(8, name_pl="Osoby z niepełnosprawnościami i ich bliscy"),
    )
    for hour in range(4):
        start = datetime(2099, 4, 24, 10 + hour, tzinfo=UTC)
        MeetingFactory(initiative=initiative, starts_at=start, ends_at=start.replace(minute=30), place=f"{hour} " * 80)

    pdf = read(page.get(f"{initiative.get_absolute_url()}plakat.pdf", {"format": size}))

    assert len(pdf.pages) == 1


def test_small_poster_stands_twice_on_a_sheet(page, initiative):
    found = words(read(page.get(f"{initiative.get_absolute_url()}plakat.pdf?format=a5")))

    assert found.count("Łagodna gimnastyka") == 2


def test_words_of_an_editor_are_no_markup(page, municipality):
    evil = '#sys.inputs *b* $x$ @a <b> "\\" //'
    initiative = InitiativeFactory(municipality=municipality, title=evil, summary=evil)

    assert words(read(page.get(f"{initiative.get_absolute_url()}plakat.pdf"))).count(evil) == 2


def test_poster_bears_the_logo_of_the_centre(page, municipality, initiative):
    plain = page.get(f"{initiative.get_absolute_url()}plakat.pdf").content
    logo = get_image_model().objects.create(title="Logo", file=picture_file())
    SiteLook.objects.create(site=municipality.site, logo=logo, colour="#7a1f5c")
    caches["pages"].clear()

    pdf = read(page.get(f"{initiative.get_absolute_url()}plakat.pdf"))

    assert "/XObject" in pdf.pages[0]["/Resources"]
    assert page.get(f"{initiative.get_absolute_url()}plakat.pdf").content != plain


def test_poster_is_made_once_for_each_version_of_its_words(page, initiative, monkeypatch):
    made = []
    monkeypatch.setattr(posters, "_compile", lambda *details: made.append(details) or b"%PDF-")

    for title in ("Jeden", "Jeden", "Dwa"):
        initiative.title = title
        initiative.save()
        page.get(f"{initiative.get_absolute_url()}plakat.pdf?x={len(made)}{title}")
        page.get(f"{initiative.get_absolute_url()}plakat.pdf?y={len(made)}{title}")

    assert len(made) == 2


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"live": False}, {"joining": Joining.CLOSED}], ids=str)
def test_there_is_no_poster_of_what_passers_by_may_not_know(page, municipality, facts):
    hidden = InitiativeFactory(municipality=municipality, **facts)

    assert page.get(f"{hidden.get_absolute_url()}plakat.pdf").status_code == 404


def test_there_is_no_poster_of_another_centre(page):
    foreign = InitiativeFactory(municipality=MunicipalityFactory())

    assert page.get(f"{foreign.get_absolute_url()}plakat.pdf").status_code == 404


def test_host_that_is_gone_leaves_the_name_of_the_centre(page, municipality):
    partner = OrganisationFactory(municipality=municipality, name="Fundacja Dawna")
    initiative = InitiativeFactory(municipality=municipality, organisation=partner, host="")
    before = words(read(page.get(f"{initiative.get_absolute_url()}plakat.pdf?a")))

    partner.delete()

    after = words(read(page.get(f"{initiative.get_absolute_url()}plakat.pdf?b")))
    assert "Fundacja Dawna" in before
    assert after.count("Centrum Usług Społecznych w Żółwiu") == 2


def test_qr_code_has_its_white_margin():
    drawing = posters.qr_code("https://cus.example/inicjatywy/szachy/")

    assert drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    assert "M4 4h1v1h-1z" in drawing
    assert "M3 " not in drawing
