"""Another time for a visit: what becomes of promises, who is told and asked again, and every refusal."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override
from django_scopes import scope

from neighbourhoods.models import Municipality
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import AlertFactory, CommitmentFactory, HelpRequestFactory, VisitFactory
from volunteering.domain import alerts, commitments, moving
from volunteering.domain.timeline import timeline
from volunteering.domain.visits import Times
from volunteering.errors import Refused, TransitionError
from volunteering.models import Alert, Commitment, Timing, Visit
from volunteering.states import HOLDING, LIVE, CommitmentState, RequestState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]

# The clock stands on Wednesday, 21 April 2027, noon in Warsaw; visits of the factory are on Friday at noon.
SATURDAY = date(2027, 4, 24)
MOVED = Times(timing=Timing.FIXED, day=SATURDAY, at=time(15, 30), minutes=90)
START, END = datetime(2027, 4, 24, 13, 30, tzinfo=UTC), datetime(2027, 4, 24, 15, tzinfo=UTC)
SPAN = Times(timing=Timing.FLEXIBLE, day=SATURDAY, until=date(2027, 4, 26), minutes=60)


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def make_visit(municipality, neighbourhood, shopping):
    """Makes a visit of a request that nobody has taken yet."""

    def make(*, help_request=(), **facts):
        details = {"municipality": municipality, "neighbourhood": neighbourhood, "category": shopping}
        return VisitFactory(help_request=HelpRequestFactory(**details | dict(help_request)), **facts)

    return make


@pytest.fixture
def make_promise(make_visit):
    """Makes a promise that holds the only place of a visit."""

    def make(*, visit=(), **facts):
        visit = make_visit(**{"help_request": {"filled": True}, "full": True, **dict(visit)})
        return CommitmentFactory(visit=visit, **facts)

    return make


def kinds():
    events = Event.objects.order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("volunteering.") for kind in events]


def look(visit):
    """Visit and request as they are now."""
    visit = Visit.objects.select_related("help_request").get(pk=visit.pk)
    return visit.starts_at, visit.ends_at, visit.state, visit.taken, visit.help_request.state


def told(kind):
    return sorted(Notification.objects.filter(event__kind=f"volunteering.{kind}").values_list("user_id", flat=True))


# Nobody has taken it --------------------------------------------------------------------------------------------------


def test_an_open_visit_gets_another_time(make_visit, staff):
    visit = make_visit()

    moving.move(visit, actor=staff, times=MOVED)

    assert look(visit) == (START, END, VisitState.OPEN, 0, RequestState.OPEN)
    assert Visit.objects.get().minutes == 90
    assert kinds() == ["visit_move"]


def test_an_unread_request_may_be_moved_and_nobody_is_told(make_visit, make_helper, staff):
    make_helper()
    visit = make_visit(help_request={"awaiting_review": True})

    moving.move(visit, actor=staff, times=MOVED)

    assert kinds() == ["visit_move"]


def test_a_set_hour_becomes_days_and_days_become_an_hour(make_visit, staff):
    visit = make_visit()

    moving.move(visit, actor=staff, times=SPAN)
    visit.refresh_from_db()
    was_flexible = visit.is_flexible
    moving.move(visit, actor=staff, times=MOVED)

    visit.refresh_from_db()
    assert (was_flexible, visit.is_flexible) == (True, False)


def test_the_request_says_what_its_visit_says(make_visit, staff):
    visit = make_visit()

    moving.move(visit, actor=staff, times=SPAN)

    assert Visit.objects.select_related("help_request").get().help_request.timing == Timing.FLEXIBLE


def test_one_occasion_of_a_weekly_request_moves_alone(make_visit, staff):
    visit = make_visit(help_request={"timing": Timing.RECURRING})
    other = VisitFactory(help_request=visit.help_request, starts_at=visit.starts_at + timedelta(days=7))

    moving.move(visit, actor=staff, times=MOVED)

    before = other.starts_at
    other.refresh_from_db()
    assert (other.starts_at, other.help_request.timing) == (before, Timing.RECURRING)


def test_what_everybody_sees_is_forgotten(municipality, make_visit, staff, django_capture_on_commit_callbacks):
    visit = make_visit()

    with django_capture_on_commit_callbacks(execute=True):
        moving.move(visit, actor=staff, times=MOVED)

    assert Municipality.objects.get(pk=municipality.pk).content_version > municipality.content_version


# Helpers are told anew ------------------------------------------------------------------------------------------------


def test_the_best_helpers_are_told_of_the_new_time_also_those_who_knew_the_old_one(make_visit, make_helper, staff):
    known, unknown = make_helper().user, make_helper().user
    visit = make_visit()
    alert = AlertFactory(visit=visit, volunteer=known, created_at=timezone.now() - timedelta(days=1))

    moving.move(visit, actor=staff, times=MOVED)

    alert.refresh_from_db()
    assert kinds() == ["visit_move", "visit_alert"]
    assert set(Event.objects.get(kind="volunteering.visit_alert").data["alerts"]) == set(
        Alert.objects.filter(volunteer__in=[known, unknown]).values_list("pk", flat=True)
    )
    assert (alert.created_at, Alert.objects.count()) == (timezone.now(), 2)
    with override("en"):
        assert "You are free on Saturday, 15:30–17:00." in map(str, alerts.reasons_of(alert))


def test_who_declined_the_old_time_is_asked_about_the_new_one(make_visit, make_helper, staff):
    visit = make_visit()
    alert = AlertFactory(visit=visit, volunteer=make_helper().user, declined=True)

    moving.move(visit, actor=staff, times=MOVED)

    alert.refresh_from_db()
    assert (alert.answer, kinds()) == (Alert.Answer.NONE, ["visit_move", "visit_alert"])


def test_who_has_no_time_then_is_not_told_that_they_had(make_visit, make_helper, staff):
    visit = make_visit()
    never = make_helper(availability=[0] * 7).user
    old = [{"code": "free", "weekday": 4, "start": "12:00", "end": "13:00"}, {"code": "near", "band": 500}]
    alert = AlertFactory(visit=visit, volunteer=never, parts={"band": 500, "reasons": old})

    moving.move(visit, actor=staff, times=MOVED)

    alert.refresh_from_db()
    assert alert.parts["reasons"] == [{"code": "near", "band": 500}]
    assert kinds() == ["visit_move"]


def test_of_a_later_occasion_nobody_hears_before_its_time(make_visit, make_helper, staff):
    make_helper()
    visit = make_visit(starts_at=timezone.now() + timedelta(days=20))

    moving.move(visit, actor=staff, times=Times(timing=Timing.FIXED, day=date(2027, 5, 20), at=time(9)))

    assert kinds() == ["visit_move"]


def test_nobody_is_told_of_a_protected_request(make_visit, make_helper, staff):
    make_helper()

    moving.move(make_visit(help_request={"protected": True}), actor=staff, times=MOVED)

    assert kinds() == ["visit_move"]


# Somebody has promised ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [CommitmentState.PROPOSED, CommitmentState.ACCEPTED])
def test_a_promise_for_the_old_time_ends(make_promise, staff, state):
    promise = make_promise(state=state)

    moving.move(promise.visit, actor=staff, times=MOVED)

    promise.refresh_from_db()
    assert (promise.state, promise.consent_until) == (CommitmentState.RELEASED, None)
    assert look(promise.visit) == (START, END, VisitState.OPEN, 0, RequestState.OPEN)
    assert kinds() == ["visit_move", "commitment_release", "request_reopen"]


def test_who_had_promised_may_take_the_new_time(make_promise, make_helper, staff):
    promise = make_promise(volunteer=make_helper().user)

    moving.move(promise.visit, actor=staff, times=MOVED)
    again = commitments.take(promise.visit, actor=promise.volunteer)

    assert (again.pk, again.starts_at, again.state) == (promise.pk, START, CommitmentState.ACCEPTED)


@pytest.mark.parametrize("state", [CommitmentState.PROPOSED, CommitmentState.ACCEPTED])
def test_a_promise_goes_along_when_the_helper_agreed(make_promise, municipality, staff, state):
    promise = make_promise(state=state)

    moving.move(promise.visit, actor=staff, times=MOVED, agreed=True)

    promise.refresh_from_db()
    until = timezone.now() + timedelta(hours=municipality.consent_hours)
    assert (promise.state, promise.starts_at, promise.ends_at) == (state, START, END)
    assert promise.consent_until == (until if state == CommitmentState.PROPOSED else None)
    assert look(promise.visit) == (START, END, VisitState.FULL, 1, RequestState.FILLED)
    assert kinds() == ["visit_move"]


def test_a_promise_within_the_new_days_stays_whether_asked_or_not(make_promise, staff):
    promise = make_promise(starts_at=datetime(2027, 4, 24, 8, tzinfo=UTC), ends_at=datetime(2027, 4, 24, 9, tzinfo=UTC))

    moving.move(promise.visit, actor=staff, times=SPAN)

    promise.refresh_from_db()
    assert (promise.state, promise.starts_at) == (CommitmentState.ACCEPTED, datetime(2027, 4, 24, 8, tzinfo=UTC))
    assert Event.objects.get().data["helpers"] == []


def test_a_promise_of_another_length_does_not_fit(make_promise, staff):
    promise = make_promise(
        starts_at=datetime(2027, 4, 24, 8, tzinfo=UTC), ends_at=datetime(2027, 4, 24, 10, tzinfo=UTC)
    )

    moving.move(promise.visit, actor=staff, times=SPAN)

    promise.refresh_from_db()
    assert promise.state == CommitmentState.RELEASED


def test_the_other_places_of_a_visit_stay_free(make_visit, staff):
    visit = make_visit(places=3, taken=2)
    promises = [CommitmentFactory(visit=visit) for _ in range(2)]

    moving.move(visit, actor=staff, times=MOVED)

    assert look(visit)[2:] == (VisitState.OPEN, 0, RequestState.OPEN)
    assert Commitment.objects.filter(pk__in=[it.pk for it in promises], state=CommitmentState.RELEASED).count() == 2


def test_promises_that_ended_before_are_left_alone(make_promise, staff):
    promise = make_promise(withdrawn=True, visit={"full": False})

    moving.move(promise.visit, actor=staff, times=MOVED, agreed=True)

    before = promise.starts_at
    promise.refresh_from_db()
    assert (promise.state, promise.starts_at) == (CommitmentState.WITHDRAWN, before)


# Who is told ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def deliver(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def words_of(kind, user):
    from notifications.words import words  # noqa: PLC0415 -- leaf

    event = Event.objects.get(kind=f"volunteering.{kind}")
    told = words(event, user, "en")
    return told.title, " ".join(told.body.split())


def test_resident_and_helper_are_told_of_the_new_time(make_promise, staff, deliver):
    promise = make_promise()
    requester = promise.visit.help_request.requester

    with deliver():
        moving.move(promise.visit, actor=staff, times=MOVED, agreed=True)

    assert told("visit_move") == sorted([requester.pk, promise.volunteer_id])
    assert words_of("visit_move", requester) == (
        "A visit has another time",
        f"Shopping, reference {promise.visit.help_request.reference}. The new time: Saturday, 24 April 2027, "
        "15:30–17:00. If it does not suit you, open the request or ring the centre.",
    )


def test_who_is_free_again_hears_it_once_and_with_the_new_time(make_promise, staff, deliver):
    promise = make_promise()
    requester = promise.visit.help_request.requester

    with deliver():
        moving.move(promise.visit, actor=staff, times=MOVED)

    assert told("visit_move") == [requester.pk]
    assert told("commitment_release") == [promise.volunteer_id]
    assert words_of("commitment_release", promise.volunteer) == (
        "A visit has another time",
        f"Shopping, reference {promise.visit.help_request.reference}. The new time: Saturday, 24 April 2027, "
        "15:30–17:00. You are free again; if you can come then too, open the request and take it.",
    )
    assert "We are looking for somebody for the new time." in words_of("visit_move", requester)[1]


def test_days_are_told_as_days(make_visit, staff, deliver):
    visit = make_visit()

    with deliver():
        moving.move(visit, actor=staff, times=SPAN)

    body = words_of("visit_move", visit.help_request.requester)[1]
    assert "The new time: any hour from Saturday, 24 April 2027 to Monday, 26 April 2027." in body


def test_an_ordinary_release_says_what_it_said(make_promise, staff, deliver):
    promise = make_promise()

    with deliver():
        commitments.release(promise, actor=staff)

    assert told("commitment_release") == sorted([promise.visit.help_request.requester_id, promise.volunteer_id])
    assert words_of("commitment_release", promise.volunteer)[0] == "A visit was given free again"


def test_the_story_tells_both_times(make_promise, staff):
    promise = make_promise()

    moving.move(promise.visit, actor=staff, times=MOVED)

    with override("en"):
        told = [entry.text for entry in timeline(promise.visit.help_request)]
    assert told[0] == "The centre moved the visit from 23 April 2027, 12:00 to 24 April 2027, 15:30."
    assert told[1].startswith("The place of ")


def test_the_story_tells_of_days(make_visit, staff):
    visit = make_visit()

    moving.move(visit, actor=staff, times=SPAN)

    with override("en"):
        [entry] = timeline(visit.help_request)
    assert entry.text == "The centre moved the visit from 23 April 2027, 12:00 to 24 April 2027 – 26 April 2027."


# Refusals -------------------------------------------------------------------------------------------------------------


def refused(visit, staff, times=MOVED, **details):
    before = look(visit)
    with override("en"), pytest.raises(Refused) as refusal:
        moving.move(visit, actor=staff, times=times, **details)
    assert look(visit) == before
    assert kinds() == []
    return str(refusal.value)


@pytest.mark.parametrize("state", [VisitState.DONE, VisitState.MISSED, VisitState.CANCELLED])
def test_a_visit_that_is_over_stays(make_visit, staff, state):
    assert "can no longer be changed" in refused(make_visit(state=state), staff)


@pytest.mark.parametrize(
    "state", [RequestState.DRAFT, RequestState.DONE, RequestState.CANCELLED, RequestState.CLOSED, RequestState.EXPIRED]
)
def test_visits_of_an_ended_request_stay(make_visit, staff, state):
    assert "This request is" in refused(make_visit(help_request={"state": state}), staff)


@pytest.mark.parametrize(
    ("state", "hours"),
    [
        (CommitmentState.PROPOSED, -1),
        (CommitmentState.ACCEPTED, -1),
        (CommitmentState.ARRIVED, 1),
        (CommitmentState.DONE, -1),
    ],
)
def test_a_visit_that_has_begun_stays(make_promise, staff, state, hours):
    facts = {"helper_confirmed_at": timezone.now(), "resident_confirmed_at": timezone.now(), "minutes": 60}
    starts_at = timezone.now() + timedelta(hours=hours)
    promise = make_promise(
        visit={"starts_at": starts_at}, state=state, **(facts if state == CommitmentState.DONE else {})
    )

    assert refused(promise.visit, staff) == "This visit has begun. First write down how it went."


def test_a_visit_whose_hour_has_passed_and_that_nobody_took_may_be_moved(make_visit, staff):
    visit = make_visit(starts_at=timezone.now() - timedelta(minutes=30))

    moving.move(visit, actor=staff, times=MOVED)

    assert look(visit)[0] == START


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (Times(Timing.FIXED, date(2027, 4, 20), at=time(9)), "This time has passed"),
        (Times(Timing.FIXED, date(2027, 4, 21), at=time(12)), "This time has passed"),
        (Times(Timing.FLEXIBLE, date(2027, 4, 19), until=date(2027, 4, 20)), "This time has passed"),
        (Times(Timing.FLEXIBLE, date(2027, 4, 25), until=date(2027, 4, 24)), "before the first one"),
        (Times(Timing.FIXED, date(2028, 4, 29), at=time(9)), "within the coming year"),
        (Times(Timing.FIXED, date(9999, 12, 31), at=time(23)), "within the coming year"),
        # The night to 26 March 2028 leaves this hour out.
        (Times(Timing.FIXED, date(2028, 3, 26), at=time(2, 30)), "There is no such hour"),
    ],
)
def test_times_that_cannot_be_are_refused(make_visit, staff, times, sentence):
    assert sentence in refused(make_visit(), staff, times)


def test_an_hour_of_help_is_an_hour_when_clocks_change(make_visit, staff):
    visit = make_visit()

    moving.move(visit, actor=staff, times=Times(Timing.FIXED, date(2027, 10, 31), at=time(2, 30)))

    assert look(visit)[:2] == (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC))


def test_the_hour_that_comes_twice_is_still_the_same_hour(make_visit, staff):
    visit = make_visit()
    times = Times(Timing.FIXED, date(2027, 10, 31), at=time(2, 30))
    moving.move(visit, actor=staff, times=times)

    with pytest.raises(Refused, match=r"\w"):
        moving.move(visit, actor=staff, times=times)

    assert kinds() == ["visit_move"]


def test_the_same_time_is_no_move(make_promise, staff):
    promise = make_promise()
    times = Times(Timing.FIXED, date(2027, 4, 23), at=time(12), minutes=60)

    assert refused(promise.visit, staff, times) == "The visit is at this time already."


def test_days_that_have_begun_and_stay_are_no_move(make_visit, staff, clock):
    visit = make_visit()
    moving.move(visit, actor=staff, times=SPAN)
    clock.move_to(datetime(2027, 4, 25, 9, tzinfo=UTC))

    with pytest.raises(Refused):
        moving.move(visit, actor=staff, times=Times(Timing.FLEXIBLE, date(2027, 4, 25), until=SPAN.until))

    assert kinds() == ["visit_move"]


@pytest.mark.parametrize("state", LIVE)
def test_a_helper_with_another_task_then_does_not_go_along(make_promise, make_visit, staff, state):
    promise = make_promise(volunteer__display_name="Łucja Żółtak")
    elsewhere = MunicipalityFactory()
    with scope(municipality=elsewhere):
        other = VisitFactory(help_request__municipality=elsewhere, starts_at=END - timedelta(minutes=1))
        CommitmentFactory(visit=other, volunteer=promise.volunteer, state=state)

    said = refused(promise.visit, staff, agreed=True)

    promise.refresh_from_db()
    assert said == "Łucja Żółtak has another task at that time."
    assert promise.starts_at == promise.visit.starts_at


def test_touching_ends_do_not_overlap(make_promise, make_visit, staff):
    promise = make_promise()
    for starts_at in (END, START - timedelta(hours=1)):
        CommitmentFactory(visit=make_visit(starts_at=starts_at), volunteer=promise.volunteer)

    moving.move(promise.visit, actor=staff, times=MOVED, agreed=True)

    promise.refresh_from_db()
    assert promise.starts_at == START


def test_a_task_that_ended_is_nothing_in_the_way(make_promise, make_visit, staff):
    promise = make_promise()
    CommitmentFactory(visit=make_visit(starts_at=START), volunteer=promise.volunteer, withdrawn=True)

    moving.move(promise.visit, actor=staff, times=MOVED, agreed=True)

    promise.refresh_from_db()
    assert promise.starts_at == START


def test_who_agreed_agreed_to_an_hour(make_promise, staff):
    assert "Give the hour" in refused(make_promise().visit, staff, SPAN, agreed=True)


def test_refusals_of_states_are_refusals_of_transitions(make_visit, staff):
    with pytest.raises(TransitionError):
        moving.move(make_visit(done=True), actor=staff, times=MOVED)


def test_places_are_counted_as_promises_are(make_visit, staff):
    visit = make_visit(places=2, taken=2, state=VisitState.FULL, help_request={"filled": True})
    for _ in range(2):
        CommitmentFactory(visit=visit)

    moving.move(visit, actor=staff, times=MOVED, agreed=True)

    visit.refresh_from_db()
    assert visit.taken == Commitment.objects.filter(visit=visit, state__in=HOLDING).count() == 2
