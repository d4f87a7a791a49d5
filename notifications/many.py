"""Thousands of ids in one query."""

import json

from django.db import connection
from django.db.models.expressions import RawSQL

FEW = 500


def among(ids):
    """What `…__in=` is given for these ids: many of them travel as one parameter. Thousands of parameters take longer
    than the query, and databases have a limit."""
    ids = list(ids)
    if len(ids) <= FEW:
        return ids
    if connection.vendor == "postgresql":
        return RawSQL("select unnest(%s::bigint[])", [ids])
    return RawSQL("select value from json_each(%s)", [json.dumps(ids)])
