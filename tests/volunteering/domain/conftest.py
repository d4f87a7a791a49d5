"""A municipality with its scope open, and people who could help there."""

from datetime import UTC, datetime

import pytest
import time_machine
from django_scopes import scope

from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    HelpRequestFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from tests.volunteering.domain.announcing import WORDS
from volunteering.domain import announcements
from volunteering.models import Addressees

# A Wednesday at noon in Warsaw, far from the nights when clocks change.
NOW = datetime(2027, 4, 21, 10, tzinfo=UTC)


@pytest.fixture
def clock():
    """Time stands still at NOW; `move_to` goes elsewhere."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def municipality(db):
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def neighbourhood(municipality):
    return NeighbourhoodFactory(municipality=municipality)


@pytest.fixture
def shopping(db):
    return CategoryFactory(code="shopping", name_pl="Zakupy", name_en="Shopping", name_uk="Покупки")


@pytest.fixture
def make_helper(municipality, neighbourhood, shopping):
    """Makes a person who could help: active here, in the middle of the neighbourhood, always free, likes shopping."""

    def make(*, standing=(), **facts):
        facts = {"home_neighbourhood": neighbourhood, "categories": [shopping], **facts}
        profile = VolunteerProfileFactory(**facts)
        if standing is not None:
            StandingFactory(municipality=municipality, volunteer=profile.user, **dict(standing))
        return profile

    return make


@pytest.fixture
def visit(municipality, neighbourhood, shopping):
    return VisitFactory(
        help_request=HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping),
        starts_at=datetime(2027, 4, 23, 8, tzinfo=UTC),
    )


@pytest.fixture
def helpers(make_helper, visit):
    """Five helpers, the nearest first."""
    cell = visit.help_request.cell
    return [make_helper(home_cell=cell + steps, radius=20_000).user for steps in range(5)]


# Announcements -------------------------------------------------------------------------------------------------------


@pytest.fixture
def author(municipality):
    return MembershipFactory(municipality=municipality).user


@pytest.fixture
def colleague(municipality):
    return MembershipFactory(municipality=municipality, coordinator=True).user


@pytest.fixture
def crowd(municipality):
    """Three active helpers."""
    return [StandingFactory(municipality=municipality).volunteer for _ in range(3)]


@pytest.fixture
def draft(municipality, author, crowd):
    return announcements.write(municipality, actor=author, audience=Addressees.HELPERS, **WORDS)
