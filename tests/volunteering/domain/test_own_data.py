"""What volunteering gives out as “my data”, and what it forgets with an account."""

import json

import pytest
from django_scopes import scopes_disabled

from accounts.domain import people
from accounts.errors import Refused
from neighbourhoods.models.whereabouts import Whereabouts
from notifications.outbox import history
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import (
    AlertFactory,
    AnnouncementRecipientFactory,
    BlockFactory,
    CommitmentFactory,
    HelpRequestFactory,
    ParticipationFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering.models import (
    AnnouncementRecipient,
    Block,
    Commitment,
    HelpRequest,
    Participation,
    Standing,
    Visit,
    VolunteerProfile,
)
from volunteering.states import CommitmentState, ParticipationState, RequestState, StandingState, VisitState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_scope():
    with scopes_disabled():
        yield


def give_everything(user):
    """One row of each kind for a person, with words of their own in it."""
    help_request = HelpRequestFactory(
        requester=user,
        words="Kanarek słów",
        whereabouts__address="Kanarkowa 1/1",
        whereabouts__person_name="Kanarek Imię",
        whereabouts__phone="+48600999888",
    )
    visit = VisitFactory(help_request=help_request, full=True)
    helper = CommitmentFactory(visit=visit, note="Kanarek cudzy")
    standing = StandingFactory(volunteer=user)
    other = VisitFactory(help_request__municipality=standing.municipality, taken=1, state=VisitState.FULL)
    own = CommitmentFactory(visit=other, volunteer=user, note="Kanarek obietnicy")
    AlertFactory(visit=other, volunteer=user)
    VolunteerProfileFactory(user=user, about="Kanarek profilu")
    ParticipationFactory(user=user)
    BlockFactory(by=user)
    return help_request, helper, own


def test_export_holds_everything_of_the_person():
    user = UserFactory()
    give_everything(user)

    parts = people.export(user)

    text = json.dumps(parts, default=str, ensure_ascii=False)
    for canary in ["Kanarek słów", "Kanarkowa 1/1", "+48600999888", "Kanarek obietnicy", "Kanarek profilu"]:
        assert canary in text
    assert [len(parts[name]) for name in ["help_requests", "promises", "standings", "alerts", "meetings"]] == [1] * 5


def test_export_of_a_home_leaves_its_trace():
    user = UserFactory()
    help_request, _helper, _own = give_everything(user)

    people.export(user)

    event = history(help_request).get(kind="neighbourhoods.whereabouts_revealed")
    assert (event.actor, event.data["reason"]) == (user, "own_data")


def test_export_of_an_erased_home_says_nothing():
    help_request = HelpRequestFactory(whereabouts__erased=True, done=True)

    parts = people.export(help_request.requester)

    assert parts["help_requests"][0]["address"] is None


def test_export_names_no_other_side():
    user = UserFactory()
    _help_request, helper, own = give_everything(user)

    text = json.dumps(people.export(user), default=str, ensure_ascii=False)

    assert helper.volunteer.display_name not in text
    assert own.visit.help_request.requester.display_name not in text
    assert "Kanarek cudzy" not in text


def test_export_of_a_newcomer_is_empty():
    parts = people.export(UserFactory())

    assert parts["help_requests"] == parts["promises"] == []
    assert parts["helper_profile"] is None


def test_erase_forgets_words_and_homes():
    user = UserFactory()
    help_request, _helper, own = give_everything(user)

    people.erase_person(user, actor=user)

    help_request = HelpRequest.objects.get(pk=help_request.pk)
    home = Whereabouts.objects.get(pk=help_request.whereabouts_id)
    assert (help_request.words, help_request.reason, help_request.search_text) == ("", "", "")
    assert (home.person_name, str(home.phone), home.address) == ("", "", "")
    assert (Commitment.objects.get(pk=own.pk).note, VolunteerProfile.objects.count(), Block.objects.count()) == (
        "",
        0,
        0,
    )


def test_erase_withdraws_what_was_asked_and_promised():
    user = UserFactory()
    help_request, helper, own = give_everything(user)

    people.erase_person(user, actor=user)

    assert HelpRequest.objects.get(pk=help_request.pk).state == RequestState.CANCELLED
    assert Commitment.objects.get(pk=helper.pk).state == CommitmentState.RELEASED
    assert Commitment.objects.get(pk=own.pk).state == CommitmentState.RELEASED
    assert Visit.objects.get(pk=own.visit_id).taken == 0
    assert Standing.objects.get(volunteer=user).state == StandingState.ENDED
    assert Participation.objects.get(user=user).state == ParticipationState.LEFT


def test_erase_leaves_other_people_alone():
    other = UserFactory(display_name="Kazimierz Zostaje")
    kept, _helper, _own = give_everything(other)
    user = UserFactory()
    give_everything(user)

    people.erase_person(user, actor=user)

    kept = HelpRequest.objects.get(pk=kept.pk)
    assert (kept.state, kept.words) == (RequestState.OPEN, "Kanarek słów")
    assert Whereabouts.objects.get(pk=kept.whereabouts_id).address == "Kanarkowa 1/1"
    assert VolunteerProfile.objects.get().user == other


def test_erase_works_twice():
    user = UserFactory()
    give_everything(user)

    people.erase_person(user, actor=user)
    people.erase_person(user, actor=user)

    assert Standing.objects.get(volunteer=user).state == StandingState.ENDED


@pytest.mark.parametrize("side", ["volunteer", "requester"])
def test_nobody_leaves_while_a_visit_is_under_way(side):
    commitment = CommitmentFactory(arrived=True)
    user = commitment.volunteer if side == "volunteer" else commitment.visit.help_request.requester

    with pytest.raises(Refused):
        people.erase_person(user, actor=user)

    assert Commitment.objects.get(pk=commitment.pk).state == CommitmentState.ARRIVED


def test_what_the_centre_wrote_to_a_person_is_theirs():
    told = AnnouncementRecipientFactory(told=True)
    AnnouncementRecipientFactory(user=told.user, announcement__title="Nie do niej")

    [entry] = people.export(told.user)["announcements"]
    people.erase_person(told.user, actor=told.user)

    assert entry["announcement__title"] == told.announcement.title
    assert not AnnouncementRecipient.objects.exists()
