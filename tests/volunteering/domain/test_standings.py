"""What a centre decides about a helper, from every state, and what happens to promises."""

import pytest

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import CommitmentFactory, HelpRequestFactory, StandingFactory, VisitFactory
from volunteering.domain import standings
from volunteering.errors import TransitionError
from volunteering.models import Standing
from volunteering.states import STANDING, CommitmentState, RequestState, StandingState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

VERBS = {"meet": standings.meet, "activate": standings.activate, "suspend": standings.suspend, "end": standings.end}
ALLOWED = [(verb, state) for verb in VERBS for state in STANDING[verb].sources]
REFUSED = [(verb, state) for verb in VERBS for state in StandingState if state not in STANDING[verb].sources]


@pytest.fixture
def staff():
    return UserFactory()


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def promise(municipality, standing, **facts):
    """A promise of this helper that holds the only place of a visit."""
    help_request = HelpRequestFactory(municipality=municipality, filled=True)
    visit = VisitFactory(help_request=help_request, full=True)
    return CommitmentFactory(visit=visit, volunteer=standing.volunteer, **facts)


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_verb_leads_where_the_table_says(municipality, staff, verb, state):
    standing = StandingFactory(municipality=municipality, state=state)

    moved = VERBS[verb](standing, actor=staff)

    moved.refresh_from_db()
    assert (moved.state, moved.changed_by) == (STANDING[verb].target, staff)
    assert kinds() == [f"volunteering.standing_{verb}"]


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_verb_is_refused_in_words(municipality, staff, verb, state):
    standing = StandingFactory(municipality=municipality, state=state)

    with pytest.raises(TransitionError) as refusal:
        VERBS[verb](standing, actor=staff)

    standing.refresh_from_db()
    assert standing.state == state
    assert str(StandingState(state).label) in str(refusal.value)
    assert kinds() == []


def test_every_state_of_the_table_is_tried():
    assert {verb for verb, _state in ALLOWED} | {"apply"} == set(STANDING)


def test_applying_asks_the_centre_for_a_talk(municipality):
    person = UserFactory()

    standing = standings.apply(person, municipality=municipality)

    assert (standing.state, standing.changed_by) == (StandingState.APPLIED, person)
    assert kinds() == ["volunteering.standing_apply"]


@pytest.mark.parametrize("state", [state for state in StandingState if state not in STANDING["apply"].sources])
def test_applying_twice_changes_nothing(municipality, state):
    standing = StandingFactory(municipality=municipality, state=state)

    standings.apply(standing.volunteer, municipality=municipality)

    assert Standing.objects.get().state == state
    assert kinds() == []


def test_who_ended_may_apply_again(municipality):
    standing = StandingFactory(municipality=municipality, ended=True)

    standings.apply(standing.volunteer, municipality=municipality)

    assert Standing.objects.get().state == StandingState.APPLIED


@pytest.mark.parametrize("verb", ["suspend", "end"])
@pytest.mark.parametrize("state", [CommitmentState.PROPOSED, CommitmentState.ACCEPTED])
def test_promises_not_kept_yet_are_given_free(municipality, staff, verb, state):
    standing = StandingFactory(municipality=municipality)
    commitment = promise(municipality, standing, state=state)

    VERBS[verb](standing, actor=staff)

    commitment.refresh_from_db()
    visit = commitment.visit
    visit.refresh_from_db()
    visit.help_request.refresh_from_db()
    assert commitment.state == CommitmentState.RELEASED
    assert (visit.state, visit.taken) == (VisitState.OPEN, 0)
    assert visit.help_request.state == RequestState.OPEN


@pytest.mark.parametrize(
    "situation", [{"arrived": True}, {"done": True}, {"declined": True}, {"withdrawn": True}], ids=str
)
def test_suspending_leaves_other_promises_alone(municipality, staff, situation):
    standing = StandingFactory(municipality=municipality)
    commitment = promise(municipality, standing, **situation)
    before = commitment.state

    standings.suspend(standing, actor=staff)

    commitment.refresh_from_db()
    assert commitment.state == before


def test_suspending_here_leaves_promises_elsewhere(municipality, staff):
    standing = StandingFactory(municipality=municipality)
    elsewhere = promise(MunicipalityFactory(), standing)

    standings.suspend(standing, actor=staff)

    elsewhere.refresh_from_db()
    assert elsewhere.state == CommitmentState.ACCEPTED


def test_first_visit_is_released_once(municipality, staff):
    standing = StandingFactory(municipality=municipality, before_first_visit=True)

    released = standings.release_first_visit(standing, actor=staff)
    again = standings.release_first_visit(standing, actor=staff)

    assert released.first_visit_released_at == again.first_visit_released_at is not None
    assert kinds() == ["volunteering.standing_release_first_visit"]
