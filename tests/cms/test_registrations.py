"""Registering for events: places, waiting list, who is told; whatever the order in which things happen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.domain import people
from cms.domain import registrations
from cms.duties import forget_people_of_old_events
from cms.models import EventRegister, Registration
from cms.states import RegistrationState, SignUp
from notifications.models import Event
from tests.cms.registering import join, states, taken, told
from tests.factories.accounts import UserFactory
from tests.factories.cms import (
    make_event,
    register_of,
)
from volunteering.errors import Refused

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


# --- Getting in -------------------------------------------------------------------------------------------------------


def test_person_registers_and_is_sent_a_letter_to_keep(index):
    register, user = register_of(make_event(index)), UserFactory()

    registration = join(register, user)

    assert registration.state == RegistrationState.JOINED
    assert taken(register) == 1
    assert told(user) == ["cms.registration_receipt"]


def test_registering_twice_is_registering_once(small):
    user = UserFactory()

    first, second = join(small, user), join(small, user)

    assert first == second
    assert taken(small) == 1


def test_caller_sent_twice_is_one_person(index):
    register, staff = register_of(make_event(index)), UserFactory()

    for _time in range(2):
        registrations.join(register, name="Jan Kowalski", phone="+48512345678", actor=staff)

    assert taken(register) == Registration.objects.count() == 1


def test_last_place_is_followed_by_the_waiting_list(small):
    join(small)

    second = join(small)

    assert second.state == RegistrationState.WAITING
    assert taken(small) == 1


def test_nobody_waits_where_there_is_no_list(index):
    register = register_of(make_event(index, places=1, waiting_list=False))
    join(register)

    with pytest.raises(Refused, match="zajęte"):
        join(register)

    assert states(register) == ["joined"]


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"called_off": True}, SignUp.CALLED_OFF, "odwołane"),
        ({"days": -3}, SignUp.PAST, "odbyło"),
        ({"registration": "none"}, SignUp.NONE, "po prostu przyjdź"),
        ({"days": -1, "hours": 48}, SignUp.CLOSED, "już się zaczęło"),
    ],
)
def test_event_that_cannot_be_joined_says_why(index, fields, status, sentence):
    register = register_of(make_event(index, **fields))

    with pytest.raises(Refused, match=sentence):
        join(register)

    assert register.status == status
    assert states(register) == []


def test_deadline_closes_for_residents_but_not_for_staff(index):
    register = register_of(make_event(index, deadline=timezone.now() - timedelta(hours=1)))

    with pytest.raises(Refused, match="Zapisy są zakończone"):
        join(register)
    registrations.join(register, name="Jan Kowalski", phone="+48512345678", actor=UserFactory())

    assert states(register) == ["joined"]


def test_unpublished_event_takes_nobody(index):
    event = make_event(index)
    event.unpublish()

    with pytest.raises(Refused, match="nie jest teraz opublikowana"):
        join(register_of(event))


def test_database_refuses_more_people_than_places(small):
    with pytest.raises(IntegrityError), transaction.atomic():
        EventRegister.objects.filter(pk=small.pk).update(taken=2)


def test_database_refuses_one_person_twice(small):
    user = UserFactory()
    join(small, user)

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(register=small, user=user, state=RegistrationState.WAITING)


def test_database_refuses_an_offer_without_an_end(small):
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(register=small, user=UserFactory(), state=RegistrationState.OFFERED)


# --- Forgetting -------------------------------------------------------------------------------------------------------


def test_needs_and_people_of_old_events_are_forgotten(index):
    with time_machine.travel(NOON, tick=False):
        register = register_of(make_event(index, days=1))
        user = UserFactory()
        registrations.join(register, user=user, actor=user, needs="tłumacz języka migowego")

    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        forget_people_of_old_events()
    assert Registration.objects.get().needs == ""

    with time_machine.travel(NOON + timedelta(days=92), tick=False):
        forget_people_of_old_events()
    assert not Registration.objects.exists()
    assert taken(register) == 1


def test_erased_person_leaves_the_place_to_others(small):
    joined, waiting = join(small), join(small)

    people.erase_person(joined.user, actor=joined.user)

    assert states(small) == ["offered"]
    assert Registration.objects.get() == waiting


def test_own_data_name_the_events(small):
    registration = join(small)

    assert people.export(registration.user)["events"] == [
        {
            "event": small.page.title,
            "starts": small.page.starts_at,
            "state": "joined",
            "needs": "",
            "registered": registration.queued_at,
        }
    ]


def test_trail_keeps_who_did_what(small):
    registration = join(small)
    registrations.leave(registration, actor=registration.user)

    kinds = list(Event.objects.about(registration).order_by("pk").values_list("kind", flat=True))

    assert kinds == ["cms.registration_join", "cms.registration_receipt", "cms.registration_leave"]
