"""How accounts begin, change, are given back as data, and end."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from accounts.domain import people
from accounts.errors import Refused
from accounts.models import Consent, User
from notifications.models import Event
from notifications.outbox import history
from tests.factories.accounts import UserFactory, give_app, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """Refusals are read here in the words of the code."""
    translation.activate("en")


REGISTRIES = ["_landings", "_staff_tests", "_exports", "_erasures", "_obstacles", "_witnesses", "_farewells"]


@pytest.fixture(autouse=True)
def registries():
    """Every test may register what it likes; afterwards the apps' own functions are back."""
    before = {name: list(getattr(people, name)) for name in REGISTRIES}
    yield
    for name, functions in before.items():
        getattr(people, name)[:] = functions


# --- Beginning --------------------------------------------------------------------------------------------------------


def test_register_opens_an_account_without_a_password():
    user = people.register("Anna@Example.org", display_name="Anna", language="uk")

    assert (user.email, user.display_name, user.language) == ("anna@example.org", "Anna", "uk")
    assert not user.has_usable_password()
    assert list(history(user).values_list("kind", flat=True)) == ["accounts.registered"]


@pytest.mark.postgres
def test_register_refuses_a_second_account_of_one_mailbox():
    UserFactory(email="anna@example.org")

    with pytest.raises(Refused, match="account for this e-mail"):
        people.register("ANNA@example.org")

    assert User.objects.count() == 1
    assert not Event.objects.exists()


@pytest.mark.postgres
def test_database_holds_one_account_per_mailbox_whoever_writes():
    UserFactory(email="anna@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Anna@example.org")


@pytest.mark.parametrize("spelling", ["anna@example.org", "ANNA@EXAMPLE.ORG", " anna@example.org "])
def test_find_knows_a_mailbox_however_it_is_written(spelling):
    user = UserFactory(email="anna@example.org")

    assert people.find(spelling) == user


def test_consent_is_recorded_once_with_its_version():
    user = UserFactory()

    first = people.give_consent(user, Consent.Kind.TERMS)
    second = people.give_consent(user, Consent.Kind.TERMS)

    assert first == second
    assert first.version == people.TEXT_VERSIONS[Consent.Kind.TERMS]


def test_consent_to_an_older_version_is_asked_again():
    user = UserFactory(accepted=True)
    user.consents.filter(kind=Consent.Kind.TERMS).update(version="2020-01")

    assert people.missing_consents(user) == [Consent.Kind.TERMS]


def test_withdrawn_consent_is_asked_again():
    user = UserFactory(accepted=True)
    user.consents.update(withdrawn_at=user.date_joined)

    assert people.missing_consents(user) == [Consent.Kind.TERMS, Consent.Kind.PRIVACY]


# --- Landing ----------------------------------------------------------------------------------------------------------


def test_landing_is_the_first_answer():
    people._landings[:] = [lambda user, municipality: None, lambda user, municipality: "/pomagam/", lambda *_: "/x/"]

    assert people.landing(UserFactory(), None) == "/pomagam/"


def test_landing_is_home_where_nobody_knows_better():
    people._landings[:] = []

    assert people.landing(UserFactory(), None) == "/"


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_end_sessions_signs_out_everywhere(django_capture_on_commit_callbacks):
    user, told = UserFactory(), []
    people.register_farewell(told.append)
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser, user)

    with django_capture_on_commit_callbacks(execute=True):
        people.end_sessions(user)

    assert [browser.get("/konto/ustawienia/").status_code for browser in browsers] == [302, 302]
    assert told == [user.pk]
    assert not user.has_usable_password()


def test_end_sessions_leaves_others_signed_in(client):
    sign_in(client, UserFactory())

    people.end_sessions(UserFactory())

    assert client.get("/konto/ustawienia/").status_code == 200


# --- My data ----------------------------------------------------------------------------------------------------------


def test_export_holds_the_parts_of_all_apps():
    user = UserFactory(phone="+48600100200", accepted=True)
    give_app(user)
    membership = MembershipFactory(user=user)
    network = NetworkFactory(observers=[user])

    parts = people.export(user)

    assert parts["account"]["email"] == user.email
    assert parts["account"]["phone"] == "+48600100200"
    assert [consent["kind"] for consent in parts["account"]["consents"]] == ["terms", "privacy"]
    assert [factor["type"] for factor in parts["account"]["second_factors"]] == ["totp"]
    assert parts["roles"][0]["municipality"] == membership.municipality.name
    assert parts["observed_networks"] == [network.name]


def test_export_holds_no_secret():
    user = UserFactory()
    secret = give_app(user)

    text = json.dumps(people.export(user), default=str)

    assert secret not in text
    assert user.password not in text
    assert "secret" not in text


def test_export_refuses_two_parts_of_one_name():
    people.register_export(lambda user: {"account": {}})

    with pytest.raises(ValueError, match="account"):
        people.export(UserFactory())


def test_export_of_one_person_names_nobody_else():
    other = MembershipFactory(user__display_name="Kazimierz Nieproszony").user
    user = MembershipFactory().user

    assert other.display_name not in json.dumps(people.export(user), default=str, ensure_ascii=False)


# --- The end ----------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_erase_blanks_the_person():
    user = UserFactory(display_name="Anna Nowak", phone="+48600100200", email="anna@example.org", accepted=True)
    give_app(user)

    people.erase_person(user, actor=user)

    blank = User.objects.get(pk=user.pk)
    assert (blank.email, blank.display_name, str(blank.phone)) == (f"{user.pk}@erased.invalid", "", "")
    assert not blank.is_active
    assert not blank.consents.filter(withdrawn_at=None).exists()
    assert not blank.authenticator_set.exists()
    assert history(blank).filter(kind="accounts.erased").exists()


def test_erase_ends_the_sessions(client):
    user = UserFactory()
    sign_in(client, user)

    people.erase_person(user, actor=user)

    assert client.get("/konto/ustawienia/").status_code == 302


def test_erase_tells_every_app_in_its_own_transaction():
    user, told = UserFactory(), []
    people.register_erasure(lambda user: told.append(user.pk))

    people.erase_person(user, actor=user)

    assert told == [user.pk]


def test_erase_is_undone_where_one_app_fails():
    user = UserFactory(display_name="Anna")

    def fail(user):
        raise RuntimeError("not now")

    people.register_erasure(fail)

    with pytest.raises(RuntimeError, match="not now"):
        people.erase_person(user, actor=user)

    user.refresh_from_db()
    assert user.display_name == "Anna"


@pytest.mark.postgres
def test_erase_works_twice():
    user = UserFactory()

    people.erase_person(user, actor=user)
    people.erase_person(user, actor=user)

    assert User.objects.get().email == f"{user.pk}@erased.invalid"


def test_erased_mailbox_may_begin_anew():
    user = UserFactory(email="anna@example.org")
    people.erase_person(user, actor=user)

    fresh = people.register("anna@example.org")

    assert fresh.pk != user.pk


def test_erase_refuses_who_still_has_a_role():
    membership = MembershipFactory()

    with pytest.raises(Refused, match=membership.municipality.centre_name):
        people.erase_person(membership.user, actor=membership.user)

    assert User.objects.get(pk=membership.user_id).is_active


def test_erase_forgets_observed_networks_and_groups():
    user = UserFactory(superuser=True)
    NetworkFactory(observers=[user])

    people.erase_person(user, actor=user)

    blank = User.objects.get(pk=user.pk)
    assert (blank.is_superuser, blank.is_staff, blank.observed_networks.count()) == (False, False, 0)


# --- Staff ------------------------------------------------------------------------------------------------------------


def test_staff_are_those_with_a_role_anywhere():
    observer = UserFactory()
    NetworkFactory(municipalities=[MunicipalityFactory()], observers=[observer])

    assert people.is_staff(MembershipFactory(partner=True).user)
    assert people.is_staff(observer)
    assert people.is_staff(UserFactory(superuser=True))


def test_observer_of_an_empty_network_is_staff():
    observer = UserFactory()
    NetworkFactory(observers=[observer])

    assert people.is_staff(observer)


@pytest.mark.parametrize("role", [{"ended": True}, {"user__is_active": False}])
def test_former_and_closed_people_are_no_staff(role):
    assert not people.is_staff(MembershipFactory(**role).user)


def test_residents_are_no_staff():
    assert not people.is_staff(UserFactory())
