"""The one door: mailbox, code, in."""

import re

import pytest
from allauth.core import context
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client
from django.urls import reverse

from accounts import mailbox, sign_in_urls
from accounts.models import Consent, User
from accounts.views.entrance import NOT_SENT
from tests.factories.accounts import UserFactory, give_app, sign_in
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

DOOR = "/konto/login/code/"
CODE = "/konto/login/code/confirm/"
NAME = "/konto/signup/"


@pytest.fixture
def host():
    return MunicipalityFactory().site.hostname


@pytest.fixture
def client(client, host):
    client.defaults["HTTP_HOST"] = host
    return client


@pytest.fixture
def clock(time_machine):
    """A clock that can be put forward: `clock.shift(seconds)`."""
    time_machine.move_to("2027-04-24T10:00:00+00:00")
    return time_machine


def code_in(mail):
    return re.search(r"\b\d{4}-\d{4}\b", mail.body)[0]


def ask_for_code(client, mailoutbox, email, **data):
    response = client.post(DOOR, {"email": email, **data})
    assert response.status_code == 302, response.content.decode()
    assert response["Location"] == CODE
    return code_in(mailoutbox[-1])


def is_signed_in(client):
    return "_auth_user_id" in client.session


# --- Knocking ---------------------------------------------------------------------------------------------------------


def test_code_signs_in(client, mailoutbox):
    user = UserFactory(accepted=True)

    response = client.post(CODE, {"code": ask_for_code(client, mailoutbox, user.email)})

    assert response["Location"] == reverse("accounts:landing")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("spelling", ["{0}{1}", "{0} {1}", " {0}-{1} ", "{0}–{1}"])
def test_code_may_be_typed_with_or_without_its_dash(client, mailoutbox, spelling):
    code = ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)

    client.post(CODE, {"code": spelling.format(*code.split("-"))})

    assert is_signed_in(client)


def test_code_leads_on_to_where_the_person_was_going(client, mailoutbox):
    user = UserFactory(accepted=True)

    response = client.post(CODE, {"code": ask_for_code(client, mailoutbox, user.email, next="/konto/ustawienia/")})

    assert response["Location"] == "/konto/ustawienia/"


@pytest.mark.parametrize("elsewhere", ["https://zlo.example/", "//zlo.example", "javascript:alert(1)", "http:///zlo"])
def test_code_leads_nowhere_else(client, mailoutbox, elsewhere):
    user = UserFactory(accepted=True)

    response = client.post(CODE, {"code": ask_for_code(client, mailoutbox, user.email, next=elsewhere)})

    assert response["Location"] == reverse("accounts:landing")


def test_next_does_not_lead_to_another_centre(client, mailoutbox):
    """There the person is not signed in; and a look-alike gmina must not be entered by a link."""
    neighbour = MunicipalityFactory().site.hostname
    user = UserFactory(accepted=True)

    code = ask_for_code(client, mailoutbox, user.email, next=f"http://{neighbour}/moje/")
    response = client.post(CODE, {"code": code})

    assert response["Location"] == reverse("accounts:landing")


@pytest.mark.parametrize("address", ["/konto/login/", "/cms/login/", "/konto/signup/"])
def test_all_doors_are_one(client, address):
    response = client.get(f"{address}?next=/moje/")

    assert response["Location"] == f"{DOOR}?next=%2Fmoje%2F"


def test_email_is_one_however_it_is_written(client, mailoutbox):
    user = UserFactory(email="Anna.Nowak@Example.org", accepted=True)

    client.post(CODE, {"code": ask_for_code(client, mailoutbox, "  ANNA.nowak@example.ORG ")})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert mailoutbox[0].to == ["anna.nowak@example.org"]


def test_signed_in_person_is_sent_on(client):
    sign_in(client, UserFactory())

    assert client.get(DOOR)["Location"] == reverse("accounts:landing")
    assert client.get(f"{DOOR}?next=/moje/")["Location"] == "/moje/"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "anna@",
        "a@b",
        "anna@example.com\r\nBcc: x@y.pl",
        "a" * 300 + "@example.com",
        "\x00@example.com",
        "\u202ea@b.pl",
    ],
)
def test_door_refuses_what_is_no_mailbox(client, mailoutbox, email):
    response = client.post(DOOR, {"email": email})

    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert mailoutbox == []


# --- A stranger's mailbox ---------------------------------------------------------------------------------------------


def test_strangers_cannot_tell_who_has_an_account(client, mailoutbox):
    """Same answers, same mails: only the address differs."""
    UserFactory(email="jest@example.org", accepted=True)
    UserFactory(email="zajr@example.org", accepted=True, closed=True)

    pages, mails = [], []
    for email in ["jest@example.org", "nima@example.org", "zajr@example.org"]:
        client.cookies.clear()
        ask_for_code(client, mailoutbox, email)
        page = client.get(CODE).content.decode().replace(email, "…")
        pages.append(re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page))
        mail = mailoutbox[-1]
        mails.append((mail.subject, re.sub(r"\d{4}-\d{4}", "…", mail.body)))

    assert pages[0] == pages[1] == pages[2]
    assert mails[0] == mails[1] == mails[2]


def test_asking_for_a_code_costs_the_same_for_everybody(client, django_assert_num_queries):
    UserFactory(email="jest@example.org", accepted=True)
    client.post(DOOR, {"email": "warm@example.org"})

    for email in ["jest@example.org", "nima@example.org"]:
        with django_assert_num_queries(6):  # municipality, session, mailbox, the session saved within a savepoint
            client.post(DOOR, {"email": email})


def test_knocking_opens_no_account(client, mailoutbox):
    ask_for_code(client, mailoutbox, "nowa@example.org")

    assert not User.objects.exists()


def test_stranger_with_the_code_is_asked_for_a_name_and_consent(client, mailoutbox):
    code = ask_for_code(client, mailoutbox, "nowa@example.org", next="/konto/ustawienia/")

    asked = client.post(CODE, {"code": code})
    page = client.get(NAME)
    response = client.post(NAME, {"display_name": "  Zofia \n Żółw ", "agreed": "on"})

    assert asked["Location"] == NAME
    assert "nowa@example.org" in page.content.decode()
    user = User.objects.get()
    assert (user.email, user.display_name, user.language) == ("nowa@example.org", "Zofia Żółw", "pl")
    assert sorted(user.consents.values_list("kind", flat=True)) == [Consent.Kind.PRIVACY, Consent.Kind.TERMS]
    assert response["Location"] == "/konto/ustawienia/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not user.has_usable_password()


def test_new_account_speaks_the_language_of_the_page(client, mailoutbox):
    client.cookies["language"] = "uk"

    client.post(CODE, {"code": ask_for_code(client, mailoutbox, "nowa@example.org")})
    client.post(NAME, {"display_name": "Оксана", "agreed": "on"})

    assert User.objects.get().language == "uk"


@pytest.mark.parametrize(
    "data", [{}, {"display_name": "Zofia"}, {"agreed": "on"}, {"display_name": " \u200b\u202e", "agreed": "on"}]
)
def test_nobody_enters_without_name_and_consent(client, mailoutbox, data):
    client.post(CODE, {"code": ask_for_code(client, mailoutbox, "nowa@example.org")})

    response = client.post(NAME, data)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not User.objects.exists()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna\x00 Nowak", "Anna Nowak"),
        ("Anna\u202e kawoN", "Anna kawoN"),
        ("A\u200bn\u200bn\u200ba", "A n n a"),
        ("Żaneta O’Brien-Łęcka", "Żaneta O’Brien-Łęcka"),
        ("x" * 81, None),
        ("<b>Anna</b>", "<b>Anna</b>"),
    ],
)
def test_name_keeps_only_what_is_seen(client, mailoutbox, typed, kept):
    client.post(CODE, {"code": ask_for_code(client, mailoutbox, "nowa@example.org")})

    client.post(NAME, {"display_name": typed, "agreed": "on"})

    assert list(User.objects.values_list("display_name", flat=True)) == ([kept] if kept else [])


def test_name_page_is_closed_without_a_proven_mailbox(client, mailoutbox):
    ask_for_code(client, mailoutbox, "nowa@example.org")

    response = client.post(NAME, {"display_name": "Zofia", "agreed": "on"})

    assert response["Location"] == DOOR
    assert not User.objects.exists()


def test_proven_mailbox_is_forgotten_after_a_while(client, mailoutbox, clock):
    client.post(CODE, {"code": ask_for_code(client, mailoutbox, "nowa@example.org")})

    clock.shift(16 * 60)
    response = client.post(NAME, {"display_name": "Zofia", "agreed": "on"})

    assert response["Location"] == DOOR
    assert not User.objects.exists()


def test_two_windows_of_one_newcomer_open_one_account(client, mailoutbox):
    client.post(CODE, {"code": ask_for_code(client, mailoutbox, "nowa@example.org")})
    UserFactory(email="nowa@example.org", display_name="Zofia z drugiego okna")

    response = client.post(NAME, {"display_name": "Ktoś inny", "agreed": "on"})

    assert response["Location"] == reverse("accounts:landing")
    assert User.objects.get().display_name == "Zofia z drugiego okna"


def test_new_version_of_the_texts_is_asked_again_without_the_name(client, mailoutbox):
    user = UserFactory(display_name="Zofia")

    asked = client.post(CODE, {"code": ask_for_code(client, mailoutbox, user.email)})
    page = client.get(NAME)
    client.post(NAME, {"agreed": "on", "display_name": "Nie Zofia"})

    assert asked["Location"] == NAME
    assert 'name="display_name"' not in page.content.decode()
    user.refresh_from_db()
    assert user.display_name == "Zofia"
    assert user.consents.count() == 2
    assert is_signed_in(client)


def test_closed_account_is_told_so_after_the_code_only(client, mailoutbox):
    user = UserFactory(closed=True)

    response = client.post(CODE, {"code": ask_for_code(client, mailoutbox, user.email)})

    assert response["Location"] == "/konto/inactive/"
    assert client.get("/konto/inactive/").status_code == 200
    assert not is_signed_in(client)


# --- Wrong codes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["0000-0000", "1", "kod", "1234-56789", "x" * 41, "\x00", "１２３"])
def test_wrong_code_opens_nothing(client, mailoutbox, wrong):
    ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)

    response = client.post(CODE, {"code": wrong})

    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert not is_signed_in(client)


def test_empty_code_is_no_attempt(client, mailoutbox):
    code = ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)

    for _time in range(6):
        client.post(CODE, {"code": ""})
    client.post(CODE, {"code": code})

    assert is_signed_in(client)


def test_code_ends_with_the_fifth_wrong_guess(client, mailoutbox):
    code = ask_for_code(client, mailoutbox, UserFactory(accepted=True).email, next="/moje/")

    answers = [client.post(CODE, {"code": "0000-0000"}) for _time in range(5)]
    late = client.post(CODE, {"code": code})

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
    assert answers[-1]["Location"] == f"{DOOR}?next=%2Fmoje%2F&again=attempts"
    assert 'role="alert"' in client.get(answers[-1]["Location"]).content.decode()
    assert late["Location"] == "/konto/login/"
    assert not is_signed_in(client)


def test_code_ends_after_a_quarter_of_an_hour(client, mailoutbox, clock):
    code = ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)

    clock.shift(15 * 60 + 1)
    response = client.post(CODE, {"code": code})

    assert response["Location"] == "/konto/login/?again=expired"
    assert not is_signed_in(client)


def test_code_works_once(client, mailoutbox):
    code = ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)
    client.post(CODE, {"code": code})
    client.post("/konto/logout/")

    client.post(CODE, {"code": code})

    assert not is_signed_in(client)


def test_code_is_worth_nothing_in_another_browser(client, mailoutbox, host):
    code = ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)

    thief = Client(HTTP_HOST=host)
    response = thief.post(CODE, {"code": code})

    assert response["Location"] == "/konto/login/"
    assert not is_signed_in(thief)


def test_new_code_ends_the_old_one(client, mailoutbox):
    old = ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)

    client.post(CODE, {"action": "resend"})
    client.post(CODE, {"code": old})
    signed_in_by_old = is_signed_in(client)
    client.post(CODE, {"code": code_in(mailoutbox[-1])})

    assert not signed_in_by_old
    assert is_signed_in(client)


def test_guesses_count_on_over_new_codes(client, mailoutbox):
    ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)
    for _time in range(4):
        client.post(CODE, {"code": "0000-0000"})

    client.post(CODE, {"action": "resend"})
    response = client.post(CODE, {"code": "0000-0000"})

    assert response.status_code == 302
    assert "again=attempts" in response["Location"]


def test_code_is_sent_anew_twice_only(client, mailoutbox):
    ask_for_code(client, mailoutbox, UserFactory(accepted=True).email)

    answers = [client.post(CODE, {"action": "resend"}) for _time in range(3)]

    assert len(mailoutbox) == 3
    assert [bool(answer.context["problem"]) for answer in answers] == [False, False, True]
    assert 'value="resend"' not in client.get(CODE).content.decode()


def test_code_page_without_a_code_under_way_leads_to_the_door(client):
    assert client.get(CODE)["Location"] == "/konto/login/"


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_one_mailbox_gets_six_codes_in_ten_minutes(client, mailoutbox, clock):
    email = UserFactory(accepted=True).email
    for _time in range(6):
        ask_for_code(client, mailoutbox, email)

    refused = client.post(DOOR, {"email": email.upper()})
    other = client.post(DOOR, {"email": "inna@example.org"})
    clock.shift(601)
    later = client.post(DOOR, {"email": email})

    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors()
    assert [other.status_code, later.status_code] == [302, 302]
    assert len(mailoutbox) == 8


def test_one_network_gets_forty_codes_in_ten_minutes(client, mailoutbox):
    answers = [client.post(DOOR, {"email": f"osoba-{number}@example.org"}) for number in range(41)]

    assert [answer.status_code for answer in answers] == [302] * 40 + [200]
    assert len(mailoutbox) == 40


@pytest.mark.parametrize(("proxies", "passed"), [(0, 40), (1, 41)])
def test_network_is_told_by_a_trusted_proxy_only(client, mailoutbox, settings, proxies, passed):
    """What the client itself writes into X-Forwarded-For buys no new attempts; only our proxy's last entry counts."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    for number in range(41):
        forwarded = f"10.0.0.{number}" if proxies == 0 else f"10.9.9.9, 192.0.2.{number}"
        client.post(DOOR, {"email": f"osoba-{number}@example.org"}, headers={"X-Forwarded-For": forwarded})

    assert len(mailoutbox) == passed


def test_client_cannot_hide_behind_our_proxy(client, mailoutbox, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    for number in range(41):
        forged = f"10.0.0.{number}, 192.0.2.7"
        client.post(DOOR, {"email": f"osoba-{number}@example.org"}, headers={"X-Forwarded-For": forged})

    assert len(mailoutbox) == 40


# --- Mail -------------------------------------------------------------------------------------------------------------


def test_mail_is_plain_and_says_whose_it_is(client, mailoutbox, host):
    municipality = MunicipalityFactory(site__hostname="gmina-list.localhost", phone="+48322440000")
    client.defaults["HTTP_HOST"] = "gmina-list.localhost"
    user = UserFactory(display_name="Barbara Kowalska", phone="+48600100200", language="en", accepted=True)

    code = ask_for_code(client, mailoutbox, user.email)

    mail = mailoutbox[0]
    assert mail.subject == "Code to sign in"
    assert mail.body.splitlines()[0] == f"Your code: {code}"
    assert mail.alternatives == []
    assert municipality.centre_name in mail.body
    assert "gmina-list.localhost" in mail.body
    assert mail.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert "Kowalska" not in mail.body
    assert "600" not in mail.body.replace(code, "")


def test_mail_speaks_the_language_of_its_reader(client, mailoutbox):
    user = UserFactory(language="en", accepted=True)
    client.cookies["language"] = "uk"

    ask_for_code(client, mailoutbox, user.email)

    assert mailoutbox[0].subject == "Code to sign in"


def test_broken_mail_server_is_said_in_words(client, settings, logged_errors):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    email = UserFactory(accepted=True).email

    response = client.post(DOOR, {"email": email})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [NOT_SENT]
    assert email in response.content.decode()
    assert [record.getMessage() for record in logged_errors] == ["A code could not be mailed: ConnectionRefusedError"]


def test_broken_mail_server_at_a_new_code_keeps_the_page(client, mailoutbox, settings, logged_errors):
    email = UserFactory(accepted=True).email
    ask_for_code(client, mailoutbox, email)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    response = client.post(CODE, {"action": "resend"})

    assert response.status_code == 200
    assert response.context["problem"]
    assert len(logged_errors) == 1


# --- The wizard's way in ----------------------------------------------------------------------------------------------


def begin_as_wizard(client, mailoutbox, rf, email, **details):
    """What a view of another app does: `mailbox.begin(request, …)` in the visitor's own session."""
    request = rf.post("/prosby/nowa/", HTTP_HOST=client.defaults["HTTP_HOST"])
    request.session = client.session
    request.municipality = None
    request._messages = FallbackStorage(request)
    with context.request_context(request):
        mailbox.begin(request, email, **details)
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    return code_in(mailoutbox[-1])


def test_wizard_opens_the_account_with_the_code_alone(client, mailoutbox, rf):
    code = begin_as_wizard(
        client, mailoutbox, rf, "nowa@example.org", next_url="/dalej/", display_name="Zofia", agreed=True
    )

    response = client.post(CODE, {"code": code})

    assert response["Location"] == "/dalej/"
    assert (User.objects.get().display_name, User.objects.get().consents.count()) == ("Zofia", 2)
    assert is_signed_in(client)


def test_wizard_renames_nobody(client, mailoutbox, rf):
    user = UserFactory(display_name="Prawdziwa Zofia")

    client.post(CODE, {"code": begin_as_wizard(client, mailoutbox, rf, user.email, display_name="Ktoś", agreed=True)})

    user.refresh_from_db()
    assert user.display_name == "Prawdziwa Zofia"
    assert is_signed_in(client)


def test_wizard_without_consent_asks_for_it(client, mailoutbox, rf):
    code = begin_as_wizard(client, mailoutbox, rf, "nowa@example.org", display_name="Zofia")

    response = client.post(CODE, {"code": code})

    assert response["Location"] == NAME
    assert not User.objects.exists()


# --- No passwords -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/konto/password/change/",
        "/konto/password/set/",
        "/konto/password/reset/",
        "/konto/password/reset/done/",
        "/konto/password/reset/key/1-abc/",
        "/konto/password/reset/key/done/",
        "/konto/reauthenticate/",
        "/konto/confirm-email/",
        "/konto/signup/passkey/",
        "/konto/3rdparty/",
        "/cms/password_reset/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_about_passwords_do_not_exist(client, path, method):
    superuser = UserFactory(superuser=True)
    sign_in(client, superuser, second_factor=True)

    assert getattr(client, method)(path).status_code == 404


@pytest.mark.parametrize("door", [DOOR, "/konto/login/", "/cms/login/"])
def test_no_door_takes_a_password(client, door):
    user = UserFactory(superuser=True)
    user.set_password("Tajne-hasło-1")
    user.save()

    client.post(door, {"email": user.email, "login": user.email, "username": user.email, "password": "Tajne-hasło-1"})

    assert not is_signed_in(client)


def test_no_address_bears_a_password_in_its_name():
    names = [pattern.name for pattern in sign_in_urls.urlpatterns]

    assert [name for name in names if "password" in name] == []


# --- Out again --------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session(client):
    sign_in(client, UserFactory())
    key = client.session.session_key

    response = client.post("/konto/logout/")

    assert response["Location"] == "/"
    assert not type(client.session)(key).load()
    assert client.get("/konto/ustawienia/")["Location"].startswith("/konto/login/")


def test_signing_out_asks_first_when_it_was_only_a_link(client):
    sign_in(client, UserFactory())

    response = client.get("/konto/logout/")

    assert response.status_code == 200
    assert is_signed_in(client)


# --- Where people land ------------------------------------------------------------------------------------------------


def test_landing_honours_next(client):
    sign_in(client, UserFactory())

    assert client.get("/konto/start/?next=/konto/ustawienia/")["Location"] == "/konto/ustawienia/"


def test_landing_of_somebody_signed_out_is_the_door(client):
    assert client.get("/konto/start/")["Location"] == "/konto/login/?next=/konto/start/"


def test_code_of_staff_leads_to_the_second_step(client, mailoutbox):
    membership = MembershipFactory(user__accepted=True)
    give_app(membership.user)

    response = client.post(CODE, {"code": ask_for_code(client, mailoutbox, membership.user.email, next="/biurko/")})

    assert response["Location"] == "/konto/2fa/authenticate/"
    assert not is_signed_in(client)
