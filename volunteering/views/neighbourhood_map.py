"""A map of neighbourhoods, drawn by us: circles where their centres lie, with how many requests are there. It shows
nothing that the list beside it does not say, so that nobody needs it."""

from dataclasses import dataclass
from math import cos, radians, sqrt

# All lengths in units of the drawing, whose width is that of the smallest phone.
WIDTH = 320
LOWEST, HIGHEST = 160, 400
MARGIN = 46
SMALLEST, LARGEST = 9, 20
# Room that a letter and a line of a label take up.
LETTER, LINE = 7, 14


@dataclass(frozen=True)
class Circle:
    """A neighbourhood on the map. `label_y` is None where there is no room for its name."""

    place: dict
    x: int
    y: int
    radius: int
    label_x: int
    label_y: int | None


@dataclass(frozen=True)
class Map:
    width: int
    height: int
    circles: list[Circle]
    places: list[dict]


def drawn(places):
    """The map of these places: dictionaries with a `neighbourhood`, a `number` of requests and what the template wants
    to know besides."""
    if not places:
        return Map(WIDTH, LOWEST, [], [])
    height, points = _project([place["neighbourhood"] for place in places])
    most = max(place["number"] for place in places)
    sizes = [_radius(place["number"], most) for place in places]
    taken = [_box(x, y, 2 * size, 2 * size) for (x, y), size in zip(points, sizes, strict=True)]
    circles = []
    # Those with most requests get their name first.
    for number in sorted(range(len(places)), key=lambda number: (-places[number]["number"], number)):
        (x, y), size = points[number], sizes[number]
        label = _label(places[number]["neighbourhood"].name, (x, y, size), height, taken)
        circles.append(Circle(places[number], x, y, size, *label))
    return Map(WIDTH, height, circles, places)


def _project(neighbourhoods):
    """Height of the drawing and where the centres lie in it. A town is small enough for the earth to be flat."""
    middle = sum(it.latitude for it in neighbourhoods) / len(neighbourhoods)
    flat = [(it.longitude * cos(radians(middle)), -it.latitude) for it in neighbourhoods]
    left, top = (min(axis) for axis in zip(*flat, strict=True))
    wide, high = (max(axis) - min(axis) for axis in zip(*flat, strict=True))
    across, down = WIDTH - 2 * MARGIN, HIGHEST - 2 * MARGIN
    scale = min(across / wide if wide else down / (high or 1), down / high if high else across / (wide or 1))
    height = max(LOWEST, round(high * scale) + 2 * MARGIN)
    shift_x, shift_y = (WIDTH - wide * scale) / 2, (height - high * scale) / 2
    return height, [(round((x - left) * scale + shift_x), round((y - top) * scale + shift_y)) for x, y in flat]


def _radius(number, most):
    return round(SMALLEST + (LARGEST - SMALLEST) * sqrt(number / most)) if number else SMALLEST


def _label(name, circle, height, taken):
    """Where a name goes: below its circle, above it, or nowhere. What it covers is taken."""
    x, y, size = circle
    wide = len(name) * LETTER
    middle = min(max(x, wide // 2 + 2), WIDTH - wide // 2 - 2)
    for line in (y + size + LINE, y - size - 5):
        box = _box(middle, line - LINE // 2 + 2, wide, LINE)
        if box[1] >= 0 and box[3] <= height and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return middle, line
    return middle, None


def _box(x, y, wide, high):
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
