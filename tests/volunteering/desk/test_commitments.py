"""Promises of help at the desk: staff act for those who ring."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Event
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import CommitmentFactory, StandingFactory, VisitFactory
from tests.volunteering.desk.conftest import NASTY
from volunteering.models import Commitment
from volunteering.states import COMMITMENT, CommitmentState, RequestState, VisitState

pytestmark = pytest.mark.django_db

VERBS = ("accept", "decline", "release", "no_show")


@pytest.fixture
def make_promise(make_request):
    """Makes a promise of a resident without an account. `begun`: the visit began an hour ago."""

    def make(*, begun=False, **facts):
        starts_at = timezone.now() + (timedelta(hours=-1) if begun else timedelta(days=2))
        visit = VisitFactory(help_request=make_request(by_phone=True, filled=True), full=True, starts_at=starts_at)
        done = {"helper_confirmed_at": timezone.now(), "resident_confirmed_at": timezone.now(), "minutes": 60}
        return CommitmentFactory(visit=visit, **(done if facts.get("done") else {}), **facts)

    return make


@pytest.fixture
def helper(municipality):
    return StandingFactory(municipality=municipality).volunteer


def act(client, name, commitment, **answers):
    reference = commitment.visit.help_request.reference
    return client.post(reverse(f"desk:commitment_{name}", args=[reference, commitment.pk]), answers)


def put_down(client, visit, person, **answers):
    return client.post(reverse("desk:assign", args=[visit.help_request.reference, visit.pk, person.pk]), answers)


def kinds():
    events = Event.objects.order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("volunteering.") for kind in events]


@pytest.mark.parametrize("name", VERBS)
def test_staff_act_for_who_rings(organiser, make_promise, name):
    commitment = make_promise(begun=name == "no_show", proposed=name == "accept")

    response = act(organiser, name, commitment)

    commitment.refresh_from_db()
    assert response.url == reverse("desk:request", args=[commitment.visit.help_request.reference])
    assert commitment.state == COMMITMENT[name].target
    assert Event.objects.filter(actor=organiser.user).get().kind == f"volunteering.commitment_{name}"


@pytest.mark.parametrize("name", VERBS)
def test_what_cannot_be_done_is_said(organiser, make_promise, name):
    commitment = make_promise(begun=True, withdrawn=True)

    response = act(organiser, name, commitment)

    commitment.refresh_from_db()
    assert response.status_code == 409
    assert 'role="alert"' in response.text
    assert commitment.state == CommitmentState.WITHDRAWN
    assert kinds() == []


@pytest.mark.parametrize("name", [*VERBS, "confirm"])
def test_a_promise_of_another_request_is_not_found(organiser, make_promise, make_request, name):
    commitment, other = make_promise(begun=True), make_request()

    response = organiser.post(
        reverse(f"desk:commitment_{name}", args=[other.reference, commitment.pk]), {"side": "both"}
    )

    assert response.status_code == 404
    assert kinds() == []


def test_why_a_place_is_given_free_is_kept(organiser, make_promise):
    commitment = make_promise()

    act(organiser, "release", commitment, reason="Woli panią.")

    commitment.refresh_from_db()
    assert commitment.reason == "Woli panią."


@pytest.mark.parametrize(
    ("side", "state", "events"),
    [
        ("resident", CommitmentState.ACCEPTED, ["commitment_confirm_resident"]),
        ("helper", CommitmentState.ACCEPTED, ["commitment_confirm_helper"]),
        (
            "both",
            CommitmentState.DONE,
            [
                "commitment_confirm_helper",
                "commitment_confirm_resident",
                "commitment_complete",
                "request_complete",
            ],
        ),
    ],
)
def test_staff_confirm_what_they_heard(organiser, make_promise, side, state, events):
    commitment = make_promise(begun=True)

    act(organiser, "confirm", commitment, side=side, minutes="75")

    commitment.refresh_from_db()
    assert (commitment.state, commitment.minutes) == (state, 75)
    assert kinds() == events


def test_before_it_begins_nothing_is_confirmed(organiser, make_promise):
    commitment = make_promise()

    response = act(organiser, "confirm", commitment, side="both", minutes="60")

    assert response.status_code == 409
    assert kinds() == []


@pytest.mark.parametrize(
    "answers",
    [{}, {"side": "cat"}, {"side": "both", "minutes": "0"}, {"side": "both", "minutes": "1441"}],
)
def test_answers_that_are_none_are_asked_again(organiser, make_promise, answers):
    response = act(organiser, "confirm", make_promise(begun=True), **answers)

    assert response.status_code == 200
    assert "data-error-summary" in response.text
    assert kinds() == []


@pytest.mark.parametrize("value", NASTY)
def test_no_answer_breaks_the_confirmation(organiser, make_promise, value):
    response = act(organiser, "confirm", make_promise(begun=True), side=value, minutes=value)

    assert response.status_code == 200


def test_forms_stand_where_they_lead_on(organiser, make_promise):
    page = reverse("desk:request", args=[make_promise(begun=True).visit.help_request.reference])

    [occasion] = organiser.get(page).context["occasions"]

    assert set(occasion.promises[0].forms) == {"decline", "release", "confirm", "no_show"}


# Putting down by hand -------------------------------------------------------------------------------------------------


def test_staff_put_a_helper_down(organiser, make_request, helper):
    visit = VisitFactory(help_request=make_request(protected=True))

    response = put_down(organiser, visit, helper)

    commitment = Commitment.objects.get()
    assert response.status_code == 302
    assert (commitment.volunteer, commitment.state) == (helper, CommitmentState.ACCEPTED)
    assert kinds() == ["commitment_assign", "request_fill"]


def test_the_hour_is_agreed_in_local_time(organiser, make_request, helper):
    visit = VisitFactory(help_request=make_request(), flexible=True)
    day = timezone.localdate(visit.starts_at) + timedelta(days=1)

    put_down(organiser, visit, helper, day=day.isoformat(), at="15:30")

    expected = datetime.combine(day, datetime.min.time(), ZoneInfo("Europe/Warsaw")).replace(hour=15, minute=30)
    assert Commitment.objects.get().starts_at == expected


@pytest.mark.parametrize(
    "answers",
    [{}, {"day": "2027-04-24"}, {"at": "15:30"}, {"day": "kiedyś", "at": "zaraz"}, {"day": "0001-01-01", "at": "0:00"}],
)
def test_without_an_hour_nobody_is_put_down(organiser, make_request, helper, answers):
    visit = VisitFactory(help_request=make_request(), flexible=True)

    response = put_down(organiser, visit, helper, **answers)

    assert response.status_code == 200
    assert "data-error-summary" in response.text
    assert not Commitment.objects.exists()


@pytest.mark.parametrize("answers", [{"day": "9999-12-31", "at": "23:59"}, {"day": "2020-01-01", "at": "10:00"}])
def test_an_hour_outside_the_days_is_refused_and_stays_typed(organiser, make_request, helper, answers):
    visit = VisitFactory(help_request=make_request(), flexible=True)

    response = put_down(organiser, visit, helper, **answers)

    assert response.status_code == 409
    assert response.context["form"].data.dict() == answers


@pytest.mark.parametrize("value", NASTY)
def test_no_answer_breaks_the_arrangement(organiser, make_request, helper, value):
    visit = VisitFactory(help_request=make_request(), flexible=True)

    response = put_down(organiser, visit, helper, day=value, at=value)

    assert response.status_code == 200


def test_of_two_who_are_put_down_the_second_is_refused(organiser, make_request, municipality):
    visit = VisitFactory(help_request=make_request())
    first, second = (StandingFactory(municipality=municipality).volunteer for _ in range(2))

    put_down(organiser, visit, first)
    response = put_down(organiser, visit, second)

    visit.refresh_from_db()
    assert response.status_code == 409
    assert (visit.state, visit.taken) == (VisitState.FULL, 1)


@pytest.mark.parametrize("state", [RequestState.AWAITING_REVIEW, RequestState.CANCELLED])
def test_nobody_is_put_down_for_what_is_not_open(organiser, make_request, helper, state):
    visit = VisitFactory(help_request=make_request(state=state))

    assert put_down(organiser, visit, helper).status_code == 409


def test_who_never_applied_here_is_not_found(organiser, make_request):
    visit = VisitFactory(help_request=make_request())
    elsewhere = StandingFactory(municipality=MunicipalityFactory())

    assert put_down(organiser, visit, elsewhere.volunteer).status_code == 404


def test_a_visit_of_another_request_is_not_found(organiser, make_request, helper):
    visit, other = VisitFactory(help_request=make_request()), make_request()

    response = organiser.post(reverse("desk:assign", args=[other.reference, visit.pk, helper.pk]))

    assert response.status_code == 404
