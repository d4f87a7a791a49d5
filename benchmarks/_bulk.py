"""Writes rows into the real tables, in bulk: through the ORM a million would take hours."""

from itertools import repeat

from django.db import connection

from config.duties import get_to_know_the_tables


def begin():
    """Everything is consistent in the end; checking each row on the way would double the time."""
    if connection.vendor == "postgresql":
        execute("set session_replication_role = replica")
    else:
        for pragma in ("foreign_keys = off", "cache_size = -500000"):
            execute(f"pragma {pragma}")
        execute("begin immediate")


def empty(*models):
    for model in models:
        execute(f"delete from {model._meta.db_table}")  # noqa: S608 -- names of our own tables


def write(model, **columns):
    """Rows of a table: the given columns, all others as a new object has them."""
    others = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key
    }
    names = ", ".join(map(connection.ops.quote_name, [*columns, *others]))
    rows = zip(*columns.values(), *(repeat(value) for value in others.values()), strict=False)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"copy {model._meta.db_table} ({names}) from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * (len(columns) + len(others)))
            statement = f"insert into {model._meta.db_table} ({names}) values ({marks})"  # noqa: S608 -- our own names
            connection.connection.executemany(statement, rows)


def end(*models):
    """The database gets to know the tables, as its own tidying and the worker's would have it do in time."""
    if connection.vendor == "sqlite":
        execute("commit")
        get_to_know_the_tables()
    else:
        for model in models:
            execute(f"vacuum (analyze) {model._meta.db_table}")
    # The next connection is one as the site has it.
    connection.close()


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
