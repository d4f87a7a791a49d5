"""Calls to make: who stands in the queue, who may settle them, and what the row says."""

import pytest
from django.urls import reverse

from notifications.models import Call
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import EventFactory
from volunteering.desk import queues

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_call(municipality, make_request):
    """Makes a call about a request of this centre."""

    def make(**facts):
        request = make_request(by_phone=True)
        event = EventFactory(
            delivered=True,
            kind="volunteering.request_publish",
            subject_type="volunteering.helprequest",
            subject_id=request.pk,
            municipality_id=municipality.pk,
        )
        return Call.objects.create(event=event, **{"municipality_id": municipality.pk, **facts})

    return make


def test_call_stands_in_the_queue_and_leads_to_the_request(organiser, make_call):
    call = make_call()

    page = organiser.get(reverse("desk:today")).content.decode()

    assert reverse("desk:request", args=[call.event.subject.reference]) in page
    assert reverse("desk:call", args=[call.pk]) in page
    assert call.event.subject.whereabouts.phone.as_e164 not in page


@pytest.mark.parametrize(("reached", "state"), [("1", "done"), ("0", "failed"), ("", "failed")])
def test_staff_settle_a_call(organiser, make_call, reached, state):
    call = make_call(user=UserFactory())

    response = organiser.post(reverse("desk:call", args=[call.pk]), {"reached": reached})

    call.refresh_from_db()
    assert response.url == reverse("desk:today")
    assert (call.state, call.settled_by) == (state, organiser.user)


def test_settled_call_stays_as_it_is(organiser, make_call):
    call = make_call()
    organiser.post(reverse("desk:call", args=[call.pk]), {"reached": "1"})

    organiser.post(reverse("desk:call", args=[call.pk]), {"reached": "0"})

    call.refresh_from_db()
    assert call.state == "done"


def test_call_of_another_centre_is_not_found(organiser, make_call):
    call = make_call(municipality_id=MunicipalityFactory().pk)

    assert organiser.post(reverse("desk:call", args=[call.pk]), {"reached": "1"}).status_code == 404


def test_stranger_finds_no_call(enter, make_call):
    assert enter(None).post(reverse("desk:call", args=[make_call().pk])).status_code == 404


def test_call_needs_a_form(organiser, make_call):
    assert organiser.get(reverse("desk:call", args=[make_call().pk])).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_queue_of_calls_asks_as_often_for_many(municipality, make_call, count, django_assert_num_queries):
    for _number in range(count):
        make_call(user=UserFactory())

    with django_assert_num_queries(2):
        queue = queues.to_call(municipality)

    assert queue.total == count
