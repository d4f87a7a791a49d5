"""One meeting at the desk: the list of people, signing up by phone, who was there, another time, called off."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory
from tests.volunteering.desk.conftest import NASTY
from volunteering.models import Participation
from volunteering.states import MeetingState, ParticipationState

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_meeting(municipality):
    def make(**facts):
        return MeetingFactory(**{"initiative": InitiativeFactory(municipality=municipality), "places": 12, **facts})

    return make


@pytest.fixture
def meeting(make_meeting):
    return make_meeting()


@pytest.fixture
def held(make_meeting):
    return make_meeting(starts_at=timezone.now() - timedelta(hours=3))


def page_of(meeting):
    return reverse("desk:meeting", args=[meeting.pk])


def act(client, verb, meeting, /, **answers):
    return client.post(reverse(f"desk:meeting_{verb}", args=[meeting.pk]), answers)


def states():
    return list(Participation.objects.order_by("pk").values_list("state", flat=True))


def test_the_list_is_ordered_by_surname(organiser, meeting):
    for name in ("Zofia Ćwik", "Jan Żuraw", "Anna Babiak", "Łucja Cieślak"):
        ParticipationFactory(meeting=meeting, user=None, name=name)
    ParticipationFactory(meeting=meeting, user__display_name="Ewa Adamska")
    ParticipationFactory(meeting=meeting, left=True)

    people = organiser.get(page_of(meeting)).context["people"]

    assert [it.person_name.split()[1] for it in people] == ["Adamska", "Babiak", "Cieślak", "Ćwik", "Żuraw"]


def test_an_empty_list_says_so(organiser, meeting):
    assert 'class="empty"' in organiser.get(page_of(meeting)).text


@pytest.fixture(params=[1, 3])
def full_list(request, held):
    for _ in range(request.param):
        ParticipationFactory(meeting=held)
    return held


def test_queries_do_not_grow_with_the_list(organiser, full_list, frame, django_assert_num_queries):
    with django_assert_num_queries(frame + 3):
        organiser.get(page_of(full_list))


def test_a_caller_is_signed_up(organiser, meeting):
    response = act(organiser, "sign_up", meeting, name="Zofia Wymyślona", phone="601 000 001")

    participation = Participation.objects.get()
    meeting.refresh_from_db()
    assert response.url == page_of(meeting)
    assert (participation.user, participation.name, str(participation.phone)) == (
        None,
        "Zofia Wymyślona",
        "+48601000001",
    )
    assert meeting.taken == 1


def test_the_same_caller_sent_twice_is_one_person(organiser, meeting):
    for _ in range(2):
        act(organiser, "sign_up", meeting, name="Zofia Wymyślona", phone="601 000 001")

    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    "facts", [{"places": 1, "taken": 1}, {"cancelled": True}, {"state": MeetingState.DONE}], ids=str
)
def test_who_cannot_come_in_is_told_why(organiser, make_meeting, facts):
    response = act(organiser, "sign_up", make_meeting(**facts), name="Zofia Wymyślona", phone="601 000 001")

    assert response.status_code == 409
    assert 'role="alert"' in response.text
    assert response.context["sign_up"].data["name"] == "Zofia Wymyślona"
    assert not Participation.objects.exists()


@pytest.mark.parametrize("answers", [{}, {"name": "x" * 81}, {"name": "\x00"}, {"name": "Zofia", "phone": "112"}])
def test_a_caller_without_a_name_is_asked(organiser, meeting, answers):
    response = act(organiser, "sign_up", meeting, **answers)

    assert response.status_code == 200
    assert "data-error-summary" in response.text
    assert not Participation.objects.exists()


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("field", ["name", "phone"])
def test_no_caller_breaks_the_list(organiser, meeting, field, value):
    response = act(organiser, "sign_up", meeting, **{"name": "Zofia", "phone": "601000001", field: value})

    assert response.status_code in {200, 302}


def test_a_change_of_mind_frees_the_place(organiser, meeting):
    act(organiser, "sign_up", meeting, name="Zofia Wymyślona")
    participation = Participation.objects.get()

    organiser.post(reverse("desk:meeting_sign_off", args=[meeting.pk, participation.pk]))

    meeting.refresh_from_db()
    assert (states(), meeting.taken) == ([ParticipationState.LEFT], 0)


def test_somebody_on_another_list_is_not_found(organiser, meeting):
    other = ParticipationFactory(meeting=MeetingFactory(initiative__municipality=MunicipalityFactory()))

    response = organiser.post(reverse("desk:meeting_sign_off", args=[meeting.pk, other.pk]))

    assert response.status_code == 404


def test_attendance_is_ticked(organiser, held):
    came, absent = ParticipationFactory(meeting=held), ParticipationFactory(meeting=held)

    act(organiser, "attendance", held, present=[came.pk])

    assert states() == [ParticipationState.ATTENDED, ParticipationState.JOINED]
    assert f'value="{absent.pk}"' in organiser.get(page_of(held)).text


@pytest.mark.parametrize("value", [*NASTY, "-1", "99999999999999999999"])
def test_no_tick_breaks_the_attendance(organiser, held, value):
    ParticipationFactory(meeting=held)

    assert act(organiser, "attendance", held, present=[value]).status_code == 302
    assert states() == [ParticipationState.JOINED]


def test_attendance_before_it_begins_is_refused(organiser, meeting):
    participation = ParticipationFactory(meeting=meeting)

    assert act(organiser, "attendance", meeting, present=[participation.pk]).status_code == 409


def test_a_meeting_is_moved(organiser, meeting):
    form = organiser.get(reverse("desk:meeting_change", args=[meeting.pk])).context["form"]
    answers = {name: "" if value is None else str(value) for name, value in form.initial.items()}

    response = act(organiser, "change", meeting, **answers | {"at": "18:15", "place": "Biblioteka"})

    meeting.refresh_from_db()
    assert response.url == page_of(meeting)
    assert timezone.localtime(meeting.starts_at).strftime("%H:%M") == "18:15"
    assert meeting.place == "Biblioteka"


@pytest.mark.parametrize("wrong", [{"day": "2020-01-01"}, {"places": "1"}])
def test_a_move_that_cannot_be_is_refused_and_stays_typed(organiser, make_meeting, wrong):
    meeting = make_meeting(taken=2)
    form = organiser.get(reverse("desk:meeting_change", args=[meeting.pk])).context["form"]
    answers = {name: "" if value is None else str(value) for name, value in form.initial.items()}

    response = act(organiser, "change", meeting, **answers | wrong)

    assert response.status_code == 409
    assert 'role="alert"' in response.text
    assert response.context["form"].data.dict() == answers | wrong


def test_who_has_no_account_is_rung_when_it_is_called_off(organiser, meeting):
    ParticipationFactory(meeting=meeting, user=None, name="Zofia Wymyślona", phone="+48601000001")
    ParticipationFactory(meeting=meeting, user__phone="+48601000002")

    response = act(organiser, "call_off", meeting)
    text = organiser.get(page_of(meeting)).text

    meeting.refresh_from_db()
    assert response.status_code == 302
    assert meeting.state == MeetingState.CANCELLED
    assert "tel:+48601000001" in text
    assert "601000002" not in text


def test_a_meeting_is_called_off_once(organiser, make_meeting):
    response = act(organiser, "call_off", make_meeting(cancelled=True))

    assert response.status_code == 409


@pytest.mark.parametrize("name", ["meeting", "meeting_change"])
def test_a_meeting_elsewhere_is_not_found(organiser, name):
    elsewhere = MeetingFactory(initiative__municipality=MunicipalityFactory())

    assert organiser.get(reverse(f"desk:{name}", args=[elsewhere.pk])).status_code == 404
