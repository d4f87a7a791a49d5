"""Setting up, showing, losing and resetting the second factor of staff."""

import re
import time
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Page

from accounts.models import User
from accounts.second_factor import DEMO_KEY
from notifications.outbox import history
from tests.accounts.passkeys import SoftwarePasskey
from tests.factories.accounts import UserFactory, authenticators_of, code_of_app, give_app, show, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NetworkFactory

pytestmark = pytest.mark.django_db

START = "/konto/drugi-skladnik/"
APP = "/konto/2fa/totp/activate/"
PASSKEY = "/konto/2fa/webauthn/add/"
CODES = "/konto/2fa/recovery-codes/"
PASSKEY_DOOR = "/konto/2fa/webauthn/login/"
PASSKEY_SHOW = "/konto/2fa/webauthn/reauthenticate/"
SHOW = "/konto/2fa/reauthenticate/"
AT_SIGN_IN = "/konto/2fa/authenticate/"
DESK = "/biurko/"


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def client(client, municipality):
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


@pytest.fixture
def organiser(municipality):
    return MembershipFactory(municipality=municipality, user__accepted=True).user


@pytest.fixture
def clock(time_machine):
    """A clock that can be put forward: `clock.shift(seconds)`."""
    time_machine.move_to("2027-04-24T10:00:00+00:00")
    return time_machine


def kinds(user):
    return list(history(user).values_list("kind", flat=True))


def secret_on(page):
    return re.search(r"data-secret[^>]*>([A-Z2-7 ]+)<", page.content.decode())[1].replace(" ", "")


# --- Who is asked -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trait", ["", "coordinator", "editor", "director", "partner"])
def test_desk_asks_every_role_for_a_second_factor(client, municipality, trait):
    membership = MembershipFactory(municipality=municipality, **({trait: True} if trait else {}))
    sign_in(client, membership.user)

    response = client.get(f"{DESK}?strona=2")

    assert response["Location"] == f"{START}?{urlencode({'next': '/biurko/?strona=2'})}"


def test_desk_asks_observers_and_superusers_too(client):
    observer, superuser = UserFactory(), UserFactory(superuser=True)
    NetworkFactory(observers=[observer])

    for user in [observer, superuser]:
        sign_in(client, user)
        assert client.get(DESK)["Location"].startswith(START)


def test_role_elsewhere_makes_staff_here(client):
    """What a second factor protects is the account, wherever its role is."""
    sign_in(client, MembershipFactory().user)

    assert client.get(DESK)["Location"].startswith(START)


def test_ended_role_makes_nobody_staff(client, municipality):
    sign_in(client, MembershipFactory(municipality=municipality, ended=True).user)

    assert client.get(DESK).status_code in {403, 404}


def test_resident_at_the_desk_is_refused_not_asked(client):
    sign_in(client, UserFactory())

    assert client.get(DESK).status_code in {403, 404}


def test_stranger_at_the_desk_signs_in_first(client):
    assert client.get(DESK)["Location"] == "/konto/login/?next=/biurko/"


def test_staff_without_second_factor_use_residents_pages(client, organiser):
    sign_in(client, organiser)

    assert client.get("/konto/ustawienia/").status_code == 200


def test_desk_opens_with_the_second_factor(client, organiser):
    sign_in(client, organiser, second_factor=True)

    assert client.get(DESK).status_code == 200


def test_second_factor_lasts_a_working_day(client, organiser):
    give_app(organiser)
    sign_in(client, organiser)
    show(client, organiser, "mfa", ago=12 * 3600 + 1)

    assert client.get(DESK)["Location"] == f"{SHOW}?next=%2Fbiurko%2F"


def test_code_from_the_mailbox_is_no_second_factor(client, organiser):
    sign_in(client, organiser)
    show(client, organiser, "code")

    assert client.get(DESK)["Location"].startswith(START)


def test_second_factor_of_somebody_else_does_not_count(client, organiser):
    sign_in(client, organiser)
    show(client, UserFactory(), "mfa")

    assert client.get(DESK)["Location"].startswith(START)


def test_portal_editor_without_a_role_keeps_the_second_factor_too(client, mailoutbox):
    """Their only right is that of the CMS; a passkey of theirs is a lock like that of all staff."""
    editor = UserFactory(accepted=True)
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    passkey, _response = add_passkey(client, editor)
    client.post("/konto/logout/")

    step = client.get(sign_in_by_code(client, mailoutbox, editor, next="/cms/")["Location"])
    client.post(AT_SIGN_IN, {"credential": passkey.get(step.context["js_data"]["request_options"])})
    client.post(f"/konto/2fa/webauthn/keys/{Authenticator.objects.get(type='webauthn').pk}/remove/")

    assert authenticators_of(editor) == ["recovery_codes", "webauthn"]


# --- The CMS ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/cms/", "/cms/pages/", "/cms/images/", "/cms/account/", "/cms/nie-ma/"])
def test_cms_asks_for_a_second_factor(client, path):
    sign_in(client, UserFactory(superuser=True))

    assert client.get(path)["Location"] == f"{START}?{urlencode({'next': path})}"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_cms_asks_whatever_the_method(client, method):
    sign_in(client, UserFactory(superuser=True))

    assert getattr(client, method)(f"/cms/pages/{Page.get_first_root_node().pk}/delete/")["Location"].startswith(START)


def test_cms_refuses_who_has_no_business_there_without_sending_them_round(client, organiser):
    sign_in(client, UserFactory())

    assert client.get("/cms/").status_code == 403


@pytest.mark.ignore_template_errors
def test_cms_opens_with_the_second_factor(client):
    sign_in(client, UserFactory(superuser=True), second_factor=True)

    assert client.get("/cms/").status_code == 200


def test_signing_out_of_the_cms_ends_at_the_one_door(client):
    sign_in(client, UserFactory(superuser=True), second_factor=True)

    response = client.post("/cms/logout/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/konto/login/code/")
    assert "_auth_user_id" not in client.session


# --- Setting up an app ------------------------------------------------------------------------------------------------


def test_app_is_set_up_on_the_way_to_the_desk(client, organiser):
    """The whole way of a new organiser who has just signed in: choose, scan, type, keep the codes, and there."""
    sign_in(client, organiser)
    show(client, organiser, "code")

    choice = client.get(client.get(DESK)["Location"])
    address = re.search(rf'href="({APP}[^"]*)"', choice.content.decode())[1]
    page = client.get(address)
    done = client.post(APP, {"code": code_of_app(secret_on(page)), "next": "/biurko/"})
    codes = client.get(done["Location"])

    assert done["Location"] == f"{CODES}?next=%2Fbiurko%2F"
    assert len(codes.context["unused_codes"]) == 10
    assert 'href="/biurko/"' in codes.content.decode()
    assert client.get(DESK).status_code == 200
    assert authenticators_of(organiser) == ["recovery_codes", "totp"]
    assert "accounts.second_factor_added" in kinds(organiser)


def test_app_is_not_set_up_at_a_session_that_was_left_open(client, organiser):
    """A stranger at an unlocked computer must not make a second factor of their own: that would open the desk."""
    sign_in(client, organiser)
    show(client, organiser, "code", ago=16 * 60)

    for path in [APP, PASSKEY]:
        back = urlencode({"next": f"{path}?next=/biurko/"})
        assert client.get(f"{path}?next=/biurko/")["Location"] == f"/konto/potwierdz/?{back}"
    assert client.post(APP, {"code": "123456"})["Location"].startswith("/konto/potwierdz/")
    assert authenticators_of(organiser) == []


def test_fresh_code_from_the_mailbox_leads_back_to_the_set_up(client, organiser, mailoutbox):
    sign_in(client, organiser)
    address = client.get(f"{APP}?next=/biurko/")["Location"]

    page = client.get(address)
    client.post("/konto/potwierdz/", {"next": page.context["next_url"]})
    code = re.search(r"\d{4}-\d{4}", mailoutbox[0].body)[0]
    back = client.post("/konto/login/code/confirm/", {"code": code})

    assert mailoutbox[0].to == [organiser.email]
    assert back["Location"] == f"{APP}?next=/biurko/"
    assert client.get(back["Location"]).status_code == 200


def test_code_to_confirm_signs_nobody_else_in(client, organiser, mailoutbox):
    sign_in(client, organiser)
    client.post("/konto/potwierdz/", {"next": APP})
    code = re.search(r"\d{4}-\d{4}", mailoutbox[0].body)[0]
    other = UserFactory()
    state = client.session["mailbox_proof"]
    sign_in(client, other)
    session = client.session
    session["mailbox_proof"] = state
    session.save()

    client.post("/konto/login/code/confirm/", {"code": code})

    assert client.session["_auth_user_id"] == str(other.pk)
    assert client.get(APP)["Location"].startswith("/konto/potwierdz/")


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "abcdef", "\x00", "1" * 50])
def test_app_needs_the_right_code(client, organiser, wrong):
    sign_in(client, organiser)
    show(client, organiser, "code")
    client.get(APP)

    response = client.post(APP, {"code": wrong})

    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert authenticators_of(organiser) == []


def test_wrong_code_keeps_the_key_on_the_page(client, organiser):
    sign_in(client, organiser)
    show(client, organiser, "code")
    secret = secret_on(client.get(APP))

    again = client.post(APP, {"code": "000000", "next": "/biurko/"})

    assert secret_on(again) == secret
    assert '<input type="hidden" name="next" value="/biurko/">' in again.content.decode()


def test_app_pressed_twice_leads_on(client, organiser):
    give_app(organiser)
    sign_in(client, organiser, second_factor=True)

    assert client.post(APP, {"code": "123456", "next": "/biurko/"})["Location"] == "/biurko/"


def test_set_up_leads_to_this_host_only(client, organiser):
    sign_in(client, organiser)
    show(client, organiser, "code")
    secret = secret_on(client.get(APP))

    done = client.post(APP, {"code": code_of_app(secret), "next": "https://zlo.example/"})

    assert done["Location"] == CODES


def test_secret_is_sealed_in_the_database(client, organiser, settings):
    secret = give_app(organiser)

    kept = Authenticator.objects.get(type="totp").data["secret"]

    assert secret not in kept
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key", [settings.SECRET_KEY]
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of_app(secret))


def test_secret_under_a_lost_key_fits_no_code(client, organiser, mailoutbox, settings):
    secret = give_app(organiser)
    code = RecoveryCodes.activate(organiser).get_unused_codes()[0]
    settings.SECRET_KEY = "a-new-key-without-the-old-one"
    sign_in_by_code(client, mailoutbox, organiser)

    answers = [client.post(AT_SIGN_IN, {"code": typed}) for typed in [code_of_app(secret), code]]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "_auth_user_id" not in client.session


def test_choice_is_skipped_by_who_has_a_factor(client, organiser):
    give_app(organiser)
    sign_in(client, organiser, second_factor=True)

    assert client.get(f"{START}?next=/biurko/")["Location"] == "/biurko/"


@pytest.mark.parametrize(
    "path", [START, APP, PASSKEY, CODES, SHOW, "/konto/2fa/", "/konto/2fa/totp/deactivate/", "/konto/potwierdz/"]
)
def test_second_factor_is_for_who_is_signed_in(client, path):
    assert client.get(path)["Location"].startswith("/konto/login/")


# --- Showing it -------------------------------------------------------------------------------------------------------


def sign_in_by_code(client, mailoutbox, user, **data):
    client.post("/konto/login/code/", {"email": user.email, **data})
    code = re.search(r"\d{4}-\d{4}", mailoutbox[-1].body)[0]
    return client.post("/konto/login/code/confirm/", {"code": code})


def test_second_step_at_sign_in_leads_to_where_the_person_was_going(client, organiser, mailoutbox):
    secret = give_app(organiser)

    asked = sign_in_by_code(client, mailoutbox, organiser, next="/biurko/")
    page = client.get(asked["Location"])
    response = client.post(AT_SIGN_IN, {"code": code_of_app(secret)})

    assert asked["Location"] == AT_SIGN_IN
    assert page.status_code == 200
    assert response["Location"] == "/biurko/"
    assert client.get("/biurko/").status_code == 200


def test_settings_come_along_once_the_second_factor_was_shown(client, organiser, mailoutbox):
    secret = give_app(organiser)
    User.objects.filter(pk=organiser.pk).update(text_size="aa")

    asked = sign_in_by_code(client, mailoutbox, organiser)
    response = client.post(AT_SIGN_IN, {"code": code_of_app(secret)})

    assert "text_size" not in asked.cookies
    assert response.cookies["text_size"].value == "aa"


@pytest.mark.parametrize("wrong", ["", "000000", "\x00", "x" * 50])
def test_wrong_second_step_opens_nothing(client, organiser, mailoutbox, wrong):
    give_app(organiser)
    sign_in_by_code(client, mailoutbox, organiser)

    response = client.post(AT_SIGN_IN, {"code": wrong})

    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert "_auth_user_id" not in client.session


def test_second_step_allows_five_guesses_in_five_minutes(client, organiser, mailoutbox, clock):
    secret = give_app(organiser)
    sign_in_by_code(client, mailoutbox, organiser)
    for _time in range(5):
        client.post(AT_SIGN_IN, {"code": "000000"})

    refused = client.post(AT_SIGN_IN, {"code": code_of_app(secret)})
    clock.shift(301)
    response = client.post(AT_SIGN_IN, {"code": code_of_app(secret)})

    assert refused.status_code == 200
    assert response.status_code == 302


def test_code_of_the_app_is_good_for_one_sign_in(client, organiser, mailoutbox, clock):
    secret = give_app(organiser)
    code = code_of_app(secret)
    sign_in_by_code(client, mailoutbox, organiser)
    client.post(AT_SIGN_IN, {"code": code})
    client.post("/konto/logout/")

    sign_in_by_code(client, mailoutbox, organiser)
    response = client.post(AT_SIGN_IN, {"code": code})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_clock_of_the_phone_may_be_half_a_minute_off(client, organiser, mailoutbox, clock):
    secret = give_app(organiser)
    sign_in_by_code(client, mailoutbox, organiser)

    early = client.post(AT_SIGN_IN, {"code": code_of_app(secret, at=time.time() - 90)})
    response = client.post(AT_SIGN_IN, {"code": code_of_app(secret, at=time.time() - 30)})

    assert [early.status_code, response.status_code] == [200, 302]


def test_recovery_code_opens_the_account_once(client, organiser, mailoutbox):
    give_app(organiser)
    code = RecoveryCodes.activate(organiser).get_unused_codes()[0]

    sign_in_by_code(client, mailoutbox, organiser)
    first = client.post(AT_SIGN_IN, {"code": code})
    desk = client.get(DESK)
    client.post("/konto/logout/")
    sign_in_by_code(client, mailoutbox, organiser)
    second = client.post(AT_SIGN_IN, {"code": code})

    assert [first.status_code, desk.status_code, second.status_code] == [302, 200, 200]


def test_second_step_is_closed_without_the_first(client):
    assert client.get(AT_SIGN_IN)["Location"] == "/konto/login/"


def test_older_session_shows_the_factor_and_goes_on(client, organiser):
    """The app was set up elsewhere while this session was open."""
    sign_in(client, organiser)
    secret = give_app(organiser)

    address = client.get(DESK)["Location"]
    response = client.post(SHOW, {"code": code_of_app(secret), "next": "/biurko/"})

    assert address == f"{SHOW}?next=%2Fbiurko%2F"
    assert response["Location"] == "/biurko/"
    assert client.get(DESK).status_code == 200


def test_resident_with_an_app_is_asked_for_it_at_sign_in(client, mailoutbox):
    user = UserFactory(accepted=True)
    give_app(user)

    assert sign_in_by_code(client, mailoutbox, user)["Location"] == AT_SIGN_IN


def test_resident_with_a_passkey_still_gets_in_by_code(client, mailoutbox):
    """A passkey of a resident is another way in, not a lock: it may be on a device that is not at hand."""
    user = UserFactory(accepted=True)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "telefon wnuka", "credential": {}})

    response = sign_in_by_code(client, mailoutbox, user)

    assert response["Location"] == reverse("accounts:landing")


# --- Removing and resetting -------------------------------------------------------------------------------------------


def test_staff_keep_at_least_one_factor(client, organiser):
    give_app(organiser)
    sign_in(client, organiser, second_factor=True)
    reauthenticate(client, organiser)

    response = client.post("/konto/2fa/totp/deactivate/")

    assert response.status_code == 200
    assert authenticators_of(organiser) == ["totp"]


def test_staff_keep_their_last_passkey(client, organiser):
    passkey = Authenticator.objects.create(user=organiser, type="webauthn", data={"name": "biuro", "credential": {}})
    sign_in(client, organiser, second_factor=True)
    reauthenticate(client, organiser)

    response = client.post(f"/konto/2fa/webauthn/keys/{passkey.pk}/remove/")

    assert response["Location"] == "/konto/2fa/"
    assert authenticators_of(organiser) == ["webauthn"]


def test_resident_removes_the_app(client):
    user = UserFactory()
    give_app(user)
    sign_in(client, user)
    reauthenticate(client, user)

    response = client.post("/konto/2fa/totp/deactivate/")

    assert response["Location"] == "/konto/2fa/"
    assert authenticators_of(user) == []
    assert "accounts.second_factor_removed" in kinds(user)


def test_app_is_not_removed_without_showing_it(client):
    user = UserFactory()
    give_app(user)
    sign_in(client, user)

    response = client.post("/konto/2fa/totp/deactivate/")

    assert response["Location"].startswith(SHOW)
    assert authenticators_of(user) == ["totp"]


def test_passkey_of_somebody_else_is_not_there(client):
    passkey = Authenticator.objects.create(user=UserFactory(), type="webauthn", data={"name": "x", "credential": {}})
    user = UserFactory()
    give_app(user)
    sign_in(client, user)
    reauthenticate(client, user)

    assert client.post(f"/konto/2fa/webauthn/keys/{passkey.pk}/remove/").status_code == 404


def reauthenticate(client, user):
    session = client.session
    show(client, user, "mfa")
    session = client.session
    session["account_authentication_methods"][-1]["reauthenticated"] = True
    session.save()


def test_recovery_codes_are_shown_after_fresh_proof_only(client, organiser):
    give_app(organiser)
    RecoveryCodes.activate(organiser)
    sign_in(client, organiser, second_factor=True)

    for path in [CODES, f"{CODES}download/", f"{CODES}generate/"]:
        assert client.get(path)["Location"].startswith(SHOW)


def test_new_recovery_codes_end_the_old(client, organiser):
    give_app(organiser)
    old = RecoveryCodes.activate(organiser).get_unused_codes()
    sign_in(client, organiser)
    reauthenticate(client, organiser)

    client.post(f"{CODES}generate/")
    new = client.get(CODES).context["unused_codes"]

    assert not set(old) & set(new)
    assert client.get(f"{CODES}download/").content.decode().split()[-10:] == new


def test_reset_takes_the_factors_and_ends_the_sessions(client, organiser, capsys):
    give_app(organiser)
    RecoveryCodes.activate(organiser)
    sign_in(client, organiser, second_factor=True)

    call_command("reset_mfa", organiser.email.upper(), "--yes")

    assert authenticators_of(organiser) == []
    assert client.get("/konto/ustawienia/").status_code == 302
    assert history(organiser).get(kind="accounts.second_factor_reset").data == {"removed": 1}
    assert "Removed 1" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["", "y", "no", "tak"])
def test_reset_asks_first(organiser, monkeypatch, answer):
    give_app(organiser)
    monkeypatch.setattr("builtins.input", lambda question: answer)

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("reset_mfa", organiser.email)

    assert authenticators_of(organiser) == ["totp"]


def test_reset_goes_on_after_yes(organiser, monkeypatch):
    give_app(organiser)
    monkeypatch.setattr("builtins.input", lambda question: " Yes ")

    call_command("reset_mfa", organiser.email)

    assert authenticators_of(organiser) == []


def test_reset_of_an_unknown_address_says_so():
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_mfa", "nikt@example.org", "--yes")


# --- Passkeys ---------------------------------------------------------------------------------------------------------


def test_passkey_page_offers_options_without_inline_code(client, organiser):
    sign_in(client, organiser)
    show(client, organiser, "code")

    page = client.get(PASSKEY)

    options = page.context["options"]["publicKey"]
    assert options["rp"]["id"] == client.defaults["HTTP_HOST"]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.content.decode())


def add_passkey(client, user, **data):
    """Adds a passkey through the page; leaves the person signed in. Returns it and the answer."""
    sign_in(client, user)
    show(client, user, "code")
    passkey = SoftwarePasskey(client.defaults["HTTP_HOST"])
    credential = passkey.create(client.get(PASSKEY).context["options"])
    return passkey, client.post(PASSKEY, {"credential": credential, "passwordless": "on", "name": "biuro", **data})


def options_of_door(client):
    return client.get(PASSKEY_DOOR, headers={"Accept": "application/json"}).json()["request_options"]


def test_passkey_is_set_up_on_the_way_to_the_desk(client, organiser):
    _passkey, response = add_passkey(client, organiser, next="/biurko/")

    assert response["Location"] == f"{CODES}?next=%2Fbiurko%2F"
    assert client.get(response["Location"]).status_code == 200
    assert client.get(DESK).status_code == 200
    assert authenticators_of(organiser) == ["recovery_codes", "webauthn"]


def test_passkey_signs_in_and_shows_the_second_factor_at_once(client, organiser):
    passkey, _response = add_passkey(client, organiser)
    client.post("/konto/logout/")

    response = client.post(PASSKEY_DOOR, {"credential": passkey.get(options_of_door(client)), "next": "/biurko/"})

    assert response["Location"] == "/biurko/"
    assert client.get(DESK).status_code == 200


def test_settings_come_along_with_a_passkey(client, organiser):
    passkey, _response = add_passkey(client, organiser)
    client.post("/konto/logout/")
    User.objects.filter(pk=organiser.pk).update(contrast="high")

    response = client.post(PASSKEY_DOOR, {"credential": passkey.get(options_of_door(client))})

    assert response.cookies["contrast"].value == "high"


def test_passkey_is_the_second_step_after_a_code(client, organiser, mailoutbox):
    passkey, _response = add_passkey(client, organiser)
    client.post("/konto/logout/")

    step = client.get(sign_in_by_code(client, mailoutbox, organiser, next="/biurko/")["Location"])
    response = client.post(AT_SIGN_IN, {"credential": passkey.get(step.context["js_data"]["request_options"])})

    assert response["Location"] == "/biurko/"


def test_passkey_is_shown_again_the_next_day(client, organiser):
    passkey, _response = add_passkey(client, organiser)
    client.post("/konto/logout/")
    sign_in(client, organiser)

    address = client.get(DESK)["Location"]
    page = client.get(address, follow=True)
    options = page.context["js_data"]["request_options"]
    response = client.post(PASSKEY_SHOW, {"credential": passkey.get(options), "next": "/biurko/"})

    assert response["Location"] == "/biurko/"
    assert client.get(DESK).status_code == 200


def test_passkey_of_another_centre_opens_nothing(client, organiser):
    passkey, _response = add_passkey(client, organiser)
    client.post("/konto/logout/")
    passkey.host = "gmina-obca.localhost"

    response = client.post(PASSKEY_DOOR, {"credential": passkey.get(options_of_door(client))})

    assert response["Location"].endswith("again=passkey")
    assert "_auth_user_id" not in client.session


def test_passkey_answers_one_challenge_only(client, organiser):
    passkey, _response = add_passkey(client, organiser)
    client.post("/konto/logout/")
    answer = passkey.get(options_of_door(client))
    options_of_door(client)

    response = client.post(PASSKEY_DOOR, {"credential": answer})

    assert response["Location"].endswith("again=passkey")


def test_passkey_with_another_key_opens_nothing(client, organiser):
    passkey, _response = add_passkey(client, organiser)
    client.post("/konto/logout/")
    passkey.key = SoftwarePasskey("").key

    response = client.post(PASSKEY_DOOR, {"credential": passkey.get(options_of_door(client))})

    assert response["Location"].endswith("again=passkey")


def test_removed_passkey_opens_nothing(client):
    user = UserFactory(accepted=True)
    passkey, _response = add_passkey(client, user)
    client.post(f"/konto/2fa/webauthn/keys/{Authenticator.objects.get(type='webauthn').pk}/remove/")
    client.post("/konto/logout/")

    response = client.post(PASSKEY_DOOR, {"credential": passkey.get(options_of_door(client))})

    assert authenticators_of(user) == []
    assert response["Location"].endswith("again=passkey")


def test_closed_account_is_not_entered_by_passkey(client):
    user = UserFactory()
    passkey, _response = add_passkey(client, user)
    client.post("/konto/logout/")
    user.is_active = False
    user.save()

    response = client.post(PASSKEY_DOOR, {"credential": passkey.get(options_of_door(client))})

    assert response["Location"] == "/konto/inactive/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"x"',
        "{}",
        '{"id": 1}',
        '{"id": 1, "rawId": 1}',
        '{"response": {}}',
        '{"response": []}',
        '{"rawId": "AAAA", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
        '{"rawId": "AAAA", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}',
        '{"rawId": "AAAA", "response": {"clientDataJSON": 7, "authenticatorData": [], "signature": {}}}',
        "\x00",
        pytest.param("[" * 100_000, id="deep"),
    ],
)
@pytest.mark.parametrize("path", [PASSKEY, PASSKEY_DOOR, PASSKEY_SHOW, AT_SIGN_IN])
def test_nonsense_is_no_passkey(client, organiser, mailoutbox, path, credential):
    add_passkey(client, organiser)
    if path in {PASSKEY_DOOR, AT_SIGN_IN}:
        client.post("/konto/logout/")
    if path == AT_SIGN_IN:
        sign_in_by_code(client, mailoutbox, organiser)

    response = client.post(path, {"credential": credential, "passwordless": "on", "next": "/biurko/"})

    assert response.status_code == (302 if path == PASSKEY_DOOR else 200)
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert ("_auth_user_id" in client.session) == (path in {PASSKEY, PASSKEY_SHOW})


def test_failed_passkey_leads_back_to_the_door(client):
    response = client.post("/konto/2fa/webauthn/login/", {"credential": "{}", "next": "/moje/"})

    assert response["Location"] == "/konto/login/code/?next=%2Fmoje%2F&again=passkey"


def test_passkey_options_are_asked_by_the_script_only(client):
    page = client.get("/konto/2fa/webauthn/login/")
    options = client.get("/konto/2fa/webauthn/login/", headers={"Accept": "application/json"}).json()

    assert page["Location"] == "/konto/login/"
    assert options["request_options"]["publicKey"]["userVerification"] == "required"


# --- The demo's sign-in -----------------------------------------------------------------------------------------------


def test_demo_session_counts_as_shown_in_the_demo_only(client, organiser, settings):
    sign_in(client, organiser)
    session = client.session
    session[DEMO_KEY] = True
    session.save()

    outside = client.get(DESK)
    settings.DEMO = True
    inside = client.get(DESK)

    assert outside["Location"].startswith(START)
    assert inside.status_code == 200


def test_passkeys_are_tried_ten_times_a_minute(client):
    answers = [client.post(PASSKEY_DOOR, {"credential": "{}"}) for _time in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "<h1>" in answers[-1].content.decode()
