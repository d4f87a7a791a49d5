"""Where people land after signing in."""

import pytest
from django_scopes import scope

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import StandingFactory
from volunteering.domain import landing

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.mark.parametrize(
    ("trait", "path"),
    [("", "/biurko/"), ("coordinator", "/biurko/"), ("editor", "/cms/"), ("director", "/moje/"), ("ended", "/moje/")],
)
def test_roles_land_where_they_work(municipality, trait, path):
    user = MembershipFactory(municipality=municipality, **({trait: True} if trait else {})).user

    assert landing.first_page(user, municipality) == path


@pytest.mark.parametrize("trait", ["", "applied", "suspended", "ended"])
def test_helpers_land_at_helping(municipality, trait):
    user = StandingFactory(municipality=municipality, **({trait: True} if trait else {})).volunteer

    assert landing.first_page(user, municipality) == "/pomagam/"


def test_residents_land_at_their_own_page(municipality):
    assert landing.first_page(UserFactory(), municipality) == "/moje/"


def test_role_elsewhere_is_nothing_here(municipality):
    StandingFactory(volunteer=(organiser := MembershipFactory().user))

    assert landing.first_page(organiser, municipality) == "/moje/"


def test_portal_has_no_such_pages():
    assert landing.first_page(MembershipFactory().user, None) is None
