"""Ideas and initiatives in several hands at the same moment, on either database."""

import uuid

import pytest
from django_scopes import scope

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory, InitiativeKindFactory, MeetingFactory, ProposalFactory
from tests.races import at_once, meanwhile
from volunteering.domain import lifecycles, meetings, news, proposals
from volunteering.errors import Refused, TransitionError
from volunteering.models import Initiative, Lifecycle, Meeting, News, Proposal
from volunteering.states import LifecycleState, MeetingState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def words():
    return proposals.Words(
        title="Spacery", summary="Chodzimy.", body="", kind=InitiativeKindFactory(), audiences=[], neighbourhoods=[]
    )


def test_nobody_has_more_ideas_waiting_than_allowed_however_many_are_sent_at_once(municipality):
    person, most = UserFactory(), proposals.MOST_WAITING
    idea = proposals.Idea(title="Spacery", words="", place="", neighbourhood=None, time="", leading="myself")

    def send():
        return proposals.send(idea, municipality=municipality, proposer=person, key=uuid.uuid4())

    answers = at_once([send] * (most + 3))

    assert [answer for answer in answers if not isinstance(answer, Proposal | Refused)] == []
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert Proposal.objects.count() == most


def test_one_idea_is_taken_up_once(municipality, words):
    proposal, staff = ProposalFactory(municipality=municipality), UserFactory()

    answers = at_once([lambda: proposals.take_up(proposal, actor=staff, words=words)] * 3)

    assert sum(isinstance(answer, TransitionError) for answer in answers) == 2
    assert Initiative.objects.count() == 1


def test_two_ideas_of_one_name_get_an_address_each(municipality, words):
    first, second = ProposalFactory.create_batch(2, municipality=municipality)
    staff = UserFactory()

    answer = meanwhile(
        lambda: proposals.take_up(first, actor=staff, words=words),
        lambda: proposals.take_up(second, actor=staff, words=words),
    )

    assert isinstance(answer, Proposal)
    assert sorted(Initiative.objects.values_list("slug", flat=True)) == ["spacery", "spacery-2"]


def test_an_initiative_ends_while_one_of_its_meetings_is_called_off(municipality):
    initiative, staff = InitiativeFactory(municipality=municipality), UserFactory()
    first, second = MeetingFactory.create_batch(2, initiative=initiative)

    answer = meanwhile(
        lambda: meetings.call_off(first, actor=staff, reason="Burza."),
        lambda: lifecycles.finish(initiative, actor=staff),
    )

    assert isinstance(answer, Lifecycle)
    assert answer.state == LifecycleState.FINISHED
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.CANCELLED}
    assert Meeting.objects.get(pk=first.pk).reason == "Burza."
    told = Event.objects.filter(kind="volunteering.meeting_call_off")
    assert sorted(told.values_list("subject_id", flat=True)) == [first.pk, second.pk]


def test_two_workers_announce_an_initiative_once(municipality):
    lifecycle = InitiativeFactory(municipality=municipality).lifecycle
    Lifecycle.objects.update(announced_at=None)

    answer = meanwhile(lambda: news.announce(lifecycle), lambda: news.announce(lifecycle))

    assert answer is False
    assert News.objects.count() == 1
