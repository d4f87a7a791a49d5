"""Who is told of a meeting, on which way, and when there is nothing left to tell."""

from datetime import timedelta

import pytest

from notifications import calls
from notifications.models import Event, Notification
from notifications.registry import NOTICES
from notifications.words import words
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory
from volunteering.domain import meetings, sign_ups

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def meeting(municipality):
    return MeetingFactory(initiative=InitiativeFactory(municipality=municipality), places=1)


def ask(meeting, number):
    people = UserFactory.create_batch(number)
    return [sign_ups.join(meeting, user=person, actor=person, waits=True) for person in people]


def told():
    rows = Notification.objects.order_by("pk").values_list("event__kind", "user")
    return [(kind.removeprefix("volunteering.meeting_"), user) for kind, user in rows]


def last(kind):
    return Event.objects.filter(kind=f"volunteering.meeting_{kind}").order_by("pk").last()


def test_the_first_who_waits_is_told_at_once_and_nobody_else(meeting, django_capture_on_commit_callbacks):
    people = ask(meeting, 3)

    with django_capture_on_commit_callbacks(execute=True):
        sign_ups.leave(people[0], actor=people[0].user)

    assert told() == [("offer", people[1].user_id)]
    text = words(last("offer"), people[1].user, "en")
    assert text.path == f"{meeting.initiative.get_absolute_url()}#spotkanie-{meeting.pk}"
    assert "23:00" not in text.title


def test_an_offer_that_is_no_longer_one_is_not_told(meeting):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)
    event = last("offer")
    before = NOTICES[event.kind].is_obsolete(event)

    sign_ups.confirm(people[1], actor=people[1].user)

    assert (before, NOTICES[event.kind].is_obsolete(event)) == (False, True)


def test_who_was_too_late_is_told_and_the_next_one_asked(meeting, clock, django_capture_on_commit_callbacks):
    people = ask(meeting, 3)
    sign_ups.leave(people[0], actor=people[0].user)
    clock.shift(timedelta(hours=24))

    with django_capture_on_commit_callbacks(execute=True):
        sign_ups.pass_on_due()

    assert told() == [("lapse", people[1].user_id), ("offer", people[2].user_id)]


def test_somebody_without_an_account_is_rung(meeting, staff, municipality, django_capture_on_commit_callbacks):
    people = ask(meeting, 1)
    sign_ups.join(meeting, name="Zofia Wymyślona", phone="+48601000001", actor=staff, waits=True)

    with django_capture_on_commit_callbacks(execute=True):
        sign_ups.leave(people[0], actor=people[0].user)

    [call] = calls.waiting(municipality)
    assert (call.user, call.event) == (None, last("offer"))
    assert told() == []


def test_all_who_meant_to_come_hear_that_it_is_off(meeting, staff, django_capture_on_commit_callbacks):
    people = ask(meeting, 4)
    sign_ups.leave(people[0], actor=people[0].user)

    with django_capture_on_commit_callbacks(execute=True):
        meetings.call_off(meeting, actor=staff, reason="Zalało świetlicę.")

    assert sorted(told()) == sorted(("call_off", row.user_id) for row in people[1:])
    assert "Zalało świetlicę." in words(last("call_off"), people[1].user, "pl").body
