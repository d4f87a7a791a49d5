"""Promises of help: every verb from every state, places that never go wrong, and what follows for visit and request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import AlertFactory, CommitmentFactory, HelpRequestFactory, VisitFactory
from volunteering.domain import commitments
from volunteering.errors import Refused, TransitionError
from volunteering.models import Alert, Commitment
from volunteering.states import COMMITMENT, CommitmentState, RequestState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# Verbs that move a commitment, and how each is called. `take` makes one, `confirm` leads to `complete`.
VERBS = {
    "accept": commitments.accept,
    "decline": commitments.decline,
    "withdraw": commitments.withdraw,
    "release": commitments.release,
    "arrive": commitments.arrive,
    "no_show": commitments.no_show,
}
ALLOWED = [(verb, state) for verb in VERBS for state in COMMITMENT[verb].sources]
REFUSED = [(verb, state) for verb in VERBS for state in CommitmentState if state not in COMMITMENT[verb].sources]
GIVES_BACK = ("decline", "withdraw", "release")


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def at_home(shopping):
    shopping.at_home = True
    shopping.save()
    return shopping


@pytest.fixture
def make_visit(municipality, neighbourhood, shopping):
    """Makes a visit of a request that nobody has taken yet."""

    def make(*, help_request=(), **facts):
        details = {"municipality": municipality, "neighbourhood": neighbourhood, "category": shopping}
        return VisitFactory(help_request=HelpRequestFactory(**details | dict(help_request)), **facts)

    return make


@pytest.fixture
def make_promise(make_visit):
    """Makes a promise that holds the only place of a visit. `begun`: the visit began an hour ago."""

    def make(*, begun=False, visit=(), **facts):
        if begun:
            visit = {"starts_at": timezone.now() - timedelta(hours=1), **dict(visit)}
        visit = make_visit(**{"help_request": {"filled": True}, "full": True, **dict(visit)})
        done = {"helper_confirmed_at": timezone.now(), "resident_confirmed_at": timezone.now(), "minutes": 60}
        if facts.get("state") == CommitmentState.DONE:
            facts |= done
        return CommitmentFactory(visit=visit, **facts)

    return make


def kinds():
    events = Event.objects.order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("volunteering.") for kind in events]


def look(commitment):
    """Commitment, visit and request as they are now."""
    commitment = Commitment.objects.select_related("visit__help_request").get(pk=commitment.pk)
    return commitment.state, commitment.visit.state, commitment.visit.taken, commitment.visit.help_request.state


# Verbs and states -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_verb_leads_where_the_table_says(make_promise, staff, verb, state):
    commitment = make_promise(begun=verb == "no_show", state=state)

    moved = VERBS[verb](commitment, actor=staff)

    moved.refresh_from_db()
    assert moved.state == COMMITMENT[verb].target
    assert f"commitment_{verb}" in kinds()


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_verb_is_refused_in_words(make_promise, staff, verb, state):
    commitment = make_promise(begun=verb == "no_show", state=state)

    with pytest.raises(TransitionError) as refusal:
        VERBS[verb](commitment, actor=staff)

    assert look(commitment) == (state, VisitState.FULL, 1, RequestState.FILLED)
    assert str(CommitmentState(state).label) in str(refusal.value)
    assert kinds() == []


def test_every_verb_of_the_table_is_tried():
    assert set(VERBS) | {"take", "complete"} == set(COMMITMENT)


# Taking ---------------------------------------------------------------------------------------------------------------


def test_taking_holds_the_place(make_visit, make_helper):
    visit, helper = make_visit(), make_helper().user

    commitment = commitments.take(visit, actor=helper, note="Chętnie przyjdę.")

    assert look(commitment) == (CommitmentState.ACCEPTED, VisitState.FULL, 1, RequestState.FILLED)
    assert (commitment.note, commitment.consent_until) == ("Chętnie przyjdę.", None)
    assert kinds() == ["commitment_take", "request_fill"]


def test_help_at_home_awaits_consent_until_the_visit_at_most(make_visit, make_helper, at_home, municipality):
    far, near = make_visit(), make_visit(starts_at=timezone.now() + timedelta(hours=3))

    promises = [commitments.take(visit, actor=make_helper().user) for visit in (far, near)]

    assert [promise.state for promise in promises] == [CommitmentState.PROPOSED] * 2
    assert promises[0].consent_until == timezone.now() + timedelta(hours=municipality.consent_hours)
    assert promises[1].consent_until == near.starts_at


def test_the_place_of_two_leaves_the_visit_open(make_visit, make_helper):
    visit = make_visit(places=2)

    commitment = commitments.take(visit, actor=make_helper().user)

    assert look(commitment) == (CommitmentState.ACCEPTED, VisitState.OPEN, 1, RequestState.OPEN)


def test_only_as_many_get_a_place_as_there_are(make_visit, make_helper):
    visit = make_visit(places=2)
    helpers = [make_helper().user for _ in range(3)]

    for helper in helpers[:2]:
        commitments.take(visit, actor=helper)
    with pytest.raises(Refused):
        commitments.take(visit, actor=helpers[2])

    visit.refresh_from_db()
    assert (visit.taken, visit.state, Commitment.objects.count()) == (2, VisitState.FULL, 2)


def test_a_place_is_claimed_by_comparing(make_visit):
    visit = make_visit()

    claims = [commitments.claim_place(visit), commitments.claim_place(visit)]

    visit.refresh_from_db()
    assert claims == [True, False]
    assert (visit.taken, visit.state) == (1, VisitState.FULL)


def test_taking_answers_the_alert(make_visit, make_helper):
    visit, helper = make_visit(), make_helper().user
    alert = AlertFactory(visit=visit, volunteer=helper)

    commitments.take(visit, actor=helper)

    alert.refresh_from_db()
    assert alert.answer == Alert.Answer.TAKEN


def test_the_hour_of_a_flexible_visit_is_the_helpers(make_visit, make_helper):
    visit, helper = make_visit(flexible=True, minutes=90), make_helper().user
    starts_at = visit.starts_at + timedelta(days=1)

    commitment = commitments.take(visit, actor=helper, starts_at=starts_at)

    assert (commitment.starts_at, commitment.ends_at) == (starts_at, starts_at + timedelta(minutes=90))


@pytest.mark.parametrize("moved", [None, timedelta(days=-1), timedelta(days=7)])
def test_an_hour_outside_the_span_is_refused(make_visit, make_helper, moved):
    visit = make_visit(flexible=True)

    with pytest.raises(Refused):
        commitments.take(visit, actor=make_helper().user, starts_at=moved and visit.starts_at + moved)

    assert not Commitment.objects.exists()


@pytest.mark.parametrize("state", COMMITMENT["take"].sources)
def test_who_gave_up_may_take_it_again_from_the_beginning(make_visit, make_helper, state):
    visit, helper = make_visit(), make_helper().user
    old = CommitmentFactory(
        visit=visit, volunteer=helper, state=state, reason="chory", helper_confirmed_at=timezone.now(), minutes=30
    )

    commitment = commitments.take(visit, actor=helper)

    assert commitment.pk == old.pk
    commitment.refresh_from_db()
    assert (commitment.reason, commitment.helper_confirmed_at, commitment.minutes) == ("", None, None)


def test_first_visit_waits_for_the_centre(make_visit, make_helper):
    helper = make_helper(standing={"before_first_visit": True}).user

    commitment = commitments.take(make_visit(), actor=helper)

    assert "standing_first_visit" in kinds()
    assert Event.objects.get(kind="volunteering.standing_first_visit").data["commitment"] == commitment.pk


def test_staff_put_down_a_helper_without_consent(make_visit, make_helper, at_home, staff):
    visit = make_visit(help_request={"protected": True})

    commitment = commitments.assign(visit, volunteer=make_helper().user, actor=staff)

    assert look(commitment) == (CommitmentState.ACCEPTED, VisitState.FULL, 1, RequestState.FILLED)
    assert kinds() == ["commitment_assign", "request_fill"]


@pytest.mark.parametrize("situation", [{"suspended": True}, {"applied": True}], ids=str)
def test_staff_cannot_put_down_whoever_may_not_help(make_visit, make_helper, staff, situation):
    helper = make_helper(standing=situation).user

    with pytest.raises(Refused):
        commitments.assign(make_visit(), volunteer=helper, actor=staff)

    assert not Commitment.objects.exists()


# Consent and giving back ----------------------------------------------------------------------------------------------


def test_accepting_ends_the_waiting(make_promise, staff):
    commitment = make_promise(proposed=True, consent_until=timezone.now() + timedelta(hours=2))

    accepted = commitments.accept(commitment, actor=staff)

    accepted.refresh_from_db()
    assert (accepted.consent_until, accepted.accepted_at) == (None, timezone.now())


@pytest.mark.parametrize("verb", GIVES_BACK)
def test_giving_back_opens_the_place_and_the_request(make_promise, staff, verb):
    commitment = make_promise()

    VERBS[verb](commitment, actor=staff)

    assert look(commitment) == (COMMITMENT[verb].target, VisitState.OPEN, 0, RequestState.OPEN)
    assert kinds()[:2] == [f"commitment_{verb}", "request_reopen"]


def test_giving_back_tells_the_next_helper(make_promise, make_helper, staff):
    commitment, helper = make_promise(), make_helper().user

    commitments.release(commitment, actor=staff)

    assert [alert.volunteer for alert in Alert.objects.all()] == [helper]


def test_who_gives_up_many_visits_is_told_to_the_desk(make_promise, make_helper):
    helper = make_helper().user
    starts_at = timezone.now() + timedelta(days=2)
    promises = [
        make_promise(volunteer=helper, visit={"starts_at": starts_at + timedelta(hours=3 * number)})
        for number in range(commitments.MANY_DROPS)
    ]

    told = []
    for promise in promises:
        commitments.withdraw(promise, actor=helper)
        told.append("standing_drops_many" in kinds())

    assert told == [False] * (commitments.MANY_DROPS - 1) + [True]


def test_consent_that_did_not_come_is_found(make_promise):
    late = make_promise(proposed=True, consent_until=timezone.now() - timedelta(minutes=1))
    make_promise(proposed=True, consent_until=timezone.now() + timedelta(minutes=1))
    make_promise()

    assert list(commitments.awaiting_consent_too_long(timezone.now())) == [late]


# Afterwards -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", COMMITMENT["complete"].sources)
def test_both_sides_make_it_done(make_promise, staff, state):
    commitment = make_promise(begun=True, state=state)

    commitments.confirm(commitment, actor=commitment.volunteer, minutes=45)
    assert look(commitment)[0] == state
    commitments.confirm(commitment, actor=staff, for_resident=True)

    assert look(commitment) == (CommitmentState.DONE, VisitState.DONE, 1, RequestState.DONE)
    assert Commitment.objects.get().minutes == 45
    assert kinds() == [
        "commitment_confirm_helper",
        "commitment_confirm_resident",
        "commitment_complete",
        "request_complete",
    ]


def test_the_resident_confirms_for_herself(make_promise):
    commitment = make_promise(begun=True)

    confirmed = commitments.confirm(commitment, actor=commitment.visit.help_request.requester)

    assert confirmed.resident_confirmed_at == timezone.now()
    assert confirmed.helper_confirmed_at is None


def test_without_minutes_the_agreed_time_counts(make_promise, staff):
    commitment = make_promise(begun=True)

    commitments.confirm(commitment, actor=commitment.volunteer)
    commitments.confirm(commitment, actor=staff, for_resident=True)

    assert Commitment.objects.get().minutes == 60


def test_confirming_twice_tells_once(make_promise):
    commitment = make_promise(begun=True)

    commitments.confirm(commitment, actor=commitment.volunteer, minutes=45)
    commitments.confirm(commitment, actor=commitment.volunteer, minutes=45)
    commitments.confirm(commitment, actor=commitment.volunteer)

    assert kinds() == ["commitment_confirm_helper"]


def test_minutes_can_be_put_right(make_promise):
    commitment = make_promise(begun=True)

    commitments.confirm(commitment, actor=commitment.volunteer, minutes=45)
    commitments.confirm(commitment, actor=commitment.volunteer, minutes=50)

    assert Commitment.objects.get().minutes == 50


@pytest.mark.parametrize("state", [state for state in CommitmentState if state not in COMMITMENT["complete"].sources])
def test_only_an_agreed_visit_is_confirmed(make_promise, state):
    commitment = make_promise(begun=True, state=state)

    with pytest.raises(TransitionError):
        commitments.confirm(commitment, actor=commitment.volunteer)

    assert kinds() == []


@pytest.mark.parametrize("verb", [commitments.confirm, commitments.no_show])
def test_nothing_is_confirmed_or_missed_before_it_begins(make_promise, verb):
    commitment = make_promise()

    with pytest.raises(Refused):
        verb(commitment, actor=commitment.volunteer)

    assert look(commitment)[0] == CommitmentState.ACCEPTED


def test_a_helper_who_did_not_come_ends_the_visit(make_promise, staff):
    commitment = make_promise(begun=True)

    commitments.no_show(commitment, actor=staff)

    assert look(commitment) == (CommitmentState.NO_SHOW, VisitState.MISSED, 1, RequestState.EXPIRED)


def test_where_days_are_left_somebody_else_is_looked_for(make_promise, make_helper, staff):
    commitment = make_promise(
        visit={"flexible": True, "starts_at": timezone.now() - timedelta(days=1)},
        starts_at=timezone.now() - timedelta(hours=1),
        ends_at=timezone.now(),
    )
    next_one = make_helper().user

    commitments.no_show(commitment, actor=staff)

    assert look(commitment) == (CommitmentState.NO_SHOW, VisitState.OPEN, 0, RequestState.OPEN)
    assert [alert.volunteer for alert in Alert.objects.all()] == [next_one]


def test_the_last_visit_ends_the_request(make_promise, staff):
    commitment = make_promise(begun=True)
    VisitFactory(help_request=commitment.visit.help_request)

    commitments.confirm(commitment, actor=commitment.volunteer)
    commitments.confirm(commitment, actor=staff, for_resident=True)

    assert look(commitment)[1:] == (VisitState.DONE, 1, RequestState.FILLED)


def test_a_visit_with_somebody_still_expected_stays(make_promise):
    commitment = make_promise(begun=True)

    commitments.close_visit(commitment.visit)

    assert look(commitment)[1] == VisitState.FULL
