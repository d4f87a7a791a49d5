"""Announcements: how they are written, tried out and approved, and what refuses."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from notifications import worker
from notifications.models import Notification
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AnnouncementFactory,
    AnnouncementRecipientFactory,
    StandingFactory,
)
from tests.volunteering.domain.announcing import WORDS, again, kinds
from volunteering.domain import announcements
from volunteering.errors import Refused, TransitionError
from volunteering.models import Addressees, Announcement, AnnouncementRecipient
from volunteering.states import ANNOUNCEMENT, AnnouncementState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


# Writing -------------------------------------------------------------------------------------------------------------


def test_a_draft_tells_nobody(draft, author):
    assert (draft.state, draft.author, draft.total) == (AnnouncementState.DRAFT, author, 0)
    assert kinds(draft) == ["write"]
    assert not Notification.objects.exists()


def test_a_thing_of_another_centre_is_refused(municipality, author):
    place = NeighbourhoodFactory()

    with pytest.raises(Refused):
        announcements.write(municipality, actor=author, audience=Addressees.NEIGHBOURHOOD, subject=place, **WORDS)

    assert not Announcement.objects.exists()


def test_whoever_changes_a_draft_is_its_author(draft, colleague, neighbourhood):
    changed = announcements.edit(
        draft, actor=colleague, audience=Addressees.NEIGHBOURHOOD, subject=neighbourhood, title="Inaczej", body="Tak."
    )

    assert (changed.author, changed.title, changed.neighbourhood) == (colleague, "Inaczej", neighbourhood)
    assert again(draft).version == draft.version + 1


VERBS = {
    "edit": lambda it, actor: announcements.edit(it, actor=actor, audience=Addressees.HELPERS, **WORDS),
    "ask": lambda it, actor: announcements.ask(it, actor=actor),
    "hand_back": lambda it, actor: announcements.hand_back(it, actor=actor, note="Krócej."),
    "send": lambda it, actor: announcements.send(it, actor=actor),
    "approve": lambda it, actor: announcements.approve(it, actor=actor),
    "cancel": lambda it, actor: announcements.cancel(it, actor=actor),
}
STATES = {
    AnnouncementState.DRAFT: {},
    AnnouncementState.WAITING: {"waiting": True},
    AnnouncementState.SENDING: {"sending": True},
    AnnouncementState.SENT: {"sent": True},
    AnnouncementState.CANCELLED: {"cancelled": True},
}


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_verbs_lead_where_the_table_says(municipality, author, colleague, verb, state):
    announcement = AnnouncementFactory(municipality=municipality, author=author, **STATES[state])

    if state in ANNOUNCEMENT[verb].sources:
        VERBS[verb](announcement, colleague)
        assert again(announcement).state == ANNOUNCEMENT[verb].target
    else:
        with pytest.raises(TransitionError):
            VERBS[verb](announcement, colleague)
        assert again(announcement).state == state
        assert kinds(announcement) == []


@pytest.mark.parametrize("verb", ["ask", "send", "approve"])
def test_what_was_changed_meanwhile_is_read_again(municipality, author, colleague, crowd, verb):
    traits = {"waiting": True} if verb == "approve" else {}
    announcement = AnnouncementFactory(municipality=municipality, author=author, version=2, **traits)

    with pytest.raises(Refused):
        getattr(announcements, verb)(announcement, actor=colleague, version=1)

    assert again(announcement).sending_at is None


@pytest.mark.parametrize("verb", ["ask", "send", "approve"])
def test_nobody_to_write_to_is_refused(municipality, author, colleague, verb):
    traits = {"waiting": True} if verb == "approve" else {}
    announcement = AnnouncementFactory(municipality=municipality, author=author, **traits)

    with pytest.raises(Refused):
        getattr(announcements, verb)(announcement, actor=colleague)

    assert again(announcement).state == announcement.state


def test_a_test_goes_to_whoever_asks_for_it_alone(draft, author, crowd, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        announcements.test(draft, actor=author)
    worker.run_once()

    assert set(Notification.objects.values_list("user_id", flat=True)) == {author.pk}
    [letter] = mail.outbox
    assert letter.to == [author.email]
    assert letter.subject == "Próba: W piątek zamknięte"


@pytest.mark.parametrize("trait", ["sending", "sent", "cancelled"])
def test_what_is_on_its_way_is_not_tried_out(municipality, author, trait):
    announcement = AnnouncementFactory(municipality=municipality, author=author, **{trait: True})

    with pytest.raises(TransitionError):
        announcements.test(announcement, actor=author)


# A second pair of eyes -----------------------------------------------------------------------------------------------


@pytest.fixture
def few(municipality):
    """Two people are many."""
    municipality.approval_above = 2
    municipality.save(update_fields=["approval_above"])


def test_many_people_need_a_second_pair_of_eyes(few, draft, author):
    with pytest.raises(Refused):
        announcements.send(draft, actor=author)

    assert (again(draft).state, AnnouncementRecipient.objects.count()) == (AnnouncementState.DRAFT, 0)
    assert not DBTaskResult.objects.exists()


def test_as_many_as_the_limit_need_none(few, municipality, author):
    StandingFactory.create_batch(2, municipality=municipality)
    announcement = AnnouncementFactory(municipality=municipality, author=author)

    assert announcements.send(announcement, actor=author).total == 2


def test_colleagues_hear_that_it_waits(few, draft, author, colleague, django_capture_on_commit_callbacks):
    MembershipFactory(municipality=draft.municipality, editor=True)
    with django_capture_on_commit_callbacks(execute=True):
        waiting = announcements.ask(draft, actor=author)

    assert (waiting.state, waiting.asked_at) == (AnnouncementState.WAITING, timezone.now())
    assert list(Notification.objects.values_list("user_id", flat=True)) == [colleague.pk]


def test_where_nobody_else_works_nobody_can_be_asked(few, draft, author):
    MembershipFactory(municipality=draft.municipality, ended=True)
    MembershipFactory(municipality=draft.municipality, editor=True)
    MembershipFactory(municipality=MunicipalityFactory())

    with pytest.raises(Refused):
        announcements.ask(draft, actor=author)

    assert again(draft).state == AnnouncementState.DRAFT


def test_nobody_approves_their_own(few, draft, author, colleague):
    announcements.ask(draft, actor=author)

    with pytest.raises(Refused):
        announcements.approve(draft, actor=author)

    assert again(draft).state == AnnouncementState.WAITING


def test_who_changed_the_words_cannot_approve_them(few, draft, author, colleague):
    announcements.edit(draft, actor=colleague, audience=Addressees.HELPERS, title="Inaczej", body="Tak.")
    announcements.ask(draft, actor=author)

    with pytest.raises(Refused):
        announcements.approve(draft, actor=colleague)
    approved = announcements.approve(draft, actor=author)

    assert approved.state == AnnouncementState.SENDING


def test_approval_sends(few, draft, author, colleague):
    announcements.ask(draft, actor=author)

    approved = announcements.approve(draft, actor=colleague)

    assert (approved.approved_by, approved.sent_by, approved.total) == (colleague, colleague, 3)
    assert kinds(draft) == ["write", "ask", "approve"]


def test_what_is_handed_back_is_a_draft_with_a_note(few, draft, author, colleague, django_capture_on_commit_callbacks):
    announcements.ask(draft, actor=author)
    with django_capture_on_commit_callbacks(execute=True):
        announcements.hand_back(draft, actor=colleague, note="Krócej.")

    back = again(draft)
    assert (back.state, back.note) == (AnnouncementState.DRAFT, "Krócej.")
    assert list(Notification.objects.values_list("user_id", flat=True)) == [author.pk]


# What the database refuses -------------------------------------------------------------------------------------------


SOME_TIME = datetime(2027, 4, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "unknown"},
        {"title": ""},
        {"body": ""},
        {"audience": "neighbourhood"},
        {"state": "waiting"},
        {"state": "sent", "ended_at": SOME_TIME},
        {"state": "sending", "sending_at": SOME_TIME, "total": 201, "approval_above": 200},
        {"state": "cancelled"},
        {"ended_at": SOME_TIME},
        {"told": 2, "left_out": 1, "total": 2},
    ],
    ids=str,
)
def test_the_database_refuses(municipality, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        AnnouncementFactory(municipality=municipality, **facts)


def test_the_database_refuses_an_approval_by_the_author(draft, author):
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=draft.pk).update(approved_by=author)


def test_the_database_refuses_a_thing_that_nobody_asked_for(draft, neighbourhood):
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=draft.pk).update(neighbourhood=neighbourhood)


def test_the_database_refuses_somebody_twice_on_a_list(draft, crowd):
    AnnouncementRecipientFactory(announcement=draft, user=crowd[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        AnnouncementRecipientFactory(announcement=draft, user=crowd[0])


@pytest.mark.parametrize(
    "facts", [{"outcome": "told"}, {"outcome": "capped", "chunk": 1}, {"outcome": "lost"}], ids=str
)
def test_the_database_refuses_an_outcome(draft, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        AnnouncementRecipientFactory(announcement=draft, **facts)
