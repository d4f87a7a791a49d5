"""Where an address lies: cells first, neighbourhoods from cells, outside services never while a form waits."""

import pytest
from django_scopes import ScopeError, scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neighbourhoods.cells import CELL_LAT, CELL_LON, cell_at, centre
from neighbourhoods.domain import places
from neighbourhoods.geocoding import Unanswered
from neighbourhoods.models import Neighbourhood
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import WhereaboutsFactory
from tests.neighbourhoods.geocoding import fake_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruda():
    municipality = MunicipalityFactory(name="Ruda Śląska")
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def wirek(ruda):
    return NeighbourhoodFactory(municipality=ruda, name="Wirek", slug="wirek", latitude=50.27, longitude=18.87)


@pytest.fixture
def godula(ruda):
    return NeighbourhoodFactory(municipality=ruda, name="Godula", slug="godula", latitude=50.31, longitude=18.89)


@pytest.fixture
def service(settings):
    with fake_service.running() as service:
        settings.GEOCODER, settings.GEOCODER_URL, settings.GEOCODER_PAUSE_SECONDS = "gugik", service.url, 0
        yield service


def answer(latitude, longitude, **facts):
    place = {"city": "Ruda Śląska", "street": "Markowa", "number": "20", "x": longitude, "y": latitude, **facts}
    return {"results": {"1": place}}


# The neighbourhood of a cell ------------------------------------------------------------------------------------------


def test_neighbourhood_of_a_cell_is_the_nearest_one(ruda, wirek, godula):
    assert places.neighbourhood_of(cell_at(50.275, 18.871), ruda) == wirek
    assert places.neighbourhood_of(cell_at(50.305, 18.889), ruda) == godula


def test_neighbourhood_of_a_cell_is_of_that_municipality(ruda, wirek):
    elblag = MunicipalityFactory(latitude=54.16, longitude=19.41)
    NeighbourhoodFactory(municipality=elblag)

    assert places.neighbourhood_of(cell_at(54.16, 19.41), ruda) == wirek


def test_neighbourhood_of_a_cell_at_equal_distance_is_the_first_by_short_name(ruda):
    second = NeighbourhoodFactory(municipality=ruda, slug="b")
    first = NeighbourhoodFactory(municipality=ruda, slug="a")

    assert places.neighbourhood_of(cell_at(50.3, 18.9), ruda) == first
    assert first.latitude == second.latitude


def test_without_neighbourhoods_a_cell_has_none(ruda):
    assert places.neighbourhood_of(cell_at(50.3, 18.9), ruda) is None


def test_without_a_scope_nothing_is_found():
    with pytest.raises(ScopeError):
        places.neighbourhood_of(cell_at(50.3, 18.9), MunicipalityFactory())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.tuples(st.floats(50.24, 50.34), st.floats(18.8, 18.95)),
    st.tuples(st.floats(-0.49, 0.49), st.floats(-0.49, 0.49)),
)
@pytest.mark.usefixtures("wirek", "godula")
def test_two_homes_in_one_cell_have_one_neighbourhood(ruda, home, shift):
    middle = centre(cell_at(*home))
    other = (middle[0] + shift[0] * CELL_LAT, middle[1] + shift[1] * CELL_LON)

    assert places.neighbourhood_of(cell_at(*other), ruda) == places.neighbourhood_of(cell_at(*home), ruda)


# At once, for forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "   ", "Markowa 20", "żadna taka 3/4", "\x00", "9" * 200])
def test_locate_puts_an_unknown_address_in_the_middle_of_the_chosen_neighbourhood(ruda, wirek, godula, address):
    place = places.locate(address, neighbourhood=wirek, municipality=ruda)

    assert place == places.Place(cell_at(wirek.latitude, wirek.longitude), wirek)


def test_locate_hears_another_neighbourhood_in_the_address(ruda, wirek, godula):
    place = places.locate("Markowa 20, Godula", neighbourhood=wirek, municipality=ruda)

    assert place == places.Place(places.cell_of(godula), godula)


def test_locate_asks_no_service(ruda, wirek, service):
    service.says(answer(50.31, 18.89))

    places.locate("Markowa 20", neighbourhood=wirek, municipality=ruda)

    assert service.asked == []


def test_locate_uses_what_a_service_said_before(ruda, wirek, godula, service):
    service.says(answer(50.3051, 18.8891))
    home = WhereaboutsFactory(municipality=ruda, address="Markowa 20/1")
    places.improve(home.pk, neighbourhood=wirek, municipality=ruda, move=lambda place: None)

    place = places.locate("ul. Markowa 20/7", neighbourhood=wirek, municipality=ruda)

    assert place == places.Place(cell_at(50.3051, 18.8891), godula) or place.neighbourhood == wirek


# Later, in a task -----------------------------------------------------------------------------------------------------


def moves(home, neighbourhood, municipality):
    moved = []
    places.improve(home.pk, neighbourhood=neighbourhood, municipality=municipality, move=moved.append)
    return moved


def test_improve_writes_the_point_down_and_moves_to_its_cell(ruda, wirek, godula, service):
    service.says(answer(50.3051, 18.8891))
    home = WhereaboutsFactory(municipality=ruda, address="ul. Markowa 20/5")

    moved = moves(home, wirek, ruda)

    home.refresh_from_db()
    assert moved == [places.Place(cell_at(50.3051, 18.8891), godula)]
    assert (home.latitude, home.longitude, home.precision) == (50.3051, 18.8891, 50)
    assert service.asked[0]["address"] == "Ruda Śląska, ul. Markowa 20"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("12", "Chechło 12"),
        ("nr 12a", "Chechło nr 12a"),
        ("Chechło 12", "Chechło 12"),
        ("chechlo 12", "chechlo 12"),
        ("Leśna 3/4", "Chechło, Leśna 3"),
    ],
)
def test_improve_asks_for_villages_by_their_own_name(ruda, service, address, asked):
    service.says({"results": None})
    village = NeighbourhoodFactory(municipality=ruda, name="Chechło", kind=Neighbourhood.Kind.VILLAGE)

    moves(WhereaboutsFactory(municipality=ruda, address=address), village, ruda)

    assert service.asked[0]["address"] == asked


@pytest.mark.parametrize("said", [{"results": None}, answer(50.31, 18.89, city="Bytom"), answer(54.1, 19.4)])
def test_improve_without_a_fitting_answer_moves_nothing(ruda, wirek, service, said):
    service.says(said)
    home = WhereaboutsFactory(municipality=ruda, address="Markowa 20")

    moved = moves(home, wirek, ruda)

    home.refresh_from_db()
    assert moved == []
    assert home.latitude is None


def test_improve_says_when_the_service_is_down(ruda, wirek, service):
    service.says({}, status=503)

    with pytest.raises(Unanswered):
        moves(WhereaboutsFactory(municipality=ruda, address="Markowa 20"), wirek, ruda)


@pytest.mark.parametrize(
    "facts",
    [
        {"address": ""},
        {"erased": True},
        {"address": "Markowa 20", "latitude": 50.29, "longitude": 18.88, "precision": 10},
    ],
)
def test_improve_asks_nothing_where_there_is_nothing_to_ask(ruda, wirek, service, facts):
    home = WhereaboutsFactory(municipality=ruda, **facts)

    assert moves(home, wirek, ruda) == []
    assert service.asked == []


def test_improve_of_an_unknown_home_does_nothing(ruda, wirek, service):
    moved = []

    places.improve(10**9, neighbourhood=wirek, municipality=ruda, move=moved.append)

    assert moved == []


def test_improve_stays_within_the_municipality(ruda, wirek, service):
    service.says(answer(50.3051, 18.8891))
    elsewhere = WhereaboutsFactory(address="Markowa 20")

    assert moves(elsewhere, wirek, ruda) == []
