"""Neighbourhoods out of files as people send them."""

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourhoods import places_file
from neighbourhoods.geo import middle_of
from neighbourhoods.places_file import BadFile, read

HEADER = "nazwa;rodzaj;miejscownik;szerokosc;dlugosc"
SQUARE = [[18.8, 50.2], [18.9, 50.2], [18.9, 50.3], [18.8, 50.3], [18.8, 50.2]]
# A horseshoe, whose centre of gravity lies outside.
HORSESHOE = [[18.0, 50.0], [18.9, 50.0], [18.9, 50.9], [18.8, 50.9], [18.8, 50.1], [18.1, 50.1], [18.1, 50.9], [18.0, 50.9], [18.0, 50.0]]  # fmt: skip  # noqa: E501


def rows(*lines, header=HEADER):
    return "\n".join([header, *lines]).encode()


def feature(*, geometry=None, **properties):
    properties = {"name": "Wirek", "kind": "dzielnica", "locative": "w Wirku", **properties}
    geometry = geometry or {"type": "Polygon", "coordinates": [SQUARE]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1).encode()


def problems(content, **options):
    with pytest.raises(BadFile) as refusal:
        read(content, **options)
    return refusal.value.problems


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_list_is_read_whatever_divides_its_columns(sign):
    [place] = read(rows("Wirek;dzielnica;w Wirku;50.2744;18.8644").replace(b";", sign.encode()))

    assert (place.name, place.slug, place.kind, place.locative) == ("Wirek", "wirek", "district", "w Wirku")
    assert (place.latitude, place.longitude, place.precision, place.outline) == (50.2744, 18.8644, 300, None)


def test_list_of_a_polish_spreadsheet_is_read():
    [place] = read("\ufeff".encode() + rows("Łączki;Sołectwo;w Łączkach;50,2744;18,8644", "", ";;;;"))

    assert (place.slug, place.kind, place.latitude) == ("laczki", "village", 50.2744)


def test_every_bad_line_is_told():
    found = problems(
        rows(
            "Wirek;dzielnica;w Wirku;50.2744;18.8644",
            ";dzielnica;w Wirku;50.2744;18.8644",
            "Godula;miasto;w Goduli;50.2744;18.8644",
            "Halemba;dzielnica;w Halembie;18.8644;50.2744",
            "Kochłowice;dzielnica;w Kochłowicach;tu;tam",
            "WIREK;dzielnica;w Wirku;50.2744;18.8644",
        )
    )

    assert [int(re.search(r"\d+", problem)[0]) for problem in found] == [3, 4, 5, 6, 2, 7]


def test_columns_that_are_missing_are_named():
    [problem] = problems(rows("Wirek;50.2;18.8", header="nazwa;szerokosc;dlugosc"))

    assert "kind, locative" in problem


def test_bytes_that_are_no_utf8_say_in_which_line():
    [problem] = problems(rows("Wirek;dzielnica;w Wirku;50.2;18.8") + "\nŁączki".encode("cp1250"))

    assert "3" in problem
    assert "UTF-8" in problem


@pytest.mark.parametrize(
    "content",
    [
        b"", b"   ", b"\x00\x00", b"{", b"[]", b'{"features": 7}', b'{"features": []}', b'{"features": [7, null]}',
        b'{"features": [{"properties": {"name": NaN}}]}', b"[" * 100_000, b"PK\x03\x04" + b"\xff" * 10,
        b"\xef\xbb\xbf", b'nazwa;rodzaj\n"', HEADER.encode(), b"x" * (places_file.LARGEST_FILE + 1),
    ],
)  # fmt: skip
def test_what_is_no_list_of_places_is_refused(content):
    assert problems(content)


@given(st.binary(max_size=400) | st.text(max_size=200).map(rows))
def test_no_bytes_break_the_reader(content):
    with suppress(BadFile):
        read(content)


def test_geojson_gives_outline_and_middle():
    [place] = read(geojson(feature()))

    assert (place.latitude, place.longitude) == (50.25, 18.85)
    assert place.outline == {"type": "Polygon", "coordinates": [SQUARE]}


def test_point_beside_the_outline_wins():
    [place] = read(geojson(feature(lat=50.21, lon=18.81)))

    assert (place.latitude, place.longitude) == (50.21, 18.81)


def test_middle_of_a_horseshoe_lies_inside():
    latitude, longitude = middle_of({"type": "Polygon", "coordinates": [HORSESHOE]})

    assert 18.0 <= longitude <= 18.1 or 18.8 <= longitude <= 18.9
    assert 50.0 <= latitude <= 50.9


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [SQUARE[:-1]]},
        {"type": "Polygon", "coordinates": [SQUARE[:3]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
        {"type": "Polygon", "coordinates": [[[y, x] for x, y in SQUARE]]},
        {"type": "MultiPolygon", "coordinates": [SQUARE]},
        {"type": "Polygon"},
        {"type": "LineString", "coordinates": SQUARE},
        {"type": "Point", "coordinates": [18.8]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [2.35, 48.85]},
        "Polygon",
    ],
)
def test_bad_outline_is_refused_with_its_line(geometry):
    content = geojson(feature(), feature(name="Godula", geometry=geometry))
    line = content[: content.index(b"Godula")].count(b'"type": "Feature",\n')

    [problem] = problems(content)

    assert line == 2
    assert str(content[: content.rindex(b'"type": "Feature",')].count(b"\n")) in problem.split(":")[0]


def test_place_far_from_the_gmina_is_refused():
    content = rows("Wirek;dzielnica;w Wirku;54.16;19.4")

    assert len(problems(content, around=(50.28, 18.85))) == 1


@pytest.mark.parametrize("name", ["x" * 81, "Wi\x07rek", "\ud800", "---"])
def test_unreadable_names_are_refused(name):
    assert problems(geojson(feature(name=name)))


def test_too_many_places_are_refused():
    lines = [f"Miejsce {number};wieś;w Miejscu;50.2;18.8" for number in range(places_file.MOST_PLACES + 1)]

    assert len(problems(rows(*lines))) == 1
