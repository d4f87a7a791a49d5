"""The grid: every point has one cell, cells nest in blocks, and ranges of blocks leave nothing out."""

from math import inf, nan

import pytest
from geopy.distance import geodesic
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from neighbourhoods.cells import (
    BANDS,
    CELL_LAT,
    CELL_LON,
    ROW,
    OutsideTheGrid,
    block_of,
    block_ranges,
    cell_at,
    centre,
    distance_band,
)

RUDA = (50.2806, 18.8592)
latitudes = st.floats(-85, 85)
longitudes = st.floats(-179, 179)
polish_latitudes = st.floats(49.0, 54.9)
polish_longitudes = st.floats(14.1, 24.2)
radii = st.floats(0, 50_000)


def in_ranges(block, ranges):
    return any(first <= block <= last for first, last in ranges)


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


@given(latitudes, longitudes)
def test_cells_nest_in_blocks(latitude, longitude):
    row, column = divmod(cell_at(latitude, longitude), ROW)

    block = block_of(cell_at(latitude, longitude))

    assert divmod(block, ROW) == (row // 4, column // 4)


def test_sixteen_cells_make_a_block():
    first = cell_at(*RUDA) // ROW // 4 * 4 * ROW + cell_at(*RUDA) % ROW // 4 * 4

    blocks = {block_of(first + row * ROW + column) for row in range(4) for column in range(4)}

    assert blocks == {block_of(first)}
    assert block_of(first + 4) != block_of(first)
    assert block_of(first + 4 * ROW) != block_of(first)


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


@pytest.mark.parametrize("radius", [nan, inf, -inf, -1])
def test_what_is_no_radius_has_no_ranges(radius):
    with pytest.raises(OutsideTheGrid):
        block_ranges(cell_at(*RUDA), radius)


def test_radius_zero_is_the_own_block():
    cell = cell_at(*RUDA)

    assert block_ranges(cell, 0) == [(block_of(cell), block_of(cell))]


@settings(max_examples=400)
@given(latitudes, longitudes, radii, st.floats(0, 360), st.floats(0, 1))
def test_ranges_cover_every_point_within_the_radius(latitude, longitude, radius, bearing, share):
    cell = cell_at(latitude, longitude)
    there = geodesic(meters=radius * share).destination(centre(cell), bearing)
    assume(abs(there.longitude - centre(cell)[1]) < 180)

    assert in_ranges(block_of(cell_at(there.latitude, there.longitude)), block_ranges(cell, radius))


@settings(max_examples=200)
@given(polish_latitudes, polish_longitudes, st.integers(-40, 40), st.integers(-40, 40), st.floats(0, 20_000))
def test_ranges_cover_every_cell_whose_centre_is_within_the_radius(latitude, longitude, rows, columns, radius):
    cell = cell_at(latitude, longitude)
    other = cell + rows * ROW + columns

    covered = in_ranges(block_of(other), block_ranges(cell, radius))

    assert covered or geodesic(centre(cell), centre(other)).meters > radius


@given(polish_latitudes, polish_longitudes, radii)
def test_ranges_are_not_much_wider_than_the_radius(latitude, longitude, radius):
    cell = cell_at(latitude, longitude)

    ranges = block_ranges(cell, radius)

    side = 2 * radius / 2000 + 2
    assert len(ranges) <= side + 1
    assert all(last - first + 1 <= side * 1.1 + 1 for first, last in ranges)


@pytest.mark.parametrize("corner", [(90, 180), (-90, -180), (90, -180), (-90, 180), (0, 180), (0, -180)])
def test_ranges_at_the_edge_of_the_grid_stay_in_it(corner):
    cell = cell_at(*corner)

    ranges = block_ranges(cell, 50_000)

    assert in_ranges(block_of(cell), ranges)
    assert all(0 <= first <= last and first // ROW == last // ROW for first, last in ranges)


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
