"""How names of places are compared, and what of an address goes outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourhoods.geocoding.names import fold, street_and_number, without_flat


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Ruda Śląska", "ruda slaska"),
        ("  ŁĄKOWA   Żółta ", "lakowa zolta"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold_takes_away_case_marks_and_spaces(name, folded):
    assert fold(name) == folded


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_fold_is_stable(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ul. Markowa 20", ("markowa", "20")),
        ("Markowa 20a", ("markowa", "20a")),
        ("Markowa 20 A", ("markowa", "20a")),
        ("ul. 1 Maja 5", ("1 maja", "5")),
        ("3 Maja", ("3 maja", "")),
        ("os. Kaufhaus 2", ("kaufhaus", "2")),
        ("Chechło 12", ("chechlo", "12")),
        ("12", ("", "12")),
        ("", ("", "")),
    ],
)
def test_street_and_number_are_told_apart(address, expected):
    assert street_and_number(address) == expected


@pytest.mark.parametrize(
    ("address", "house"),
    [
        ("ul. Markowa 20/5", "ul. Markowa 20"),
        ("Markowa 20 / 5", "Markowa 20"),
        ("Markowa 20a/15", "Markowa 20a"),
        ("Markowa 20 m. 5", "Markowa 20"),
        ("Markowa 20 m 5", "Markowa 20"),
        ("Markowa 20 mieszkanie 5", "Markowa 20"),
        ("Markowa 20 lok. 5A", "Markowa 20"),
        ("1 Maja 5", "1 Maja 5"),
        ("11 Listopada 3", "11 Listopada 3"),
        ("Chechło 12", "Chechło 12"),
        (" Markowa 20, ", "Markowa 20"),
        ("", ""),
    ],
)
def test_the_flat_is_left_out(address, house):
    assert without_flat(address) == house
