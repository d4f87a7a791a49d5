"""Geocoders behind one interface: their answers, their faults, what is remembered, and taking turns."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from neighbourhoods import geocoding
from neighbourhoods.duties import forget_old_answers
from neighbourhoods.geocoding import Point, Unanswered, asking, turns
from neighbourhoods.models import GeocodedAddress, GeocoderTurn
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.neighbourhoods.geocoding import fake_service

NEAR = (50.2806, 18.8592)
QUERY = "Ruda Śląska, ul. Markowa 20"

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    with fake_service.running() as service:
        yield service


@pytest.fixture
def gugik(service, settings):
    settings.GEOCODER, settings.GEOCODER_URL, settings.GEOCODER_PAUSE_SECONDS = "gugik", service.url, 0
    return service


@pytest.fixture
def nominatim(service, settings):
    settings.GEOCODER, settings.GEOCODER_URL, settings.GEOCODER_PAUSE_SECONDS = "nominatim", service.url, 0
    return service


def house(**facts):
    return {"city": "Ruda Śląska", "street": "Markowa", "number": "20", "x": "18.8601", "y": "50.2811", **facts}


def found(*results):
    numbered = {str(number): result for number, result in enumerate(results, 1)}
    return {"type": "address", "found objects": len(results), "results": numbered or None}


# The offline gazetteer ------------------------------------------------------------------------------------------------


def test_gazetteer_knows_the_neighbourhoods_by_name():
    NeighbourhoodFactory(name="Kochłowice", latitude=50.2604, longitude=18.9, precision=200)

    assert geocoding.geocode("Ruda Śląska, Markowa 20, KOCHLOWICE", NEAR) == Point(50.2604, 18.9, 1700)


@pytest.mark.parametrize("query", ["Chechło 12", "Klucze, wieś Chechło", "os. Chechło, 3", "chechlo"])
def test_gazetteer_reads_names_with_numbers_and_kinds(query):
    NeighbourhoodFactory(name="Chechło", latitude=50.28, longitude=18.86)

    assert geocoding.geocode(query, NEAR) is not None


@pytest.mark.parametrize("query", ["Ruda Śląska, Markowa 20", "Rudawa 3", "Stara Ruda", "", ",,,", "20"])
def test_gazetteer_takes_whole_names_only(query):
    NeighbourhoodFactory(name="Ruda")

    assert geocoding.geocode(query, NEAR) is None


def test_gazetteer_prefers_the_last_part_and_then_the_nearest():
    NeighbourhoodFactory(name="Wirek", latitude=50.27, longitude=18.87)
    far = NeighbourhoodFactory(name="Godula", latitude=50.35, longitude=18.86)
    near = NeighbourhoodFactory(name="Godula", latitude=50.29, longitude=18.86)

    point = geocoding.geocode("Wirek, Godula", NEAR)

    assert (point.latitude, point.longitude) == (near.latitude, near.longitude)
    assert point.latitude != far.latitude


def test_gazetteer_leaves_out_places_too_far_away():
    NeighbourhoodFactory(name="Godula", latitude=54.16, longitude=19.41)

    assert geocoding.geocode("Godula", NEAR) is None


def test_gazetteer_asks_nobody_and_remembers_nothing():
    NeighbourhoodFactory(name="Godula")

    geocoding.geocode("Godula", NEAR)

    assert not GeocodedAddress.objects.exists()
    assert not GeocoderTurn.objects.exists()


# GUGiK UUG ------------------------------------------------------------------------------------------------------------


def test_gugik_finds_a_house(gugik, settings):
    gugik.says(found(house()))

    point = geocoding.geocode(QUERY, NEAR)

    assert point == Point(50.2811, 18.8601, 50)
    assert gugik.asked == [{"request": "GetAddress", "srid": "4326", "address": QUERY}]
    assert gugik.agents == [settings.GEOCODER_USER_AGENT]


@pytest.mark.parametrize(
    ("query", "result", "precision"),
    [
        (QUERY, house(number="20A"), 500),
        (QUERY, house(number=None), 500),
        (QUERY, house(street="ulica Markowa"), 50),
        ("Ruda Śląska, Kościuszki 20", house(street="Tadeusza Kościuszki"), 50),
        ("Ruda Śląska, Tadeusza Kościuszki 20", house(street="Kościuszki"), 50),
        ("Ruda Śląska, Markowa", house(number=""), 500),
        ("Chechło 20", house(city="Chechło", street=None), 50),
        ("Chechło", house(city="CHECHŁO", street="", number=""), 2000),
    ],
)
def test_gugik_is_as_precise_as_what_agrees(gugik, query, result, precision):
    gugik.says(found(result))

    assert geocoding.geocode(query, NEAR).precision == precision


@pytest.mark.parametrize(
    "result",
    [
        house(city="Ruda"),
        house(city="Bytom"),
        house(city=None),
        house(street="Marokańska"),
        house(street="Rynek Markowa Górka"),
        house(street=None),
    ],
)
def test_gugik_answers_with_similar_names_are_not_taken(gugik, result):
    gugik.says(found(result))

    assert geocoding.geocode(QUERY, NEAR) is None


def test_gugik_takes_the_most_precise_of_several(gugik):
    gugik.says(found(house(number="2", x="18.9"), house(), house(number="200", x="18.8")))

    assert geocoding.geocode(QUERY, NEAR) == Point(50.2811, 18.8601, 50)


@pytest.mark.parametrize("answer", [found(), {"results": {}}, {"results": []}])
def test_gugik_may_know_nothing(gugik, answer):
    gugik.says(answer)

    assert geocoding.geocode(QUERY, NEAR) is None


def test_gugik_places_of_the_same_name_far_away_are_not_taken(gugik):
    gugik.says(found(house(y="54.16", x="19.41")))

    assert geocoding.geocode(QUERY, NEAR) is None


# Nominatim ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("details", "precision"),
    [({"house_number": "20", "road": "Markowa"}, 50), ({"road": "Markowa"}, 500), ({"city": "Ruda Śląska"}, 2000)],
)
def test_nominatim_finds_a_place(nominatim, details, precision):
    nominatim.says([{"lat": "50.2811", "lon": "18.8601", "display_name": "…", "address": details}])

    assert geocoding.geocode(QUERY, NEAR) == Point(50.2811, 18.8601, precision)
    assert nominatim.paths == ["/search"]
    assert nominatim.asked[0]["q"] == QUERY
    assert nominatim.asked[0]["countrycodes"] == "pl"


def test_nominatim_may_know_nothing(nominatim):
    nominatim.says([])

    assert geocoding.geocode(QUERY, NEAR) is None


# Faults ---------------------------------------------------------------------------------------------------------------

NONSENSE = [
    b"",
    b"<html>Przerwa techniczna</html>",
    b"\xff\xfe\x00nonsense",
    b"null",
    b"[]",
    b"42",
    b'"results"',
    b"[" * 100_000,
    b'{"results": 7}',
    b'{"results": ["Markowa"]}',
    b'{"results": {"1": null}}',
    b'{"results": {"1": {"city": "Ruda \\u015al\\u0105ska", "street": "Markowa", "number": "20"}}}',
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_gugik_nonsense_is_no_answer(gugik, answer):
    gugik.says(answer)

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)


@pytest.mark.parametrize(
    ("x", "y"), [("nan", "50"), ("inf", "50"), ("18.86", "1e400"), ("504123.4", "267890.1"), ("", ""), (None, None)]
)
def test_gugik_coordinates_that_cannot_be_are_no_answer(gugik, x, y):
    gugik.says(found(house(x=x, y=y)))

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)


@pytest.mark.filterwarnings("ignore:Latitude normalization")
@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"42",
        b'[{"lat": "50.28"}]',
        b'[{"lat": "x", "lon": "y", "display_name": "", "address": {}}]',
        b'[{"lat": "50.28", "lon": "18.86", "display_name": ""}]',
        b'[{"lat": "500.28", "lon": "18.86", "display_name": "", "address": {}}]',
    ],
)
def test_nominatim_nonsense_is_no_answer(nominatim, answer):
    nominatim.says(answer)

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 502, 503])
@pytest.mark.parametrize("name", ["gugik", "nominatim"])
def test_an_error_of_the_service_is_no_answer(request, name, status):
    service = request.getfixturevalue(name)
    service.says({"error": QUERY}, status=status)

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)


@pytest.mark.parametrize("name", ["gugik", "nominatim"])
def test_a_slow_service_is_no_answer(request, name, monkeypatch):
    service = request.getfixturevalue(name)
    service.says(found(house()), after=1)
    monkeypatch.setattr(asking, "TIMEOUT_SECONDS", 0.2)

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)


@pytest.mark.parametrize("name", ["gugik", "nominatim"])
def test_a_service_that_is_not_there_is_no_answer(request, name, settings):
    request.getfixturevalue(name)
    settings.GEOCODER_URL = "http://127.0.0.1:9"

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)


def test_a_fault_does_not_tell_the_address(gugik):
    gugik.says({"error": QUERY}, status=500)

    with pytest.raises(Unanswered) as refusal:
        geocoding.geocode(QUERY, NEAR)

    assert "Markowa" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_an_unknown_geocoder_is_said_to_be_one(settings):
    settings.GEOCODER = "crystal ball"

    with pytest.raises(ImproperlyConfigured, match="crystal ball"):
        geocoding.geocode(QUERY, NEAR)


# What is remembered ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [found(house()), found()])
def test_an_address_is_asked_for_once(gugik, answer):
    gugik.says(answer)

    answers = [geocoding.geocode(query, NEAR) for query in (QUERY, QUERY.upper(), f" {QUERY}")]

    assert len(gugik.asked) == 1
    assert len(set(answers)) == 1


def test_what_is_known_is_known_without_asking(gugik):
    gugik.says(found(house()))

    before = geocoding.known(QUERY, NEAR)
    asked = geocoding.geocode(QUERY, NEAR)

    assert before is None
    assert geocoding.known(QUERY, NEAR) == asked
    assert len(gugik.asked) == 1


def test_faults_are_not_remembered(gugik):
    gugik.says({}, status=500)
    gugik.says(found(house()))

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)

    assert geocoding.geocode(QUERY, NEAR) is not None


@pytest.mark.parametrize(
    ("answer", "days", "times"), [(found(house()), 29, 1), (found(house()), 31, 2), (found(), 6, 1), (found(), 8, 2)]
)
def test_answers_age(gugik, answer, days, times):
    gugik.says(answer)

    geocoding.geocode(QUERY, NEAR)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        geocoding.geocode(QUERY, NEAR)

    assert len(gugik.asked) == times


def test_no_address_stands_in_the_database(gugik):
    gugik.says(found(house()))

    geocoding.geocode(QUERY, NEAR)

    row = GeocodedAddress.objects.get()
    assert len(row.query) == 64
    assert "arkowa" not in row.query


def test_another_neighbourhood_is_another_question(gugik):
    gugik.says(found(house()))

    geocoding.geocode(QUERY, NEAR)
    far = geocoding.geocode(QUERY, (54.16, 19.41))

    assert far is None
    assert len(gugik.asked) == 2


def test_geocoders_do_not_answer_for_each_other(gugik, settings):
    gugik.says(found(house()))
    geocoding.geocode(QUERY, NEAR)

    settings.GEOCODER = "nominatim"

    assert geocoding.known(QUERY, NEAR) is None


def test_old_answers_are_forgotten():
    now = timezone.now()
    for number, (days, latitude) in enumerate([(29, 50.0), (31, 50.0), (6, None), (8, None), (31, None)]):
        GeocodedAddress.objects.create(
            query=str(number),
            geocoder="gugik",
            latitude=latitude,
            longitude=latitude and 18.0,
            precision=latitude and 50,
            asked_at=now - timedelta(days=days),
        )

    forget_old_answers()

    assert set(GeocodedAddress.objects.values_list("query", flat=True)) == {"0", "2"}


# Taking turns ---------------------------------------------------------------------------------------------------------


def test_the_service_is_asked_once_a_pause(gugik, settings, monkeypatch):
    settings.GEOCODER_PAUSE_SECONDS = 0.5
    gugik.says(found(house()))

    with time_machine.travel(timezone.now(), tick=False) as clock:
        monkeypatch.setattr(turns, "sleep", clock.shift)
        for number in (20, 21, 22):
            geocoding.geocode(f"Ruda Śląska, Markowa {number}", NEAR)

    assert [later - earlier for earlier, later in pairwise(gugik.times)] == [timedelta(seconds=0.5)] * 2


def test_a_long_queue_is_no_answer_and_asks_nobody(gugik):
    GeocoderTurn.objects.create(geocoder="gugik", next_at=timezone.now() + timedelta(seconds=10))
    gugik.says(found(house()))

    with pytest.raises(Unanswered):
        geocoding.geocode(QUERY, NEAR)

    assert gugik.asked == []


def test_the_pause_is_a_second_where_nothing_is_said(settings):
    assert settings.GEOCODER_PAUSE_SECONDS == 1


def test_every_geocoder_has_its_own_turns(gugik):
    GeocoderTurn.objects.create(geocoder="nominatim", next_at=timezone.now() + timedelta(seconds=10))
    gugik.says(found(house()))

    assert geocoding.geocode(QUERY, NEAR) is not None
