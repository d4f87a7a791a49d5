"""Asking the centre in, reporting and blocking: who learns what, and who may read then."""

import uuid

import pytest

from notifications import delivery
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory
from volunteering.desk import queues
from volunteering.domain import conversation_safety, conversations
from volunteering.domain.checks import are_blocked
from volunteering.domain.timeline import timeline
from volunteering.errors import Refused
from volunteering.models import ClosedWhy, Commitment, Conversation, Message, Side, SystemWords, Visit
from volunteering.states import CommitmentState

INVITED, REPORTED, BLOCKED = (f"volunteering.conversation_{verb}" for verb in ("invite_staff", "report", "block"))


def visible(conversation, user):
    return Conversation.objects.visible_to(user).filter(pk=conversation.pk).exists()


def told(kind):
    for event in Event.objects.undelivered().order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)
    return set(Notification.objects.filter(event__kind=kind).values_list("user", flat=True))


def system_words(conversation):
    return [message.system for message in Message.objects.of(conversation).after(0) if message.system]


def queue():
    return [row.pk for row in queues.conversations("").rows]


# --- Staff ------------------------------------------------------------------------------------------------------------


def test_staff_find_nothing_unless_they_are_asked(conversation, organiser):
    with pytest.raises(Refused, match="Nobody has asked"):
        conversation_safety.join(conversation, actor=organiser)

    assert (visible(conversation, organiser), queue()) == (False, [])


def test_staff_who_are_asked_come_in_and_everybody_sees_it(conversation, helper, resident, organiser):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.invite_staff(conversation, actor=resident)
    waiting = queue()
    conversation_safety.join(conversation, actor=organiser)
    conversation_safety.join(conversation, actor=organiser)

    assert (waiting, queue()) == ([conversation.pk], [])
    assert visible(conversation, organiser)
    assert system_words(conversation) == [SystemWords.OPENED, SystemWords.INVITED, SystemWords.JOINED]
    assert told(INVITED) == {organiser.pk}


def test_coming_in_stands_in_the_story_of_the_request(conversation, helper, organiser):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)

    [entry] = [it for it in timeline(conversation.commitment.visit.help_request, for_staff=True) if it.by]

    assert entry.text == "The centre joined the conversation with Jan."
    assert (
        Event.objects.filter(kind="volunteering.conversation_join", actor=organiser, data__why="invited").count() == 1
    )


def test_staff_who_left_or_lost_their_role_read_no_more(conversation, helper, organiser, municipality):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)
    conversation_safety.leave(conversation, actor=organiser)
    left = visible(conversation, organiser)
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)
    back = visible(conversation, organiser)
    organiser.memberships.update(role="director")

    assert (left, back, visible(conversation, organiser)) == (False, True, False)


def test_staff_of_another_gmina_find_nothing(conversation, helper):
    stranger = MembershipFactory().user
    conversation_safety.invite_staff(conversation, actor=helper)

    assert not visible(conversation, stranger)


def test_a_side_does_not_come_in_for_the_centre(conversation, helper, municipality):
    MembershipFactory(municipality=municipality, user=helper)
    conversation_safety.invite_staff(conversation, actor=helper)

    with pytest.raises(Refused, match="one of the two sides"):
        conversation_safety.join(conversation, actor=helper)


@pytest.mark.parametrize("verb", [conversation_safety.leave, conversation_safety.settle])
def test_the_sides_do_not_act_for_the_centre(conversation, helper, verb):
    with pytest.raises(Refused):
        verb(conversation, actor=helper)


def test_where_the_centre_is_it_need_not_be_asked(conversation, helper, organiser):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)

    with pytest.raises(Refused, match="just write"):
        conversation_safety.invite_staff(conversation, actor=helper)


# --- Reporting --------------------------------------------------------------------------------------------------------


def test_a_report_reaches_the_desk_and_not_the_other_side(conversation, helper, resident, organiser):
    conversation_safety.report(conversation, actor=resident, text="Prosi o pieniądze.")

    assert (queue(), told(REPORTED)) == ([conversation.pk], {organiser.pk})
    assert system_words(conversation) == [SystemWords.OPENED]


def test_a_second_report_adds_to_the_first(conversation, resident):
    conversation_safety.report(conversation, actor=resident, text="Prosi o pieniądze.")
    made = conversation_safety.report(conversation, actor=resident, text="Znowu.")

    assert (conversation.reports.count(), made.words) == (1, "Prosi o pieniądze.\n\nZnowu.")


def test_staff_settle_what_they_have_read(conversation, resident, organiser):
    conversation_safety.report(conversation, actor=resident)
    with pytest.raises(Refused, match="Join"):
        conversation_safety.settle(conversation, actor=organiser)

    conversation_safety.join(conversation, actor=organiser)
    conversation_safety.settle(conversation, actor=organiser)

    assert (queue(), conversation.reports.get().settled_by) == ([], organiser)


def test_strangers_report_and_invite_nothing(conversation):
    stranger = UserFactory()

    for verb in (conversation_safety.report, conversation_safety.invite_staff, conversation_safety.block):
        with pytest.raises(Refused):
            verb(conversation, actor=stranger)


# --- Blocking ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "state"), [("helper", CommitmentState.WITHDRAWN), ("resident", CommitmentState.DECLINED)]
)
def test_a_block_gives_the_promise_back_and_closes(conversation, promise, organiser, side, state):
    helper, resident = promise.volunteer, promise.visit.help_request.requester

    conversation_safety.block(conversation, actor={"helper": helper, "resident": resident}[side])

    conversation.refresh_from_db()
    assert are_blocked(helper.pk, resident.pk)
    assert Commitment.objects.get(pk=promise.pk).state == state
    assert Visit.objects.get(pk=promise.visit_id).taken == 0
    assert (conversation.closed_why, told(BLOCKED)) == (ClosedWhy.BLOCKED, {organiser.pk})


@pytest.mark.parametrize("state", [CommitmentState.ARRIVED, CommitmentState.DONE])
def test_a_block_changes_nothing_of_what_has_happened(conversation, promise, resident, state):
    facts = {"helper_confirmed_at": promise.taken_at, "resident_confirmed_at": promise.taken_at, "minutes": 60}
    Commitment.objects.filter(pk=promise.pk).update(state=state, **facts)

    conversation_safety.block(Conversation.objects.with_details().get(), actor=resident)

    assert Commitment.objects.get(pk=promise.pk).state == state


def test_who_is_blocked_reads_no_name(conversation, helper, resident):
    conversation_safety.block(conversation, actor=resident)

    with pytest.raises(Refused) as refusal:
        conversations.say(conversation, actor=helper, key=uuid.uuid4(), text="Dlaczego?")

    assert str(refusal.value) == conversations.closed_words()
    assert "Zofia" not in str(refusal.value)


def test_blocking_twice_is_blocking_once(conversation, resident):
    conversation_safety.block(conversation, actor=resident)
    conversation = Conversation.objects.with_details().get()

    conversation_safety.block(conversation, actor=resident)

    assert system_words(conversation) == [SystemWords.OPENED, SystemWords.CLOSED]


def test_the_centre_is_not_blocked(conversation, helper, organiser):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)

    with pytest.raises(Refused):
        conversation_safety.block(conversation, actor=organiser)


def test_sides_keep_their_names_in_the_conversation(conversation, helper, organiser):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)

    names = conversations.first_names(conversation)

    assert sorted(names.values()) == ["Jadwiga (the centre)", "Jan", "Zofia"]
    assert conversations.participant_of(conversation, organiser).side == Side.STAFF
