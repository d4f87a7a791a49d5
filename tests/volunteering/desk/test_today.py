"""The queues of the day: what stands in each, most urgent first, and how it refreshes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import DeliveryFactory
from tests.factories.volunteering import (
    CommitmentFactory,
    HelpRequestFactory,
    ProposalFactory,
    StandingFactory,
    VisitFactory,
)
from volunteering.desk import queues
from volunteering.states import RequestState, StandingState

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def make_promise(make_request):
    """Makes a promise for a visit of this centre that starts so many hours from now."""

    def make(*, hours=72, by_phone=False, **facts):
        help_request = make_request(filled=True, **({"by_phone": True} if by_phone else {}))
        visit = VisitFactory(help_request=help_request, full=True, starts_at=timezone.now() + timedelta(hours=hours))
        return CommitmentFactory(visit=visit, **facts)

    return make


def names():
    return {queue.name: queue.total for queue in queues.waiting()}


def rows(name):
    return next((queue.rows for queue in queues.waiting() if queue.name == name), [])


def test_when_all_is_done_the_desk_says_so(organiser):
    response = organiser.get("/biurko/")

    assert response.context["queues"] == []
    assert 'class="empty"' in response.text


def test_requests_to_ring_first_are_read_first(make_request):
    old = make_request(awaiting_review=True, created_at=NOON - timedelta(hours=9))
    new = make_request(awaiting_review=True, created_at=NOON - timedelta(hours=1))
    call = make_request(awaiting_review=True, created_at=NOON - timedelta(minutes=1), needs_call=True)
    make_request()

    [queue] = queues.waiting()

    assert queue.rows == [call, old, new]
    assert (queue.total, queue.since) == (3, NOON - timedelta(hours=9))


def test_a_long_queue_says_how_many_are_left(organiser, make_request):
    for _ in range(queues.ROWS + 2):
        make_request(awaiting_review=True)

    short, whole = organiser.get("/biurko/"), organiser.get("/biurko/?kolejka=czytanie")

    assert [(len(it.context["queues"][0].rows), it.context["queues"][0].rest) for it in (short, whole)] == [
        (queues.ROWS, 2),
        (queues.ROWS + 2, 0),
    ]


def test_residents_without_an_account_are_rung_about_their_helper(make_promise):
    promise = make_promise(by_phone=True, proposed=True)
    make_promise(proposed=True)
    make_promise(by_phone=True)

    assert rows("telefony") == [promise]


def test_residents_are_rung_where_nobody_was_found(make_request):
    expired = make_request(state=RequestState.EXPIRED, needs_call=True, finished_at=NOON)
    make_request(state=RequestState.EXPIRED, needs_call=False, finished_at=NOON)

    assert rows("bez-pomocy") == [expired]


def test_first_visits_wait_for_the_centre(make_promise, municipality):
    promises = [make_promise(), make_promise(), make_promise(proposed=True), make_promise()]
    facts = [{"before_first_visit": True}, {}, {"before_first_visit": True}, {"suspended": True}]
    for promise, standing in zip(promises, facts, strict=True):
        StandingFactory(municipality=municipality, volunteer=promise.volunteer, **standing)

    assert rows("pierwsze-wizyty") == promises[:1]


def test_pressing_visits_without_anybody_are_urgent(make_request):
    soon = VisitFactory(help_request=make_request(), starts_at=NOON + timedelta(hours=47))
    ending = VisitFactory(
        help_request=make_request(),
        is_flexible=True,
        starts_at=NOON - timedelta(days=5),
        ends_at=NOON + timedelta(hours=47),
    )
    VisitFactory(help_request=make_request(), starts_at=NOON + timedelta(hours=49))
    VisitFactory(help_request=make_request(), flexible=True, starts_at=NOON + timedelta(hours=1))
    VisitFactory(help_request=make_request(), starts_at=NOON + timedelta(hours=5), places=2, taken=1)
    VisitFactory(help_request=make_request(awaiting_review=True), starts_at=NOON + timedelta(hours=5))

    assert set(rows("bez-chetnych")) == {soon, ending}


def test_visits_that_are_over_are_confirmed(make_promise):
    over = make_promise(hours=-3)
    make_promise(hours=-3, declined=True)
    make_promise(hours=3)

    assert rows("potwierdzenia") == [over]


def test_people_wait_for_a_talk_and_a_decision(municipality):
    met = StandingFactory(municipality=municipality, met=True, changed_at=NOON - timedelta(days=2))
    applied = StandingFactory(municipality=municipality, applied=True, changed_at=NOON - timedelta(days=1))
    for state in (StandingState.ACTIVE, StandingState.SUSPENDED, StandingState.ENDED):
        StandingFactory(municipality=municipality, state=state)

    assert rows("rozmowy") == [met, applied]


@pytest.mark.parametrize(
    ("moment", "is_shown"),
    [
        (datetime(2027, 10, 29, 21, 59, tzinfo=UTC), False),
        (datetime(2027, 10, 29, 22, 0, tzinfo=UTC), True),
        # Summer time ends this night: the local day after has 25 hours.
        (datetime(2027, 10, 31, 22, 59, tzinfo=UTC), True),
        (datetime(2027, 10, 31, 23, 0, tzinfo=UTC), False),
    ],
)
def test_today_and_tomorrow_are_local_days(make_request, clock, moment, is_shown):
    clock.move_to(datetime(2027, 10, 30, 10, tzinfo=UTC))
    visit = VisitFactory(help_request=make_request(filled=True), full=True, starts_at=moment)
    CommitmentFactory(visit=visit)

    assert bool(queues.coming().total) == is_shown


def test_letters_that_did_not_arrive_are_shown_for_a_week(organiser, municipality):
    recent, old = DeliveryFactory(state="failed"), DeliveryFactory(state="failed")
    for delivery, days in ((recent, 1), (old, 8)):
        event = delivery.notification.event
        type(event).objects.filter(pk=event.pk).update(
            municipality_id=municipality.pk, created_at=NOON - timedelta(days=days)
        )

    letters = organiser.get("/biurko/").context["letters"]

    assert letters.rows == [recent]


def test_nothing_of_another_centre_waits_here(municipality):
    elsewhere = MunicipalityFactory()
    HelpRequestFactory(municipality=elsewhere, awaiting_review=True)
    VisitFactory(help_request__municipality=elsewhere, starts_at=NOON + timedelta(hours=4))
    CommitmentFactory(visit__help_request__municipality=elsewhere, visit__starts_at=NOON - timedelta(hours=4))
    StandingFactory(municipality=elsewhere, applied=True)

    assert names() == {}


@pytest.fixture
def fill(make_request, make_promise, municipality):
    """Adds one row to every queue."""

    def fill():
        make_request(awaiting_review=True, needs_call=True)
        make_promise(by_phone=True, proposed=True)
        make_request(state=RequestState.EXPIRED, needs_call=True, finished_at=NOON)
        first = make_promise(hours=4)
        StandingFactory(municipality=municipality, volunteer=first.volunteer, before_first_visit=True)
        VisitFactory(help_request=make_request(), starts_at=NOON + timedelta(hours=4))
        make_promise(hours=-4)
        StandingFactory(municipality=municipality, applied=True)
        ProposalFactory(municipality=municipality)

    return fill


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_queues(organiser, fill, django_assert_num_queries, count):
    for _ in range(count):
        fill()

    with django_assert_num_queries(18):
        response = organiser.get("/biurko/", headers={"HX-Request": "true"})

    assert [queue.total for queue in response.context["queues"]] == [count] * 8
    assert response.context["coming"].total == 2 * count


def test_an_open_page_is_given_the_queues_alone(organiser, make_request):
    help_request = make_request(awaiting_review=True)

    whole = organiser.get("/biurko/")
    part = organiser.get("/biurko/", headers={"HX-Request": "true"})

    assert f"request-{help_request.pk}" in part.text
    assert part.text.strip() in whole.text
    assert 'id="queues"' in part.text
    assert "<html" not in part.text
