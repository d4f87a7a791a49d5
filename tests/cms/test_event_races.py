"""Fifty people press at the last place; offers lapse in two workers at once. On either database."""

import pytest
import time_machine
from django.utils import timezone

from cms.domain import own_data, registers, registrations
from cms.models import EventPage, EventRegister, Registration
from cms.states import HOLDING, RegistrationState
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_centre, make_event, make_event_index, register_of, republish
from tests.races import at_once, meanwhile
from volunteering.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CROWD = 50


def make_register(**fields):
    return register_of(make_event(make_event_index(home_of(make_centre())), **fields))


def press(register, people):
    return at_once([lambda person=person: registrations.join(register, user=person, actor=person) for person in people])


@pytest.mark.parametrize("waiting_list", [True, False])
def test_last_place_goes_to_one_of_fifty(waiting_list):
    register = make_register(places=1, waiting_list=waiting_list)

    answers = press(register, UserFactory.create_batch(CROWD))

    assert Registration.objects.filter(state=RegistrationState.JOINED).count() == 1
    assert EventRegister.objects.get().taken == 1
    others = Registration.objects.waiting().count() if waiting_list else sum(isinstance(it, Refused) for it in answers)
    assert others == CROWD - 1


def test_free_places_are_offered_once_each_while_people_leave_and_come():
    register = make_register(places=3)
    people = UserFactory.create_batch(9)
    for person in people:
        registrations.join(register, user=person, actor=person)
    inside = list(Registration.objects.filter(state=RegistrationState.JOINED))
    newcomers = UserFactory.create_batch(3)

    answers = at_once(
        [
            *(lambda it=it: registrations.leave(it, actor=it.user) for it in inside),
            *(lambda it=it: registrations.join(register, user=it, actor=it) for it in newcomers),
        ]
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    offered = Registration.objects.offered()
    assert {it.user_id for it in offered} == {person.pk for person in people[3:6]}
    assert EventRegister.objects.get().taken == Registration.objects.filter(state__in=HOLDING).count() == 3


def test_two_workers_pass_a_place_on_once():
    register = make_register(places=1)
    people = UserFactory.create_batch(4)
    for person in people:
        registrations.join(register, user=person, actor=person)
    first = Registration.objects.get(user=people[0])
    registrations.leave(first, actor=people[0])
    offer = Registration.objects.offered().get()

    with time_machine.travel(offer.offered_until, tick=False):
        answers = at_once([registrations.lapse_due] * 3)

    assert answers == [None] * 3
    assert Registration.objects.offered().get().user == people[2]
    assert Event.objects.filter(kind="cms.registration_lapse").count() == 1
    assert EventRegister.objects.get().taken == 1
    assert timezone.now() < register.page.starts_at


def test_nobody_registers_for_what_is_being_called_off():
    """Who is told was decided before: a registration that came after it would never hear of it."""
    register = make_register()
    event, person = register.page, UserFactory()

    answer = meanwhile(
        lambda: republish(event, called_off=True), lambda: registrations.join(register, user=person, actor=person)
    )

    assert isinstance(answer, Refused)
    assert not Registration.objects.exists()


def test_two_editors_publish_at_once_and_the_register_follows_the_page():
    register = make_register(places=10)
    earlier, later = (EventPage.objects.get() for _editor in range(2))
    earlier.places, later.places = 20, 30
    earlier.save()
    later.save()

    registers.follow(later)
    registers.follow(earlier)

    register.refresh_from_db()
    assert register.places == EventPage.objects.get().places == 30


def test_an_offer_lapses_while_the_account_is_erased():
    register = make_register(places=1)
    first, second, third = people = UserFactory.create_batch(3)
    for person in people:
        registrations.join(register, user=person, actor=person)
    registrations.leave(Registration.objects.get(user=first), actor=first)
    offer = Registration.objects.offered().get()

    with time_machine.travel(offer.offered_until, tick=False):
        answer = meanwhile(lambda: own_data.erase(second), registrations.lapse_due)

    assert answer is None
    assert Registration.objects.offered().get().user == third
    assert EventRegister.objects.get().taken == 1


@pytest.mark.long
def test_two_hundred_people_for_twenty_places():
    register = make_register(places=20)
    crowd = UserFactory.create_batch(200)

    for start in range(0, 200, 40):
        press(register, crowd[start : start + 40])
    waiting = list(Registration.objects.waiting())
    leaving = list(Registration.objects.filter(state=RegistrationState.JOINED)[:5])
    answers = at_once([lambda it=it: registrations.leave(it, actor=it.user) for it in leaving])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len(waiting) == 180
    # The five who waited longest, once each; the others keep their order.
    assert told("offer") == sorted(it.pk for it in waiting[:5])
    assert list(Registration.objects.waiting()) == waiting[5:]
    assert EventRegister.objects.get().taken == Registration.objects.filter(state__in=HOLDING).count() == 20


def told(verb):
    return sorted(Event.objects.filter(kind=f"cms.registration_{verb}").values_list("subject_id", flat=True))


def test_what_nobody_confirms_goes_on_and_each_is_told_once():
    register = make_register(places=2)
    for person in UserFactory.create_batch(5):
        registrations.join(register, user=person, actor=person)
    inside, waiting = list(Registration.objects.order_by("pk")[:2]), list(Registration.objects.waiting())
    at_once([lambda it=it: registrations.leave(it, actor=it.user) for it in inside])
    keeps, lets_go = Registration.objects.offered().order_by("pk")
    registrations.confirm(keeps, actor=keeps.user)

    with time_machine.travel(lets_go.offered_until, tick=False):
        at_once([registrations.lapse_due] * 2)

    assert told("offer") == [it.pk for it in waiting]
    assert told("lapse") == [lets_go.pk]
    assert Registration.objects.offered().get() == waiting[2]
