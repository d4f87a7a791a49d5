"""Neighbourhoods out of a file: GeoJSON from a map program, or a list with one place a line (CSV).

Pure: bytes in, places out, or all that is wrong with them, each with the line where it stands. The file comes from
people: it may be in any encoding, half a file, or no such file at all.
"""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

from neighbourhoods.geo import Unreadable, as_number, check_outline, check_point, kilometres, middle_of
from neighbourhoods.geocoding.names import fold
from neighbourhoods.models import Neighbourhood

LARGEST_FILE = 5 * 1024 * 1024
MOST_PLACES = 500
LONGEST_NAME = 80
# The largest gmina of Poland is some 60 km across.
FARTHEST = 60
USUAL_PRECISION = 300
PRECISIONS = (10, 10_000)
# As people write it → what is kept.
KINDS = {
    "dzielnica": Neighbourhood.Kind.DISTRICT,
    "district": Neighbourhood.Kind.DISTRICT,
    "osiedle": Neighbourhood.Kind.ESTATE,
    "estate": Neighbourhood.Kind.ESTATE,
    "wies": Neighbourhood.Kind.VILLAGE,
    "solectwo": Neighbourhood.Kind.VILLAGE,
    "village": Neighbourhood.Kind.VILLAGE,
}
# Column or property → our field; Polish and English, folded.
FIELDS = {
    "name": "name",
    "nazwa": "name",
    "kind": "kind",
    "rodzaj": "kind",
    "typ": "kind",
    "locative": "locative",
    "miejscownik": "locative",
    "gdzie": "locative",
    "latitude": "latitude",
    "lat": "latitude",
    "szerokosc": "latitude",
    "longitude": "longitude",
    "lon": "longitude",
    "lng": "longitude",
    "dlugosc": "longitude",
    "precision": "precision",
    "dokladnosc": "precision",
}
NEEDED = ("name", "kind", "locative")


@dataclass(frozen=True)
class Place:
    """A neighbourhood as the file has it."""

    name: str
    slug: str
    kind: str
    locative: str
    latitude: float
    longitude: float
    precision: int = USUAL_PRECISION
    outline: dict | None = None


class BadFile(Exception):
    """Nothing of the file is used. `problems`: sentences in the reader's language, each with its line."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


def read(content, *, around=None):
    """The places in a file, in its order; none of them may be far from `around` (latitude, longitude), where given.
    Raises BadFile with all that is wrong."""
    text = _decoded(content)
    rows = _from_geojson(text) if text.lstrip().startswith(("{", "[")) else _from_list(text)
    if not rows:
        raise BadFile([_("The file names no place.")])
    if len(rows) > MOST_PLACES:
        raise BadFile(
            [_("%(number)d places are too many: at most %(most)d.") % {"number": len(rows), "most": MOST_PLACES}]
        )
    problems, places = [], []
    for line, fields in rows:
        try:
            places.append((line, _near(_place(fields), around)))
        except Unreadable as error:
            problems.append(_at(line, error))
    problems += _twins(places)
    if problems:
        raise BadFile(problems)
    return [place for _line, place in places]


def _at(line, problem):
    return _("Line %(line)d: %(problem)s") % {"line": line, "problem": problem}


def _decoded(content):
    if len(content) > LARGEST_FILE:
        raise BadFile([_("The file is larger than 5 MB. Make its outlines simpler.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile([_at(line, _("this is not UTF-8. Save the file again, with the encoding UTF-8."))]) from error


# --- Lists ------------------------------------------------------------------------------------------------------------


def _from_list(text):
    lines = text.splitlines() or [""]
    sign = max(";,\t", key=lines[0].count)
    try:
        rows = list(_rows(text, sign))
    except csv.Error as error:
        raise BadFile([_("The list cannot be read: %(error)s.") % {"error": error}]) from error
    header = [FIELDS.get(fold(name.strip())) for name in rows[0][1]] if rows else []
    if absent := [name for name in (*NEEDED, "latitude", "longitude") if name not in header]:
        problem = _("the first line names the columns, and these are missing: %(names)s.")
        raise BadFile([_at(1, problem % {"names": ", ".join(absent)})])
    return [
        (line, {name: value.strip() for name, value in zip(header, row, strict=False) if name})
        for line, row in rows[1:]
        if any(cell.strip() for cell in row)
    ]


def _rows(text, sign):
    """Pairs of the line where a row begins (a cell in quotes may hold several lines) and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    begins = 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


# --- GeoJSON ----------------------------------------------------------------------------------------------------------


def _from_geojson(text):
    try:
        found = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise BadFile([_at(error.lineno, _("this is no JSON (%(error)s).") % {"error": error.msg})]) from error
    except (ValueError, RecursionError) as error:
        raise BadFile([_("This JSON cannot be read.")]) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise BadFile([_("This is no GeoJSON: it has no list “features”.")])
    lines = _lines_of_features(text, len(features))
    return [(line, _fields_of(feature)) for line, feature in zip(lines, features, strict=True)]


def _no_number(word):
    raise ValueError(word)


def _lines_of_features(text, number):
    """The line where each feature begins."""
    decoder = json.JSONDecoder()
    for found in re.finditer(r'"features"\s*:\s*\[', text):
        lines, position = [], found.end()
        try:
            while len(lines) < number:
                position = re.compile(r"[\s,]*").match(text, position).end()
                lines.append(text.count("\n", 0, position) + 1)
                position = decoder.raw_decode(text, position)[1]
        except (json.JSONDecodeError, RecursionError):
            continue
        return lines
    return [1] * number


def _fields_of(feature):
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    fields = {FIELDS[fold(name)]: value for name, value in properties.items() if fold(name) in FIELDS}
    return {**fields, "geometry": feature.get("geometry")}


# --- One place --------------------------------------------------------------------------------------------------------


def _place(fields):
    name, locative = _words(fields, "name"), _words(fields, "locative")
    kind = KINDS.get(fold(str(fields.get("kind") or "").strip()))
    if kind is None:
        raise Unreadable(_("the kind is one of: dzielnica, osiedle, wieś (sołectwo)."))
    slug = slugify(fold(name))[:50]
    if not slug:
        raise Unreadable(_("the name has no letters."))
    outline, middle = _geometry(fields)
    return Place(name, slug, str(kind), locative, *middle, _precision(fields), outline)


def _near(place, around):
    """A list of another gmina, or a slip of the pen, is found by the distance."""
    if around and kilometres(around, (place.latitude, place.longitude)) > FARTHEST:
        raise Unreadable(
            _("“%(name)s” lies more than %(most)d km from the middle of the municipality.")
            % {"name": place.name, "most": FARTHEST}
        )
    return place


def _words(fields, name):
    value = fields.get(name)
    words = " ".join(value.split()) if isinstance(value, str) else ""
    if not words:
        raise Unreadable(_("“%(field)s” is missing.") % {"field": name})
    if len(words) > LONGEST_NAME or not words.isprintable():
        raise Unreadable(_("“%(field)s” is too long, or holds signs that nobody can read.") % {"field": name})
    return words


def _geometry(fields):
    """Outline and middle: a point given beside the outline wins, else the middle is computed."""
    geometry = fields.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    outline = check_outline(geometry) if kind in {"Polygon", "MultiPolygon"} else None
    if fields.get("latitude") not in (None, "") or fields.get("longitude") not in (None, ""):
        return outline, check_point(fields.get("latitude"), fields.get("longitude"))
    if outline is not None:
        return outline, middle_of(outline)
    if kind == "Point":
        position = geometry.get("coordinates")
        position = position if isinstance(position, list) and len(position) > 1 else [None, None]
        return None, check_point(position[1], position[0])
    raise Unreadable(_("it has neither an outline (Polygon, MultiPolygon) nor a point."))


def _precision(fields):
    value = fields.get("precision")
    if value in (None, ""):
        return USUAL_PRECISION
    metres = as_number(value)
    if metres is None or not PRECISIONS[0] <= metres <= PRECISIONS[1]:
        raise Unreadable(_("the precision is a number of metres from 10 to 10000."))
    return round(metres)


def _twins(places):
    """The same name twice would be one page for two places."""
    counts = Counter(place.slug for _line, place in places)
    for line, place in places:
        if counts[place.slug] > 1:
            yield _at(line, _("“%(name)s” is there more than once.") % {"name": place.name})
