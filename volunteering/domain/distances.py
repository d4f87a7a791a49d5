"""How far it is between two homes, as far as anybody may know: from the centre of one cell to that of the other.

Whatever decides or ranks goes by the numbers of `metres_from` and `rows_within`, which are the same to the last bit,
here and in the database. What people are shown goes by the geodesic, `metres_between`.
"""

from functools import lru_cache
from math import isfinite

import numpy as np
from django.utils.translation import gettext as _
from geopy.distance import geodesic

from neighbourhoods.cells import CELL_LAT, CELL_LON, LAST_COLUMN, LAST_ROW, ROW, OutsideTheGrid, centre
from volunteering.matching.distances import degrees_in_metres


def metres_from(cell, cells):
    """Metres from the centre of a cell to the centres of others, as an array; the same both ways."""
    row, column = divmod(cell, ROW)
    rows, columns = np.divmod(np.asarray(cells, dtype=np.int64), ROW)
    north, east = _squares(row, rows)
    steps = columns - column
    return np.sqrt(north + east * (steps * steps))


def rows_within(cell, radius):
    """All cells whose centres lie within `radius` metres of the cell's centre: for each row of the grid the first and
    the last of them, and what makes the square of a distance in that row: north + east * (cell - origin)². Five lists
    of equal length: first, last, origin, north, east. Raises OutsideTheGrid for what is no distance."""
    if not (isfinite(radius) and radius >= 0):
        raise OutsideTheGrid(f"radius {radius}")
    row, column = divmod(cell, ROW)
    keys, steps, north, east = _circle(row, radius)
    first, last = keys + np.maximum(column - steps, 0), keys + np.minimum(column + steps, LAST_COLUMN)
    return first.tolist(), last.tolist(), (keys + column).tolist(), north, east


# A circle looks the same from every cell of a row.
@lru_cache(maxsize=2000)
def _circle(row, radius):
    """For each row that the circle touches: the key of its first cell, how many columns it has to either side, square
    north and square east."""
    # A degree of latitude is never shorter than 110,574 m: one row more than that on either side is enough.
    most = int(radius / (110_574 * CELL_LAT)) + 1
    rows = np.arange(max(0, row - most), min(LAST_ROW, row + most) + 1)
    north, east = _squares(row, rows)
    inside = north <= radius * radius
    rows, north, east = rows[inside], north[inside], east[inside]
    # At the poles all columns meet in a point.
    steps = np.minimum(np.sqrt((radius * radius - north) / np.maximum(east, 1e-9)), LAST_COLUMN).astype(np.int64)
    return rows * ROW, steps, north.tolist(), east.tolist()


def _squares(row, rows):
    """Square metres: of the way north from one row to others, and of one column's width half-way between them."""
    north, east = degrees_in_metres((row + rows + 1) * (CELL_LAT / 2) - 90)
    return (north * (CELL_LAT * (rows - row))) ** 2, (east * CELL_LON) ** 2


def metres_between(cell, other):
    """Metres between the centres of two cells along the geodesic, the same both ways."""
    return _metres(min(cell, other), max(cell, other))


# Only inhabited cells are ever asked for, and there are few of them: an exact distance is computed once.
@lru_cache(maxsize=100_000)
def _metres(cell, other):
    return geodesic(centre(cell), centre(other)).meters


def in_words(metres):
    """A round distance as people say it: "500 m", "2 km"."""
    if metres < 1000:
        return _("%(metres)s m") % {"metres": metres}
    return _("%(kilometres)s km") % {"kilometres": metres // 1000}
