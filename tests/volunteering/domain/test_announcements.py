"""Announcements: who is meant, how they are written, approved, sent and stopped, and what refuses."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from notifications import delivery, worker
from notifications.models import Delivery, Event, Notification
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AnnouncementFactory,
    AnnouncementRecipientFactory,
    BlockFactory,
    CommitmentFactory,
    HelpRequestFactory,
    InitiativeFactory,
    MeetingFactory,
    ParticipationFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering import duties
from volunteering.domain import announcement_work, announcements, audiences
from volunteering.errors import Refused, TransitionError
from volunteering.models import Addressees, Announcement, AnnouncementCount, AnnouncementRecipient, RecipientOutcome
from volunteering.states import ANNOUNCEMENT, AnnouncementState, ParticipationState
from volunteering.tasks import send_announcement

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]

WORDS = {"title": "W piątek zamknięte", "body": "Do zobaczenia w poniedziałek."}


@pytest.fixture
def author(municipality):
    return MembershipFactory(municipality=municipality).user


@pytest.fixture
def colleague(municipality):
    return MembershipFactory(municipality=municipality, coordinator=True).user


@pytest.fixture
def crowd(municipality):
    """Three active helpers."""
    return [StandingFactory(municipality=municipality).volunteer for _ in range(3)]


@pytest.fixture
def draft(municipality, author, crowd):
    return announcements.write(municipality, actor=author, audience=Addressees.HELPERS, **WORDS)


@pytest.fixture
def portions_of(settings):
    def set_size(number):
        settings.DELIVER_AT_ONCE = number

    return set_size


def again(announcement):
    return Announcement.objects.with_people().get(pk=announcement.pk)


def people(announcement):
    return set(audiences.people(announcement))


def told(announcement):
    return set(AnnouncementRecipient.objects.of(announcement).told().values_list("user_id", flat=True))


def heard(announcement):
    """Keys of the people in whose inboxes it is, one entry for each time."""
    found = Notification.objects.filter(event__kind="volunteering.announcement_tell")
    return sorted(found.filter(event__subject_id=announcement.pk).values_list("user_id", flat=True))


def keys(people):
    return sorted(person.pk for person in people)


def kinds(announcement):
    events = Event.objects.filter(subject_type="volunteering.announcement", subject_id=announcement.pk)
    return [event.kind.removeprefix("volunteering.announcement_") for event in events.order_by("pk")]


def send_out(announcement, capture):
    with capture(execute=True):
        send_announcement.call(announcement.pk)
    return again(announcement)


# Who is meant --------------------------------------------------------------------------------------------------------


def test_all_active_helpers_are_meant(municipality, crowd):
    StandingFactory(municipality=municipality, suspended=True)
    StandingFactory(municipality=municipality, applied=True)
    StandingFactory(municipality=municipality, ended=True)
    StandingFactory(municipality=municipality, volunteer__closed=True)

    assert people(AnnouncementFactory(municipality=municipality)) == set(crowd)


def test_helpers_of_a_neighbourhood_live_there(municipality, make_helper, neighbourhood):
    there = make_helper().user
    make_helper(home_neighbourhood=NeighbourhoodFactory(municipality=municipality), radius=50_000)
    make_helper(standing={"suspended": True})
    StandingFactory(municipality=municipality)

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.NEIGHBOURHOOD, to=neighbourhood)

    assert people(announcement) == {there}


def test_everybody_on_a_visit_are_both_sides(municipality, visit):
    coming = CommitmentFactory(visit=visit).volunteer
    asked = CommitmentFactory(visit=visit, proposed=True).volunteer
    CommitmentFactory(visit=visit, state="withdrawn")
    CommitmentFactory(visit__help_request__municipality=municipality)

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.VISIT, to=visit)

    assert people(announcement) == {coming, asked, visit.help_request.requester}
    assert audiences.without_account(announcement) == 0


def test_a_resident_without_an_account_is_rung(municipality, neighbourhood, shopping):
    request = HelpRequestFactory(
        municipality=municipality, neighbourhood=neighbourhood, category=shopping, by_phone=True
    )
    announcement = AnnouncementFactory(
        municipality=municipality, audience=Addressees.VISIT, to=VisitFactory(help_request=request)
    )

    assert (people(announcement), audiences.without_account(announcement)) == (set(), 1)


def test_people_of_an_initiative_signed_up_for_what_comes_or_was_lately(municipality):
    initiative = InitiativeFactory(municipality=municipality)
    now = timezone.now()

    def meeting(days):
        return MeetingFactory(initiative=initiative, starts_at=now + timedelta(days=days))

    coming = ParticipationFactory(meeting=meeting(7)).user
    lately = ParticipationFactory(meeting=meeting(-20), state=ParticipationState.ATTENDED).user
    ParticipationFactory(meeting=meeting(-40))
    ParticipationFactory(meeting=meeting(8), state=ParticipationState.LEFT)
    ParticipationFactory(meeting=meeting(9), user=None, name="Pani Zofia")
    ParticipationFactory(meeting=meeting(10), user=None, name="Pani Zofia")
    ParticipationFactory(meeting=MeetingFactory(initiative__municipality=municipality))

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.INITIATIVE, to=initiative)

    assert people(announcement) == {coming, lately}
    assert audiences.without_account(announcement) == 1


def test_people_of_one_meeting_are_those_on_its_list(municipality):
    meeting = MeetingFactory(initiative__municipality=municipality)
    coming = ParticipationFactory(meeting=meeting).user
    ParticipationFactory(meeting=meeting, state=ParticipationState.LEFT)
    ParticipationFactory(meeting=MeetingFactory(initiative=meeting.initiative))

    announcement = AnnouncementFactory(municipality=municipality, audience=Addressees.MEETING, to=meeting)

    assert people(announcement) == {coming}


def test_nobody_of_another_municipality_is_meant(municipality, crowd):
    elsewhere = MunicipalityFactory()
    StandingFactory(municipality=elsewhere)
    neighbour = VolunteerProfileFactory(home_neighbourhood=NeighbourhoodFactory(municipality=municipality)).user
    with scope(municipality=elsewhere):
        StandingFactory(municipality=elsewhere, volunteer=neighbour)

    assert people(AnnouncementFactory(municipality=municipality)) == set(crowd)


@pytest.mark.parametrize("side", [("by", "against"), ("against", "by")])
def test_who_is_not_to_meet_the_author_is_left_alone(municipality, crowd, author, side):
    BlockFactory(municipality=municipality, **dict(zip(side, (crowd[0], author), strict=True)))

    announcement = AnnouncementFactory(municipality=municipality, author=author)

    assert people(announcement) == set(crowd[1:])


def test_a_block_elsewhere_keeps_nobody_away_here(municipality, crowd, author):
    BlockFactory(by=crowd[0], against=author)

    assert people(AnnouncementFactory(municipality=municipality, author=author)) == set(crowd)


def test_the_author_needs_no_word_of_it(municipality, crowd, author):
    StandingFactory(municipality=municipality, volunteer=author)

    assert people(AnnouncementFactory(municipality=municipality, author=author)) == set(crowd)


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


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "unknown"},
        {"title": ""},
        {"body": ""},
        {"audience": "neighbourhood"},
        {"state": "waiting"},
        {"state": "sent", "ended_at": timezone.now()},
        {"state": "sending", "sending_at": timezone.now(), "total": 201, "approval_above": 200},
        {"state": "cancelled"},
        {"ended_at": timezone.now()},
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


# Sending -------------------------------------------------------------------------------------------------------------


def test_everybody_on_the_list_is_told_once(draft, author, crowd, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    assert DBTaskResult.objects.filter(task_path__endswith="send_announcement").count() == 1

    sent = send_out(draft, django_capture_on_commit_callbacks)

    assert (sent.state, sent.total, sent.told, sent.left_out) == (AnnouncementState.SENT, 3, 3, 0)
    assert heard(draft) == keys(crowd)
    assert kinds(draft) == ["write", "send", "tell", "complete"]


def test_portions_are_told_one_after_the_other(portions_of, draft, author, crowd, django_capture_on_commit_callbacks):
    portions_of(2)
    announcements.send(draft, actor=author)

    with django_capture_on_commit_callbacks(execute=True):
        is_more = announcement_work.tell_next(draft.pk)
    half = again(draft)

    assert (is_more, half.state, half.told, half.chunks) == (True, AnnouncementState.SENDING, 2, 1)
    assert heard(draft) == keys(crowd)[:2]
    sent = send_out(draft, django_capture_on_commit_callbacks)
    assert (sent.state, sent.told, sent.chunks) == (AnnouncementState.SENT, 3, 2)
    assert heard(draft) == keys(crowd)


def test_a_worker_killed_after_a_portion_tells_nobody_twice(
    portions_of, draft, author, crowd, django_capture_on_commit_callbacks
):
    """Killed between the commit and the delivery: the event is left over, and the next worker finds both."""
    portions_of(2)
    announcements.send(draft, actor=author)
    announcement_work.tell_next(draft.pk)
    assert heard(draft) == []

    sent = send_out(draft, django_capture_on_commit_callbacks)
    Event.objects.undelivered().update(not_before=timezone.now())
    delivery.deliver_left_over()
    delivery.deliver_left_over()

    assert sent.told == 3
    assert heard(draft) == keys(crowd)


def test_a_portion_that_breaks_leaves_nothing_behind(portions_of, draft, author, crowd, monkeypatch):
    portions_of(2)
    announcements.send(draft, actor=author)
    monkeypatch.setattr(announcement_work, "publish", lambda *_args, **_values: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send_announcement.call(draft.pk)

    assert (again(draft).told, told(draft), AnnouncementCount.objects.count()) == (0, set(), 0)


def test_sending_again_what_is_sent_does_nothing(draft, author, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    send_out(draft, django_capture_on_commit_callbacks)

    send_out(draft, django_capture_on_commit_callbacks)

    assert kinds(draft).count("tell") == kinds(draft).count("complete") == 1


def test_an_announcement_that_is_gone_is_no_failure(draft):
    draft.delete()

    send_announcement.call(draft.pk)


def test_who_is_no_longer_concerned_is_left_out(draft, author, crowd, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    crowd[0].is_active = False
    crowd[0].save(update_fields=["is_active"])
    crowd[1].standings.update(state="suspended")

    sent = send_out(draft, django_capture_on_commit_callbacks)

    assert (sent.state, sent.told, sent.left_out) == (AnnouncementState.SENT, 1, 2)
    assert heard(draft) == [crowd[2].pk]
    left_out = AnnouncementRecipient.objects.of(draft).left_out()
    assert {row.outcome for row in left_out} == {RecipientOutcome.GONE}


def test_who_comes_later_is_not_told(draft, author, crowd, municipality, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    StandingFactory(municipality=municipality)

    assert send_out(draft, django_capture_on_commit_callbacks).told == 3


def test_the_author_hears_that_it_is_sent(draft, author, colleague, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=colleague)
    send_out(draft, django_capture_on_commit_callbacks)

    done = Notification.objects.filter(event__kind="volunteering.announcement_complete")
    assert sorted(done.values_list("user_id", flat=True)) == keys([author, colleague])


# Stopping ------------------------------------------------------------------------------------------------------------


def test_stopping_holds_before_the_next_portion(portions_of, draft, author, crowd, django_capture_on_commit_callbacks):
    portions_of(2)
    announcements.send(draft, actor=author)
    with django_capture_on_commit_callbacks(execute=True):
        announcement_work.tell_next(draft.pk)
    announcements.cancel(draft, actor=author)

    stopped = send_out(draft, django_capture_on_commit_callbacks)

    assert (stopped.state, stopped.told) == (AnnouncementState.CANCELLED, 2)
    assert heard(draft) == keys(crowd)[:2]


def test_letters_of_what_was_withdrawn_do_not_leave(draft, author, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    with django_capture_on_commit_callbacks(execute=True):
        announcement_work.tell_next(draft.pk)
    announcements.cancel(draft, actor=author)

    worker.run_once()

    assert mail.outbox == []
    about = Delivery.objects.filter(notification__event__kind="volunteering.announcement_tell")
    assert {(letter.state, letter.error) for letter in about} == {("skipped", "obsolete")}


# The cap -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def send_one(municipality, author, django_capture_on_commit_callbacks):
    def send(**facts):
        announcement = AnnouncementFactory(municipality=municipality, author=author, **facts)
        announcements.send(announcement, actor=author)
        return send_out(announcement, django_capture_on_commit_callbacks)

    return send


@pytest.fixture
def cap_of_one(municipality):
    municipality.announcements_per_day = 1
    municipality.save(update_fields=["announcements_per_day"])


def test_nobody_gets_more_than_the_cap_of_a_day(cap_of_one, send_one, crowd):
    send_one()

    second = send_one()

    assert (second.state, second.told, second.left_out) == (AnnouncementState.SENT, 0, 3)
    assert heard(second) == []
    assert set(AnnouncementCount.objects.values_list("number", flat=True)) == {1}


def test_the_next_local_day_begins_anew(cap_of_one, send_one, crowd, clock):
    send_one()
    clock.shift(timedelta(hours=12))

    assert send_one().told == 3


def test_other_municipalities_count_for_themselves(cap_of_one, send_one, crowd):
    AnnouncementCount.objects.create(
        municipality=MunicipalityFactory(), user=crowd[0], day=timezone.localdate(), number=9
    )

    assert send_one().told == 3


@pytest.mark.usefixtures("cap_of_one")
@pytest.mark.parametrize("audience", [Addressees.VISIT, Addressees.MEETING])
def test_who_promised_to_be_there_always_hears(send_one, crowd, visit, municipality, audience):
    send_one()
    meeting = MeetingFactory(initiative__municipality=municipality)
    ParticipationFactory(meeting=meeting, user=crowd[0])
    visit.help_request.requester = None
    visit.help_request.save()
    CommitmentFactory(visit=visit, volunteer=crowd[0])

    word = send_one(audience=audience, to=visit if audience == Addressees.VISIT else meeting)

    assert (word.told, heard(word)) == (1, [crowd[0].pk])
    assert AnnouncementCount.objects.get(user=crowd[0]).number == 2


# The worker's duties -------------------------------------------------------------------------------------------------


def test_what_a_dead_worker_left_behind_goes_on(draft, author, clock):
    announcements.send(draft, actor=author)
    DBTaskResult.objects.all().delete()
    duties.take_up_announcements_left_behind()
    assert not DBTaskResult.objects.exists()
    clock.shift(timedelta(minutes=2))

    duties.take_up_announcements_left_behind()
    duties.take_up_announcements_left_behind()

    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.all()] == [[draft.pk]]


def test_old_announcements_go_with_their_lists(municipality, crowd, clock):
    old = AnnouncementFactory(municipality=municipality, sent=True)
    AnnouncementRecipientFactory(announcement=old, user=crowd[0], told=True)
    AnnouncementCount.objects.create(municipality=municipality, user=crowd[0], day=timezone.localdate())
    draft = AnnouncementFactory(municipality=municipality)
    clock.shift(timedelta(days=366))
    new = AnnouncementFactory(municipality=municipality, sent=True)

    duties.forget_old_announcements()

    assert set(Announcement.objects.all()) == {draft, new}
    assert not AnnouncementRecipient.objects.exists()
    assert not AnnouncementCount.objects.exists()
