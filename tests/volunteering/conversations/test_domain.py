"""Beginning, writing, muting, closing and erasing: what may be said, by whom, and until when."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.domain import people
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory
from tests.factories.volunteering import BlockFactory, CommitmentFactory, VisitFactory, VolunteerProfileFactory
from volunteering import duties
from volunteering.domain import commitments, conversation_safety, conversations
from volunteering.domain.photos import Redrawn
from volunteering.errors import Refused
from volunteering.models import (
    ClosedWhy,
    Commitment,
    Conversation,
    Message,
    Participant,
    Photo,
    Side,
    Standing,
    SystemWords,
)
from volunteering.states import CommitmentState, StandingState

PHOTO = Redrawn(b"jpeg", 4, 3)
SILENT_STATES = [state for state in CommitmentState if state not in conversations.TALKING]


def say(conversation, actor, text="Dzień dobry!", **more):
    return conversations.say(conversation, actor=actor, key=more.pop("key", None) or uuid.uuid4(), text=text, **more)


def texts(conversation):
    return [message.text or message.system for message in Message.objects.of(conversation).after(0)]


def kinds():
    events = Event.objects.order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("volunteering.conversation_") for kind in events if "conversation" in kind]


def sides(conversation):
    people = Participant.objects.filter(conversation=conversation).present()
    return set(people.values_list("user", "side"))


# --- Beginning --------------------------------------------------------------------------------------------------------


def test_either_side_begins_the_same_conversation(promise, helper, resident):
    first = conversations.begin(promise, actor=helper)
    second = conversations.begin(promise, actor=resident)

    assert first == second
    assert sides(first) == {(helper.pk, Side.HELPER), (resident.pk, Side.RESIDENT)}
    assert (texts(first), kinds()) == ([SystemWords.OPENED], ["begin"])


@pytest.mark.parametrize("state", SILENT_STATES)
def test_nobody_writes_before_or_after_a_promise(promise, helper, state):
    promise.state = state

    with pytest.raises(Refused, match="agreed"):
        conversations.begin(promise, actor=helper)


def test_who_asked_by_phone_reads_nothing_here(promise, helper):
    promise.visit.help_request.requester = None
    promise.visit.help_request.requester_id = None

    with pytest.raises(Refused, match="phone"):
        conversations.begin(promise, actor=helper)


def test_a_visit_of_long_ago_is_not_written_about(promise, helper, clock):
    clock.move_to(promise.ends_at + conversations.OPEN_AFTER + timedelta(seconds=1))

    with pytest.raises(Refused, match="long ago"):
        conversations.begin(promise, actor=helper)


@pytest.mark.parametrize("by_helper", [True, False])
def test_people_who_blocked_each_other_begin_nothing(promise, helper, resident, by_helper):
    by, against = (helper, resident) if by_helper else (resident, helper)
    BlockFactory(by=by, against=against)

    with pytest.raises(Refused, match="closed"):
        conversations.begin(promise, actor=helper)


def test_a_promise_given_again_wakes_its_conversation(conversation, promise, helper):
    conversations.close(conversation, why=ClosedWhy.OVER)

    again = conversations.begin(promise, actor=helper)

    assert (again.pk, again.closed_at, texts(again)[-1]) == (conversation.pk, None, SystemWords.OPENED)


def test_what_was_blocked_never_wakes(conversation, promise, helper):
    conversations.close(conversation, why=ClosedWhy.CENTRE)

    assert conversations.begin(promise, actor=helper).closed_why == ClosedWhy.CENTRE


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_messages_stand_in_the_order_in_which_they_were_said(conversation, helper, resident):
    for actor, text in [(helper, "raz"), (resident, "dwa"), (helper, "trzy")]:
        say(conversation, actor, text)

    assert texts(conversation) == [SystemWords.OPENED, "raz", "dwa", "trzy"]
    assert kinds() == ["begin", "say", "say", "say"]


def test_the_same_key_says_it_once(conversation, helper):
    key = uuid.uuid4()

    first = say(conversation, helper, "raz", key=key)
    second = say(conversation, helper, "raz", key=key)

    assert first == second
    assert (texts(conversation)[1:], kinds()) == (["raz"], ["begin", "say"])


def test_a_key_of_somebody_else_says_nothing(conversation, helper, resident):
    key = uuid.uuid4()
    say(conversation, helper, "raz", key=key)

    with pytest.raises(IntegrityError), transaction.atomic():
        say(conversation, resident, "dwa", key=key)


def test_hidden_characters_are_not_said(conversation, helper):
    said = say(conversation, helper, "  a\u202eb\x00 ")

    assert said.text == "ab"


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\u202e"])
def test_nothing_is_not_said(conversation, helper, text):
    with pytest.raises(Refused, match="Write something"):
        say(conversation, helper, text)


def test_a_photo_needs_no_words(conversation, helper):
    said = say(conversation, helper, "", photo=PHOTO, alt="Kran")

    photo = Photo.objects.get(message=said)
    assert (said.has_photo, bytes(photo.content), photo.alt) == (True, b"jpeg", "Kran")


@pytest.mark.parametrize(("text", "alt"), [("x" * 1001, ""), ("x", "x" * 201)])
def test_too_much_is_not_said(conversation, helper, text, alt):
    with pytest.raises(Refused, match="too long"):
        say(conversation, helper, text, photo=PHOTO, alt=alt)


def test_strangers_say_nothing(conversation, organiser):
    for user in (UserFactory(), organiser):
        with pytest.raises(Refused):
            say(conversation, user)

    assert texts(conversation) == [SystemWords.OPENED]


def test_a_flood_is_stopped_and_may_go_on_later(conversation, helper, resident, clock):
    for number in range(conversations.MOST_MESSAGES):
        say(conversation, helper, str(number))

    with pytest.raises(Refused, match="Wait"):
        say(conversation, helper)
    say(conversation, resident)
    clock.shift(conversations.MESSAGES_WITHIN + timedelta(seconds=1))
    say(conversation, helper)

    assert len(texts(conversation)) == conversations.MOST_MESSAGES + 3


def test_a_flood_of_photos_is_stopped(conversation, helper, clock):
    for _ in range(conversations.MOST_PHOTOS):
        say(conversation, helper, photo=PHOTO)
        clock.shift(timedelta(minutes=1))

    with pytest.raises(Refused, match="photos"):
        say(conversation, helper, photo=PHOTO)
    say(conversation, helper)


@pytest.mark.parametrize("state", SILENT_STATES)
def test_a_conversation_rests_when_the_promise_is_gone(conversation, promise, helper, resident, state):
    Commitment.objects.filter(pk=promise.pk).update(state=state)

    for user in (helper, resident):
        with pytest.raises(Refused, match="rests"):
            say(conversation, user)


@pytest.mark.parametrize("why", ClosedWhy)
def test_what_is_closed_stays_silent(conversation, helper, why):
    conversations.close(conversation, why=why)

    with pytest.raises(Refused):
        say(conversation, helper)


def test_a_suspended_helper_and_the_resident_read_the_same_words(conversation, helper, resident):
    Standing.objects.filter(volunteer=helper).update(state=StandingState.SUSPENDED)

    refusals = []
    for user in (helper, resident):
        with pytest.raises(Refused) as refusal:
            say(conversation, user)
        refusals.append(str(refusal.value))

    assert refusals[0] == refusals[1]
    assert "paused" not in refusals[0]


def test_a_block_said_elsewhere_holds_here(conversation, helper, resident):
    BlockFactory(by=resident, against=helper)

    with pytest.raises(Refused, match="closed"):
        say(conversation, helper)


# --- Somebody under age -----------------------------------------------------------------------------------------------


@pytest.fixture
def minors_promise(promise, helper):
    VolunteerProfileFactory(user=helper, is_adult=False)
    return promise


def test_with_a_minor_the_coordinator_takes_part_from_the_start(minors_promise, municipality, helper, organiser):
    coordinator = MembershipFactory(municipality=municipality, role="volunteer_coordinator").user

    conversation = conversations.begin(minors_promise, actor=helper)

    assert conversation.with_minor
    assert (coordinator.pk, Side.STAFF) in sides(conversation)
    assert (organiser.pk, Side.STAFF) not in sides(conversation)
    assert texts(conversation) == [SystemWords.OPENED, SystemWords.JOINED]


def test_a_category_with_minors_counts_too(promise, helper, organiser):
    category = promise.visit.help_request.category
    category.is_open, category.involves_minors = False, True
    category.save()

    conversation = conversations.begin(promise, actor=helper)

    assert sides(conversation) >= {(organiser.pk, Side.STAFF)}


def test_without_anybody_from_the_centre_nothing_begins(minors_promise, helper):
    with pytest.raises(Refused, match="under age"):
        conversations.begin(minors_promise, actor=helper)

    assert Conversation.objects.count() == 0


def test_with_a_minor_nobody_writes_when_the_centre_has_gone(minors_promise, helper, resident, organiser):
    conversation = conversations.begin(minors_promise, actor=helper)
    organiser.memberships.update(ended_at=timezone.now())

    for user in (helper, resident):
        with pytest.raises(Refused, match="under age"):
            say(conversation, user)


def test_with_a_minor_the_last_of_the_centre_stays(minors_promise, municipality, helper, organiser):
    conversation = conversations.begin(minors_promise, actor=helper)
    colleague = MembershipFactory(municipality=municipality).user

    with pytest.raises(Refused, match="colleague"):
        conversation_safety.leave(conversation, actor=organiser)
    conversation_safety.join(conversation, actor=colleague)
    conversation_safety.leave(conversation, actor=organiser)

    assert {user for user, side in sides(conversation) if side == Side.STAFF} == {colleague.pk}


# --- The end ----------------------------------------------------------------------------------------------------------


def test_old_conversations_close_by_themselves(conversation, promise, clock):
    clock.move_to(promise.ends_at + conversations.OPEN_AFTER - timedelta(minutes=1))
    duties.close_conversations_of_old_visits()
    before = Conversation.objects.get(pk=conversation.pk).closed_why
    clock.move_to(promise.ends_at + conversations.OPEN_AFTER + timedelta(minutes=1))
    duties.close_conversations_of_old_visits()
    duties.close_conversations_of_old_visits()

    assert (before, Conversation.objects.get(pk=conversation.pk).closed_why) == ("", ClosedWhy.OVER)
    assert texts(conversation) == [SystemWords.OPENED, SystemWords.CLOSED]


def test_old_messages_are_erased(conversation, promise, municipality, helper, clock):
    say(conversation, helper, "Kanarek", photo=PHOTO)
    clock.move_to(promise.ends_at + timedelta(days=municipality.words_days, minutes=-1))
    duties.erase_old_conversations()
    before = Message.objects.count()
    clock.move_to(promise.ends_at + timedelta(days=municipality.words_days, minutes=1))
    duties.erase_old_conversations()
    duties.erase_old_conversations()

    assert (before, Message.objects.count(), Photo.objects.count()) == (2, 0, 0)
    assert Conversation.objects.get(pk=conversation.pk).erased_at is not None


def test_what_was_reported_is_kept_until_it_is_settled(conversation, promise, resident, organiser, clock):
    say(conversation, promise.volunteer, "Kanarek")
    conversation_safety.report(conversation, actor=resident, text="Groził mi.")
    clock.move_to(promise.ends_at + timedelta(days=400))
    duties.erase_old_conversations()
    kept = Message.objects.count()
    conversation_safety.join(conversation, actor=organiser)
    conversation_safety.settle(conversation, actor=organiser)
    duties.erase_old_conversations()

    assert kept == 2
    assert (Message.objects.count(), conversation.reports.count()) == (0, 0)


def test_erased_conversations_say_so(conversation, helper):
    conversations.erase(conversation)

    with pytest.raises(Refused, match="erased"):
        say(conversation, helper)
    for verb in (conversation_safety.report, conversation_safety.invite_staff):
        with pytest.raises(Refused, match="erased"):
            verb(conversation, actor=helper)


# --- My data ----------------------------------------------------------------------------------------------------------


def test_my_data_holds_what_i_wrote_and_nothing_of_others(conversation, helper, resident):
    say(conversation, helper, "Kanarek mój", photo=PHOTO, alt="Kanarek zdjęcia")
    say(conversation, resident, "Kanarek cudzy")
    conversation_safety.report(conversation, actor=helper, text="Kanarek zgłoszenia")

    parts = people.export(helper)

    text = str(parts)
    assert [len(parts["messages"]), len(parts["reports"])] == [1, 1]
    assert all(canary in text for canary in ("Kanarek mój", "Kanarek zdjęcia", "Kanarek zgłoszenia"))
    assert "Kanarek cudzy" not in text


def test_what_i_wrote_goes_with_my_account(conversation, helper, resident):
    say(conversation, helper, "Kanarek mój", photo=PHOTO)
    say(conversation, resident, "Zostaje")

    people.erase_person(helper, actor=helper)

    assert "Kanarek mój" not in texts(conversation)
    assert texts(conversation)[-1] == "Zostaje"
    assert Photo.objects.count() == 0


def test_what_was_reported_outlives_the_account(conversation, helper, resident):
    say(conversation, helper, "Groźba")
    conversation_safety.report(conversation, actor=resident)

    people.erase_person(helper, actor=helper)

    assert "Groźba" in texts(conversation)


# --- What the database itself refuses ---------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize(
    "facts",
    [
        {"sender": "helper", "text": ""},
        {"sender": "helper", "text": "a", "system": "opened"},
        {"sender": None, "text": "a"},
        {"sender": None, "text": "a", "system": "opened"},
        {"sender": None, "system": "nonsense"},
    ],
)
def test_a_message_without_sense_is_refused(conversation, helper, facts):
    facts = facts | {"sender": helper if facts["sender"] else None}

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(conversation=conversation, **facts)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "facts",
    [
        {"closed_why": "over"},
        {"closed_at": timezone.now()},
        {"closed_at": timezone.now(), "closed_why": "nonsense"},
        {"erased_at": timezone.now()},
    ],
)
def test_an_end_without_sense_is_refused(conversation, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(**facts)


@pytest.mark.postgres
def test_one_conversation_and_one_seat_each(conversation, promise, helper, resident):
    for make in (
        lambda: Conversation.objects.create(commitment=promise, municipality=conversation.municipality),
        lambda: Participant.objects.create(conversation=conversation, user=helper, side=Side.STAFF),
        lambda: Participant.objects.create(conversation=conversation, user=UserFactory(), side=Side.HELPER),
        lambda: Participant.objects.filter(user=resident).update(left_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_another_commitment_has_a_conversation_of_its_own(conversation, helper, resident):
    first = conversation.commitment.visit
    visit = VisitFactory(help_request=first.help_request, starts_at=first.starts_at + timedelta(days=1))
    other = CommitmentFactory(visit=visit, volunteer=helper)

    assert conversations.begin(other, actor=helper) != conversation


def test_giving_back_and_taking_again_goes_on_in_one_conversation(conversation, promise, helper):
    commitments.withdraw(promise, actor=helper)
    Commitment.objects.filter(pk=promise.pk).update(state=CommitmentState.ACCEPTED)

    say(conversation, helper, "Jednak przyjdę")

    assert texts(conversation)[-1] == "Jednak przyjdę"
