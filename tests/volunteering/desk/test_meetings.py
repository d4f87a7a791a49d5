"""One meeting at the desk: the list of people, signing up by phone, who was there, another time, called off."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Event
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory
from tests.volunteering.desk.conftest import NASTY
from volunteering.desk import queues
from volunteering.domain import meetings
from volunteering.domain.series import Repeat
from volunteering.models import HelpRequest, Meeting, Participation
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
    with django_assert_num_queries(frame + 4):
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


@pytest.mark.parametrize("facts", [{"cancelled": True}, {"state": MeetingState.DONE}], ids=str)
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
def test_no_caller_breaks_the_list(organiser, meeting, value):
    without_phone = act(organiser, "sign_up", meeting, name=value)
    without_name = act(organiser, "sign_up", meeting, name="Zofia", phone=value)

    assert without_phone.status_code in {200, 302}
    assert without_name.status_code == 200


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

    act(organiser, "attendance", meeting, present=[participation.pk])

    assert states() == [ParticipationState.JOINED]


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

    response = act(organiser, "call_off", meeting, reason="Zalało świetlicę.")
    text = organiser.get(page_of(meeting)).text

    meeting.refresh_from_db()
    assert response.status_code == 302
    assert (meeting.state, meeting.reason) == (MeetingState.CANCELLED, "Zalało świetlicę.")
    assert "tel:+48601000001" in text
    assert "601000002" not in text


def test_a_meeting_is_called_off_once(organiser, make_meeting):
    response = act(organiser, "call_off", make_meeting(cancelled=True), reason="Zalało świetlicę.")

    assert response.status_code == 409


@pytest.mark.parametrize("name", ["meeting", "meeting_change", "meeting_helpers", "meeting_paper", "meeting_door"])
def test_a_meeting_elsewhere_is_not_found(organiser, name):
    elsewhere = MeetingFactory(initiative__municipality=MunicipalityFactory())

    assert organiser.get(reverse(f"desk:{name}", args=[elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("reason", ["", " ", "x" * 301])
def test_calling_off_needs_a_reason(organiser, meeting, reason):
    response = act(organiser, "call_off", meeting, reason=reason)

    meeting.refresh_from_db()
    assert response.status_code == 200
    assert meeting.state == MeetingState.PLANNED


# A series -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def series(municipality, organiser):
    initiative = InitiativeFactory(municipality=municipality)
    details = {"day": timezone.localdate() + timedelta(days=7), "at": time(17), "minutes": 60, "place": "Świetlica"}
    return meetings.plan(initiative, actor=organiser.user, repeat=Repeat.WEEKLY, times=3, **details)


def test_the_following_of_a_series_change_where_that_is_ticked(organiser, series):
    form = organiser.get(reverse("desk:meeting_change", args=[series[1].pk])).context["form"]
    answers = {name: "" if value is None else str(value) for name, value in form.initial.items()}

    act(organiser, "change", series[1], **answers | {"place": "Biblioteka", "following": "on"})

    assert list(Meeting.objects.order_by("starts_at").values_list("place", flat=True)) == [
        "Świetlica",
        "Biblioteka",
        "Biblioteka",
    ]


def test_the_last_of_a_series_has_none_that_follow(organiser, series):
    form = organiser.get(reverse("desk:meeting_change", args=[series[2].pk])).context["form"]

    assert "following" not in form.fields


# The waiting list -----------------------------------------------------------------------------------------------------


@pytest.fixture
def full(make_meeting, organiser):
    """One place, taken; three callers wait."""
    meeting = make_meeting(places=1)
    for number in range(4):
        act(organiser, "sign_up", meeting, name=f"Osoba {number}", phone=f"60100000{number}")
    return meeting


def queue_of(client, meeting):
    return [it.name for it in client.get(page_of(meeting)).context["queue"]]


def test_a_caller_waits_where_all_places_are_taken(organiser, full):
    assert states() == ["joined", "waiting", "waiting", "waiting"]
    assert queue_of(organiser, full) == ["Osoba 1", "Osoba 2", "Osoba 3"]


def test_an_offer_to_a_caller_is_a_call_to_make_and_staff_write_down_the_answer(
    organiser, full, django_capture_on_commit_callbacks
):
    people = list(Participation.objects.order_by("pk"))
    with django_capture_on_commit_callbacks(execute=True):
        organiser.post(reverse("desk:meeting_sign_off", args=[full.pk, people[0].pk]))

    [row] = queues.to_call(full.initiative.municipality).rows
    shown = organiser.get(row.url.split("#")[0]).text
    organiser.post(reverse("desk:meeting_confirm", args=[full.pk, people[1].pk]))

    assert (row.person, row.url) == ("Osoba 1", f"{page_of(full)}#osoba-{people[1].pk}")
    assert "tel:+48601000001" in shown
    assert states() == ["left", "joined", "waiting", "waiting"]


def test_who_is_not_offered_a_place_cannot_be_confirmed(organiser, full):
    waiting = Participation.objects.waiting().first()

    response = organiser.post(reverse("desk:meeting_confirm", args=[full.pk, waiting.pk]))

    assert response.status_code == 409
    assert states() == ["joined", "waiting", "waiting", "waiting"]


def test_somebody_goes_first_for_a_reason(organiser, full):
    last = Participation.objects.get(name="Osoba 3")

    act(organiser, "promote", full, participation=last.pk, reason="Ma zamówiony przewóz.")

    assert queue_of(organiser, full) == ["Osoba 3", "Osoba 1", "Osoba 2"]


@pytest.mark.parametrize("answers", [{"reason": ""}, {"participation": ""}, {"participation": "abc"}])
def test_nobody_goes_first_without_a_reason(organiser, full, answers):
    last = Participation.objects.get(name="Osoba 3")

    response = act(organiser, "promote", full, **{"participation": last.pk, "reason": "Przewóz."} | answers)

    assert response.status_code == 200
    assert queue_of(organiser, full) == ["Osoba 1", "Osoba 2", "Osoba 3"]


def test_nobody_of_another_list_goes_first(organiser, full):
    other = ParticipationFactory(
        meeting=MeetingFactory(initiative__municipality=MunicipalityFactory()), state="waiting", turn=1
    )

    assert act(organiser, "promote", full, participation=other.pk, reason="Przewóz.").status_code == 404


# At the door ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(held):
    return [ParticipationFactory(meeting=held, user=None, name=f"Osoba {number}") for number in range(2)]


def tick(client, meeting, participation, present="1"):
    return client.post(reverse("desk:meeting_tick", args=[meeting.pk, participation.pk]), {"present": present})


def test_one_tap_ticks_one_person_and_another_takes_it_back(organiser, held, people):
    response = tick(organiser, held, people[0])
    ticked = states()
    tick(organiser, held, people[0], present="0")

    assert response.url.endswith(f"#osoba-{people[0].pk}")
    assert ticked == ["attended", "joined"]
    assert states() == ["joined", "joined"]


def test_a_guest_is_added_at_the_door(organiser, held, people):
    act(organiser, "walk_in", held, name="Zofia Wymyślona")

    assert states() == ["joined", "joined", "attended"]
    assert "Zofia Wymyślona" in organiser.get(reverse("desk:meeting_door", args=[held.pk])).text


def test_nobody_is_ticked_before_the_doors_open(organiser, meeting):
    person = ParticipationFactory(meeting=meeting)

    assert tick(organiser, meeting, person).status_code == 409
    assert act(organiser, "walk_in", meeting, name="Zofia Wymyślona").status_code == 409
    assert states() == ["joined"]


def test_a_person_of_another_list_is_not_ticked(organiser, held):
    other = ParticipationFactory(meeting=MeetingFactory(initiative__municipality=MunicipalityFactory()))

    assert tick(organiser, held, other).status_code == 404


def test_the_list_on_paper_holds_names_alone_and_is_written_down(organiser, held):
    ParticipationFactory(meeting=held, user=None, name="Zofia Wymyślona", phone="+48601000001")

    text = organiser.get(reverse("desk:meeting_paper", args=[held.pk])).text

    event = Event.objects.get(kind="volunteering.meeting_list_read")
    assert (event.actor, event.subject_id) == (organiser.user, held.pk)
    assert "Zofia Wymyślona" in text
    assert "601000001" not in text
    assert "601 000 001" not in text


# Helpers wanted -------------------------------------------------------------------------------------------------------


@pytest.fixture
def wanted(organiser, make_meeting, neighbourhood, category):
    """A meeting and what the form for helpers is sent with."""
    meeting = make_meeting(neighbourhood=neighbourhood)
    form = organiser.get(reverse("desk:meeting_helpers", args=[meeting.pk])).context["form"]
    return meeting, {
        "key": str(form["key"].value()),
        "category": category.code,
        "people": "2",
        "early": "30",
        "words": "Ustawić krzesła.",
    }


def test_helpers_are_asked_for_once(organiser, wanted):
    meeting, answers = wanted

    for _ in range(2):
        assert act(organiser, "helpers", meeting, **answers).url == page_of(meeting)

    request = HelpRequest.objects.get()
    assert (request.meeting, request.requester, request.people_needed) == (meeting, organiser.user, 2)
    assert organiser.get(page_of(meeting)).context["helpers"] == [request]


@pytest.mark.parametrize(
    "wrong", [{"people": "0"}, {"people": "21"}, {"category": "obca"}, {"words": ""}, {"key": "x"}]
)
def test_what_is_wrong_is_said_and_nobody_is_asked(organiser, wanted, wrong):
    meeting, answers = wanted

    response = act(organiser, "helpers", meeting, **answers | wrong)

    assert response.status_code == 200
    assert not HelpRequest.objects.exists()


def test_nobody_is_asked_to_help_in_a_home(organiser, wanted, category):
    meeting, answers = wanted
    category.at_home = True
    category.save()

    assert act(organiser, "helpers", meeting, **answers).status_code == 200
    assert not HelpRequest.objects.exists()


def test_nobody_is_asked_to_help_at_what_was_called_off(organiser, wanted):
    meeting, answers = wanted
    Meeting.objects.update(state=MeetingState.CANCELLED)

    assert act(organiser, "helpers", meeting, **answers).status_code == 409
