"""Signing up to the last place, waiting for one, being offered one, and passing it on."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory
from volunteering.domain import lifecycles, meetings, sign_ups
from volunteering.domain.visits import ZONE
from volunteering.errors import Refused
from volunteering.models import Joining, Meeting, Participation
from volunteering.states import MeetingState, ParticipationState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


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


def test_as_many_get_in_as_there_are_places(meeting):
    people = [UserFactory() for _ in range(3)]

    for person in people[:2]:
        sign_ups.join(meeting, user=person, actor=person)
    with pytest.raises(Refused):
        sign_ups.join(meeting, user=people[2], actor=people[2])

    meeting.refresh_from_db()
    assert (meeting.taken, Participation.objects.count()) == (2, 2)


def test_joining_twice_changes_nothing_even_when_it_is_full(meeting):
    people = [UserFactory() for _ in range(2)]
    first = [sign_ups.join(meeting, user=person, actor=person) for person in people]

    again = [sign_ups.join(meeting, user=person, actor=person) for person in people]

    meeting.refresh_from_db()
    assert again == first
    assert meeting.taken == 2


def test_the_same_caller_sent_twice_is_one_person(meeting, staff):
    caller = {"name": "Zofia Wymyślona", "phone": "+48601000001"}

    first = sign_ups.join(meeting, actor=staff, **caller)
    again = sign_ups.join(meeting, actor=staff, **caller)
    other = sign_ups.join(meeting, actor=staff, name="Zofia Wymyślona", phone="+48601000002")

    meeting.refresh_from_db()
    assert first == again != other
    assert meeting.taken == 2


def test_who_left_may_come_back(meeting):
    person = UserFactory()
    participation = sign_ups.join(meeting, user=person, actor=person)
    sign_ups.leave(participation, actor=person)

    back = sign_ups.join(meeting, user=person, actor=person)

    meeting.refresh_from_db()
    assert (back, back.state, meeting.taken) == (participation, ParticipationState.JOINED, 1)


def test_leaving_gives_the_place_once(meeting):
    person = UserFactory()
    participation = sign_ups.join(meeting, user=person, actor=person)

    sign_ups.leave(participation, actor=person)
    left = sign_ups.leave(participation, actor=person)

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
        sign_ups.join(meeting, user=person, actor=person)

    assert len(refusal.value.reasons) == 1
    assert not Participation.objects.exists()


@pytest.mark.parametrize("situation", CLOSED_TO_ALL)
def test_staff_are_refused_too(municipality, staff, situation):
    meeting = MeetingFactory(initiative__municipality=municipality, **CLOSED_TO_ALL[situation])

    with pytest.raises(Refused):
        sign_ups.join(meeting, name="Zofia Wymyślona", actor=staff)


@pytest.mark.parametrize("situation", OPEN_TO_STAFF)
def test_staff_sign_up_where_residents_cannot(municipality, staff, situation):
    meeting = MeetingFactory(initiative__municipality=municipality, **OPEN_TO_STAFF[situation])

    participation = sign_ups.join(meeting, name="Zofia Wymyślona", actor=staff)

    assert participation.state == ParticipationState.JOINED


# Waiting --------------------------------------------------------------------------------------------------------------


def ask(meeting, number):
    """So many people sign up or wait, one after the other."""
    people = [UserFactory() for _ in range(number)]
    return [sign_ups.join(meeting, user=person, actor=person, waits=True) for person in people]


def states():
    return "".join(state[0] for state in Participation.objects.order_by("pk").values_list("state", flat=True))


def taken():
    return Meeting.objects.get().taken


def test_who_finds_no_place_waits_in_the_order_of_coming(meeting):
    people = ask(meeting, 4)

    assert states() == "jjww"
    assert [it.pk for it in Participation.objects.waiting()] == [people[2].pk, people[3].pk]
    assert [it.ahead for it in Participation.objects.waiting().with_ahead()] == [0, 1]
    assert taken() == 2


def test_waiting_twice_keeps_the_place_in_the_queue(meeting):
    people = ask(meeting, 4)

    again = sign_ups.join(meeting, user=people[2].user, actor=people[2].user, waits=True)

    assert again.turn == people[2].turn
    assert states() == "jjww"


def test_nobody_waits_where_places_are_not_counted(initiative):
    ask(MeetingFactory(initiative=initiative, places=None), 3)

    assert states() == "jjj"


@pytest.mark.parametrize("situation", [name for name in CLOSED_TO_ALL if name != "full"])
def test_waiting_for_what_cannot_be_is_refused(municipality, situation):
    meeting = MeetingFactory(
        initiative__municipality=municipality, **{"places": 1, "taken": 1} | CLOSED_TO_ALL[situation]
    )
    person = UserFactory()

    with pytest.raises(Refused):
        sign_ups.join(meeting, user=person, actor=person, waits=True)

    assert not Participation.objects.exists()


def test_nobody_waits_for_a_meeting_that_has_begun(municipality, staff):
    begun = datetime(2027, 4, 21, 9, tzinfo=UTC)
    meeting = MeetingFactory(initiative__municipality=municipality, starts_at=begun, places=1, taken=1)

    with pytest.raises(Refused):
        sign_ups.join(meeting, name="Zofia Wymyślona", actor=staff, waits=True)


def test_a_free_place_is_offered_to_whoever_waits_longest(meeting):
    people = ask(meeting, 4)

    sign_ups.leave(people[0], actor=people[0].user)

    people[2].refresh_from_db()
    assert states() == "ljow"
    assert taken() == 2
    assert people[2].offered_until == timezone.now() + timedelta(hours=24)  # half of what is left until the start
    assert kinds()[-2:] == ["volunteering.meeting_leave", "volunteering.meeting_offer"]


def test_whoever_stops_waiting_gives_no_place_free(meeting):
    people = ask(meeting, 4)

    sign_ups.leave(people[2], actor=people[2].user)

    assert states() == "jjlw"
    assert taken() == 2


def test_who_left_the_queue_comes_back_at_its_end(meeting):
    people = ask(meeting, 4)
    sign_ups.leave(people[2], actor=people[2].user)

    sign_ups.join(meeting, user=people[2].user, actor=people[2].user, waits=True)

    assert [it.pk for it in Participation.objects.waiting()] == [people[3].pk, people[2].pk]


def test_a_newcomer_does_not_pass_those_who_wait(meeting, initiative):
    """The words were not published while a place became free, so nobody was asked; now they are again."""
    people = ask(meeting, 3)
    initiative.live = False
    initiative.save()
    sign_ups.leave(people[0], actor=people[0].user)
    initiative.live = True
    initiative.save()
    newcomer = UserFactory()

    with pytest.raises(Refused):
        sign_ups.join(meeting, user=newcomer, actor=newcomer)
    sign_ups.pass_on_due()

    assert states() == "ljo"


def test_confirming_keeps_the_place(meeting):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)

    confirmed = sign_ups.confirm(people[2], actor=people[2].user)
    again = sign_ups.confirm(people[2], actor=people[2].user)

    assert (confirmed.state, again.state, confirmed.offered_until) == ("joined", "joined", None)
    assert taken() == 2
    assert kinds().count("volunteering.meeting_confirm") == 1


def test_signing_up_where_a_place_is_offered_confirms_it(meeting):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)

    joined = sign_ups.join(meeting, user=people[2].user, actor=people[2].user)

    assert joined.state == ParticipationState.JOINED
    assert taken() == 2


def test_declining_passes_it_on_at_once(meeting):
    people = ask(meeting, 4)
    sign_ups.leave(people[0], actor=people[0].user)

    sign_ups.leave(people[2], actor=people[2].user)

    assert states() == "ljlo"
    assert taken() == 2
    assert kinds()[-2:] == ["volunteering.meeting_decline", "volunteering.meeting_offer"]


def test_what_nobody_confirms_passes_on(meeting, clock):
    people = ask(meeting, 4)
    sign_ups.leave(people[0], actor=people[0].user)
    clock.shift(timedelta(hours=24))

    looked = [sign_ups.pass_on_due(), sign_ups.pass_on_due()]

    assert looked == [1, 0]
    assert states() == "ljlo"
    assert [it.state for it in Participation.objects.filter(pk=people[2].pk)] == [ParticipationState.LAPSED]
    assert taken() == 2
    with pytest.raises(Refused):
        sign_ups.confirm(people[2], actor=people[2].user)


def test_nothing_passes_on_before_its_time(meeting, clock):
    people = ask(meeting, 4)
    sign_ups.leave(people[0], actor=people[0].user)
    clock.shift(timedelta(hours=24) - timedelta(seconds=1))

    sign_ups.pass_on_due()

    assert states() == "ljow"


def test_a_moment_late_is_in_time_while_nobody_else_was_asked(meeting, clock):
    people = ask(meeting, 4)
    sign_ups.leave(people[0], actor=people[0].user)
    clock.shift(timedelta(hours=24, minutes=1))

    sign_ups.confirm(people[2], actor=people[2].user)
    sign_ups.pass_on_due()

    assert states() == "ljjw"


def test_a_long_pause_of_the_worker_loses_one_turn_only(meeting, clock):
    people = ask(meeting, 5)
    sign_ups.leave(people[0], actor=people[0].user)
    clock.shift(timedelta(hours=40))

    sign_ups.pass_on_due()

    assert states() == "ljlow"


def test_after_the_start_an_offer_ends_and_nobody_else_is_asked(meeting, clock):
    people = ask(meeting, 4)
    sign_ups.leave(people[0], actor=people[0].user)
    clock.move_to(meeting.starts_at)

    with pytest.raises(Refused):
        sign_ups.confirm(people[2], actor=people[2].user)
    sign_ups.pass_on_due()

    assert states() == "ljlw"
    assert (taken(), sign_ups.pass_on_due()) == (1, 0)


def test_who_was_too_late_may_wait_again(meeting, clock):
    people = ask(meeting, 4)
    sign_ups.leave(people[0], actor=people[0].user)
    clock.shift(timedelta(hours=24))
    sign_ups.pass_on_due()

    again = sign_ups.join(meeting, user=people[2].user, actor=people[2].user, waits=True)

    assert again.state == ParticipationState.WAITING
    assert again.turn > Participation.objects.get(pk=people[3].pk).turn


def change(meeting, staff, **details):
    starts_at = timezone.localtime(meeting.starts_at)
    given = {"day": starts_at.date(), "at": starts_at.time(), "minutes": 120, "place": meeting.place, "places": 2}
    return meetings.change(meeting, actor=staff, **given | details)


@pytest.mark.parametrize(("places", "expected"), [(3, "jjoww"), (4, "jjoow"), (9, "jjooo"), (None, "jjooo")])
def test_more_places_are_offered(meeting, staff, places, expected):
    ask(meeting, 5)

    change(meeting, staff, places=places)

    assert states() == expected


def test_offered_places_cannot_be_taken_away(meeting, staff):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)

    with pytest.raises(Refused):
        change(meeting, staff, places=1)


def test_a_meeting_that_moves_nearer_ends_its_offers_at_its_start(meeting, staff):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)

    moved = change(meeting, staff, day=timezone.localdate(), at=time(15))

    people[2].refresh_from_db()
    assert people[2].offered_until == moved.starts_at


def test_nobody_is_offered_a_place_at_a_meeting_called_off(meeting, staff):
    people = ask(meeting, 3)
    meetings.call_off(meeting, actor=staff)

    sign_ups.leave(people[0], actor=people[0].user)

    assert states() == "ljw"
    assert sign_ups.pass_on_due() == 0


def test_who_confirms_for_a_meeting_called_off_is_told(meeting, staff):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)
    meetings.call_off(meeting, actor=staff)

    with pytest.raises(Refused):
        sign_ups.confirm(people[2], actor=people[2].user)


def test_an_ended_initiative_calls_its_meetings_off(meeting, initiative, staff):
    held = MeetingFactory(initiative=initiative, starts_at=timezone.now() - timedelta(days=7))
    ask(meeting, 3)

    lifecycles.finish(initiative, actor=staff)

    meeting.refresh_from_db()
    held.refresh_from_db()
    assert (meeting.state, bool(meeting.reason), held.state) == (MeetingState.CANCELLED, True, MeetingState.PLANNED)


# By hand --------------------------------------------------------------------------------------------------------------


def test_staff_let_somebody_go_first(meeting, staff):
    people = ask(meeting, 5)

    first = sign_ups.promote(people[4], actor=staff, reason="Jedzie na wózku, ma zamówiony przewóz.")
    sign_ups.leave(people[0], actor=people[0].user)

    assert first.state == ParticipationState.WAITING
    assert states() == "ljwwo"
    assert Participation.objects.get(pk=people[4].pk).reason == "Jedzie na wózku, ma zamówiony przewóz."
    assert "wózku" not in str(Event.objects.values_list("data", flat=True))


@pytest.mark.parametrize("place", [0, 2])
def test_only_who_waits_goes_first(meeting, staff, place):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)

    with pytest.raises(Refused):
        sign_ups.promote(people[place], actor=staff, reason="bo tak")


def test_a_caller_waits_and_is_offered_a_place_until_staff_can_have_rung(meeting, staff):
    people = ask(meeting, 2)
    caller = sign_ups.join(meeting, name="Zofia Wymyślona", phone="+48601000001", actor=staff, waits=True)

    sign_ups.leave(people[0], actor=people[0].user)

    caller.refresh_from_db()
    assert caller.state == ParticipationState.OFFERED
    assert caller.offered_until.astimezone(ZONE).strftime("%d.%m %H:%M") == "22.04 15:00"


# What the database refuses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "waiting"},
        {"state": "offered"},
        {"state": "joined", "offered_until": datetime(2027, 4, 21, tzinfo=UTC)},
        {"state": "hoping"},
    ],
    ids=["waiting without a turn", "offered without an end", "an end without an offer", "unknown"],
)
def test_database_refuses_rows_that_say_nothing(meeting, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipationFactory(meeting=meeting, **facts)


def test_database_refuses_two_people_with_one_turn(meeting):
    ParticipationFactory(meeting=meeting, state="waiting", turn=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipationFactory(meeting=meeting, state="waiting", turn=1)


def test_database_refuses_the_same_caller_twice(meeting):
    ParticipationFactory(meeting=meeting, by_phone=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipationFactory(meeting=meeting, by_phone=True)
