"""Where an initiative stands: every verb from every state."""

import pytest

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import InitiativeFactory
from volunteering.domain import lifecycles
from volunteering.errors import TransitionError
from volunteering.models import Lifecycle
from volunteering.states import LIFECYCLE, LifecycleState

pytestmark = pytest.mark.django_db

VERBS = {"accept": lifecycles.accept, "start": lifecycles.start, "finish": lifecycles.finish}
ALLOWED = [(verb, state) for verb in VERBS for state in LIFECYCLE[verb].sources]
REFUSED = [(verb, state) for verb in VERBS for state in LifecycleState if state not in LIFECYCLE[verb].sources]


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_verb_leads_where_the_table_says(municipality, verb, state):
    initiative = InitiativeFactory(municipality=municipality, lifecycle__state=state)

    VERBS[verb](initiative, actor=UserFactory())

    assert Lifecycle.objects.get().state == LIFECYCLE[verb].target
    assert Event.objects.get().kind == f"volunteering.initiative_{verb}"


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_verb_is_refused_in_words(municipality, verb, state):
    initiative = InitiativeFactory(municipality=municipality, lifecycle__state=state)

    with pytest.raises(TransitionError) as refusal:
        VERBS[verb](initiative, actor=UserFactory())

    assert Lifecycle.objects.get().state == state
    assert str(LifecycleState(state).label) in str(refusal.value)
    assert not Event.objects.exists()


def test_what_was_written_but_never_proposed_counts_as_proposed(municipality):
    initiative = InitiativeFactory(municipality=municipality, lifecycle=None)

    lifecycles.accept(initiative, actor=UserFactory())

    assert Lifecycle.objects.get().state == LifecycleState.ACCEPTED


def test_starting_makes_cached_pages_forget(municipality, django_capture_on_commit_callbacks):
    initiative = InitiativeFactory(municipality=municipality, lifecycle__state=LifecycleState.ACCEPTED)

    with django_capture_on_commit_callbacks(execute=True):
        lifecycles.start(initiative, actor=UserFactory())

    before = municipality.content_version
    municipality.refresh_from_db()
    assert municipality.content_version == before + 1
