"""Services as residents read them: one by one, and in the catalogue with its filters, numbers and pages."""

import json
import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from cms.models import ServicePage
from tests.factories.cms import make_document
from tests.factories.neighbourhoods import NeighbourhoodFactory, OrganisationFactory
from tests.factories.services import make_catalogue, make_programme, make_service
from tests.factories.volunteering import AudienceFactory, ServiceAreaFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(centre):
    return make_catalogue(centre)


@pytest.fixture
def write(centre, catalogue):
    """Function: publishes a service of the centre."""

    def write(**fields):
        with scope(municipality=centre):
            return make_service(catalogue, **fields)

    return write


@pytest.fixture
def seniors(db):
    return AudienceFactory(code="seniors", name_pl="Osoby starsze")


@pytest.fixture
def families(db):
    return AudienceFactory(code="families", name_pl="Rodziny")


@pytest.fixture
def wirek(centre):
    return NeighbourhoodFactory(municipality=centre, name="Wirek", slug="wirek")


@pytest.fixture
def reader(browse, centre):
    """The browser of somebody at the centre's site."""
    return browse(centre)


def show(reader, address):
    response = reader.get(address)
    assert response.status_code == 200, address
    return response.content.decode().replace("\xa0", " ")


def found(reader, query=""):
    """Titles of the list, in its order."""
    words = show(reader, f"/uslugi/{query}")
    return re.findall(r'card__title"><a href="/uslugi/[^"]+">([^<]+)<', words)


def options(reader, name, query=""):
    """What a filter offers: value → words."""
    words = show(reader, f"/uslugi/{query}")
    select = re.search(rf'<select name="{name}".*?</select>', words, re.DOTALL)[0]
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', select))


# --- One service ------------------------------------------------------------------------------------------------------


def test_service_says_all_that_was_written(reader, centre, write, seniors, wirek):
    with scope(municipality=centre):
        write(
            slug="teleopieka",
            title="Teleopieka",
            audiences=[seniors],
            conditions="Od 60 lat.",
            cost="12 zł za miesiąc",
            steps=[("step", "Zadzwoń do nas."), ("step", "Przyniesiemy opaskę.")],
            papers=[
                ("paper", {"text": "Wniosek o opaskę", "document": make_document(centre)}),
                ("paper", {"text": "Dowód osobisty, do wglądu", "document": None}),
            ],
            neighbourhoods=[wirek],
            organisation=OrganisationFactory(municipality=centre, name="Fundacja Pogoda"),
            contact_name="Zespół seniorów",
            contact_phone="+48322440000",
            contact_email="seniorzy@example.org",
            contact_place="ul. Markowa 20",
            contact_hours="8:00–15:00",
            body=[("paragraph", "<p>Opaska ma lokalizator.</p>")],
        )

    words = show(reader, "/uslugi/teleopieka/")

    for expected in (
        "Osoby starsze",
        "Od 60 lat.",
        "12 zł za miesiąc",
        "<li>Zadzwoń do nas.</li>",
        "<li>Przyniesiemy opaskę.</li>",
        "Wniosek o opaskę</a>",
        "Dowód osobisty, do wglądu",
        "Wirek",
        "Fundacja Pogoda",
        "Zespół seniorów",
        'href="tel:+48322440000"',
        'href="mailto:seniorzy@example.org"',
        "ul. Markowa 20",
        "8:00–15:00",
        "Opaska ma lokalizator.",
    ):
        assert expected in words


def test_service_leads_to_the_request_form_and_the_phone(reader, centre, write):
    write(slug="teleopieka")

    words = show(reader, "/uslugi/teleopieka/")

    assert 'href="/prosby/nowa/"' in words
    assert f'href="tel:{centre.phone}"' in words


def test_service_of_the_centre_itself_names_the_centre(reader, centre, write):
    write(slug="teleopieka")

    words = re.sub(r"\s+", " ", show(reader, "/uslugi/teleopieka/"))

    assert f"<dd> {centre.centre_name} </dd>" in words


def test_keeper_is_not_shown(reader, write, editor):
    write(slug="teleopieka", keeper=editor)

    words = show(reader, "/uslugi/teleopieka/")

    assert editor.display_name not in words
    assert editor.email not in words


def test_draft_is_not_there(reader, write):
    write(slug="teleopieka", live=False)

    assert reader.get("/uslugi/teleopieka/").status_code == 404
    assert found(reader) == []


def test_service_of_another_centre_is_not_there(reader, stranger, catalogue):
    with scope(municipality=stranger):
        make_service(make_catalogue(stranger), slug="cudzoziemska", title="Cudzoziemska usługa")

    assert reader.get("/uslugi/cudzoziemska/").status_code == 404
    assert found(reader) == []


def structured(reader, address):
    words = reader.get(address).content.decode()
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', words, re.DOTALL)[1])


def test_service_is_described_for_machines(reader, centre, write, seniors, wirek):
    area = ServiceAreaFactory(name_pl="Pomoc społeczna")
    write(slug="teleopieka", title="Teleopieka", audiences=[seniors], areas=[area], neighbourhoods=[wirek])

    data = structured(reader, "/uslugi/teleopieka/")

    host = f"http://{centre.site.hostname}"
    assert data == {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": "Teleopieka",
        "description": "Ktoś przyjdzie i pomoże.",
        "url": f"{host}/uslugi/teleopieka/",
        "serviceType": ["Pomoc społeczna"],
        "audience": [{"@type": "Audience", "audienceType": "Osoby starsze"}],
        "areaServed": [{"@type": "Place", "name": "Wirek"}],
        "offers": {"@type": "Offer", "description": "Bezpłatnie"},
        "provider": {"@type": "GovernmentOrganization", "name": centre.centre_name},
        "serviceOperator": {"@type": "GovernmentOrganization", "name": centre.centre_name},
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": f"{host}/prosby/nowa/",
            "servicePhone": {"@type": "ContactPoint", "telephone": str(centre.phone)},
        },
    }


def test_words_of_an_editor_cannot_end_the_data(reader, write):
    write(slug="teleopieka", title="</script><b>&\u2028")

    assert structured(reader, "/uslugi/teleopieka/")["name"] == "</script><b>&\u2028"


@pytest.mark.parametrize("months", [0, 37])
def test_database_refuses_a_rhythm_out_of_range(write, months):
    page = write()

    with pytest.raises(IntegrityError), transaction.atomic():
        ServicePage.objects.filter(pk=page.pk).update(recheck_months=months)


# --- The catalogue ----------------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_services_stand_in_the_order_of_the_alphabet(reader, write):
    for title in ("Żłobek", "Obiady", "Świetlica", "Łaźnia", "Asystent"):
        write(title=title)

    assert found(reader) == ["Asystent", "Łaźnia", "Obiady", "Świetlica", "Żłobek"]


def test_services_for_an_audience(reader, write, seniors, families):
    write(title="Klub", audiences=[seniors])
    write(title="Oba", audiences=[seniors, families])
    write(title="Rodzina", audiences=[families])

    assert found(reader, "?dla=seniors") == ["Klub", "Oba"]


def test_services_of_an_area(reader, write):
    health = ServiceAreaFactory(code="health")
    write(title="Psycholog", areas=[health, ServiceAreaFactory()])
    write(title="Biblioteka", areas=[ServiceAreaFactory()])

    assert found(reader, "?zakres=health") == ["Psycholog"]


def test_services_of_a_neighbourhood_and_of_all(reader, centre, write, wirek):
    ruda = NeighbourhoodFactory(municipality=centre, slug="ruda")
    write(title="Na Wirku", neighbourhoods=[wirek, ruda])
    write(title="W Rudzie", neighbourhoods=[ruda])
    write(title="Wszędzie")

    assert found(reader, "?gdzie=wirek") == ["Na Wirku", "Wszędzie"]


@pytest.mark.parametrize("words", ["zolta", "ŻÓŁTA", "karta", "pocztowej", "kule", "bibl", "karta zolta"])
def test_services_are_found_by_words_with_or_without_polish_letters(reader, write, words):
    write(title="Żółta karta", lead="Wysyłka karty pocztowej.", keywords="kule", provider="Biblioteka")
    write(title="Coś innego")

    assert found(reader, f"?slowa={words}") == ["Żółta karta"]


@pytest.mark.parametrize(
    "words", ["karta obiad", "%", "_", "'; drop table", "\x00", "\ud800".encode("utf-8", "replace")]
)
def test_words_that_are_nowhere_find_nothing_or_all(reader, write, words):
    write(title="Żółta karta")

    assert set(found(reader, f"?slowa={words}")) <= {"Żółta karta"}


@pytest.mark.postgres
def test_choices_add_up(reader, write, seniors, families, wirek):
    elsewhere = NeighbourhoodFactory(municipality=wirek.municipality)
    write(title="Klub w Wirku", audiences=[seniors], neighbourhoods=[wirek])
    write(title="Klub gdzie indziej", audiences=[seniors], neighbourhoods=[elsewhere])
    write(title="Klub rodzin", audiences=[families], neighbourhoods=[wirek])

    assert found(reader, "?dla=seniors&gdzie=wirek&slowa=klub") == ["Klub w Wirku"]


@pytest.mark.postgres
def test_numbers_are_those_of_the_list(reader, write, seniors, families, wirek):
    ruda = NeighbourhoodFactory(municipality=wirek.municipality, slug="ruda")
    write(audiences=[seniors], neighbourhoods=[wirek])
    write(audiences=[seniors, families], neighbourhoods=[ruda])
    write(audiences=[families])

    offered = options(reader, "dla")

    assert offered["seniors"] == "Osoby starsze (2)"
    for value, words in offered.items():
        assert not value or words.endswith(f"({len(found(reader, f'?dla={value}'))})")
    for value, words in options(reader, "gdzie", "?dla=families").items():
        number = len(found(reader, f"?dla=families&gdzie={value}"))
        assert not value or words.endswith(f"({number})")


def test_choice_that_finds_nothing_is_not_offered(reader, write, seniors, families):
    write(audiences=[seniors], title="Klub")

    assert set(options(reader, "dla")) == {"", "seniors"}


def test_choice_that_was_made_stays_though_it_finds_nothing(reader, write, seniors, families):
    write(audiences=[seniors], title="Klub")

    assert options(reader, "dla", "?dla=families")["families"] == "Rodziny (0)"


def test_nothing_found_leads_to_the_request_form_and_the_phone(reader, write):
    write(title="Klub")

    words = show(reader, "/uslugi/?slowa=obiady")

    assert 'class="empty"' in words
    assert 'href="/prosby/nowa/"' in words
    assert 'href="tel:+48320000000"' in words


def test_empty_catalogue_leads_to_the_request_form(reader, catalogue):
    words = show(reader, "/uslugi/")

    assert 'class="empty"' in words
    assert 'href="/prosby/nowa/"' in words


@pytest.mark.parametrize("query", ["?dla=nikt", "?zakres=99", "?gdzie=cudzoziemska", "?strona=abc", "?strona=999"])
def test_nonsense_in_the_address_shows_the_list(reader, stranger, write, query):
    NeighbourhoodFactory(municipality=stranger, slug="cudzoziemska")
    write(title="Klub")

    assert found(reader, query) == ["Klub"]


def test_neighbourhoods_of_another_gmina_are_not_offered(reader, stranger, write):
    NeighbourhoodFactory(municipality=stranger, slug="cudzoziemska")
    write()

    assert set(options(reader, "gdzie")) == {""}


def test_pages_of_the_list_keep_what_was_chosen(reader, write, seniors, families):
    for number in range(14):
        write(title=f"Klub {number:02}", audiences=[seniors])
    write(title="Klub rodzin", audiences=[families])

    first = show(reader, "/uslugi/?dla=seniors")
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")

    assert following == "?dla=seniors&strona=2"
    assert found(reader, "?dla=seniors") == [f"Klub {number:02}" for number in range(12)]
    assert found(reader, following) == ["Klub 12", "Klub 13"]


def test_programme_can_be_reached_from_the_catalogue(reader, centre, catalogue):
    make_programme(centre, title="Program na lata 2025–2027", slug="program", adopted_on=date(2025, 2, 27))

    assert '<a href="/program/">Program na lata 2025–2027</a>' in show(reader, "/uslugi/")


@pytest.mark.parametrize("services", [1, 3])
def test_list_asks_as_often_for_one_service_as_for_three(reader, centre, write, django_assert_num_queries, services):
    for _number in range(services):
        write(audiences=[AudienceFactory()], neighbourhoods=[NeighbourhoodFactory(municipality=centre)])
    reader.get("/")

    with django_assert_num_queries(18):
        reader.get("/uslugi/?slowa=us")


@pytest.mark.parametrize("number", [1, 3])
def test_service_asks_as_often_for_one_audience_as_for_three(reader, write, django_assert_num_queries, number):
    write(slug="klub", audiences=AudienceFactory.create_batch(number), areas=ServiceAreaFactory.create_batch(number))
    reader.get("/")

    with django_assert_num_queries(15):
        reader.get("/uslugi/klub/")
