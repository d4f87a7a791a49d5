"""Who learns where a resident lives: the agreed helper around the visit, staff with a reason; each look is written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from neighbourhoods.errors import Erased
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    BlockFactory,
    CommitmentFactory,
    HelpRequestFactory,
    StandingFactory,
    VisitFactory,
    WhereaboutsFactory,
)
from volunteering.domain import reveals
from volunteering.errors import Refused
from volunteering.models import Standing
from volunteering.states import CommitmentState, StandingState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ADDRESS = "Zmyślona 7/3"


@pytest.fixture
def helper(municipality):
    return StandingFactory(municipality=municipality).volunteer


@pytest.fixture
def make_promise(municipality, helper):
    def make(**facts):
        help_request = HelpRequestFactory(municipality=municipality, filled=True)
        visit = VisitFactory(help_request=help_request, starts_at=timezone.now() + timedelta(hours=24), full=True)
        return CommitmentFactory(**{"visit": visit, "volunteer": helper, **facts})

    return make


def looks():
    events = Event.objects.filter(kind="neighbourhoods.whereabouts_revealed")
    return [(event.actor, event.subject_id, event.data["reason"]) for event in events]


def test_the_agreed_helper_sees_the_address(make_promise, helper):
    commitment = make_promise()

    home = reveals.to_helper(commitment, actor=helper)

    assert (home.address, home.phone, home.person_name) == (ADDRESS, "+48601000001", "Zofia Wymyślona")
    assert looks() == [(helper, commitment.visit.help_request_id, "helper")]


@pytest.mark.parametrize("state", CommitmentState)
def test_only_an_agreed_promise_opens_the_door(make_promise, helper, state):
    done = {"helper_confirmed_at": timezone.now(), "resident_confirmed_at": timezone.now(), "minutes": 60}
    commitment = make_promise(state=state, **(done if state == CommitmentState.DONE else {}))

    is_open = reveals.reasons_against(commitment, helper) == []

    assert is_open == (state in {CommitmentState.ACCEPTED, CommitmentState.ARRIVED, CommitmentState.DONE})


@pytest.mark.parametrize("state", [state for state in StandingState if state != StandingState.ACTIVE])
def test_a_paused_helper_sees_nothing(make_promise, helper, state):
    commitment = make_promise()
    Standing.objects.update(state=state)

    with pytest.raises(Refused):
        reveals.to_helper(commitment, actor=helper)

    assert looks() == []


def test_a_first_visit_waits_for_the_centre(make_promise, helper):
    commitment = make_promise()
    Standing.objects.update(first_visit_released_at=None)

    assert len(reveals.reasons_against(commitment, helper)) == 1


def test_another_helper_sees_nothing(make_promise, municipality):
    stranger = StandingFactory(municipality=municipality).volunteer

    with pytest.raises(Refused):
        reveals.to_helper(make_promise(), actor=stranger)


@pytest.mark.parametrize("is_said_by_helper", [True, False])
@pytest.mark.parametrize("is_said_elsewhere", [True, False])
def test_a_block_closes_the_door(make_promise, helper, municipality, is_said_by_helper, is_said_elsewhere):
    commitment = make_promise()
    pair = [helper, commitment.visit.help_request.requester]
    by, against = pair if is_said_by_helper else reversed(pair)
    BlockFactory(municipality=MunicipalityFactory() if is_said_elsewhere else municipality, by=by, against=against)

    with pytest.raises(Refused):
        reveals.to_helper(commitment, actor=helper)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("before", False), ("opens", True), ("starts", True), ("closes", True), ("after", False)],
)
def test_the_address_has_its_time(make_promise, helper, moment, is_open):
    commitment = make_promise()
    opens, closes = reveals.window(commitment)
    second = timedelta(seconds=1)
    moments = {
        "before": opens - second,
        "opens": opens,
        "starts": commitment.starts_at,
        "closes": closes,
        "after": closes + second,
    }

    assert (reveals.reasons_against(commitment, helper, moments[moment]) == []) == is_open
    assert commitment.starts_at - opens == timedelta(hours=48)
    assert closes - commitment.ends_at == timedelta(hours=24)


@pytest.mark.parametrize("reason", reveals.StaffReason)
def test_staff_say_why_they_look(municipality, reason):
    help_request, staff = HelpRequestFactory(municipality=municipality), UserFactory()

    home = reveals.to_staff(help_request, actor=staff, reason=reason)

    assert home.address == ADDRESS
    assert looks() == [(staff, help_request.pk, reason)]


@pytest.mark.parametrize("reason", ["", "helper", "own", "curiosity"])
def test_staff_give_no_other_reason(municipality, reason):
    with pytest.raises(ValueError, match="is not a valid"):
        reveals.to_staff(HelpRequestFactory(municipality=municipality), actor=UserFactory(), reason=reason)

    assert looks() == []


def test_what_is_erased_is_shown_to_nobody(municipality):
    home = WhereaboutsFactory(municipality=municipality, erased=True)
    help_request = HelpRequestFactory(municipality=municipality, whereabouts=home)

    with pytest.raises(Erased):
        reveals.to_staff(help_request, actor=UserFactory(), reason="ring")

    assert looks() == []


def test_the_contact_of_a_helper_is_a_look_too(municipality):
    standing, staff = StandingFactory(municipality=municipality, volunteer__phone="+48601000002"), UserFactory()

    contact = reveals.contact_to_staff(standing, actor=staff, reason="ring")

    event = Event.objects.get()
    assert (contact.email, contact.phone) == (standing.volunteer.email, "+48601000002")
    assert (event.kind, event.actor, event.data) == (
        "volunteering.contact_revealed",
        staff,
        {"helper": standing.volunteer.pk, "reason": "ring"},
    )
    assert "601000002" not in repr(contact)
