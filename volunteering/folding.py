"""Text as it is stored and searched: without what no form should keep, and folded so that spellings meet."""

import unicodedata

# Letters that Unicode does not decompose into a base letter and a mark.
UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "đ": "d", "ß": "ss"})


def fold(text):
    """Lower case without diacritics, ł as l: what is stored and what is asked for meet on either database."""
    decomposed = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def clean(text):
    """The text without what no form should keep: control characters, lone surrogates, direction overrides."""
    return "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Cf"}
    )
