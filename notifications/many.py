"""Thousands of ids in one query."""

import json
from contextlib import contextmanager, suppress
from itertools import count

from django.db import DatabaseError, connection
from django.db.models import Aggregate, Field
from django.db.models.expressions import RawSQL

FEW = 500
NUMBERS = count(1)


class Listed(list):
    """Ids that also stand in a temporary table of this connection."""

    def __init__(self, ids, table):
        super().__init__(ids)
        self.table = table


@contextmanager
def listed(ids):
    """Yields the ids as a list that several queries in a row can ask for. SQLite would read thousands of them anew for
    each query, so there they are put into a table once."""
    if connection.vendor == "postgresql" or len(ids) <= FEW:
        yield list(ids)
        return
    table = f"listed_{next(NUMBERS)}"
    with connection.cursor() as cursor:
        cursor.execute(f"create temporary table {table} (id integer primary key)")
        cursor.execute(f"insert into {table} select value from json_each(%s)", [json.dumps(list(ids))])  # noqa: S608 -- a name from above
    try:
        yield Listed(ids, table)
    finally:
        # A transaction around us that has failed takes the table with it.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"drop table {table}")


def among(ids):
    """What `…__in=` is given for these ids: many of them travel as one parameter. Thousands of parameters take longer
    than the query, and databases have a limit."""
    if len(ids) <= FEW:
        return list(ids)
    if isinstance(ids, Listed):
        return RawSQL(f"select id from {ids.table}", [])  # noqa: S608, S611 -- a name from above
    if connection.vendor == "postgresql":
        return RawSQL("select unnest(%s::bigint[])", [list(ids)])
    return RawSQL("select value from json_each(%s)", [json.dumps(list(ids))])


def one_of(ids):
    """SQL that follows a column: it is one of these ids; and the value of its parameter `people`, None for none."""
    if isinstance(ids, Listed):
        return f"in (select id from {ids.table})", None  # noqa: S608 -- a name from above
    if connection.vendor == "postgresql":
        return "= any(%(people)s::bigint[])", list(ids)
    return "in (select value from json_each(%(people)s))", json.dumps(list(ids))


class IdList(Aggregate):
    """The ids of a group, as one list."""

    function = "ARRAY_AGG"
    output_field = Field()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)

    def convert_value(self, value, expression, connection):
        return json.loads(value) if isinstance(value, str) else value
