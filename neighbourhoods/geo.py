"""Points and outlines on the map, checked and measured. Pure. Positions are [longitude, latitude], as in GeoJSON."""

from itertools import pairwise
from math import cos, hypot, isfinite, radians

from django.utils.translation import gettext as _

# Poland lies within.
LATITUDES, LONGITUDES = (48.0, 56.0), (13.0, 25.0)
MOST_POSITIONS = 20_000
FEWEST_IN_RING = 4
# About a metre: finer figures only make files larger.
DIGITS = 5
KILOMETRES_OF_A_DEGREE = 111.2


class Unreadable(ValueError):
    """What is wrong, as the second half of a sentence in the reader's language."""


def as_number(value):
    """A finite number, also from text with a decimal comma; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def check_point(latitude, longitude):
    """(latitude, longitude) as numbers. Raises Unreadable for what is no place in Poland."""
    latitude, longitude = as_number(latitude), as_number(longitude)
    if latitude is None or longitude is None:
        raise Unreadable(_("latitude and longitude are numbers such as 50.2806 and 18.8592."))
    if _within(latitude, longitude):
        return round(latitude, DIGITS), round(longitude, DIGITS)
    if _within(longitude, latitude):
        raise Unreadable(_("latitude and longitude are the wrong way round."))
    raise Unreadable(_("the point does not lie in Poland."))


def _within(latitude, longitude):
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def check_outline(geometry):
    """The Polygon or MultiPolygon as it is kept: rounded, without heights. Raises Unreadable for what is none."""
    polygons = geometry.get("coordinates")
    polygons = [polygons] if geometry["type"] == "Polygon" else polygons
    if not isinstance(polygons, list) or not polygons:
        raise Unreadable(_("the outline has no corners."))
    clean = [_polygon(rings) for rings in polygons]
    if sum(len(ring) for rings in clean for ring in rings) > MOST_POSITIONS:
        raise Unreadable(_("the outline has too many corners. Make it simpler."))
    return {"type": geometry["type"], "coordinates": clean[0] if geometry["type"] == "Polygon" else clean}


def _polygon(rings):
    if not isinstance(rings, list) or not rings:
        raise Unreadable(_("the outline has no corners."))
    return [_ring(ring) for ring in rings]


def _ring(ring):
    if not isinstance(ring, list) or len(ring) < FEWEST_IN_RING:
        raise Unreadable(_("a ring of the outline has fewer than four corners."))
    positions = [_position(position) for position in ring]
    if positions[0] != positions[-1]:
        raise Unreadable(_("a ring of the outline is not closed: its last corner is not its first one."))
    return positions


def _position(position):
    if not isinstance(position, list) or len(position) <= 1:
        raise Unreadable(_("a corner of the outline is no pair of numbers."))
    latitude, longitude = check_point(position[1], position[0])
    return [longitude, latitude]


def middle_of(outline):
    """A point (latitude, longitude) inside the outline: the centre of its largest part where that lies inside, else
    the middle of the widest stretch at its height."""
    polygons = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
    ring = max((rings[0] for rings in polygons), key=lambda ring: abs(_area(ring)))
    longitude, latitude = _centroid(ring)
    if not _is_inside(longitude, latitude, ring):
        longitude = _widest(ring, latitude, otherwise=longitude)
    return round(latitude, DIGITS), round(longitude, DIGITS)


def _area(ring):
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise(ring)) / 2


def _centroid(ring):
    """Measured from the first corner: areas of small places drown in the noise of large coordinates otherwise."""
    left, low = ring[0]
    near = [(x - left, y - low) for x, y in ring]
    area = _area(near)
    if not area:
        return (sum(x for x, _y in ring[1:]) / (len(ring) - 1), sum(y for _x, y in ring[1:]) / (len(ring) - 1))
    across = down = 0.0
    for (x, y), (next_x, next_y) in pairwise(near):
        weight = x * next_y - next_x * y
        across += (x + next_x) * weight
        down += (y + next_y) * weight
    return left + across / (6 * area), low + down / (6 * area)


def _crossings(ring, latitude):
    """Longitudes where the ring crosses a height, from west to east."""
    return sorted(
        x + (latitude - y) * (next_x - x) / (next_y - y)
        for (x, y), (next_x, next_y) in pairwise(ring)
        if (y > latitude) != (next_y > latitude)
    )


def _is_inside(longitude, latitude, ring):
    return sum(crossing < longitude for crossing in _crossings(ring, latitude)) % 2 == 1


def _widest(ring, latitude, *, otherwise):
    crossings = _crossings(ring, latitude)
    stretches = list(zip(crossings[::2], crossings[1::2], strict=False))
    west, east = max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=(otherwise, otherwise))
    return (west + east) / 2


def kilometres(one, other):
    """Between two (latitude, longitude) of one country, near enough to tell a gmina from another."""
    across = (one[1] - other[1]) * cos(radians((one[0] + other[0]) / 2))
    return KILOMETRES_OF_A_DEGREE * hypot(one[0] - other[0], across)
