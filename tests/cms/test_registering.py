"""Registering for an event in the browser: the form, the code, the page of one's own registration."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from cms.domain import registrations
from cms.models import Registration
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_event, make_event_index, register_of

pytestmark = pytest.mark.django_db

ANSWERS = {"name": "Anna Nowak", "email": "anna@example.org", "needs": "duży druk", "agreed": "on"}


@pytest.fixture
def register(centre):
    return register_of(make_event(make_event_index(home_of(centre)), title="Jak założyć CUS"))


def address(register, end=""):
    return f"/zapisy/{register.pk}/{end}"


def code():
    return re.search(r"\d{4}-?\d{4}", mail.outbox[-1].body)[0]


def words(response):
    return response.content.decode().replace("\xa0", " ")


def states():
    return list(Registration.objects.order_by("pk").values_list("state", flat=True))


def test_stranger_registers_by_a_code_and_has_an_account(browse, centre, register):
    client = browse(centre)
    sent = client.post(address(register), ANSWERS)
    assert (sent.status_code, states()) == (302, [])

    arrived = client.post(sent.url, {"code": code()}, follow=True)

    registration = Registration.objects.get()
    assert arrived.redirect_chain[-1][0] == address(register)
    assert "You are registered" in words(arrived) or "Zapis" in words(arrived)
    assert (registration.state, registration.needs) == ("joined", "duży druk")
    assert registration.user == User.objects.get(email="anna@example.org")
    assert registration.user.display_name == "Anna Nowak"


def test_person_with_an_account_registers_in_one_tap(browse, centre, register):
    user = UserFactory()

    response = browse(centre, user).post(address(register))

    assert (response.status_code, response.url) == (302, address(register))
    assert Registration.objects.get().user == user


def test_wrong_code_registers_nobody(browse, centre, register):
    client = browse(centre)
    sent = client.post(address(register), ANSWERS)

    client.post(sent.url, {"code": "0000-0000"})
    client.get(address(register, "gotowe/"))

    assert states() == []


@pytest.mark.parametrize("missing", ["name", "email", "agreed"])
def test_answers_that_are_missing_are_asked_for(browse, centre, register, missing):
    response = browse(centre).post(address(register), {**ANSWERS, missing: ""})

    assert response.status_code == 200
    assert "error-summary" in words(response)
    assert mail.outbox == []


def test_coming_to_the_end_without_a_beginning_changes_nothing(browse, centre, register):
    client = browse(centre, UserFactory())

    response = client.get(address(register, "gotowe/"))

    assert (response.status_code, response.url) == (302, address(register))
    assert states() == []


def test_draft_of_one_event_registers_for_no_other(browse, centre, register):
    other = register_of(make_event(register.page.get_parent()))
    client = browse(centre)
    sent = client.post(address(register), ANSWERS)
    Registration.objects.all().delete()
    client.post(sent.url, {"code": code()})

    client.get(address(other, "gotowe/"))

    assert Registration.objects.of_register(other).count() == 0


def test_place_that_was_taken_meanwhile_leads_to_the_waiting_list(browse, centre):
    register = register_of(make_event(make_event_index(home_of(centre)), places=1))
    client = browse(centre)
    sent = client.post(address(register), ANSWERS)
    faster = UserFactory()
    registrations.join(register, user=faster, actor=faster)

    client.post(sent.url, {"code": code()}, follow=True)

    assert states() == ["joined", "waiting"]


def test_closed_event_refuses_with_a_sentence(browse, centre):
    closed = make_event(make_event_index(home_of(centre)), deadline=timezone.now() - timedelta(hours=1))

    response = browse(centre).post(address(register_of(closed)), ANSWERS)

    assert response.status_code == 409
    assert mail.outbox == []
    assert "alert--warning" in words(response)


def test_waiting_person_says_yes_and_then_signs_off(browse, centre):
    register = register_of(make_event(make_event_index(home_of(centre)), places=1))
    first, second = UserFactory(), UserFactory()
    for user in (first, second):
        registrations.join(register, user=user, actor=user)
    registrations.leave(Registration.objects.get(user=first), actor=first)
    client = browse(centre, second)

    client.post(address(register, "potwierdzenie/"))
    assert states() == ["left", "joined"]

    client.post(address(register, "rezygnacja/"))
    assert states() == ["left", "left"]


def test_nobody_signs_off_another_person(browse, centre, register):
    user = UserFactory()
    registrations.join(register, user=user, actor=user)
    client = browse(centre, UserFactory())

    assert client.post(address(register, "rezygnacja/")).status_code == 404
    assert client.post(address(register, "potwierdzenie/")).status_code == 404
    assert states() == ["joined"]


@pytest.mark.parametrize("end", ["rezygnacja/", "potwierdzenie/"])
def test_acts_are_posted(browse, centre, register, end):
    assert browse(centre, UserFactory()).get(address(register, end)).status_code == 405


@pytest.mark.parametrize("end", ["", "gotowe/", "wydarzenie.ics"])
def test_event_of_another_centre_does_not_exist_here(browse, centre, stranger, end):
    foreign = register_of(make_event(make_event_index(home_of(stranger))))

    assert browse(centre).get(address(foreign, end)).status_code == 404


def test_unpublished_event_is_there_for_those_who_registered_only(browse, centre, register):
    user = UserFactory()
    registrations.join(register, user=user, actor=user)
    register.page.unpublish()

    assert browse(centre).get(address(register)).status_code == 404
    assert browse(centre, UserFactory()).get(address(register)).status_code == 404
    assert browse(centre, user).get(address(register)).status_code == 200
    assert browse(centre).get(address(register, "wydarzenie.ics")).status_code == 404


def test_needs_are_asked_only_where_editors_want_it(browse, centre):
    register = register_of(make_event(make_event_index(home_of(centre)), asks_needs=False))

    assert 'name="needs"' not in words(browse(centre).get(address(register)))


def test_online_address_is_for_those_with_a_place(browse, centre):
    index = make_event_index(home_of(centre))
    url = "https://spotkanie.example/tajne"
    event = make_event(index, slug="zdalne", place="", online_url=url, places=1)
    inside, waiting = UserFactory(), UserFactory()
    for user in (inside, waiting):
        registrations.join(register_of(event), user=user, actor=user)

    pages = {
        "public": browse(centre).get("/wydarzenia/zdalne/"),
        "calendar": browse(centre).get(address(register_of(event), "wydarzenie.ics")),
        "waiting": browse(centre, waiting).get(address(register_of(event))),
    }

    assert [name for name, page in pages.items() if url in words(page)] == []
    assert url in words(browse(centre, inside).get(address(register_of(event))))


def test_registration_pages_are_kept_by_nobody(browse, centre, register):
    assert "no-store" in browse(centre).get(address(register)).headers["Cache-Control"]


def test_my_events_are_mine_and_of_this_site(browse, centre, stranger, register):
    user, other = UserFactory(), UserFactory()
    foreign = register_of(make_event(make_event_index(home_of(stranger)), title="Cudzoziemskie spotkanie"))
    registrations.join(register, user=user, actor=user)
    registrations.join(foreign, user=user, actor=user)

    own, empty = (words(browse(centre, person).get("/moje/wydarzenia/")) for person in (user, other))

    assert "Jak założyć CUS" in own
    assert "Cudzoziemskie" not in own
    assert "Jak założyć CUS" not in empty


def test_portal_takes_registrations_without_any_municipality(browse, portal):
    register = register_of(make_event(make_event_index(portal.root_page), title="Spotkanie dla gmin"))
    client = browse()
    sent = client.post(address(register), ANSWERS)

    arrived = client.post(sent.url, {"code": code()}, follow=True)

    assert arrived.status_code == 200
    assert states() == ["joined"]
