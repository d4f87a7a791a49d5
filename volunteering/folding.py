"""Text as it is stored and searched: without what no form should keep, and folded so that spellings meet."""

import unicodedata

from neighbourhoods.geocoding.names import fold

__all__ = ["clean", "fold"]


def clean(text):
    """The text without what no form should keep: control characters, lone surrogates, direction overrides."""
    return "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Cf"}
    )
