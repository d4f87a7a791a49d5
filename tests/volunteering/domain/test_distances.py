"""Distances between cells."""

from math import inf, nan

import numpy as np
import pytest
from django.utils import translation
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from neighbourhoods.cells import LAST_COLUMN, LAST_ROW, ROW, OutsideTheGrid, cell_at, centre
from volunteering.domain.distances import in_words, metres_between, metres_from, rows_within

HERE = cell_at(50.2806, 18.8592)
polish_cells = st.builds(cell_at, st.floats(49.0, 54.9), st.floats(14.1, 24.2))
# 45 km.
steps = st.integers(-63, 63)


def test_a_distance_is_that_of_the_centres():
    there = cell_at(50.3, 18.9)

    assert metres_between(HERE, there) == geodesic(centre(HERE), centre(there)).meters


def test_a_distance_is_the_same_both_ways():
    assert metres_between(HERE, HERE + 7 * ROW + 3) == metres_between(HERE + 7 * ROW + 3, HERE)


def test_within_a_cell_there_is_no_distance():
    assert metres_between(HERE, HERE) == 0


@pytest.mark.parametrize(("metres", "words"), [(500, "500 m"), (1000, "1 km"), (20_000, "20 km")])
def test_distances_in_words_are_round(metres, words):
    with translation.override("en"):
        assert in_words(metres) == words


# For deciding and ranking --------------------------------------------------------------------------------------------


@given(polish_cells, steps, steps)
def test_the_fast_distance_is_the_geodesic_to_a_metre(cell, north, east):
    other = cell + north * ROW + east

    assert metres_from(cell, [other])[0] == pytest.approx(metres_between(cell, other), abs=1)


@given(polish_cells, steps, steps)
def test_the_fast_distance_is_the_same_both_ways_to_the_last_bit(cell, north, east):
    other = cell + north * ROW + east

    assert metres_from(cell, [other])[0] == metres_from(other, [cell])[0]


def test_the_fast_distance_of_many_is_that_of_each():
    cells = [HERE + north * ROW + east for north in range(-20, 20) for east in range(-20, 20)]

    assert metres_from(HERE, cells).tolist() == [metres_from(HERE, [cell])[0] for cell in cells]
    assert metres_from(HERE, []).tolist() == []
    assert metres_from(HERE, [HERE]).tolist() == [0]


@settings(max_examples=50)
@given(polish_cells, st.floats(0, 15_000))
def test_rows_hold_all_cells_within_the_radius_and_no_other(cell, radius):
    around = range(-36, 37)
    cells = np.array([cell + north * ROW + east for north in around for east in around])

    rows = zip(*rows_within(cell, radius), strict=True)

    held = {key for first, last, *_numbers in rows for key in range(first, last + 1)}
    assert held == set(cells[metres_from(cell, cells) <= radius].tolist())


@given(polish_cells, st.floats(0, 50_000))
def test_rows_hold_what_makes_the_distance_of_each_of_their_cells(cell, radius):
    for first, last, origin, north, east in zip(*rows_within(cell, radius), strict=True):
        assert np.sqrt(north + east * ((first - origin) * (first - origin))) == metres_from(cell, [first])[0]
        assert origin - first == last - origin


@pytest.mark.parametrize("cell", [0, LAST_COLUMN, LAST_ROW * ROW, LAST_ROW * ROW + LAST_COLUMN])
def test_rows_at_the_edge_of_the_grid_stay_in_it(cell):
    rows = list(zip(*rows_within(cell, 50_000), strict=True))

    assert any(first <= cell <= last for first, last, *_numbers in rows)
    assert all(0 <= first <= last <= first - first % ROW + LAST_COLUMN for first, last, *_numbers in rows)


def test_a_circle_of_nothing_is_the_own_cell():
    first, last, *_numbers = rows_within(HERE, 0)

    assert (first, last) == ([HERE], [HERE])


@pytest.mark.parametrize("radius", [nan, inf, -inf, -1])
def test_what_is_no_radius_has_no_rows(radius):
    with pytest.raises(OutsideTheGrid):
        rows_within(HERE, radius)
