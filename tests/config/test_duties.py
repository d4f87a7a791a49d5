"""SQLite is told what its tables hold, as PostgreSQL finds out by itself."""

import pytest
from django.db import connection

from config.duties import get_to_know_the_tables
from notifications.registry import DUTIES
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_the_worker_gets_to_know_the_tables():
    assert "config.duties.get_to_know_the_tables" in DUTIES


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps itself informed")
def test_sqlite_knows_how_many_rows_a_table_has():
    UserFactory.create_batch(3)

    get_to_know_the_tables()

    with connection.cursor() as cursor:
        cursor.execute("select stat from sqlite_stat1 where tbl = 'accounts_user'")
        assert {row[0].split()[0] for row in cursor.fetchall()} == {"3"}


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has to be told")
def test_postgresql_is_left_alone(django_assert_num_queries):
    with django_assert_num_queries(0):
        get_to_know_the_tables()
