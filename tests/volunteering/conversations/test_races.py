"""Both press at the same moment: one conversation, one message, on either database."""

import uuid

import pytest
from django_scopes import scope

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import CommitmentFactory, StandingFactory, VisitFactory
from tests.races import at_once, meanwhile
from volunteering.domain import conversation_safety, conversations
from volunteering.models import Block, Commitment, Conversation, Message, Participant, Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

PRESSES = 8


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def promise(municipality):
    helper = UserFactory()
    StandingFactory(municipality=municipality, volunteer=helper)
    return CommitmentFactory(visit=VisitFactory(help_request__municipality=municipality, full=True), volunteer=helper)


def fresh(promise):
    return Commitment.objects.with_details().with_helper().get(pk=promise.pk)


def test_beginning_at_once_begins_once(municipality, promise):
    begin = lambda: conversations.begin(fresh(promise), actor=promise.volunteer).pk  # noqa: E731

    answers = at_once([begin] * PRESSES)

    assert set(answers) == {Conversation.objects.get().pk}
    assert (Participant.objects.count(), Message.objects.count()) == (2, 1)


def test_pressing_at_once_says_it_once(municipality, promise):
    conversation, key = conversations.begin(promise, actor=promise.volunteer), uuid.uuid4()

    def say():
        return conversations.say(conversation, actor=promise.volunteer, key=key, text="raz").pk

    answers = at_once([say] * PRESSES)

    assert len(set(answers)) == 1
    assert Message.objects.by(promise.volunteer).count() == 1


def test_a_flood_at_once_stops_at_the_limit(municipality, promise, monkeypatch):
    conversation = conversations.begin(promise, actor=promise.volunteer)
    monkeypatch.setattr(conversations, "MOST_MESSAGES", 3)

    def say():
        return conversations.say(conversation, actor=promise.volunteer, key=uuid.uuid4(), text="raz").pk

    at_once([say] * PRESSES)

    assert Message.objects.by(promise.volunteer).count() == 3


def test_both_block_while_both_write(municipality, promise):
    """Locks are taken in one order: nobody waits for ever, and the promise is given back once."""
    conversation = conversations.begin(promise, actor=promise.volunteer)
    helper, resident = promise.volunteer, promise.visit.help_request.requester
    MembershipFactory(municipality=municipality)

    def block(actor):
        found = Conversation.objects.with_details().get(pk=conversation.pk)
        return conversation_safety.block(found, actor=actor).closed_why

    def say(actor):
        return conversations.say(conversation, actor=actor, key=uuid.uuid4(), text="raz").pk

    acts = [lambda actor=actor, act=act: act(actor) for actor in (helper, resident) for act in (say, block)]
    answers = at_once(acts)

    assert "blocked" in answers
    assert [answer for answer in answers if "deadlock" in str(answer)] == []
    assert (Visit.objects.get().taken, Block.objects.exists()) == (0, True)


def test_reading_never_goes_back(promise):
    conversation = conversations.begin(fresh(promise), actor=promise.volunteer)
    participant = Participant.objects.get(conversation=conversation, user=promise.volunteer)

    meanwhile(
        lambda: conversations.seen(conversation, participant, up_to=9),
        lambda: conversations.seen(conversation, participant, up_to=5),
    )

    participant.refresh_from_db()
    assert participant.read_up_to == 9
