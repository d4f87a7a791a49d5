"""The grid under the whole installation: every home is replaced by a cell before anything is computed from it.

A *cell* is about 500 m by 500 m. It is an integer, row * ROW + column, so that a circle is one contiguous range of keys
for every row. Latitudes and longitudes are WGS84 degrees, distances metres. The grid ends at the poles and at the date
line: it is not joined there. Pure: no Django, no database.
"""

from bisect import bisect_left
from math import ceil, cos, floor, isfinite, radians

ROW = 100_000
METRES_PER_DEGREE = 111_320.0
CELL_LAT = 500 / METRES_PER_DEGREE
# One width for the whole country keeps cells nested: 500 m at 52° N, 532 m at 49° N, 468 m at 54.8° N.
CELL_LON = 500 / (METRES_PER_DEGREE * cos(radians(52)))
LAST_ROW = floor(180 / CELL_LAT)
LAST_COLUMN = floor(360 / CELL_LON)

# Upper bounds of the distances that people are shown, in metres; farther ones go up in steps of the last.
BANDS = (500, 1000, 2000, 3000, 5000, 10_000, 20_000, 50_000)


class OutsideTheGrid(ValueError):
    """No place on the grid, or no distance: not a number, beyond the poles and the date line, below zero."""


def cell_at(latitude, longitude):
    """The cell of a point. Raises OutsideTheGrid for NaN, infinities and coordinates that do not exist."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise OutsideTheGrid(f"{latitude}, {longitude}")
    return floor((latitude + 90) / CELL_LAT) * ROW + floor((longitude + 180) / CELL_LON)


def centre(cell):
    """Latitude and longitude of a cell's centre. Raises OutsideTheGrid for a number that is no cell."""
    row, column = divmod(cell, ROW)
    if not (0 <= row <= LAST_ROW and column <= LAST_COLUMN):
        raise OutsideTheGrid(f"cell {cell}")
    # The outermost cells are cut by the edge, and their middle may lie beyond it.
    return min((row + 0.5) * CELL_LAT - 90, 90.0), min((column + 0.5) * CELL_LON - 180, 180.0)


def distance_band(metres):
    """The upper bound, in metres, of the band that a distance falls into: all that a stranger is told of it.

    Raises OutsideTheGrid for what is no distance.
    """
    if not (isfinite(metres) and metres >= 0):
        raise OutsideTheGrid(f"distance {metres}")
    if metres > BANDS[-1]:
        return ceil(metres / BANDS[-1]) * BANDS[-1]
    return BANDS[bisect_left(BANDS, metres)]
