"""Writes invented people into the real tables, in bulk: through the ORM a million would take hours."""

import json
from itertools import repeat

import numpy as np
from django.db import connection

from accounts.models import User
from benchmarks._near_people import KINDS, SPEAK
from volunteering.models import Category, Reach, VolunteerProfile
from volunteering.models.volunteers import WEEK

CHUNK = 50_000


def load(people):
    """Replaces everybody in the database by these people; returns the keys of the kinds of help."""
    _begin()
    for model in (Reach, VolunteerProfile.categories.through, VolunteerProfile, User, Category):
        _execute(f"delete from {model._meta.db_table}")  # noqa: S608 -- names of our own tables
    kinds = range(1, KINDS + 1)
    _write(Category, id=kinds, code=(f"kind-{kind}" for kind in kinds), name_pl=(f"Kind {kind}" for kind in kinds))
    keys = range(1, len(people) + 1)
    _write(User, id=keys, email=(f"osoba{key}@example.org" for key in keys))
    spoken = {bits: json.dumps([code for bit, code in enumerate(SPEAK) if bits >> bit & 1]) for bits in range(8)}
    _write(
        VolunteerProfile,
        id=keys,
        user_id=keys,
        home_cell=people.cells.tolist(),
        radius=people.radius.tolist(),
        languages=map(spoken.get, people.languages.tolist()),
        availability=map(json.dumps, zip(*(day.tolist() for day in people.days), strict=True)),
    )
    _write_pairs(people)
    _end()
    return list(kinds)


def _write_pairs(people):
    """Who wants to help with what, and the read model, in the order of its index."""
    person, kind = np.nonzero(people.kinds[:, None] >> np.arange(KINDS) & 1)
    order = np.lexsort((people.cells[person], kind))
    person, kind = person[order], kind[order]
    keys, kinds = (person + 1).tolist(), (kind + 1).tolist()
    _write(VolunteerProfile.categories.through, volunteerprofile_id=keys, category_id=kinds)
    _write(
        Reach,
        category_id=kinds,
        cell=people.cells[person].tolist(),
        **{name: day[person].tolist() for name, day in zip(WEEK, people.days, strict=True)},
        radius=people.radius[person].tolist(),
        languages=people.languages[person].tolist(),
        skills=repeat(0, len(person)),
        volunteer=keys,
        profile_id=keys,
    )


def _write(model, **columns):
    """Rows of a table: the given columns, all others as a new object has them."""
    others = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key
    }
    names = ", ".join([*columns, *others])
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


def _begin():
    """Everybody is consistent in the end; checking each row on the way would double the time."""
    if connection.vendor == "postgresql":
        _execute("set session_replication_role = replica")
    else:
        for pragma in ("foreign_keys = off", "cache_size = -500000"):
            _execute(f"pragma {pragma}")
        _execute("begin immediate")


def _end():
    if connection.vendor == "sqlite":
        _execute("commit")
    else:
        _execute("vacuum (analyze) volunteering_reach")
    # The next connection is one as the site has it.
    connection.close()


def _execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
