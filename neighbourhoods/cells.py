"""The grid under the whole installation: every home is replaced by a cell before anything is computed from it.

A *cell* is about 500 m by 500 m, a *block* is 4 by 4 cells (about 2 km), the unit of index ranges. Both are integers:
row * ROW + column, so that a box is one contiguous range of keys for every row. Latitudes and longitudes are WGS84
degrees, distances metres. Pure: no Django, no database.
"""

from math import ceil, cos, floor, radians

ROW = 100_000
METRES_PER_DEGREE = 111_320.0
CELL_LAT = 500 / METRES_PER_DEGREE
# One width for the whole country keeps cells nested: 500 m at 52° N, 523 m at 49° N, 471 m at 54.8° N.
CELL_LON = 500 / (METRES_PER_DEGREE * cos(radians(52)))
CELLS_IN_BLOCK = 4


class OutsideTheGrid(ValueError):
    """The point is no place on the grid: not a number, or beyond the poles and the date line."""


def cell_at(latitude, longitude):
    """The cell of a point. Raises OutsideTheGrid for NaN, infinities and coordinates that do not exist."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise OutsideTheGrid(f"{latitude}, {longitude}")
    return floor((latitude + 90) / CELL_LAT) * ROW + floor((longitude + 180) / CELL_LON)


def centre(cell):
    """Latitude and longitude of a cell's centre."""
    row, column = divmod(cell, ROW)
    return (row + 0.5) * CELL_LAT - 90, (column + 0.5) * CELL_LON - 180


def block_of(cell):
    """The block that holds a cell."""
    row, column = divmod(cell, ROW)
    return row // CELLS_IN_BLOCK * ROW + column // CELLS_IN_BLOCK


def block_ranges(cell, radius):
    """Ranges (first, last), both included, of all blocks that come within `radius` metres of the cell's centre."""
    latitude, longitude = centre(cell)
    rows = radius / 500 / CELLS_IN_BLOCK
    # The degree of longitude shrinks towards the pole: the northern edge of the box needs the most columns.
    north = min(89.0, latitude + radius / METRES_PER_DEGREE)
    columns = radius / (METRES_PER_DEGREE * cos(radians(north)) * CELL_LON) / CELLS_IN_BLOCK
    row, column = ((latitude + 90) / CELL_LAT / CELLS_IN_BLOCK, (longitude + 180) / CELL_LON / CELLS_IN_BLOCK)
    first, last = floor(column - columns), ceil(column + columns)
    return [
        (block_row * ROW + first, block_row * ROW + last) for block_row in range(floor(row - rows), ceil(row + rows) + 1)
    ]
