"""The last place and the queue behind it, while many press at once: exactly right on either database."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory
from tests.races import at_once
from volunteering.domain import sign_ups
from volunteering.errors import Refused
from volunteering.models import Meeting, Participation
from volunteering.states import ParticipationState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def make_meeting(municipality):
    def make(places):
        return MeetingFactory(initiative=InitiativeFactory(municipality=municipality), places=places)

    return make


def join(meeting, person):
    return lambda: sign_ups.join(meeting, user=person, actor=person, waits=True)


def states():
    found = Participation.objects.order_by("turn", "pk").values_list("state", flat=True)
    return {state: list(found).count(state) for state in sorted(set(found))}


def offers():
    return list(Event.objects.filter(kind="volunteering.meeting_offer").values_list("data__participation", flat=True))


def is_counted_right():
    return Meeting.objects.get().taken == Participation.objects.seated().count()


def test_fifty_people_at_the_very_last_place(municipality, make_meeting):
    meeting = make_meeting(1)
    crowd = UserFactory.create_batch(50)

    answers = at_once([join(meeting, person) for person in crowd])

    assert [answer for answer in answers if not isinstance(answer, Participation)] == []
    assert states() == {"joined": 1, "waiting": 49}
    assert is_counted_right()
    assert [it.turn for it in Participation.objects.waiting()] == list(range(1, 50))


def test_five_leave_at_once_and_the_first_five_are_told_once_each(municipality, make_meeting):
    meeting = make_meeting(6)
    people = [join(meeting, person)() for person in UserFactory.create_batch(15)]
    leaving = [lambda row=row: sign_ups.leave(row, actor=row.user) for row in people[:5]]

    answers = at_once(leaving)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert states() == {"joined": 1, "left": 5, "offered": 5, "waiting": 4}
    assert sorted(offers()) == [row.pk for row in people[6:11]]
    assert is_counted_right()


def test_an_offer_expires_while_it_is_confirmed(municipality, make_meeting):
    """One of two things happens, never both: the place is kept, or it goes to the next one."""
    meeting = make_meeting(1)
    holder, first, second = [join(meeting, person)() for person in UserFactory.create_batch(3)]
    sign_ups.leave(holder, actor=holder.user)
    Participation.objects.offered().update(offered_until=timezone.now() - timedelta(seconds=1))

    acts = [lambda: sign_ups.confirm(first, actor=first.user), sign_ups.pass_on_due, sign_ups.pass_on_due]
    answers = at_once(acts)

    assert [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refused)] == []
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) in {
        (ParticipationState.JOINED, ParticipationState.WAITING),
        (ParticipationState.LAPSED, ParticipationState.OFFERED),
    }
    assert offers().count(second.pk) == (second.state == ParticipationState.OFFERED)
    assert is_counted_right()


def test_two_leave_at_once_and_one_who_waits_is_asked_once(municipality, make_meeting):
    meeting = make_meeting(2)
    rows = [join(meeting, person)() for person in UserFactory.create_batch(3)]

    at_once([lambda row=row: sign_ups.leave(row, actor=row.user) for row in rows[:2]])

    assert states() == {"left": 2, "offered": 1}
    assert offers() == [rows[2].pk]
    assert is_counted_right()


def test_two_workers_pass_a_place_on_once(municipality, make_meeting):
    meeting = make_meeting(1)
    rows = [join(meeting, person)() for person in UserFactory.create_batch(5)]
    sign_ups.leave(rows[0], actor=rows[0].user)
    Participation.objects.offered().update(offered_until=timezone.now() - timedelta(seconds=1))

    answers = at_once([sign_ups.pass_on_due] * 3)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert states() == {"lapsed": 1, "left": 1, "offered": 1, "waiting": 2}
    assert offers() == [rows[1].pk, rows[2].pk]
    assert is_counted_right()


def test_one_person_presses_many_times(municipality, make_meeting):
    meeting = make_meeting(1)
    join(meeting, UserFactory())()
    person = UserFactory()

    at_once([join(meeting, person)] * 8)

    assert states() == {"joined": 1, "waiting": 1}


def test_people_come_and_go(municipality, make_meeting):
    meeting = make_meeting(3)

    def come_and_go(person):
        sign_ups.leave(join(meeting, person)(), actor=person)

    at_once([lambda person=person: come_and_go(person) for person in UserFactory.create_batch(10)])

    assert states() == {"left": 10}
    assert Meeting.objects.get().taken == 0


@pytest.mark.long
def test_two_hundred_people_for_twenty_places(municipality, make_meeting):
    meeting = make_meeting(20)
    crowd = UserFactory.create_batch(200)

    for start in range(0, 200, 40):
        at_once([join(meeting, person) for person in crowd[start : start + 40]])
    leaving = list(Participation.objects.seated().order_by("pk")[:5])
    at_once([lambda row=row: sign_ups.leave(row, actor=row.user) for row in leaving])

    assert states() == {"joined": 15, "left": 5, "offered": 5, "waiting": 175}
    assert sorted(offers()) == sorted(Participation.objects.offered().values_list("pk", flat=True))
    assert [it.turn for it in Participation.objects.waiting()] == list(range(6, 181))
    assert is_counted_right()
