"""Who was there: ticked at the door, put right afterwards, and people who came without a place."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory
from volunteering.domain import attendance
from volunteering.errors import Refused
from volunteering.models import Meeting, Participation
from volunteering.states import MeetingState, ParticipationState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def initiative(municipality):
    return InitiativeFactory(municipality=municipality)


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def held(initiative):
    """A meeting that ended an hour ago, with three people."""
    meeting = MeetingFactory(initiative=initiative, starts_at=timezone.now() - timedelta(hours=3))
    return meeting, [ParticipationFactory(meeting=meeting) for _ in range(3)]


def states(people):
    return [Participation.objects.get(pk=participation.pk).state for participation in people]


def test_attendance_can_be_put_right(held, staff):
    meeting, people = held

    attendance.note(meeting, actor=staff, present=[people[0].pk, people[1].pk])
    attendance.note(meeting, actor=staff, present=[people[1].pk])

    meeting.refresh_from_db()
    assert states(people) == [ParticipationState.JOINED, ParticipationState.ATTENDED, ParticipationState.JOINED]
    assert meeting.state == MeetingState.DONE
    assert [event.data["present"] for event in Event.objects.order_by("pk")] == [2, 1]


def test_attendance_during_the_meeting_leaves_it_open(initiative, staff):
    meeting = MeetingFactory(initiative=initiative, starts_at=timezone.now() - timedelta(hours=1))

    attendance.note(meeting, actor=staff, present=[])

    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED


def test_attendance_leaves_out_strangers_and_who_signed_off(held, staff):
    meeting, _people = held
    stranger, left = ParticipationFactory(), ParticipationFactory(meeting=meeting, left=True)

    attendance.note(meeting, actor=staff, present=[stranger.pk, left.pk])

    assert states([left]) == [ParticipationState.LEFT]
    assert stranger.state == ParticipationState.JOINED
    assert Event.objects.get().data["present"] == 0


@pytest.mark.parametrize(
    "situation", [{"cancelled": True, "starts_at": datetime(2027, 4, 20, tzinfo=UTC)}, {}], ids=["called off", "ahead"]
)
def test_attendance_is_refused(initiative, staff, situation):
    meeting = MeetingFactory(initiative=initiative, **situation)

    with pytest.raises(Refused):
        attendance.note(meeting, actor=staff, present=[])


# At the door ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def begun(initiative):
    """A meeting that begins in half an hour, with two places and two people."""
    meeting = MeetingFactory(initiative=initiative, starts_at=timezone.now() + timedelta(minutes=30), places=2, taken=2)
    return meeting, [ParticipationFactory(meeting=meeting) for _ in range(2)]


def test_a_tick_sent_again_changes_nothing(begun, staff):
    _meeting, people = begun

    for _ in range(3):
        attendance.tick(people[0], actor=staff)

    assert states(people) == [ParticipationState.ATTENDED, ParticipationState.JOINED]
    assert Event.objects.count() == 1


def test_a_tick_is_taken_back(begun, staff):
    _meeting, people = begun
    attendance.tick(people[0], actor=staff)

    for _ in range(2):
        attendance.tick(people[0], actor=staff, present=False)

    assert states(people) == [ParticipationState.JOINED, ParticipationState.JOINED]


def test_who_waited_and_came_is_let_in(begun, staff):
    meeting, _people = begun
    waiting = ParticipationFactory(meeting=meeting, state="waiting", turn=1)

    attendance.tick(waiting, actor=staff)

    meeting.refresh_from_db()
    assert states([waiting]) == [ParticipationState.ATTENDED]
    assert (meeting.taken, meeting.places) == (3, 3)


def test_who_was_offered_a_place_and_came_has_one(begun, staff):
    meeting, people = begun
    Participation.objects.filter(pk=people[0].pk).update(state="offered", offered_until=meeting.starts_at)

    attendance.tick(people[0], actor=staff)

    meeting.refresh_from_db()
    assert states(people[:1]) == [ParticipationState.ATTENDED]
    assert (meeting.taken, meeting.places) == (2, 2)


def test_somebody_walks_in(begun, staff):
    meeting, _people = begun

    guests = [attendance.walk_in(meeting, actor=staff, name="Zofia Wymyślona") for _ in range(2)]

    meeting.refresh_from_db()
    assert guests[0] == guests[1]
    assert states(guests[:1]) == [ParticipationState.ATTENDED]
    assert (meeting.taken, meeting.places) == (3, 3)


def test_walking_in_where_places_are_not_counted(initiative, staff):
    meeting = MeetingFactory(initiative=initiative, starts_at=timezone.now())

    attendance.walk_in(meeting, actor=staff, name="Zofia Wymyślona")

    meeting.refresh_from_db()
    assert (meeting.taken, meeting.places) == (1, None)


@pytest.mark.parametrize("facts", [{}, {"cancelled": True, "starts_at": datetime(2027, 4, 21, 9, tzinfo=UTC)}])
def test_nobody_is_ticked_or_let_in_too_early_or_where_it_is_off(initiative, staff, facts):
    meeting = MeetingFactory(initiative=initiative, **facts)
    person = ParticipationFactory(meeting=meeting)

    with pytest.raises(Refused):
        attendance.tick(person, actor=staff)
    with pytest.raises(Refused):
        attendance.walk_in(meeting, actor=staff, name="Zofia Wymyślona")

    assert states([person]) == [ParticipationState.JOINED]
    assert Participation.objects.count() == 1


def test_reading_the_list_leaves_a_trace(begun, staff):
    meeting, people = begun
    ParticipationFactory(meeting=meeting, state="waiting", turn=1)

    names = attendance.read_list(meeting, actor=staff)

    assert names == people
    assert [(event.kind, event.actor) for event in Event.objects.all()] == [("volunteering.meeting_list_read", staff)]


def test_taken_places_are_those_on_the_list(begun, staff):
    meeting, people = begun
    attendance.tick(people[0], actor=staff)
    attendance.walk_in(meeting, actor=staff, name="Zofia Wymyślona")

    assert Meeting.objects.get().taken == Participation.objects.seated().count() == 3
