"""Signing up for a meeting: one tap with an account, a code by e-mail without, and the queue."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_scopes import scope

from accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory
from volunteering.domain import sign_ups
from volunteering.models import Meeting, Participation
from volunteering.states import ParticipationState

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def page(client, municipality):
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


@pytest.fixture
def person(page):
    person = UserFactory()
    page.force_login(person)
    return person


@pytest.fixture
def meeting(municipality):
    return MeetingFactory(initiative=InitiativeFactory(municipality=municipality), places=2)


@pytest.fixture
def full(municipality):
    """One place, one person, and one who waits."""
    meeting = MeetingFactory(initiative=InitiativeFactory(municipality=municipality), places=1)
    for _number in range(2):
        user = UserFactory()
        sign_ups.join(meeting, user=user, actor=user, waits=True)
    return meeting


def address(meeting, act=""):
    path = f"/inicjatywy/{meeting.initiative.slug}/"
    return f"{path}spotkania/{meeting.pk}/{act}/" if act else path


def own(person):
    return Participation.objects.get(user=person).state


def test_joining_takes_a_place_and_leaving_gives_it_back(page, person, meeting):
    page.post(address(meeting, "zapisz"))
    meeting.refresh_from_db()
    joined = (meeting.taken, own(person))
    page.post(address(meeting, "wypisz"))
    meeting.refresh_from_db()

    assert joined == (1, ParticipationState.JOINED)
    assert (meeting.taken, own(person)) == (0, ParticipationState.LEFT)


def test_joining_twice_takes_one_place(page, person, meeting):
    page.post(address(meeting, "zapisz"))
    page.post(address(meeting, "zapisz"))

    meeting.refresh_from_db()
    assert meeting.taken == 1


def test_joining_a_full_meeting_is_refused_with_a_sentence_and_a_queue(page, person, full):
    response = page.post(address(full, "zapisz"))

    assert response.status_code == 409
    assert response.context["refusals"]
    assert address(full, "czekam") in response.text


def test_waiting_says_how_many_are_before(page, person, full):
    response = page.post(address(full, "czekam"), follow=True)

    [entry] = response.context["meetings"]
    assert (own(person), entry["own"].ahead) == (ParticipationState.WAITING, 1)


def test_waiting_where_a_place_is_free_takes_it(page, person, meeting):
    page.post(address(meeting, "czekam"))

    assert own(person) == ParticipationState.JOINED


@pytest.fixture
def offered(page, person, full):
    page.post(address(full, "czekam"))
    for row in Participation.objects.exclude(user=person).order_by("pk"):
        sign_ups.leave(row, actor=row.user)
    return full


def test_an_offer_is_confirmed_in_one_tap(page, person, offered):
    shown = page.get(address(offered)).text

    page.post(address(offered, "zapisz"))

    assert address(offered, "wypisz") in shown
    assert own(person) == ParticipationState.JOINED


def test_an_offer_is_declined_in_one_tap(page, person, offered):
    page.post(address(offered, "wypisz"))

    assert own(person) == ParticipationState.LEFT
    assert Meeting.objects.get().taken == 0


def test_who_was_too_late_reads_so_and_may_sign_up_again(page, person, offered):
    Participation.objects.offered().update(offered_until=timezone.now() - timedelta(seconds=1))
    sign_ups.pass_on_due()

    shown = page.get(address(offered)).text

    assert own(person) == ParticipationState.LAPSED
    assert address(offered, "zapisz") in shown


CLOSED = {
    "closed group": {"initiative__closed": True},
    "not yet": {"sign_up_from": timezone.now() + timedelta(hours=1)},
    "too late": {"sign_up_until": timezone.now() - timedelta(hours=1)},
    "called off": {"cancelled": True},
    "begun": {"starts_at": timezone.now() - timedelta(minutes=5)},
}


@pytest.mark.parametrize("act", ["zapisz", "czekam"])
@pytest.mark.parametrize("situation", CLOSED)
def test_joining_what_is_closed_is_refused(page, person, municipality, situation, act):
    closed = MeetingFactory(initiative__municipality=municipality, **CLOSED[situation])

    response = page.post(address(closed, act))

    assert response.status_code == 409
    assert not Participation.objects.exists()


@pytest.mark.parametrize("act", ["zapisz", "czekam", "wypisz"])
def test_acts_need_an_account(page, meeting, act):
    response = page.post(address(meeting, act))

    assert response.status_code == 302
    assert not Participation.objects.exists()


@pytest.mark.parametrize("act", ["zapisz", "czekam", "zapisy"])
def test_a_meeting_of_another_municipality_does_not_exist(page, person, act):
    foreign = MeetingFactory(initiative=InitiativeFactory(municipality=MunicipalityFactory()))

    assert page.post(address(foreign, act)).status_code == 404


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"finished": True}])
def test_a_meeting_of_what_is_not_under_way_cannot_be_joined(page, person, municipality, facts):
    meeting = MeetingFactory(initiative=InitiativeFactory(municipality=municipality, **facts))

    assert page.post(address(meeting, "zapisz")).status_code == 404


def test_leaving_for_somebody_else_does_not_exist(page, person, meeting):
    ParticipationFactory(meeting=meeting)

    assert page.post(address(meeting, "wypisz")).status_code == 404


@pytest.mark.parametrize("act", ["zapisz", "czekam", "wypisz"])
def test_acts_do_not_answer_to_get(page, person, meeting, act):
    assert page.get(address(meeting, act)).status_code == 405


# Without an account ---------------------------------------------------------------------------------------------------


ANSWERS = {"name": "Zofia Wymyślona", "email": "zofia@example.com"}


def code():
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]


def enter(page, meeting, **answers):
    sent = page.post(address(meeting, "zapisy"), ANSWERS | answers)
    return page.post(sent.url, {"code": code()}, follow=True)


def test_page_for_strangers_leads_to_a_form(page, meeting):
    shown = page.get(address(meeting))

    assert address(meeting, "zapisy") in shown.text
    assert "sessionid" not in shown.cookies
    assert page.get(address(meeting, "zapisy")).status_code == 200


def test_a_code_signs_a_newcomer_up(page, meeting):
    enter(page, meeting)

    row = Participation.objects.get()
    assert (row.user.email, row.user.display_name, row.state) == ("zofia@example.com", "Zofia Wymyślona", "joined")


def test_a_code_puts_a_newcomer_in_the_queue(page, full):
    enter(page, full, waits="True")

    assert own(User.objects.get(email="zofia@example.com")) == ParticipationState.WAITING


def test_nobody_is_put_in_a_queue_unasked(page, meeting):
    """The last place went while the code was under way."""
    sent = page.post(address(meeting, "zapisy"), ANSWERS)
    for _number in range(2):
        other = UserFactory()
        sign_ups.join(meeting, user=other, actor=other)

    response = page.post(sent.url, {"code": code()}, follow=True)

    assert response.status_code == 409
    assert address(meeting, "czekam") in response.text
    assert Participation.objects.count() == 2


def test_coming_back_without_having_asked_changes_nothing(page, person, meeting):
    page.get(address(meeting, "zapisy/gotowe"))

    assert not Participation.objects.exists()


def test_the_address_after_the_code_works_once(page, meeting):
    enter(page, meeting)
    page.post(address(meeting, "wypisz"))

    page.get(address(meeting, "zapisy/gotowe"))

    assert Participation.objects.get().state == ParticipationState.LEFT


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "zofia"}, {"email": ""}, {"name": "x" * 81}])
def test_what_is_missing_is_asked_for(page, meeting, wrong):
    response = page.post(address(meeting, "zapisy"), ANSWERS | wrong)

    assert response.status_code == 200
    assert mail.outbox == []


def test_who_is_signed_in_needs_no_form(page, person, meeting):
    assert page.get(address(meeting, "zapisy")).status_code == 302


def test_the_form_of_a_closed_group_does_not_exist(page, municipality):
    closed = MeetingFactory(initiative__municipality=municipality, initiative__closed=True)

    assert page.get(address(closed, "zapisy")).status_code == 404
    assert page.post(address(closed, "zapisy"), ANSWERS).status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize("situation", [name for name in CLOSED if name != "closed group"])
def test_the_form_of_what_is_closed_says_why(page, municipality, situation):
    closed = MeetingFactory(initiative__municipality=municipality, **CLOSED[situation])

    response = page.get(address(closed, "zapisy"))
    page.post(address(closed, "zapisy"), ANSWERS)

    assert mail.outbox == []
    assert response.context["against"]
    assert "<form" not in response.text.split("<main")[1].split("</main")[0]
