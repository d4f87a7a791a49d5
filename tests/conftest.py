"""Fixtures of the whole suite. The migrated database is made once per state of the migrations and then copied."""

import fcntl
import hashlib
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection


def migrations_fingerprint():
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(f"{config.name}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def sqlite_template(directory):
    """Path of a migrated, empty database. Made by whichever worker comes first; the others wait for it."""
    directory.mkdir(parents=True, exist_ok=True)
    template = directory / f"template-{migrations_fingerprint()}.sqlite3"
    with (directory / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            draft = template.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            connection.settings_dict["NAME"] = str(draft)
            connection.close()
            call_command("migrate", verbosity=0)
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            draft.rename(template)
    return template


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, request):
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        template = sqlite_template(Path(settings.VAR_DIR))
        database = template.with_name(f"test-{worker}.sqlite3")
        for leftover in database.parent.glob(f"{database.name}*"):
            leftover.unlink()
        shutil.copyfile(template, database)
        connection.close()
        connection.settings_dict["NAME"] = str(database)
        settings.DATABASES["default"]["NAME"] = str(database)
    yield
    with django_db_blocker.unblock():
        connection.close()
