"""People's own settings: name, looks, mailbox, data, leaving."""

import json
import re

import pytest
from django.test import Client

from accounts.models import User
from notifications.outbox import history
from tests.factories.accounts import UserFactory, give_app, show, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

SETTINGS = "/konto/ustawienia/"
EMAIL = "/konto/email/"
CODE = "/konto/login/code/confirm/"
DATA = "/konto/ustawienia/dane/"
FILE = "/konto/ustawienia/dane/pobierz/"
ERASE = "/konto/ustawienia/usun/"
FILLED = {"display_name": "Anna Nowak", "phone": "", "language": "pl", "text_size": "a", "contrast": "normal"}


@pytest.fixture
def client(client):
    client.defaults["HTTP_HOST"] = MunicipalityFactory().site.hostname
    return client


@pytest.fixture
def user(client):
    """Signed in, with a code typed in a moment ago."""
    user = UserFactory(display_name="Anna", accepted=True)
    sign_in(client, user)
    show(client, user, "code")
    return user


def code_in(mail):
    return re.search(r"\d{4}-\d{4}", mail.body)[0]


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_kept_with_the_account_and_the_device(client, user):
    response = client.post(
        SETTINGS,
        {
            "display_name": "Anna Żółć",
            "phone": "600 100 200",
            "language": "uk",
            "text_size": "aaa",
            "contrast": "high",
        },
    )

    user.refresh_from_db()
    assert response["Location"] == SETTINGS
    assert (user.display_name, str(user.phone), user.language) == ("Anna Żółć", "+48600100200", "uk")
    assert (user.text_size, user.contrast) == ("aaa", "high")
    cookies = {name: response.cookies[name].value for name in ["language", "text_size", "contrast"]}
    assert cookies == {"language": "uk", "text_size": "aaa", "contrast": "high"}
    assert response.cookies["language"]["domain"] == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "x" * 81),
        ("phone", "112 pomocy"),
        ("phone", "+48 1"),
        ("phone", "9" * 5000),
        ("language", "de"),
        ("text_size", "xxl"),
        ("contrast", ""),
    ],
)
def test_settings_refuse_what_makes_no_sense(client, user, field, value):
    response = client.post(SETTINGS, {**FILLED, field: value})

    user.refresh_from_db()
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert user.display_name == "Anna"


def test_settings_with_an_error_do_not_rename_the_page_frame(client, user):
    response = client.post(SETTINGS, {**FILLED, "phone": "x"})

    assert response.context["viewer"].display_name == "Anna"
    assert 'value="Anna Nowak"' in response.content.decode()


@pytest.mark.parametrize("stolen", ["email", "is_staff", "is_superuser", "is_active", "password"])
def test_settings_take_no_other_field(client, user, stolen):
    before = User.objects.filter(pk=user.pk).values(stolen)[0]

    client.post(SETTINGS, {**FILLED, stolen: "1"})

    assert User.objects.filter(pk=user.pk).values(stolen)[0] == before


@pytest.mark.parametrize("path", [SETTINGS, EMAIL, DATA, FILE, ERASE, "/konto/potwierdz/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_settings_are_for_who_is_signed_in(client, path, method):
    assert getattr(client, method)(path)["Location"] == f"/konto/login/?next={path}"


@pytest.mark.parametrize("path", [SETTINGS, EMAIL, DATA, ERASE])
def test_pages_with_personal_data_are_not_kept_by_anybody(client, user, path):
    assert "no-store" in client.get(path)["Cache-Control"]


def test_settings_page_query_count(client, user, django_assert_num_queries):
    client.get(SETTINGS)

    with django_assert_num_queries(7):  # municipality, session, person, roles, rights in the CMS (2), and the bell
        client.get(SETTINGS)


# --- Signing in brings the settings along -----------------------------------------------------------------------------


def enter(client, mailoutbox, user):
    client.post("/konto/login/code/", {"email": user.email})
    return client.post(CODE, {"code": code_in(mailoutbox[-1])})


def test_sign_in_brings_settings_to_a_new_device(client, mailoutbox):
    response = enter(client, mailoutbox, UserFactory(language="uk", text_size="aa", accepted=True))

    assert response.cookies["language"].value == "uk"
    assert response.cookies["text_size"].value == "aa"
    assert "contrast" not in response.cookies


def test_sign_in_respects_what_the_device_has_chosen(client, mailoutbox):
    client.cookies.load({"language": "en", "text_size": "a"})

    response = enter(client, mailoutbox, UserFactory(language="uk", text_size="aa", accepted=True))

    assert "language" not in response.cookies
    assert "text_size" not in response.cookies


def test_pages_after_sign_in_look_as_the_person_wants(client, mailoutbox):
    enter(client, mailoutbox, UserFactory(language="en", text_size="aaa", contrast="high", accepted=True))

    page = client.get(SETTINGS)

    assert (page.context["text_size"], page.context["contrast"]) == ("aaa", "high")
    assert page["Content-Language"] == "en"


def test_what_no_device_can_have_chosen_is_no_choice(client, mailoutbox):
    client.cookies.load({"language": "xx", "text_size": "xxl", "contrast": ""})

    response = enter(client, mailoutbox, UserFactory(language="uk", text_size="aa", contrast="high", accepted=True))

    values = {name: response.cookies[name].value for name in ("language", "text_size", "contrast")}
    assert values == {"language": "uk", "text_size": "aa", "contrast": "high"}


def test_account_without_wishes_of_its_own_sets_nothing(client, mailoutbox):
    response = enter(client, mailoutbox, UserFactory(accepted=True))

    assert {"language", "text_size", "contrast"} & set(response.cookies) == set()


# --- Another mailbox --------------------------------------------------------------------------------------------------


def move(client, mailoutbox, email):
    client.post(EMAIL, {"email": email})
    return client.post(CODE, {"code": code_in(mailoutbox[-1])})


def test_account_moves_to_a_mailbox_that_proved_itself(client, user, mailoutbox):
    old = user.email

    response = move(client, mailoutbox, "Nowa@Example.org")

    user.refresh_from_db()
    assert response["Location"] == SETTINGS
    assert user.email == "nowa@example.org"
    assert [mail.to for mail in mailoutbox] == [["nowa@example.org"], [old]]
    assert "nowa@example.org" not in mailoutbox[1].body
    assert history(user).filter(kind="accounts.email_changed").exists()


def test_moving_signs_out_everywhere_else(client, user, mailoutbox):
    elsewhere = Client(HTTP_HOST=client.defaults["HTTP_HOST"])
    sign_in(elsewhere, user)

    move(client, mailoutbox, "nowa@example.org")

    assert client.get(SETTINGS).status_code == 200
    assert elsewhere.get(SETTINGS).status_code == 302


def test_account_stays_without_the_code(client, user, mailoutbox):
    client.post(EMAIL, {"email": "nowa@example.org"})
    client.post(CODE, {"code": "0000-0000"})

    old = user.email
    user.refresh_from_db()
    assert user.email == old


def test_mailbox_of_another_account_is_not_taken(client, user, mailoutbox):
    """Nothing is said before the code: whoever cannot read that mailbox must not learn that it has an account."""
    other = UserFactory()

    asked = client.post(EMAIL, {"email": other.email})
    response = client.post(CODE, {"code": code_in(mailoutbox[-1])})

    assert asked["Location"] == CODE
    assert response["Location"] == f"{EMAIL}?again=taken"
    assert User.objects.filter(email=other.email).get() == other
    assert 'role="alert"' in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("email", ["", "nowa", "nowa@", "x" * 250 + "@example.org"])
def test_new_mailbox_must_be_one(client, user, mailoutbox, email):
    response = client.post(EMAIL, {"email": email})

    assert response.context["form"].errors["email"]
    assert mailoutbox == []


def test_new_mailbox_must_be_new(client, user, mailoutbox):
    response = client.post(EMAIL, {"email": user.email.upper()})

    assert response.context["form"].errors["email"]
    assert mailoutbox == []


@pytest.mark.parametrize("path", [EMAIL, DATA, FILE, ERASE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_weighty_acts_need_fresh_proof(client, path, method):
    user = UserFactory()
    sign_in(client, user)
    show(client, user, "code", ago=16 * 60)

    response = getattr(client, method)(path, {"email": "nowa@example.org", "sure": "on"})

    assert response["Location"].startswith("/konto/potwierdz/?next=")
    assert User.objects.get().is_active


def test_weighty_acts_of_who_has_an_app_need_the_app(client):
    user = UserFactory()
    give_app(user)
    sign_in(client, user)

    assert client.get(EMAIL)["Location"] == "/konto/2fa/reauthenticate/?next=%2Fkonto%2Femail%2F"


# --- My data ----------------------------------------------------------------------------------------------------------


def test_data_come_as_a_file(client, user):
    response = client.get(FILE)

    assert response["Content-Type"] == "application/json"
    assert re.fullmatch(r'attachment; filename="ogniwo-\d{4}-\d\d-\d\d.json"', response["Content-Disposition"])
    assert json.loads(response.content)["account"]["email"] == user.email


# --- Leaving ----------------------------------------------------------------------------------------------------------


def test_account_is_deleted_after_a_tick(client, user):
    response = client.post(ERASE, {"sure": "on"})

    assert response["Location"] == "/konto/usuniete/"
    assert client.get("/konto/usuniete/").status_code == 200
    assert not User.objects.get().is_active
    assert client.get(SETTINGS).status_code == 302


def test_account_is_not_deleted_without_the_tick(client, user):
    response = client.post(ERASE)

    assert response.context["form"].errors["sure"]
    assert User.objects.get().is_active


def test_staff_hand_over_before_they_leave(client):
    membership = MembershipFactory()
    sign_in(client, membership.user, second_factor=True)

    page = client.get(ERASE)
    client.post(ERASE, {"sure": "on"})

    assert membership.municipality.centre_name in page.content.decode()
    assert 'name="sure"' not in page.content.decode()
    assert User.objects.get(pk=membership.user_id).is_active


def test_terms_are_open_to_all(client):
    assert client.get("/konto/zasady/").status_code == 200
