"""Limits of sign-in hold for the whole installation, however many processes it has."""

import os
import re
import subprocess
import sys

import pytest
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection

from tests.factories.accounts import UserFactory, code_of_app, give_app

on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="one process alone counts in its memory")

ASK_FOR_CODES = """
from allauth.core import ratelimit
from django.test import RequestFactory
request = RequestFactory().post("/")
print(*[bool(ratelimit.consume(request, action="request_login_code", key=sys.argv[1])) for _ in range(5)])
"""
SHOW_THE_APP = """
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
print(TOTP(Authenticator.objects.get(pk=sys.argv[1])).validate_code(sys.argv[2]))
"""


def elsewhere(code, *arguments):
    """Runs code in another process of the same installation; returns what it prints."""
    database = f"{settings.DATABASE_URL.rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys, django\ndjango.setup()\n{code}", *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "DATABASE_URL": database},
    )
    return run.stdout.split()


@pytest.mark.parametrize("name", ["pages", "renditions"])
def test_copies_stay_in_the_process_and_apart_from_the_limits(name):
    caches[name].set("a", 1)

    assert isinstance(caches[name], LocMemCache)
    assert LocMemCache("default", {}).get("a") is None


@pytest.mark.long
@pytest.mark.postgres
@on_postgres
@pytest.mark.django_db(transaction=True)
def test_processes_count_codes_together(rf):
    mailbox = "osoba@example.org"

    there = elsewhere(ASK_FOR_CODES, mailbox)
    here = [ratelimit.consume(rf.post("/"), action="request_login_code", key=mailbox) for _ in range(2)]

    assert there == ["True"] * 5
    assert here == [True, False]


@pytest.mark.postgres
@on_postgres
@pytest.mark.django_db(transaction=True)
def test_code_of_the_app_that_another_process_took_is_used_up():
    person = UserFactory()
    code = code_of_app(give_app(person))
    app = Authenticator.objects.get(user=person)

    there = elsewhere(SHOW_THE_APP, app.pk, code)

    assert there == ["True"]
    assert TOTP(app).validate_code(code) is False


@pytest.mark.postgres
@on_postgres
@pytest.mark.django_db
def test_table_of_limits_tells_nothing_about_people(rf):
    ratelimit.consume(rf.post("/"), action="request_login_code", key="osoba@example.org")

    with connection.cursor() as cursor:
        cursor.execute("select cache_key from shared_cache")
        keys = [key for (key,) in cursor.fetchall()]

    assert len(keys) == 2  # of the mailbox and of the network address
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


@pytest.mark.postgres
@pytest.mark.django_db
def test_table_of_limits_is_there_in_every_shape():
    assert "shared_cache" in connection.introspection.table_names()
