"""Services as residents read them."""

import pytest
from django_scopes import scope

from tests.factories.services import make_catalogue, make_service
from tests.factories.volunteering import AudienceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(centre):
    return make_catalogue(centre)


def show(browse, municipality, address):
    response = browse(municipality).get(address)
    assert response.status_code == 200, address
    return response.content.decode().replace("\xa0", " ")


def test_service_says_what_it_must(browse, centre, catalogue):
    with scope(municipality=centre):
        make_service(catalogue, slug="teleopieka", audiences=[AudienceFactory(name_pl="Osoby starsze")])

    words = show(browse, centre, "/uslugi/teleopieka/")

    for expected in ("Osoby starsze", "Bezpłatnie", "Zadzwoń do nas.", "Ktoś przyjdzie i pomoże."):
        assert expected in words


def test_catalogue(browse, centre, catalogue):
    with scope(municipality=centre):
        make_service(catalogue, slug="teleopieka", audiences=[AudienceFactory(name_pl="Osoby starsze")])

    words = show(browse, centre, "/uslugi/")

    assert "Osoby starsze" in words
