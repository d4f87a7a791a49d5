"""The life of a request: every verb from every state, and what each changes beyond the state."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from neighbourhoods.models import Moderation
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import CommitmentFactory, HelpRequestFactory, VisitFactory
from volunteering.domain import help_requests
from volunteering.domain.visits import Times
from volunteering.errors import Refused, TransitionError
from volunteering.models import Alert, HelpRequest, Timing
from volunteering.states import LIVE, REQUEST, CommitmentState, RequestState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# Verbs that people call, and how.
VERBS = {
    "publish": help_requests.publish,
    "cancel": help_requests.cancel,
    "close": lambda help_request, *, actor: help_requests.close(help_request, actor=actor, reason="Pomoc już była."),
    "refer": lambda help_request, *, actor: help_requests.refer(help_request, actor=actor, case_number="CUS/1/2027"),
}
# What follows from the visits of a request: the verb → the state of its only visit.
BY_ITSELF = {"complete": VisitState.DONE, "expire": VisitState.MISSED}
ALLOWED = [(verb, state) for verb in VERBS for state in REQUEST[verb].sources]
REFUSED = [(verb, state) for verb in VERBS for state in RequestState if state not in REQUEST[verb].sources]
ENDS = ("cancel", "close", "refer")


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def make_request(municipality, neighbourhood, shopping):
    def make(**facts):
        details = {"municipality": municipality, "neighbourhood": neighbourhood, "category": shopping}
        if facts.get("state") == RequestState.REFERRED:
            details["case_number"] = "CUS/1/2027"
        return HelpRequestFactory(**details | facts)

    return make


def kinds():
    events = Event.objects.order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("volunteering.") for kind in events]


# Verbs and states -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_verb_leads_where_the_table_says(make_request, staff, verb, state):
    moved = VERBS[verb](make_request(state=state), actor=staff)

    moved.refresh_from_db()
    assert moved.state == REQUEST[verb].target
    event = Event.objects.get(kind__startswith="volunteering.request_")
    assert (event.kind, event.actor, event.data["previous"]) == (f"volunteering.request_{verb}", staff, state)


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_verb_is_refused_in_words(make_request, staff, verb, state):
    help_request = make_request(state=state)

    with pytest.raises(TransitionError) as refusal:
        VERBS[verb](help_request, actor=staff)

    help_request.refresh_from_db()
    assert help_request.state == state
    assert str(RequestState(state).label) in str(refusal.value)
    assert kinds() == []


@pytest.mark.parametrize("verb", BY_ITSELF)
@pytest.mark.parametrize("state", [RequestState.OPEN, RequestState.FILLED])
def test_visits_that_are_over_end_the_request(make_request, verb, state):
    help_request = make_request(state=state)
    VisitFactory(help_request=help_request, state=BY_ITSELF[verb])

    ended = help_requests.finish(help_request)

    ended.refresh_from_db()
    assert ended.state == REQUEST[verb].target
    # Only where nobody came is she rung.
    assert ended.needs_call == (verb == "expire")


@pytest.mark.parametrize("verb", BY_ITSELF)
@pytest.mark.parametrize("state", [RequestState.DONE, RequestState.CANCELLED, RequestState.CLOSED])
def test_what_has_ended_does_not_end_again(make_request, verb, state):
    help_request = make_request(state=state)
    VisitFactory(help_request=help_request, state=BY_ITSELF[verb])

    with pytest.raises(TransitionError):
        help_requests.finish(help_request)


@pytest.mark.parametrize("state", [VisitState.OPEN, VisitState.FULL])
def test_a_visit_ahead_keeps_the_request(make_request, state):
    help_request = make_request()
    VisitFactory(help_request=help_request, done=True)
    VisitFactory(help_request=help_request, state=state)

    assert help_requests.finish(help_request).state == RequestState.OPEN


@pytest.mark.parametrize(
    ("before", "visit", "after"),
    [
        (RequestState.OPEN, VisitState.FULL, RequestState.FILLED),
        (RequestState.FILLED, VisitState.OPEN, RequestState.OPEN),
        (RequestState.OPEN, VisitState.OPEN, RequestState.OPEN),
        (RequestState.FILLED, VisitState.FULL, RequestState.FILLED),
        (RequestState.CANCELLED, VisitState.OPEN, RequestState.CANCELLED),
    ],
)
def test_a_request_is_filled_when_all_its_visits_are(make_request, before, visit, after):
    help_request = make_request(state=before)
    VisitFactory(help_request=help_request, state=visit)

    assert help_requests.settle(help_request).state == after


# Endings --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ENDS)
@pytest.mark.parametrize("state", LIVE)
def test_an_end_frees_the_helpers_and_names_them(make_request, staff, verb, state):
    visit = VisitFactory(help_request=make_request(filled=True), full=True)
    commitment = CommitmentFactory(visit=visit, state=state)

    ended = VERBS[verb](visit.help_request, actor=staff)

    commitment.refresh_from_db()
    visit.refresh_from_db()
    assert (commitment.state, visit.state) == (CommitmentState.RELEASED, VisitState.CANCELLED)
    assert ended.finished_at == timezone.now()
    assert Event.objects.get().data["helpers"] == [commitment.volunteer_id]


@pytest.mark.parametrize("verb", ENDS)
def test_an_end_leaves_what_was_done(make_request, staff, verb):
    visit = VisitFactory(help_request=make_request(), done=True)
    commitment = CommitmentFactory(visit=visit, done=True)

    VERBS[verb](visit.help_request, actor=staff)

    commitment.refresh_from_db()
    visit.refresh_from_db()
    assert (commitment.state, visit.state) == (CommitmentState.DONE, VisitState.DONE)
    assert Event.objects.get().data["helpers"] == []


def test_the_reason_and_the_case_number_are_kept(make_request, staff):
    closed = VERBS["close"](make_request(), actor=staff)
    referred = VERBS["refer"](make_request(), actor=staff)

    assert (closed.reason, referred.case_number) == ("Pomoc już była.", "CUS/1/2027")


# Publishing -----------------------------------------------------------------------------------------------------------


def test_publishing_tells_people_near_by(make_request, make_helper, staff):
    help_request, helper = make_request(awaiting_review=True, needs_call=True), make_helper().user
    VisitFactory(help_request=help_request)

    opened = help_requests.publish(help_request, actor=staff)

    assert (opened.published_at, opened.needs_call) == (timezone.now(), False)
    assert [alert.volunteer for alert in Alert.objects.all()] == [helper]


def test_nobody_is_told_of_a_protected_request(make_request, make_helper, staff):
    help_request = make_request(awaiting_review=True, protected=True)
    VisitFactory(help_request=help_request)
    make_helper()

    help_requests.publish(help_request, actor=staff)

    assert not Alert.objects.exists()
    assert not HelpRequest.objects.listed().exists()


def test_protection_is_put_on_and_taken_off_before_others_read(make_request, staff):
    help_request = make_request(awaiting_review=True)

    assert help_requests.protect(help_request, actor=staff).protected is True
    assert help_requests.protect(help_request, actor=staff, protected=False).protected is False
    assert kinds() == ["request_protect", "request_unprotect"]


@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.AWAITING_REVIEW])
def test_what_others_may_have_read_is_not_protected(make_request, staff, state):
    with pytest.raises(TransitionError):
        help_requests.protect(make_request(state=state), actor=staff)


def test_ringing_is_written_down_once(make_request, staff):
    help_request = make_request(state=RequestState.EXPIRED, needs_call=True)

    help_requests.rang(help_request, actor=staff)
    rung = help_requests.rang(help_request, actor=staff)

    assert rung.needs_call is False
    assert kinds() == ["request_rang"]


@pytest.mark.parametrize(
    ("text", "is_held_back"),
    [("Proszę o drobne zakupy.", False), ("Zakupy, tel. 512 345 678.", True), ("ul. Ogrodowa 7/12", True)],
)
def test_words_that_give_a_person_away_are_held_back(make_request, staff, text, is_held_back):
    rewritten = help_requests.rewrite_words(make_request(), actor=staff, text=f"{text}\x00\u202e")

    rewritten.refresh_from_db()
    assert (rewritten.words, rewritten.words_held_back) == (text, is_held_back)


# Filing ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(municipality, neighbourhood, shopping):
    """Files a request for tomorrow. `moderation`: the rule of the municipality."""

    def submit(*, moderation=Moderation.BEFORE, **facts):
        municipality.moderation = moderation
        municipality.save(update_fields=["moderation"])
        tomorrow = timezone.localdate() + timedelta(days=1)
        details = {
            "municipality": municipality,
            "neighbourhood": neighbourhood,
            "category": shopping,
            "cell": 1,
            "words": "Drobne zakupy.",
        }
        return help_requests.submit(
            HelpRequest(**details | facts),
            home={"person_name": "Zofia Wymyślona", "phone": "+48601000001", "address": "Zmyślona 7/3"},
            times=Times(timing=Timing.FLEXIBLE, day=tomorrow, until=tomorrow),
            actor=facts.get("requester"),
        )

    return submit


@pytest.mark.parametrize(
    ("moderation", "is_flagged", "is_read_first"),
    [
        (Moderation.BEFORE, False, True),
        (Moderation.FLAGGED, False, False),
        (Moderation.FLAGGED, True, True),
        (Moderation.AFTER, False, False),
    ],
)
def test_the_municipality_decides_who_reads_first(file, shopping, moderation, is_flagged, is_read_first):
    shopping.check_kind = "money" if is_flagged else ""
    shopping.save()

    help_request = file(moderation=moderation, requester=UserFactory())

    assert help_request.state == (RequestState.AWAITING_REVIEW if is_read_first else RequestState.OPEN)


@pytest.mark.parametrize(
    "facts", [{"needs_call": True}, {"protected": True}, {"words": "Tel. 512 345 678"}], ids=["call", "hides", "phone"]
)
def test_some_requests_are_always_read_first(file, facts):
    assert file(moderation=Moderation.AFTER, **facts).state == RequestState.AWAITING_REVIEW


def test_the_same_form_sent_twice_is_one_request(file):
    key = uuid.uuid4()

    first, again = file(intake_key=key), file(intake_key=key)

    assert first == again
    assert kinds() == ["request_submit"]


def test_a_request_for_yesterday_is_refused(municipality, neighbourhood, shopping):
    yesterday = timezone.localdate() - timedelta(days=1)
    help_request = HelpRequest(municipality=municipality, neighbourhood=neighbourhood, category=shopping, cell=1)

    with pytest.raises(Refused):
        help_requests.submit(
            help_request,
            home={"person_name": "Zofia"},
            times=Times(timing=Timing.FLEXIBLE, day=yesterday, until=yesterday),
            actor=None,
        )

    assert not HelpRequest.objects.exists()
