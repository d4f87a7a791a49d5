"""Anonymous visitors share pages; nobody else does, and a change is seen at once."""

import pytest
from django_scopes import scope

from neighbourhoods.domain.freshness import content_changed
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory
from volunteering.models import Initiative

pytestmark = pytest.mark.django_db
LIST = "/inicjatywy/"


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def page(client, municipality):
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


def test_second_visit_asks_only_for_the_municipality(page, django_assert_num_queries):
    first = page.get(LIST)

    with django_assert_num_queries(1):
        second = page.get(LIST)

    assert second.content == first.content
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


@pytest.mark.parametrize(
    "visitor", [{"language": "uk"}, {"text_size": "aa"}, {"contrast": "high"}], ids=["language", "size", "contrast"]
)
def test_visitors_of_another_look_get_their_own_page(page, visitor):
    usual = page.get(LIST).content
    page.cookies.load(visitor)

    assert page.get(LIST).content != usual


def test_signed_in_people_never_get_a_shared_page(page):
    page.get(LIST)
    page.force_login(UserFactory(display_name="Zofia Wymyślona"))

    response = page.get(LIST)

    assert response.context["viewer"].display_name == "Zofia Wymyślona"


def test_page_of_a_signed_in_person_is_never_shared(page):
    page.force_login(UserFactory(display_name="Zofia Wymyślona"))
    page.get(LIST)
    page.logout()
    page.cookies.clear()

    assert "Zofia" not in page.get(LIST).content.decode()


def test_other_host_gets_its_own_page(page):
    other = MunicipalityFactory()
    page.get(LIST)

    response = page.get(LIST, headers={"host": other.site.hostname})

    assert other.centre_name in response.content.decode()


def test_change_is_seen_at_once(page, municipality, django_capture_on_commit_callbacks):
    page.get(LIST)
    initiative = InitiativeFactory(municipality=municipality)
    with django_capture_on_commit_callbacks(execute=True):
        content_changed(municipality)

    response = page.get(LIST)

    assert list(Initiative.objects.published()) == [initiative]
    assert initiative.title in response.content.decode()


def test_missing_page_is_not_kept(page):
    page.get("/inicjatywy/nie-ma/")

    assert page.get("/inicjatywy/nie-ma/").status_code == 404


def test_very_long_address_is_answered_and_not_kept(page):
    assert page.get(LIST, {"slowa": "a" * 600}).status_code == 200
