"""A centre with its scope open, and its organiser at the desk with the second factor shown."""

import pytest
from django.test import Client
from django_scopes import scope

from tests.factories.accounts import UserFactory, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import CategoryFactory, HelpRequestFactory

# What breaks forms: NUL, a direction override, emoji, very long, a formula, markup.
NASTY = ["\x00", "a\x00b", "\u202e\u200d", "👩‍👩‍👧‍👦", "x" * 100_000, "=1+1", "<script>alert(1)</script>", "9" * 5000]


@pytest.fixture
def municipality(db):
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def neighbourhood(municipality):
    return NeighbourhoodFactory(municipality=municipality)


@pytest.fixture
def category(db):
    return CategoryFactory(code="shopping", name_pl="Zakupy")


@pytest.fixture
def enter(municipality):
    """A client signed in on the centre's host. `membership`: facts of a role there, None for a person without one;
    `user`: an account of its own; `second_factor`: whether it was shown."""

    def enter(membership=(), *, user=None, second_factor=True, host=None):
        user = user or UserFactory()
        if membership is not None:
            MembershipFactory(**{"user": user, "municipality": municipality, **dict(membership)})
        client = Client(HTTP_HOST=host or municipality.site.hostname)
        sign_in(client, user, second_factor=second_factor)
        client.user = user
        return client

    return enter


@pytest.fixture
def organiser(enter):
    return enter()


@pytest.fixture
def make_request(municipality, neighbourhood, category):
    """Makes a request of this centre."""

    def make(**facts):
        details = {"municipality": municipality, "neighbourhood": neighbourhood, "category": category}
        return HelpRequestFactory(**details | facts)

    return make


@pytest.fixture
def frame(organiser, django_assert_max_num_queries):
    """How many queries every page of the desk costs before it shows anything of its own: host, session, person, roles
    and what stands around the page. Measured on a page that asks for nothing; caches of the process are warm then."""
    organiser.get("/biurko/telefon/")
    with django_assert_max_num_queries(40) as counted:
        organiser.get("/biurko/ustawienia/")
    # The settings read their municipality.
    return len(counted) - 1
