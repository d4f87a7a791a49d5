"""People's own words: searched for what strangers may not read."""

import re

from volunteering.folding import clean, fold

__all__ = ["clean", "cut", "fold", "gives_away"]

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Nine digits in a row or in groups, with or without +48: a Polish phone number.
PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)\s?48[\s.-]?)?\d{2,3}(?:[\s.-]?\d{2,3}){2,3}(?!\d)")
# "Dinner for 4 os." are four people, no housing estate (os.).
STREET = re.compile(
    r"\b(?:ul|al|pl|(?<!\d )(?<!\d)os|aleja|alei|ulica|ulicy|plac|placu|osiedle|osiedlu)\b\.?"
    r"\s+\w[\w\s.-]{0,40}?\d+\w?(?:/\d+)?",
    re.IGNORECASE,
)
FLAT = re.compile(r"\b(?:m|mieszkanie|mieszkania|lokal)\b\.?\s*\d+", re.IGNORECASE)
DOOR_CODE = re.compile(r"\bkod(?:em|u)?\b(?:\s+\w+){0,3}?\W{0,3}\d{2,}#?", re.IGNORECASE)
POSTCODE = re.compile(r"(?<!\d)\d{2}-\d{3}(?!\d)")
ADDRESSES = (STREET, FLAT, DOOR_CODE, POSTCODE)
PHONE_DIGITS = 9
GAP = "[…]"


def gives_away(text):
    """Which contact details stand in free words: a set of "email", "phone", "address"."""
    found = set()
    if EMAIL.search(text):
        found.add("email")
    if any(_is_phone(match) for match in PHONE.finditer(text)):
        found.add("phone")
    if any(pattern.search(text) for pattern in ADDRESSES):
        found.add("address")
    return found


def cut(text):
    """The text with "[…]" in the place of every contact detail that `gives_away` finds."""
    text = EMAIL.sub(GAP, text)
    text = PHONE.sub(lambda match: GAP if _is_phone(match) else match.group(), text)
    for pattern in ADDRESSES:
        text = pattern.sub(GAP, text)
    return text


def _is_phone(match):
    return len(re.sub(r"\D", "", match.group())) >= PHONE_DIGITS
