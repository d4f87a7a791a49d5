"""A site in preparation, and the day it opens."""

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from accounts.errors import Refused
from neighbourhoods import readiness
from neighbourhoods.domain import opening
from neighbourhoods.models import Confirmation, Municipality
from notifications import outbox
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.cms import make_centre, make_portal
from tests.factories.neighbourhoods import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def needs(monkeypatch):
    """Two checks instead of all: what a look must find, and what a program sees."""
    monkeypatch.setattr(readiness, "CHECKS", {})
    readiness.register_confirmation("crisis", "Numery", "Przeczytaj numery.", must=True, order=1)
    readiness.register("logo", "Logo", order=2)(lambda municipality: "Nie ma logo.")
    readiness.register("email", "E-mail", must=True, order=3)(lambda it: "" if it.email else "Nie ma adresu.")


@pytest.fixture
def centre(db):
    return make_centre(opened_at=None, phone="+48322221111")


def kinds(municipality):
    return [event.kind for event in outbox.history(municipality)]


def test_site_does_not_open_while_something_is_missing(centre, needs):
    with pytest.raises(Refused) as refusal:
        opening.open_site(centre, actor=None)

    assert refusal.value.reasons == ("Numery: Przeczytaj numery.", "E-mail: Nie ma adresu.")
    assert Municipality.objects.get().in_preparation


@pytest.mark.postgres
def test_site_opens_and_says_who_opened_it(centre, needs):
    organiser = UserFactory()
    Municipality.objects.update(email="cus@example.org")
    opening.confirm(centre, "crisis", actor=organiser)

    opened = opening.open_site(centre, actor=organiser)

    assert opened.opened_at <= timezone.now()
    assert kinds(centre) == ["neighbourhoods.readiness_confirm", "neighbourhoods.site_open"]
    assert outbox.history(centre).last().actor == organiser


def test_opening_twice_changes_nothing(needs):
    centre = make_centre()

    assert opening.open_site(centre, actor=None).opened_at == centre.opened_at
    assert kinds(centre) == []


def test_closed_site_is_in_preparation_again(needs):
    centre = make_centre()

    assert opening.close_site(centre, actor=None).in_preparation
    assert kinds(centre) == ["neighbourhoods.site_close"]


@pytest.mark.parametrize("code", ["email", "logo", "nonsense"])
def test_only_what_needs_a_look_is_confirmed(centre, needs, code):
    with pytest.raises(Refused):
        opening.confirm(centre, code, actor=None)


def test_confirmation_is_taken_back(centre, needs):
    opening.confirm(centre, "crisis", actor=None)

    opening.withdraw(centre, "crisis", actor=None)
    opening.withdraw(centre, "crisis", actor=None)

    with scopes_disabled():
        assert not Confirmation.objects.exists()
    assert kinds(centre) == ["neighbourhoods.readiness_confirm", "neighbourhoods.readiness_withdraw"]


# --- What the public sees ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/en/", "/inicjatywy/", "/prosby/nowa/", "/nie-ma/", "/sitemap.xml"])
def test_public_reads_that_the_site_is_in_preparation(client, centre, path):
    response = client.get(path, headers={"host": centre.site.hostname})

    words = response.text.replace("\xa0", " ")
    assert (response.status_code, response.headers["X-Robots-Tag"]) == (404, "noindex")
    assert centre.centre_name in words
    assert "32 222 11 11" in words
    assert "no-store" in response.headers["Cache-Control"]


def test_nothing_can_be_sent_to_a_site_in_preparation(client, centre):
    assert client.post("/prosby/nowa/wyslij/", headers={"host": centre.site.hostname}).status_code == 404


@pytest.mark.parametrize("path", ["/konto/login/code/", "/marka.css", "/robots.txt", "/healthz"])
def test_ways_in_stay_open(client, centre, path):
    assert client.get(path, headers={"host": centre.site.hostname}).status_code == 200


def test_robots_are_kept_away(client, centre):
    assert client.get("/robots.txt", headers={"host": centre.site.hostname}).text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("role", [{}, {"editor": True}, {"director": True}, {"coordinator": True}])
def test_staff_see_the_whole_site(client, centre, role):
    sign_in(client, MembershipFactory(municipality=centre, **role).user, second_factor=True)

    assert client.get("/", headers={"host": centre.site.hostname}).status_code == 200


@pytest.mark.parametrize("person", ["resident", "staff elsewhere", "ended"])
def test_everybody_else_who_signed_in_does_not(client, centre, person):
    user = {
        "resident": UserFactory,
        "staff elsewhere": lambda: MembershipFactory().user,
        "ended": lambda: MembershipFactory(municipality=centre, ended=True).user,
    }[person]()
    sign_in(client, user)

    assert client.get("/", headers={"host": centre.site.hostname}).status_code == 404


def test_portal_leads_to_open_centres_only(client, centre):
    make_portal()
    make_centre(centre_name="Otwarte Centrum")

    words = client.get("/", headers={"host": "localhost"}).text
    choice = client.get("/pomagam/", headers={"host": "localhost"}).text

    assert "Otwarte Centrum" in words
    assert centre.centre_name not in words + choice


# --- At the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, centre):
    sign_in(client, MembershipFactory(municipality=centre).user, second_factor=True)
    client.defaults["HTTP_HOST"] = centre.site.hostname
    return client


def test_organiser_confirms_and_opens(desk, centre, needs):
    Municipality.objects.update(email="cus@example.org")

    desk.post("/biurko/ustawienia/otwarcie/crisis/")
    page = desk.get("/biurko/ustawienia/otwarcie/")
    response = desk.post("/biurko/ustawienia/otwarcie/start/")

    assert page.context["obstacles"] == 0
    assert response.status_code == 302
    assert not Municipality.objects.get().in_preparation


def test_organiser_reads_why_the_site_does_not_open(desk, centre, needs):
    response = desk.post("/biurko/ustawienia/otwarcie/start/")

    assert (response.status_code, len(response.context["refusals"])) == (409, 2)


def test_unknown_confirmation_is_no_page(desk, needs):
    assert desk.post("/biurko/ustawienia/otwarcie/nonsense/").status_code == 404


@pytest.mark.parametrize("role", [{"coordinator": True}, {"director": True}, {"editor": True}])
def test_opening_is_the_organisers_alone(client, centre, role):
    sign_in(client, MembershipFactory(municipality=centre, **role).user, second_factor=True)

    for path in ("", "start/", "crisis/"):
        method = client.post if path else client.get
        answer = method(f"/biurko/ustawienia/otwarcie/{path}", headers={"host": centre.site.hostname})
        assert answer.status_code == 404


def test_contact_data_are_changed_at_the_desk(desk, centre):
    sent = {"centre_name": "CUS", "phone": "32 222 33 44", "email": "a@example.org"}
    sent |= {"address": "Rynek 1", "opening_hours": "8–16"}

    desk.post("/biurko/ustawienia/kontakt/", sent)

    changed = Municipality.objects.get()
    assert (str(changed.phone), changed.email, changed.address) == ("+48322223344", "a@example.org", "Rynek 1")
    assert outbox.history(centre).get().data["changed"] == ["address", "centre_name", "email", "opening_hours", "phone"]


def test_every_real_check_answers_for_a_bare_centre(desk, centre):
    findings = desk.get("/biurko/ustawienia/otwarcie/").context["needed"]

    missing = {finding.check.code for finding in findings if not finding.done}
    assert {
        "contact",
        "dpo",
        "privacy",
        "accessibility",
        "crisis",
        "moderation",
        "organiser",
        "neighbourhoods",
    } <= missing
