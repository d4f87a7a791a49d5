"""What may stand in an address: only what every database can look up. Anything else is not found, instead of breaking
the query (PostgreSQL takes no NUL, SQLite no number beyond 64 bits)."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class KeyConverter(IntConverter):
    """The key of a row."""

    regex = "[0-9]{1,18}"


class ReferenceConverter(StringConverter):
    """A reference as it is read out, in any letters."""

    regex = "[A-Za-z0-9-]{1,16}"


register_converter(KeyConverter, "key")
register_converter(ReferenceConverter, "reference")
