"""Helpers wanted at a meeting: a request of the centre's own, whose visit goes where the meeting goes."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from neighbourhoods.models import Moderation
from neighbourhoods.models.whereabouts import Whereabouts
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import CommitmentFactory, InitiativeFactory, MeetingFactory, ParticipationFactory
from volunteering.domain import commitments, meetings, results, wanted
from volunteering.domain.visits import ZONE
from volunteering.errors import Refused
from volunteering.models import Alert, Commitment, HelpRequest, Joining, Visit
from volunteering.states import CommitmentState, MeetingState, RequestState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def meeting(municipality, neighbourhood):
    initiative = InitiativeFactory(municipality=municipality)
    return MeetingFactory(initiative=initiative, neighbourhood=neighbourhood, place="Dom Sąsiedzki")


@pytest.fixture
def ask(meeting, staff, shopping):
    def ask(**details):
        given = {"category": shopping, "people": 2, "words": "Ustawić krzesła.", "early": 30, "key": uuid.uuid4()}
        return wanted.ask(meeting, actor=staff, **given | details)

    return ask


def test_the_visit_begins_before_the_meeting_and_ends_with_it(ask, meeting):
    request = ask()

    [visit] = Visit.objects.all()
    assert (request.state, request.meeting, request.people_needed) == (RequestState.OPEN, meeting, 2)
    assert (meeting.starts_at - visit.starts_at, visit.ends_at) == (timedelta(minutes=30), meeting.ends_at)
    assert visit.places == 2


def test_helpers_near_by_are_asked_and_nobody_has_to_agree(ask, make_helper):
    helper = make_helper()
    request = ask()

    promise = commitments.take(Visit.objects.get(), actor=helper.user)

    assert Alert.objects.get().volunteer == helper.user
    assert not request.asks_consent
    assert promise.state == CommitmentState.ACCEPTED


def test_no_home_is_written_down(ask, municipality):
    ask()

    home = Whereabouts.objects.get()
    assert (home.address, home.person_name) == ("Dom Sąsiedzki", municipality.centre_name)


def test_nobody_reads_first_what_staff_have_written(ask, municipality):
    municipality.moderation = Moderation.BEFORE
    municipality.save()

    assert ask().state == RequestState.OPEN


def test_the_same_form_sent_twice_asks_once(ask):
    key = uuid.uuid4()

    assert ask(key=key) == ask(key=key)
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [{"state": MeetingState.CANCELLED}, {"state": MeetingState.DONE}, {"starts_at": datetime(2027, 4, 21, tzinfo=UTC)}],
    ids=["called off", "held", "begun"],
)
def test_nobody_is_asked_for_what_is_over(ask, meeting, facts):
    type(meeting).objects.update(**facts)

    with pytest.raises(Refused):
        ask()

    assert not HelpRequest.objects.exists()


def test_nobody_is_asked_to_come_nowhere(ask, meeting):
    type(meeting).objects.update(neighbourhood=None)

    with pytest.raises(Refused):
        ask()


def test_the_visit_moves_with_the_meeting(ask, meeting, staff):
    ask()
    Visit.objects.update(taken=1)
    promise = CommitmentFactory(visit=Visit.objects.get())

    meetings.change(
        meeting,
        actor=staff,
        day=date(2027, 5, 6),
        at=time(17),
        minutes=60,
        place=meeting.place,
        neighbourhood=meeting.neighbourhood,
    )

    visit = Visit.objects.get()
    promise.refresh_from_db()
    assert visit.starts_at.astimezone(ZONE).strftime("%d.%m %H:%M") == "06.05 16:30"
    assert visit.minutes == 90
    assert promise.state == CommitmentState.RELEASED


def test_another_place_is_told_to_those_who_help(ask, meeting, staff):
    ask()
    promise = CommitmentFactory(visit=Visit.objects.get())
    at = timezone.localtime(meeting.starts_at)

    meetings.change(
        meeting,
        actor=staff,
        day=at.date(),
        at=at.time(),
        minutes=120,
        place="Biblioteka",
        neighbourhood=meeting.neighbourhood,
    )

    event = Event.objects.get(kind="volunteering.meeting_move")
    assert event.data["helpers"] == [promise.volunteer_id]
    assert Whereabouts.objects.get().address == "Biblioteka"
    assert Commitment.objects.get().state == CommitmentState.ACCEPTED


def test_calling_off_lets_the_helpers_go(ask, meeting, staff):
    request = ask()
    CommitmentFactory(visit=Visit.objects.get())

    meetings.call_off(meeting, actor=staff, reason="Zalało świetlicę.")

    request.refresh_from_db()
    assert (request.state, request.reason) == (RequestState.CLOSED, "Zalało świetlicę.")
    assert Visit.objects.get().state == VisitState.CANCELLED
    assert Commitment.objects.get().state == CommitmentState.RELEASED


def test_nobody_is_rung_when_nobody_was_found(ask, clock, meeting):
    request = ask()
    clock.move_to(meeting.ends_at + timedelta(hours=1))

    commitments.close_visit(Visit.objects.get())

    request.refresh_from_db()
    assert (request.state, request.needs_call) == (RequestState.EXPIRED, False)


# What came of it ------------------------------------------------------------------------------------------------------


def held(initiative, days=7, **facts):
    return MeetingFactory(initiative=initiative, starts_at=timezone.now() - timedelta(days=days), **facts)


def test_results_count_what_took_place(ask, meeting):
    ask()
    CommitmentFactory(visit=Visit.objects.get(), done=True)
    past = held(meeting.initiative)
    held(meeting.initiative, days=14, state=MeetingState.DONE)
    held(meeting.initiative, days=21, cancelled=True)
    for state in ("attended", "attended", "joined", "left"):
        ParticipationFactory(meeting=past, state=state)
    HelpRequest.objects.update(meeting=past)

    found = results.of_initiative(meeting.initiative)

    assert (found.held, found.attendances, found.visits) == (2, 2, 1)


def test_results_of_a_closed_group_say_nothing_of_its_people(municipality):
    initiative = InitiativeFactory(municipality=municipality, joining=Joining.CLOSED)
    ParticipationFactory(meeting=held(initiative), state="attended")

    found = results.of_initiative(initiative)

    assert (found.held, found.attendances, found.visits) == (1, None, None)


def test_results_of_nothing_are_zero(municipality, django_assert_num_queries):
    initiative = InitiativeFactory(municipality=municipality)

    with django_assert_num_queries(3):
        found = results.of_initiative(initiative)

    assert (found.held, found.attendances, found.visits) == (0, 0, 0)
