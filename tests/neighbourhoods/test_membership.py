"""Roles: given, ended, invited; who is told; who may not."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from django_scopes import scope, scopes_disabled

from accounts.domain import people
from accounts.errors import Refused
from accounts.models import User
from neighbourhoods.domain import membership
from neighbourhoods.models import Membership, Role
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import (
    MembershipFactory,
    MunicipalityFactory,
    NetworkFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """Refusals are read here in the words of the code."""
    translation.activate("en")


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def organiser(municipality):
    return MembershipFactory(municipality=municipality)


@pytest.fixture
def changes(monkeypatch):
    told = []
    monkeypatch.setattr(membership, "_listeners", [lambda row: told.append((row.role, row.ended_at is None))])
    return told


@pytest.fixture
def revoked(monkeypatch):
    """Whose sockets were closed: seen at the bell, the last of our own parts before the wire."""
    from notifications import outbox  # noqa: PLC0415 -- only here

    rung = []
    monkeypatch.setattr(outbox.bell, "ring", lambda message: rung.append(message.get("revoked")))
    return rung


def roles_at(municipality):
    with scope(municipality=municipality):
        return sorted(Membership.objects.active().values_list("user_id", "role"))


# --- Giving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.COORDINATOR, Role.EDITOR, Role.DIRECTOR])
def test_grant_gives_a_role(municipality, organiser, role):
    user = UserFactory()

    row = membership.grant(user, municipality=municipality, role=role, actor=organiser.user)

    assert (row.user, row.municipality, row.role, row.ended_at) == (user, municipality, role, None)
    event = Event.objects.get(kind="neighbourhoods.role_granted")
    assert (event.municipality_id, event.actor) == (municipality.pk, organiser.user)
    assert event.data == {"user": user.pk, "role": role}


def test_grant_of_a_partner_names_the_organisation(municipality, organiser):
    organisation = OrganisationFactory(municipality=municipality)

    row = membership.grant(
        UserFactory(), municipality=municipality, role=Role.PARTNER, organisation=organisation, actor=organiser.user
    )

    assert row.organisation == organisation


def test_grant_works_inside_and_outside_a_scope(municipality, organiser):
    with scope(municipality=municipality):
        membership.grant(UserFactory(), municipality=municipality, role=Role.EDITOR, actor=organiser.user)
    membership.grant(UserFactory(), municipality=municipality, role=Role.EDITOR, actor=organiser.user)

    assert len(roles_at(municipality)) == 3


@pytest.mark.postgres
def test_grant_twice_is_granting_once(municipality, organiser, changes):
    user = UserFactory()

    first = membership.grant(user, municipality=municipality, role=Role.EDITOR, actor=organiser.user)
    second = membership.grant(user, municipality=municipality, role=Role.EDITOR, actor=organiser.user)

    assert first == second
    assert changes == [(Role.EDITOR, True)]
    assert Event.objects.filter(kind="neighbourhoods.role_granted").count() == 1


def test_role_may_be_given_again_after_it_ended(municipality, organiser):
    user = UserFactory()
    row = membership.grant(user, municipality=municipality, role=Role.EDITOR, actor=organiser.user)
    membership.end(row, actor=organiser.user)

    again = membership.grant(user, municipality=municipality, role=Role.EDITOR, actor=organiser.user)

    assert again != row
    assert (user.pk, Role.EDITOR) in roles_at(municipality)


def test_grant_takes_effect_on_the_person_at_hand(municipality, organiser):
    user = UserFactory()
    assert not membership.is_staff(user)

    membership.grant(user, municipality=municipality, role=Role.EDITOR, actor=organiser.user)

    assert membership.is_staff(user)


def test_grant_refuses_a_closed_account(municipality, organiser):
    with pytest.raises(Refused, match="closed"):
        membership.grant(UserFactory(closed=True), municipality=municipality, role=Role.EDITOR, actor=organiser.user)


def test_grant_refuses_a_partner_without_an_organisation(municipality, organiser):
    with pytest.raises(Refused, match="organisation"):
        membership.grant(UserFactory(), municipality=municipality, role=Role.PARTNER, actor=organiser.user)


def test_grant_refuses_an_organisation_to_others(municipality, organiser):
    organisation = OrganisationFactory(municipality=municipality)

    with pytest.raises(Refused, match="organisation"):
        membership.grant(
            UserFactory(), municipality=municipality, role=Role.EDITOR, organisation=organisation, actor=organiser.user
        )


def test_grant_refuses_an_organisation_of_another_gmina(municipality, organiser):
    with pytest.raises(Refused, match="another municipality"):
        membership.grant(
            UserFactory(),
            municipality=municipality,
            role=Role.PARTNER,
            organisation=OrganisationFactory(),
            actor=organiser.user,
        )


def test_grant_refuses_a_second_organisation(municipality):
    partner = MembershipFactory(municipality=municipality, partner=True)

    with pytest.raises(Refused, match="another organisation"):
        membership.grant(
            partner.user,
            municipality=municipality,
            role=Role.PARTNER,
            organisation=OrganisationFactory(municipality=municipality),
            actor=None,
        )


def test_refused_grant_leaves_nothing(municipality):
    with pytest.raises(Refused):
        membership.grant(UserFactory(), municipality=municipality, role=Role.PARTNER, actor=None)

    assert roles_at(municipality) == []
    assert not Event.objects.exists()


def test_database_keeps_one_live_role_of_a_kind(organiser):
    with pytest.raises(IntegrityError), transaction.atomic(), scopes_disabled():
        Membership.objects.create(user=organiser.user, municipality=organiser.municipality, role=Role.ORGANISER)


def test_person_is_told_of_a_role(municipality, organiser, django_capture_on_commit_callbacks):
    user = UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        membership.grant(user, municipality=municipality, role=Role.EDITOR, actor=organiser.user)

    assert Notification.objects.get().user == user


# --- Ending -----------------------------------------------------------------------------------------------------------


def test_end_ends_the_role_and_closes_sockets(
    municipality, organiser, changes, revoked, django_capture_on_commit_callbacks
):
    row = MembershipFactory(municipality=municipality, editor=True)

    with django_capture_on_commit_callbacks(execute=True):
        ended = membership.end(row, actor=organiser.user)

    assert ended.ended_at is not None
    assert roles_at(municipality) == [(organiser.user_id, Role.ORGANISER)]
    assert changes == [(Role.EDITOR, False)]
    assert row.user_id in revoked
    assert Event.objects.get(kind="neighbourhoods.role_ended").data == {"user": row.user_id, "role": Role.EDITOR}


@pytest.mark.postgres
def test_end_twice_is_ending_once(municipality, organiser, changes):
    row = MembershipFactory(municipality=municipality, editor=True)

    first = membership.end(row, actor=organiser.user)
    second = membership.end(row, actor=organiser.user)

    assert first.ended_at == second.ended_at
    assert len(changes) == 1


@pytest.mark.postgres
def test_last_organiser_stays(organiser):
    with pytest.raises(Refused, match="only organiser"):
        membership.end(organiser, actor=organiser.user)

    assert roles_at(organiser.municipality) == [(organiser.user_id, Role.ORGANISER)]


def test_last_organiser_stays_whoever_else_works_there(organiser):
    MembershipFactory(municipality=organiser.municipality, coordinator=True)
    MembershipFactory(municipality=organiser.municipality, ended=True)
    MembershipFactory(municipality=organiser.municipality, user__is_active=False)
    MembershipFactory()

    with pytest.raises(Refused, match="only organiser"):
        membership.end(organiser, actor=organiser.user)


def test_organiser_may_leave_another_behind(organiser):
    MembershipFactory(municipality=organiser.municipality)

    assert membership.end(organiser, actor=organiser.user).ended_at is not None


def test_failing_listener_undoes_the_change(municipality, organiser, monkeypatch):
    def fail(row):
        raise RuntimeError("groups")

    monkeypatch.setattr(membership, "_listeners", [fail])
    row = MembershipFactory(municipality=municipality, editor=True)

    with pytest.raises(RuntimeError, match="groups"):
        membership.end(row, actor=organiser.user)

    assert (row.user_id, Role.EDITOR) in roles_at(municipality)


# --- Inviting ---------------------------------------------------------------------------------------------------------


def test_invite_opens_an_account_for_who_has_none(municipality, organiser):
    row = membership.invite(
        "Nowa@Example.org", municipality=municipality, role=Role.EDITOR, actor=organiser.user, display_name="Nowa"
    )

    assert (row.user.email, row.user.display_name) == ("nowa@example.org", "Nowa")
    assert not row.user.has_usable_password()


def test_invite_finds_who_has_an_account(municipality, organiser):
    user = UserFactory(email="anna@example.org", display_name="Anna")

    row = membership.invite(
        "ANNA@example.org", municipality=municipality, role=Role.EDITOR, actor=organiser.user, display_name="Inna"
    )

    user.refresh_from_db()
    assert row.user == user
    assert user.display_name == "Anna"


def test_refused_invitation_opens_no_account(municipality, organiser):
    with pytest.raises(Refused):
        membership.invite("nowa@example.org", municipality=municipality, role=Role.PARTNER, actor=organiser.user)

    assert not User.objects.filter(email="nowa@example.org").exists()


# --- Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize("count", [1, 3])
def test_belonging_is_read_in_one_query(django_assert_num_queries, count):
    user = UserFactory()
    for _number in range(count):
        MembershipFactory(user=user)
        NetworkFactory(municipalities=MunicipalityFactory.create_batch(count), observers=[user])

    with django_assert_num_queries(1):
        for _time in range(3):
            assert membership.is_staff(user)
            membership.belonging_of(user)


@pytest.mark.postgres
def test_belonging_holds_roles_of_all_places():
    user = UserFactory()
    organiser = MembershipFactory(user=user)
    partner = MembershipFactory(user=user, partner=True)
    MembershipFactory(user=user, ended=True)
    MembershipFactory()
    network = NetworkFactory(municipalities=[MunicipalityFactory()], observers=[user])

    belonging = membership.belonging_of(user)

    assert belonging.roles == {
        (organiser.municipality_id, Role.ORGANISER),
        (partner.municipality_id, Role.PARTNER),
        (network.municipalities.get().pk, membership.OBSERVER),
    }
    assert belonging.organisations == {partner.organisation_id}


def test_belonging_belongs_nowhere_without_a_municipality(organiser):
    assert not membership.belonging_of(organiser.user).has(None, Role.ORGANISER)


def test_obstacles_name_every_role_that_is_left():
    user = UserFactory()
    rows = [MembershipFactory(user=user), MembershipFactory(user=user, editor=True)]
    MembershipFactory(user=user, ended=True)

    sentences = people.obstacles(user)

    assert len(sentences) == 2
    assert all(row.municipality.centre_name in " ".join(sentences) for row in rows)
