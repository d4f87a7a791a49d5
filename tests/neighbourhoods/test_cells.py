"""The grid: every point has one cell, and every distance one band."""

from math import inf, nan

import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from neighbourhoods.cells import (
    BANDS,
    CELL_LAT,
    CELL_LON,
    ROW,
    OutsideTheGrid,
    cell_at,
    centre,
    distance_band,
)

RUDA = (50.2806, 18.8592)
latitudes = st.floats(-85, 85)
longitudes = st.floats(-179, 179)
polish_latitudes = st.floats(49.0, 54.9)
polish_longitudes = st.floats(14.1, 24.2)


def test_a_cell_is_about_half_a_kilometre_wide():
    latitude, longitude = centre(cell_at(52, 19))

    height = geodesic((latitude - CELL_LAT / 2, longitude), (latitude + CELL_LAT / 2, longitude)).meters
    width = geodesic((latitude, longitude - CELL_LON / 2), (latitude, longitude + CELL_LON / 2)).meters

    assert height == pytest.approx(500, rel=0.005)
    assert width == pytest.approx(500, rel=0.005)


@given(polish_latitudes, polish_longitudes)
def test_a_point_lies_within_its_cell(latitude, longitude):
    middle = centre(cell_at(latitude, longitude))

    assert abs(middle[0] - latitude) <= CELL_LAT / 2 * 1.000001
    assert abs(middle[1] - longitude) <= CELL_LON / 2 * 1.000001


@given(latitudes, longitudes)
@example(90, 180)
@example(-90, -180)
@example(0, 0)
def test_the_centre_of_a_cell_lies_in_that_cell(latitude, longitude):
    cell = cell_at(latitude, longitude)

    assert cell_at(*centre(cell)) == cell


@pytest.mark.parametrize(
    "point", [(nan, 19), (50, nan), (inf, 19), (50, -inf), (90.0001, 19), (-91, 19), (50, 180.5), (50, -181)]
)
def test_what_is_no_place_has_no_cell(point):
    with pytest.raises(OutsideTheGrid):
        cell_at(*point)


@pytest.mark.parametrize("cell", [-1, 99_999, 40_076 * ROW, 10**12])
def test_what_is_no_cell_has_no_centre(cell):
    with pytest.raises(OutsideTheGrid):
        centre(cell)


@pytest.mark.parametrize(
    ("metres", "band"),
    [
        (0, 500),
        (500, 500),
        (500.1, 1000),
        (1999, 2000),
        (2001, 3000),
        (4000, 5000),
        (9999.9, 10_000),
        (10_001, 20_000),
        (50_000, 50_000),
        (50_001, 100_000),
        (260_000, 300_000),
    ],
)
def test_distance_band_is_the_next_round_distance(metres, band):
    assert distance_band(metres) == band


@given(st.floats(0, 1_000_000), st.floats(0, 1_000_000))
def test_a_farther_place_is_in_no_nearer_band(metres, more):
    assert metres <= distance_band(metres) <= distance_band(metres + more)
    assert distance_band(metres) in BANDS or distance_band(metres) % BANDS[-1] == 0


@pytest.mark.parametrize("metres", [nan, inf, -0.1])
def test_what_is_no_distance_has_no_band(metres):
    with pytest.raises(OutsideTheGrid):
        distance_band(metres)
