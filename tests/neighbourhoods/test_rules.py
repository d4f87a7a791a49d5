"""The permission matrix of roles: every role against every right, here and elsewhere."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from neighbourhoods import rules
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NetworkFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

RIGHTS = {
    "organiser": {"enter_desk", "work_cases", "see_figures", "manage_roles", "change_settings", "run_organisation"},
    "coordinator": {"enter_desk", "work_cases", "see_figures", "run_organisation"},
    "editor": {"edit_content"},
    "director": {"enter_desk", "see_figures"},
    "partner": {"enter_desk"},
    "observer": {"see_figures"},
    "resident": set(),
    "former": set(),
    "closed": set(),
}
ALL = sorted(set().union(*RIGHTS.values()))


def person(role, municipality):
    if role == "resident":
        return UserFactory()
    if role == "observer":
        user = UserFactory()
        NetworkFactory(municipalities=[municipality], observers=[user])
        return user
    traits = {"organiser": {}, "former": {"ended": True}, "closed": {"user__is_active": False}}.get(role, {role: True})
    return MembershipFactory(municipality=municipality, **traits).user


def rights(user, thing):
    return {right for right in ALL if user.has_perm(f"neighbourhoods.{right}", thing)}


@pytest.mark.parametrize("role", RIGHTS)
def test_role_has_its_rights_here(role):
    municipality = MunicipalityFactory()

    assert rights(person(role, municipality), municipality) == RIGHTS[role]


@pytest.mark.parametrize("role", RIGHTS)
def test_role_has_no_rights_elsewhere(role):
    user = person(role, MunicipalityFactory())

    assert rights(user, MunicipalityFactory()) == set()


@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("nowhere", [None, SimpleNamespace(), SimpleNamespace(municipality=None)])
def test_role_has_no_rights_where_there_is_no_municipality(role, nowhere):
    assert rights(person(role, MunicipalityFactory()), nowhere) == set()


@pytest.mark.parametrize("role", RIGHTS)
def test_rights_on_a_thing_are_those_in_its_municipality(role):
    thing = SimpleNamespace(municipality=MunicipalityFactory())

    assert rights(person(role, thing.municipality), thing) == RIGHTS[role]


def test_strangers_have_no_rights():
    municipality = MunicipalityFactory()

    assert not any(
        predicate(AnonymousUser(), municipality)
        for predicate in [rules.is_case_worker, rules.is_organiser, rules.is_observer, rules.is_member]
    )


def test_partner_runs_their_own_organisation_only():
    partner = MembershipFactory(partner=True)
    other = OrganisationFactory(municipality=partner.municipality)

    assert partner.user.has_perm("neighbourhoods.run_organisation", partner.organisation)
    assert partner.user.has_perm("neighbourhoods.run_organisation", SimpleNamespace(organisation=partner.organisation))
    assert not partner.user.has_perm("neighbourhoods.run_organisation", other)
    assert not partner.user.has_perm("neighbourhoods.run_organisation", SimpleNamespace(organisation=None))


def test_superuser_has_every_right():
    assert rights(UserFactory(superuser=True), MunicipalityFactory()) == set(ALL)


@pytest.mark.parametrize("role", ["organiser", "partner", "observer", "resident"])
def test_all_rights_cost_one_query(role, django_assert_num_queries):
    municipality = MunicipalityFactory()
    user = person(role, municipality)

    with django_assert_num_queries(1):
        rights(user, municipality)
        rights(user, SimpleNamespace(municipality=municipality))
