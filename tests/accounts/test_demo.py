"""One-click sign-ins exist in the demo, on this machine, and nowhere else."""

import pytest

from accounts import demo
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

DEMO = "/konto/demo/"


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def client(client, municipality, settings):
    settings.DEMO = True
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


@pytest.fixture
def cast():
    return {person.key: UserFactory(email=person.email) for person in demo.PEOPLE}


def buttons(page):
    return [person.key for person in page.context["demo_people"]]


def test_centre_offers_its_people(client, cast):
    assert buttons(client.get(DEMO)) == ["resident", "volunteer", "organiser", "editor", "partner"]
    assert buttons(client.get("/konto/login/code/")) == ["resident", "volunteer", "organiser", "editor", "partner"]


def test_portal_offers_the_observer(client, cast):
    assert buttons(client.get(DEMO, HTTP_HOST="localhost")) == ["observer"]


def test_only_people_who_exist_are_offered(client):
    UserFactory(email="wolontariusz@ogniwo.example")
    UserFactory(email="redaktor@ogniwo.example", closed=True)

    assert buttons(client.get(DEMO)) == ["volunteer"]


def test_empty_demo_has_a_page(client):
    assert client.get(DEMO).status_code == 200


def test_click_signs_in(client, cast):
    response = client.post(DEMO, {"person": "volunteer"})

    assert response["Location"] == "/konto/start/"
    assert client.session["_auth_user_id"] == str(cast["volunteer"].pk)


def test_click_leads_on(client, cast):
    assert client.post(DEMO, {"person": "resident", "next": "/moje/"})["Location"] == "/moje/"
    assert client.post(DEMO, {"person": "resident", "next": "//zlo.example/"})["Location"] == "/konto/start/"


def test_click_brings_the_persons_settings(client):
    UserFactory(email="mieszkanka@ogniwo.example", text_size="aaa")

    response = client.post(DEMO, {"person": "resident"})

    assert response.cookies["text_size"].value == "aaa"


def test_click_stands_for_the_second_factor(client, cast, municipality):
    MembershipFactory(user=cast["organiser"], municipality=municipality)

    client.post(DEMO, {"person": "organiser"})

    assert client.get("/biurko/").status_code == 200


@pytest.mark.parametrize("person", ["", "nobody", "observer", "organizatorka@ogniwo.example", "\x00"])
def test_nobody_else_is_signed_in(client, cast, person):
    response = client.post(DEMO, {"person": person})

    assert response.status_code == 404
    assert "_auth_user_id" not in client.session


def test_real_person_under_a_demo_name_only(client, cast):
    UserFactory(email="resident@example.org")

    client.post(DEMO, {"person": "resident"})

    assert client.session["_auth_user_id"] == str(cast["resident"].pk)


@pytest.mark.parametrize("method", ["get", "post"])
def test_outside_the_demo_there_is_nothing(client, cast, settings, method):
    settings.DEMO = False

    response = getattr(client, method)(DEMO, {"person": "resident"})

    assert response.status_code == 404
    assert buttons(client.get("/konto/login/code/")) == []
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("host", ["demo.gmina.example", "localhost.example", "127.0.0.1", "evil-localhost"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_machines_get_nothing(client, cast, settings, host, method):
    settings.ALLOWED_HOSTS = [host]

    response = getattr(client, method)(DEMO, {"person": "resident"}, HTTP_HOST=host)

    assert response.status_code == 404
    assert "_auth_user_id" not in client.session


def test_click_needs_the_token_of_the_page(cast, municipality, settings):
    from django.test import Client  # noqa: PLC0415 -- only here

    settings.DEMO = True
    strict = Client(enforce_csrf_checks=True, HTTP_HOST=municipality.site.hostname)

    assert strict.post(DEMO, {"person": "resident"}).status_code == 403


def test_other_methods_are_refused(client, cast):
    assert client.put(DEMO).status_code == 405
