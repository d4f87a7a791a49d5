"""The place of a request is found more exactly after the page was answered."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from neighbourhoods.cells import cell_at
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import HelpRequestFactory
from tests.neighbourhoods.geocoding import fake_service
from volunteering.domain import intake
from volunteering.models import HelpRequest
from volunteering.states import RequestState
from volunteering.tasks import NEXT_TRIES, improve_place, improve_place_later

pytestmark = pytest.mark.django_db

FOUND = {"results": {"1": {"city": "Ruda Śląska", "street": "Markowa", "number": "20", "x": 18.8901, "y": 50.3101}}}


@pytest.fixture
def service(settings):
    with fake_service.running() as service:
        settings.GEOCODER, settings.GEOCODER_URL, settings.GEOCODER_PAUSE_SECONDS = "gugik", service.url, 0
        yield service


@pytest.fixture
def ruda():
    return MunicipalityFactory(name="Ruda Śląska")


@pytest.fixture
def godula(ruda):
    return NeighbourhoodFactory(municipality=ruda, latitude=50.31, longitude=18.89)


@pytest.fixture
def make_request(ruda, godula):
    def make(**facts):
        return HelpRequestFactory(municipality=ruda, whereabouts__address="Markowa 20/3", **facts)

    return make


def place_of(help_request):
    with scope(municipality=help_request.municipality):
        row = HelpRequest.objects.select_related("whereabouts").get(pk=help_request.pk)
        return row.cell, row.neighbourhood_id, row.whereabouts.__dict__["latitude"]


def test_a_request_moves_to_the_cell_of_its_address(service, make_request, godula):
    service.says(FOUND)
    help_request = make_request()

    improve_place.call(help_request.pk)

    assert place_of(help_request) == (cell_at(50.3101, 18.8901), godula.pk, 50.3101)


@pytest.mark.usefixtures("service")
def test_the_task_is_told_ids_only(make_request):
    help_request = make_request()

    improve_place_later(help_request)

    assert DBTaskResult.objects.get().args_kwargs == {"args": [help_request.pk], "kwargs": {}}


def test_a_second_run_changes_nothing(service, make_request):
    service.says(FOUND)
    help_request = make_request()

    improve_place.call(help_request.pk)
    improve_place.call(help_request.pk)

    assert len(service.asked) == 1


def test_an_unknown_address_stays_where_it_is(service, make_request):
    service.says({"results": None})
    help_request = make_request()
    before = place_of(help_request)

    improve_place.call(help_request.pk)

    assert place_of(help_request) == before


def test_the_address_of_a_protected_request_goes_nowhere(service, make_request):
    improve_place.call(make_request(protected=True).pk)

    assert service.asked == []


@pytest.mark.parametrize(
    "state", [RequestState.DONE, RequestState.CANCELLED, RequestState.CLOSED, RequestState.EXPIRED]
)
def test_ended_requests_are_not_looked_for(service, make_request, state):
    improve_place.call(make_request(state=state).pk)

    assert service.asked == []


def test_a_request_that_is_gone_is_no_failure(service):
    improve_place.call(10**9)

    assert service.asked == []


def test_the_gazetteer_is_not_asked_again(make_request):
    help_request = make_request()
    before = place_of(help_request)

    improve_place_later(help_request)
    improve_place.call(help_request.pk)

    assert place_of(help_request) == before
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("attempt", range(1, len(NEXT_TRIES) + 1))
def test_a_service_that_is_down_is_asked_again_later(service, make_request, attempt):
    service.says({}, status=503)
    help_request = make_request()

    improve_place.call(help_request.pk, attempt)

    again = DBTaskResult.objects.get()
    assert again.args_kwargs["args"] == [help_request.pk, attempt + 1]
    assert abs(again.run_after - timezone.now() - NEXT_TRIES[attempt - 1]) < timedelta(seconds=30)


def test_at_last_it_is_given_up(service, make_request, caplog):
    service.says({}, status=503)

    improve_place.call(make_request().pk, len(NEXT_TRIES) + 1)

    assert not DBTaskResult.objects.exists()
    assert "geocoder does not answer" in caplog.text
    assert "Markowa" not in caplog.text


@pytest.mark.usefixtures("service")
def test_a_corrected_address_is_looked_for_again(make_request):
    help_request = make_request()

    with scope(municipality=help_request.municipality):
        intake.correct_home(help_request, actor=None, address="Inna 1")

    assert DBTaskResult.objects.get().args_kwargs["args"] == [help_request.pk]


def test_a_corrected_address_moves_the_request_again(service, make_request):
    service.says(FOUND)
    service.says({"results": {"1": FOUND["results"]["1"] | {"street": "Inna", "number": "1", "x": 18.9001}}})
    help_request = make_request()
    improve_place.call(help_request.pk)

    with scope(municipality=help_request.municipality):
        intake.correct_home(help_request, actor=None, address="Inna 1")
    [again] = DBTaskResult.objects.all()
    improve_place.call(*again.args_kwargs["args"])

    cell, _neighbourhood, latitude = place_of(help_request)
    assert (cell, latitude) == (cell_at(50.3101, 18.9001), 50.3101)


def test_a_known_address_is_not_looked_for_again(service, make_request):
    """Staff corrected the phone only."""
    service.says(FOUND)
    help_request = make_request()
    improve_place.call(help_request.pk)

    with scope(municipality=help_request.municipality):
        same = {"address": "Markowa 20/3", "phone": "+48601000009"}
        intake.correct_home(help_request, actor=None, **same)

    assert not DBTaskResult.objects.exists()
