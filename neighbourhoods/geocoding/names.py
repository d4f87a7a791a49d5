"""The words of geocoding: points, failures, and how names of places are compared. Pure."""

import re
import unicodedata
from typing import NamedTuple

# Letters that Unicode does not decompose into a base letter and a mark.
UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d"})
# "ul.", "os." and the like in front of a name: people write them, registers mostly do not.
KIND = re.compile(r"^(?:ul|ulica|al|aleja|aleje|pl|plac|os|osiedle|dzielnica|solectwo|wies)\b\.?\s*")
NUMBER = re.compile(r"\s+(\d+\s?[a-z]?)$")
FLAT = re.compile(
    r"(\d+\s?[a-ząćęłńóśźż]?)\s*(?:/|\bm\.?|\bmieszkanie|\bmieszk\.?|\blok\.?|\blokal)\s*\d+\s?\w?\s*$", re.IGNORECASE
)


class Point(NamedTuple):
    """A place on earth: WGS84 degrees, and how far off it may be, in metres."""

    latitude: float
    longitude: float
    precision: int


class Unanswered(Exception):
    """The geocoder could not be asked now, or answered nonsense: worth another try later."""


def fold(name):
    """Lower case, no diacritics, ł as l, single spaces: how names are compared."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.translate(UNDECOMPOSED).split())


def street_and_number(text):
    """Folded name and number out of "ul. Markowa 20": ("markowa", "20"); the number is "" where there is none."""
    folded = KIND.sub("", fold(text))
    number = NUMBER.search(f" {folded}")
    if number is None:
        return folded, ""
    return f" {folded}"[: number.start()].strip(), number[1].replace(" ", "")


def without_flat(address):
    """The address up to the house: nobody outside needs to know the flat."""
    return FLAT.sub(r"\1", address.strip()).strip(" ,")
