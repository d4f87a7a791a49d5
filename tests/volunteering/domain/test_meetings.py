"""Meetings: planning over the nights when clocks change, signing up to the last place, who was there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory
from volunteering.domain import meetings
from volunteering.domain.visits import ZONE
from volunteering.errors import Refused
from volunteering.models import Joining, Meeting, Participation
from volunteering.states import MeetingState, ParticipationState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PLACE = {"place": "Dom Sąsiedzki"}


@pytest.fixture
def initiative(municipality):
    return InitiativeFactory(municipality=municipality)


@pytest.fixture
def meeting(initiative):
    return MeetingFactory(initiative=initiative, places=2)


@pytest.fixture
def staff():
    return UserFactory()


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def wall_times(planned):
    return [meeting.starts_at.astimezone(ZONE).strftime("%d.%m %H:%M") for meeting in planned]


# Planning -------------------------------------------------------------------------------------------------------------


def test_a_series_keeps_the_wall_time_over_the_change_of_clocks(initiative, staff):
    planned = meetings.plan(initiative, actor=staff, day=date(2027, 10, 28), at=time(17), minutes=90, weeks=3, **PLACE)

    assert wall_times(planned) == ["28.10 17:00", "04.11 17:00", "11.11 17:00"]
    assert planned[1].starts_at - planned[0].starts_at == timedelta(days=7, hours=1)
    assert {meeting.ends_at - meeting.starts_at for meeting in planned} == {timedelta(minutes=90)}
    assert kinds() == ["volunteering.meeting_plan"] * 3 + ["volunteering.news_meeting"]


def test_signing_up_ends_so_many_hours_before_each(initiative, staff):
    planned = meetings.plan(
        initiative, actor=staff, day=date(2027, 5, 4), at=time(10), minutes=60, weeks=2, sign_up_hours=24, **PLACE
    )

    assert [meeting.starts_at - meeting.sign_up_until for meeting in planned] == [timedelta(hours=24)] * 2


@pytest.mark.parametrize(
    ("day", "at", "weeks"),
    [
        (date(2027, 4, 20), time(10), 1),
        (date(2027, 4, 21), time(9), 1),
        (date(2029, 1, 1), time(10), 1),
        (date(9999, 12, 31), time(23), 1),
        (date(9999, 12, 31), time(23), 2),
        (date(1, 1, 1), time(0), 1),
        # Half past two does not exist on the night when summer time begins; as the second of a series neither.
        (date(2028, 3, 26), time(2, 30), 1),
        (date(2028, 3, 19), time(2, 30), 2),
    ],
)
def test_times_that_cannot_be_are_refused(initiative, staff, day, at, weeks):
    with pytest.raises(Refused):
        meetings.plan(initiative, actor=staff, day=day, at=at, minutes=60, weeks=weeks, **PLACE)

    assert not Meeting.objects.exists()
    assert kinds() == []


def test_an_hour_that_comes_twice_is_the_first_one(initiative, staff):
    [planned] = meetings.plan(initiative, actor=staff, day=date(2027, 10, 31), at=time(2, 30), minutes=60, **PLACE)

    assert planned.starts_at.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert planned.ends_at - planned.starts_at.astimezone(UTC) == timedelta(hours=1)


def test_a_moved_meeting_is_told(meeting, staff):
    moved = meetings.change(meeting, actor=staff, day=date(2027, 5, 4), at=time(10), minutes=60, places=5, **PLACE)

    moved.refresh_from_db()
    assert (wall_times([moved]), moved.place, moved.places) == (["04.05 10:00"], "Dom Sąsiedzki", 5)
    assert kinds() == ["volunteering.meeting_move"]


def test_other_places_alone_are_told_to_nobody(meeting, staff):
    starts_at = timezone.localtime(meeting.starts_at)

    meetings.change(
        meeting, actor=staff, day=starts_at.date(), at=starts_at.time(), minutes=120, place=meeting.place, places=9
    )

    assert kinds() == ["volunteering.meeting_change"]


def test_places_cannot_be_fewer_than_people(meeting, staff):
    Meeting.objects.update(taken=2)

    with pytest.raises(Refused):
        meetings.change(meeting, actor=staff, day=date(2027, 5, 4), at=time(10), minutes=60, places=1, **PLACE)


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.DONE])
def test_only_a_planned_meeting_is_changed_or_called_off(initiative, staff, state):
    meeting = MeetingFactory(initiative=initiative, state=state)

    with pytest.raises(Refused):
        meetings.change(meeting, actor=staff, day=date(2027, 5, 4), at=time(10), minutes=60, **PLACE)
    with pytest.raises(Refused):
        meetings.call_off(meeting, actor=staff)

    assert kinds() == []


def test_calling_off_is_told(meeting, staff):
    off = meetings.call_off(meeting, actor=staff)

    off.refresh_from_db()
    assert off.state == MeetingState.CANCELLED
    assert kinds() == ["volunteering.meeting_call_off"]


# Signing up -----------------------------------------------------------------------------------------------------------


def test_as_many_get_in_as_there_are_places(meeting):
    people = [UserFactory() for _ in range(3)]

    for person in people[:2]:
        meetings.join(meeting, user=person, actor=person)
    with pytest.raises(Refused):
        meetings.join(meeting, user=people[2], actor=people[2])

    meeting.refresh_from_db()
    assert (meeting.taken, Participation.objects.count()) == (2, 2)


def test_joining_twice_changes_nothing_even_when_it_is_full(meeting):
    people = [UserFactory() for _ in range(2)]
    first = [meetings.join(meeting, user=person, actor=person) for person in people]

    again = [meetings.join(meeting, user=person, actor=person) for person in people]

    meeting.refresh_from_db()
    assert again == first
    assert meeting.taken == 2


def test_the_same_caller_sent_twice_is_one_person(meeting, staff):
    caller = {"name": "Zofia Wymyślona", "phone": "+48601000001"}

    first = meetings.join(meeting, actor=staff, **caller)
    again = meetings.join(meeting, actor=staff, **caller)
    other = meetings.join(meeting, actor=staff, name="Zofia Wymyślona", phone="+48601000002")

    meeting.refresh_from_db()
    assert first == again != other
    assert meeting.taken == 2


def test_who_left_may_come_back(meeting):
    person = UserFactory()
    participation = meetings.join(meeting, user=person, actor=person)
    meetings.leave(participation, actor=person)

    back = meetings.join(meeting, user=person, actor=person)

    meeting.refresh_from_db()
    assert (back, back.state, meeting.taken) == (participation, ParticipationState.JOINED, 1)


def test_leaving_gives_the_place_once(meeting):
    person = UserFactory()
    participation = meetings.join(meeting, user=person, actor=person)

    meetings.leave(participation, actor=person)
    left = meetings.leave(participation, actor=person)

    meeting.refresh_from_db()
    assert (left.state, meeting.taken) == (ParticipationState.LEFT, 0)
    assert kinds() == ["volunteering.meeting_join", "volunteering.meeting_leave"]


CLOSED_TO_ALL = {
    "called off": {"state": MeetingState.CANCELLED},
    "held": {"state": MeetingState.DONE},
    "full": {"places": 1, "taken": 1},
    "unpublished": {"initiative__live": False},
    "finished": {"initiative__finished": True},
    "no lifecycle": {"initiative__lifecycle": None},
    # A list of names at its door would say who belongs to it.
    "closed group": {"initiative__joining": Joining.CLOSED},
}
OPEN_TO_STAFF = {
    "begun": {"starts_at": datetime(2027, 4, 21, 9, tzinfo=UTC)},
    "by a word with the leader": {"initiative__joining": Joining.REQUEST},
    "too late to sign up": {"sign_up_until": datetime(2027, 4, 21, 9, tzinfo=UTC)},
}


@pytest.mark.parametrize("situation", [*CLOSED_TO_ALL, *OPEN_TO_STAFF])
def test_joining_is_refused_in_one_sentence(municipality, situation):
    meeting = MeetingFactory(initiative__municipality=municipality, **(CLOSED_TO_ALL | OPEN_TO_STAFF)[situation])
    person = UserFactory()

    with pytest.raises(Refused) as refusal:
        meetings.join(meeting, user=person, actor=person)

    assert len(refusal.value.reasons) == 1
    assert not Participation.objects.exists()


@pytest.mark.parametrize("situation", CLOSED_TO_ALL)
def test_staff_are_refused_too(municipality, staff, situation):
    meeting = MeetingFactory(initiative__municipality=municipality, **CLOSED_TO_ALL[situation])

    with pytest.raises(Refused):
        meetings.join(meeting, name="Zofia Wymyślona", actor=staff)


@pytest.mark.parametrize("situation", OPEN_TO_STAFF)
def test_staff_sign_up_where_residents_cannot(municipality, staff, situation):
    meeting = MeetingFactory(initiative__municipality=municipality, **OPEN_TO_STAFF[situation])

    participation = meetings.join(meeting, name="Zofia Wymyślona", actor=staff)

    assert participation.state == ParticipationState.JOINED


# Who was there --------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(initiative):
    """A meeting that ended an hour ago, with three people."""
    meeting = MeetingFactory(initiative=initiative, starts_at=timezone.now() - timedelta(hours=3))
    return meeting, [ParticipationFactory(meeting=meeting) for _ in range(3)]


def states(people):
    return [Participation.objects.get(pk=participation.pk).state for participation in people]


def test_attendance_can_be_put_right(held, staff):
    meeting, people = held

    meetings.note_attendance(meeting, actor=staff, present=[people[0].pk, people[1].pk])
    meetings.note_attendance(meeting, actor=staff, present=[people[1].pk])

    meeting.refresh_from_db()
    assert states(people) == [ParticipationState.JOINED, ParticipationState.ATTENDED, ParticipationState.JOINED]
    assert meeting.state == MeetingState.DONE
    assert [event.data["present"] for event in Event.objects.order_by("pk")] == [2, 1]


def test_attendance_during_the_meeting_leaves_it_open(initiative, staff):
    meeting = MeetingFactory(initiative=initiative, starts_at=timezone.now() - timedelta(hours=1))

    meetings.note_attendance(meeting, actor=staff, present=[])

    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED


def test_attendance_leaves_out_strangers_and_who_signed_off(held, staff):
    meeting, _people = held
    stranger, left = ParticipationFactory(), ParticipationFactory(meeting=meeting, left=True)

    meetings.note_attendance(meeting, actor=staff, present=[stranger.pk, left.pk])

    assert states([left]) == [ParticipationState.LEFT]
    assert stranger.state == ParticipationState.JOINED
    assert Event.objects.get().data["present"] == 0


@pytest.mark.parametrize(
    "situation", [{"cancelled": True, "starts_at": datetime(2027, 4, 20, tzinfo=UTC)}, {}], ids=["called off", "ahead"]
)
def test_attendance_is_refused(initiative, staff, situation):
    meeting = MeetingFactory(initiative=initiative, **situation)

    with pytest.raises(Refused):
        meetings.note_attendance(meeting, actor=staff, present=[])
