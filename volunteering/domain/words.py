"""People's own words: folded for searching, and searched for what strangers may not read."""

import re
import unicodedata

# Letters that Unicode does not decompose into a base letter and a mark.
UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "đ": "d", "ß": "ss"})

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
# Nine digits in a row or in groups, with or without +48: a Polish phone number.
PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)\s?48[\s-]?)?\d{2,3}(?:[\s-]?\d{2,3}){2,3}(?!\d)")
STREET = re.compile(
    r"\b(?:ul|al|pl|os|aleja|alei|ulica|ulicy|plac|placu|osiedle|osiedlu)\b\.?\s+\w[\w\s.-]{0,40}?\d+", re.IGNORECASE
)
FLAT = re.compile(r"\b(?:m|mieszkanie|mieszkania|lokal|kod do (?:bramy|klatki|domofonu))\b\.?\s*\d+", re.IGNORECASE)
POSTCODE = re.compile(r"(?<!\d)\d{2}-\d{3}(?!\d)")


def fold(text):
    """Lower case without diacritics, ł as l: what is stored and what is asked for meet on either database."""
    decomposed = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def clean(text):
    """The text without what no form should keep: control characters, lone surrogates, direction overrides."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Cf"})


def gives_away(text):
    """Which contact details stand in free words: a set of "email", "phone", "address"."""
    found = set()
    if EMAIL.search(text):
        found.add("email")
    if any(len(re.sub(r"\D", "", match.group())) >= 9 for match in PHONE.finditer(text)):
        found.add("phone")
    if STREET.search(text) or FLAT.search(text) or POSTCODE.search(text):
        found.add("address")
    return found
