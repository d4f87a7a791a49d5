"""Fifty people press at the last place; offers lapse in two workers at once. On either database."""

import threading

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from cms.domain import registrations
from cms.models import EventRegister, Registration
from cms.states import HOLDING, RegistrationState
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.cms import home_of, make_centre, make_event, make_event_index, register_of
from volunteering.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CROWD = 50


def make_register(**fields):
    return register_of(make_event(make_event_index(home_of(make_centre())), **fields))


def at_once(acts):
    """Runs every act in a thread of its own, all from the same moment; returns what they answered or raised."""
    barrier, answers = threading.Barrier(len(acts)), []

    def run(act):
        try:
            barrier.wait(60)
            answers.append(act())
        except Exception as error:  # noqa: BLE001 -- the test looks at every one of them
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return answers


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
