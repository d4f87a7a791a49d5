"""Ideas of residents at the desk."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled
from wagtail.models import ReferenceIndex, Revision

from notifications.models import Event
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import InitiativeFactory, InitiativeKindFactory, ProposalFactory
from volunteering.domain import proposals
from volunteering.errors import TransitionError
from volunteering.models import Initiative, Proposal, ProposalMessage
from volunteering.states import PROPOSAL, LifecycleState, ProposalState

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(municipality):
    return ProposalFactory(municipality=municipality)


@pytest.fixture
def kind():
    return InitiativeKindFactory(code="club")


def words(**changes):
    return {
        "title": "Wieczory planszówek",
        "summary": "Gramy w środy.",
        "body": "Przyjdź <z> kubkiem.\n\nMamy gry.",
        "kind": "club",
        "joining": "open",
        **changes,
    }


def test_idea_taken_up_becomes_a_draft_that_residents_do_not_see(organiser, proposal, kind):
    response = organiser.post(f"/biurko/pomysly/{proposal.pk}/przyjecie/", words(text="Dziękujemy!"))

    initiative = Initiative.objects.get()
    proposal.refresh_from_db()
    assert response.url == f"/biurko/inicjatywy/{initiative.slug}/"
    assert (initiative.live, initiative.lifecycle.state) == (False, LifecycleState.ACCEPTED)
    assert initiative.body == "<p>Przyjdź &lt;z&gt; kubkiem.</p><p>Mamy gry.</p>"
    assert (proposal.state, proposal.initiative) == (ProposalState.TAKEN, initiative)
    assert organiser.get(f"/inicjatywy/{initiative.slug}/").status_code == 404


def test_nothing_of_the_person_is_in_wagtail(organiser, proposal, kind):
    organiser.post(f"/biurko/pomysly/{proposal.pk}/przyjecie/", words(text="Dziękujemy!"))

    kept = str([revision.content for revision in Revision.objects.all()])
    assert "Wieczory planszówek" in kept
    assert proposal.proposer.email not in kept
    assert str(proposal.proposer) not in kept
    assert proposal.words not in kept
    assert not ReferenceIndex.objects.filter(content_type__model="proposal").exists()


@pytest.mark.parametrize("field", ["title", "summary", "body", "host"])
@pytest.mark.parametrize("secret", ["512 345 678", "lucja@example.com"])
def test_words_that_lead_to_the_person_are_refused(organiser, proposal, kind, field, secret):
    response = organiser.post(f"/biurko/pomysly/{proposal.pk}/przyjecie/", words(**{field: f"Pisz: {secret}"}))

    assert set(response.context["form"].errors) == {field}
    assert not Initiative.objects.exists()


def test_two_ideas_of_one_name_have_two_addresses(municipality, kind):
    made = [InitiativeFactory(municipality=municipality, slug=proposals.free_slug("Mapa")) for _each in range(2)]
    InitiativeFactory(municipality=MunicipalityFactory(), slug="mapa-4")

    assert [initiative.slug for initiative in made] == ["mapa-2", "mapa-3"]
    assert proposals.free_slug("Mapa") == "mapa-4"
    assert proposals.free_slug("!!!") == "inicjatywa"


def test_question_needs_words(organiser, proposal):
    response = organiser.post(f"/biurko/pomysly/{proposal.pk}/pytanie/", {"text": " "})

    assert response.context["faulty"].errors
    assert not ProposalMessage.objects.exists()


def test_closing_needs_a_reason(organiser, proposal):
    organiser.post(f"/biurko/pomysly/{proposal.pk}/zamkniecie/", {"text": ""})
    proposal.refresh_from_db()
    state_without = proposal.state
    organiser.post(f"/biurko/pomysly/{proposal.pk}/zamkniecie/", {"text": "Sala jest zajęta do wiosny."})
    proposal.refresh_from_db()

    assert (state_without, proposal.state) == (ProposalState.WAITING, ProposalState.CLOSED)


@pytest.mark.parametrize("verb", ["ask", "answer", "close", "withdraw"])
@pytest.mark.parametrize("state", ProposalState.values)
def test_verbs_lead_from_their_states_only(municipality, organiser, verb, state):
    proposal = ProposalFactory(municipality=municipality, state=state)
    details = {} if verb == "withdraw" else {"text": "Słowa."}

    if state in PROPOSAL[verb].sources:
        assert getattr(proposals, verb)(proposal, actor=organiser.user, **details).state == PROPOSAL[verb].target
    else:
        with pytest.raises(TransitionError):
            getattr(proposals, verb)(proposal, actor=organiser.user, **details)


def test_idea_that_was_withdrawn_meanwhile_is_not_taken_up(organiser, proposal, kind):
    proposals.withdraw(proposal, actor=proposal.proposer)

    response = organiser.post(f"/biurko/pomysly/{proposal.pk}/przyjecie/", words())

    assert response.status_code == 409
    assert not Initiative.objects.exists()


def test_contact_is_shown_on_purpose_and_leaves_a_trace(organiser, proposal):
    page = organiser.get(f"/biurko/pomysly/{proposal.pk}/")
    shown = organiser.post(f"/biurko/pomysly/{proposal.pk}/kontakt/")

    assert proposal.proposer.email not in page.text
    assert proposal.proposer.email in shown.text
    assert Event.objects.filter(kind="volunteering.proposal_reveal", actor=organiser.user).count() == 1


def test_words_about_a_proposal_stand_in_no_event(organiser, proposal):
    organiser.post(f"/biurko/pomysly/{proposal.pk}/pytanie/", {"text": "Ile osób?"})

    assert "Ile" not in str(list(Event.objects.values_list("data", flat=True)))


def test_deleted_initiative_leaves_the_idea(organiser, proposal, kind):
    organiser.post(f"/biurko/pomysly/{proposal.pk}/przyjecie/", words())

    Initiative.objects.get().delete()

    proposal.refresh_from_db()
    assert (proposal.initiative, proposal.state) == (None, ProposalState.TAKEN)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same(organiser, municipality, frame, count, django_assert_num_queries):
    ProposalFactory.create_batch(count, municipality=municipality)

    with django_assert_num_queries(frame + 1):
        organiser.get("/biurko/pomysly/")


def test_old_ideas_are_forgotten_and_waiting_ones_are_not(municipality):
    long_ago = timezone.now() - proposals.KEPT - timedelta(minutes=1)
    ProposalFactory(municipality=municipality, state=ProposalState.CLOSED, changed_at=long_ago)
    waiting = ProposalFactory(municipality=municipality, changed_at=long_ago)

    proposals.forget_old(municipality)

    with scopes_disabled():
        assert list(Proposal.objects.all()) == [waiting]
