"""Registering for events: places, waiting list, who is told; whatever the order in which things happen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.domain import people
from cms.domain import registrations
from cms.duties import forget_people_of_old_events, pass_on_places_of_events
from cms.models import EventPage, EventRegister, Registration
from cms.states import RegistrationState, SignUp
from notifications import delivery
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.cms import (
    home_of,
    make_event,
    make_event_index,
    make_home,
    register_of,
    republish,
)
from tests.factories.neighbourhoods import MembershipFactory
from volunteering.errors import Refused

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


@pytest.fixture
def index(centre):
    return make_event_index(home_of(centre))


@pytest.fixture
def small(index):
    """An event with one place, and its register."""
    return register_of(make_event(index, places=1))


def join(register, user=None):
    user = user or UserFactory()
    return registrations.join(register, user=user, actor=user)


def told(user):
    """Kinds of what a person was told, once everything is delivered: tests never commit."""
    for event in Event.objects.undelivered().order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)
    return list(Notification.objects.of(user.pk).order_by("seq").values_list("event__kind", flat=True))


def states(register):
    return list(Registration.objects.of_register(register).order_by("pk").values_list("state", flat=True))


def taken(register):
    return EventRegister.objects.get(pk=register.pk).taken


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


# --- The waiting list -------------------------------------------------------------------------------------------------


@pytest.fixture
def queue(index):
    """An event in a week with one place, somebody who has it, and three who wait."""
    with time_machine.travel(NOON, tick=False):
        register = register_of(make_event(index, places=1, hours_to_confirm=24))
        rows = [join(register) for _person in range(4)]
        yield register, rows


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


# --- What editors change ----------------------------------------------------------------------------------------------


def test_more_places_are_offered_to_those_who_wait(queue):
    register, _rows = queue

    republish(register.page, places=3)

    assert states(register) == ["joined", "offered", "offered", "waiting"]
    assert taken(register) == 3


def test_places_without_number_are_offered_to_all(queue):
    register, _rows = queue

    republish(register.page, places=None)

    assert states(register) == ["joined", "offered", "offered", "offered"]


def test_fewer_places_than_taken_throw_nobody_out(index):
    register = register_of(make_event(index, places=3))
    rows = [join(register) for _person in range(3)]
    page = EventPage.objects.get(pk=register.page_id)
    page.places = 1
    # The form refuses this (`clean`); who registers between the form and the publishing keeps the place.
    EventPage.objects.filter(pk=page.pk).update(places=1)
    page.refresh_from_db()

    from cms.domain import registers  # noqa: PLC0415 -- one test only

    registers.follow(page)

    assert EventRegister.objects.get().places == 3
    assert states(register) == [row.state for row in rows] == ["joined"] * 3


def test_moved_event_is_told_to_everybody(queue):
    register, rows = queue
    page = register.page

    republish(page, starts_at=page.starts_at + timedelta(hours=1), ends_at=page.ends_at + timedelta(hours=1))

    assert [told(row.user)[-1] for row in rows] == ["cms.event_move"] * 4
    assert EventRegister.objects.get().sequence == 1


def test_other_place_is_told_but_other_words_are_not(small):
    registration = join(small)

    republish(small.page, lead="Inne słowa.")
    republish(small.page, place="Dom kultury")

    assert told(registration.user) == ["cms.registration_receipt", "cms.event_move"]


def test_called_off_event_is_told_once_and_brought_back(queue):
    register, rows = queue

    republish(register.page, called_off=True, called_off_note="Prowadząca zachorowała.")
    republish(register.page, called_off_note="Nowy termin podamy wkrótce.")
    republish(register.page, called_off=False)

    assert [told(row.user)[1:] for row in rows] == [["cms.event_call_off", "cms.event_back_on"]] * 4
    assert taken(register) == 1


def test_offer_shrinks_with_an_earlier_beginning(queue):
    register, (joined, first, *_others) = queue
    registrations.leave(joined, actor=joined.user)
    soon = NOON + timedelta(hours=3)

    republish(register.page, starts_at=soon, ends_at=soon + timedelta(hours=1))

    first.refresh_from_db()
    assert first.offered_until == soon


def test_past_event_that_is_corrected_tells_nobody(index):
    with time_machine.travel(NOON, tick=False):
        register = register_of(make_event(index))
        registration = join(register)

    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        republish(register.page, place="Dom kultury")

    assert told(registration.user) == ["cms.registration_receipt"]


def test_translations_share_one_register_and_the_polish_facts(index, centre):
    event = make_event(index, places=5)
    english_home = make_home("Centre", "centre", language="en", translation_of=home_of(centre))
    english_index = make_event_index(english_home, language="en", slug="events", translation_key=index.translation_key)
    english = make_event(
        english_index,
        language="en",
        translation_key=event.translation_key,
        places=50,
        starts_at=event.starts_at + timedelta(days=9),
    )

    english.refresh_from_db()

    register = EventRegister.objects.get()
    assert (register.page_id, register.places) == (event.pk, 5)
    assert (english.places, english.starts_at) == (5, event.starts_at)


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
