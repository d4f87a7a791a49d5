"""The waiting list of an event: who is offered a place, until when, and what follows."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cms.domain import registrations
from cms.duties import pass_on_places_of_events
from cms.models import Registration
from cms.states import RegistrationState
from tests.cms.registering import join, states, taken, told
from tests.factories.accounts import UserFactory
from tests.factories.cms import (
    make_event,
    register_of,
)
from tests.factories.neighbourhoods import MembershipFactory
from volunteering.errors import Refused

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


def test_free_place_is_offered_to_the_first_who_waits(queue):
    register, (joined, first, _second, _third) = queue

    registrations.leave(joined, actor=joined.user)

    assert states(register) == ["left", "offered", "waiting", "waiting"]
    assert taken(register) == 1
    first.refresh_from_db()
    assert first.offered_until == NOON + timedelta(hours=24)
    assert told(first.user)[-1] == "cms.registration_offer"


def test_newcomer_does_not_pass_those_who_wait(queue):
    register, (joined, *_others) = queue
    registrations.leave(joined, actor=joined.user)

    newcomer = join(register)

    assert newcomer.state == RegistrationState.WAITING


def test_offered_place_is_confirmed(queue):
    register, (joined, first, *_others) = queue
    registrations.leave(joined, actor=joined.user)

    registrations.confirm(first, actor=first.user)

    assert states(register) == ["left", "joined", "waiting", "waiting"]
    assert taken(register) == 1


def test_offer_that_lapses_passes_on_once(queue):
    register, (joined, first, second, _third) = queue
    registrations.leave(joined, actor=joined.user)

    with time_machine.travel(NOON + timedelta(hours=24), tick=False):
        pass_on_places_of_events()
        pass_on_places_of_events()

    assert states(register) == ["left", "left", "offered", "waiting"]
    assert taken(register) == 1
    assert told(first.user)[-1] == "cms.registration_lapse"
    assert told(second.user).count("cms.registration_offer") == 1


def test_offer_stands_until_its_time_is_over(queue):
    register, (joined, *_others) = queue
    registrations.leave(joined, actor=joined.user)

    with time_machine.travel(NOON + timedelta(hours=23, minutes=59), tick=False):
        pass_on_places_of_events()

    assert states(register) == ["left", "offered", "waiting", "waiting"]


def test_lapsed_offer_cannot_be_confirmed(queue):
    _register, (joined, first, *_others) = queue
    registrations.leave(joined, actor=joined.user)

    with time_machine.travel(NOON + timedelta(hours=25), tick=False), pytest.raises(Refused, match="minął"):
        registrations.confirm(first, actor=first.user)


def test_those_who_wait_cannot_confirm(queue):
    _register, (_joined, first, *_others) = queue

    with pytest.raises(Refused):
        registrations.confirm(first, actor=first.user)


def test_offer_never_reaches_past_the_beginning(queue):
    register, (joined, first, *_others) = queue
    late = register.page.starts_at - timedelta(minutes=20)

    with time_machine.travel(late, tick=False):
        registrations.leave(joined, actor=joined.user)
    first.refresh_from_db()

    assert first.offered_until == register.page.starts_at


def test_nobody_is_asked_once_it_has_begun(queue):
    register, (joined, *_others) = queue

    with time_machine.travel(register.page.starts_at, tick=False):
        registrations.leave(joined, actor=joined.user)

    assert states(register) == ["left", "waiting", "waiting", "waiting"]


def test_caller_is_rung_by_staff_and_not_notified(index, centre):
    worker = MembershipFactory(municipality=centre).user
    register = register_of(make_event(index, places=1))
    joined = join(register)
    registrations.join(register, name="Jan Kowalski", phone="+48512345678", actor=worker)

    registrations.leave(joined, actor=joined.user)

    assert states(register) == ["left", "offered"]
    assert told(worker) == ["cms.registration_ring"]


def test_person_taken_off_by_staff_is_told(small):
    registration, staff = join(small), UserFactory()

    registrations.leave(registration, actor=staff)

    assert states(small) == ["cancelled"]
    assert told(registration.user)[-1] == "cms.registration_cancel"
    assert taken(small) == 0


def test_signing_off_twice_frees_one_place(small):
    registration = join(small)

    registrations.leave(registration, actor=registration.user)
    registrations.leave(registration, actor=registration.user)

    assert taken(small) == 0


def test_whoever_comes_back_stands_at_the_end(queue):
    register, (_joined, first, second, _third) = queue
    registrations.leave(first, actor=first.user)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        join(register, first.user)

    waiting = list(Registration.objects.of_register(register).waiting())

    assert waiting[0] == second
    assert waiting[-1] == first
