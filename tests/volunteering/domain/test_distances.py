"""Distances between cells."""

import pytest
from django.utils import translation
from geopy.distance import geodesic

from neighbourhoods.cells import ROW, cell_at, centre
from volunteering.domain.distances import in_words, metres_between

HERE = cell_at(50.2806, 18.8592)


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
