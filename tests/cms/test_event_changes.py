"""What editors change in an event that people have registered for."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cms.domain import registrations
from cms.models import EventPage, EventRegister
from tests.cms.registering import join, states, taken, told
from tests.factories.cms import (
    home_of,
    make_event,
    make_event_index,
    make_home,
    register_of,
    republish,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


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
