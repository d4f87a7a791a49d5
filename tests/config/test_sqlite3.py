"""Writers of one process take turns, and however a transaction ends, the next one may begin."""

from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from accounts.models import User

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL lets many write at once"),
]


def in_a_thread(function):
    """Runs it with a connection of its own and returns what it raised, or None."""
    raised = []

    def run():
        try:
            function()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            raised.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "it waits for a turn that nobody has"
    return raised[0] if raised else None


def write():
    with transaction.atomic():
        User.objects.create_user(f"osoba{User.objects.count()}@example.org")


@contextmanager
def somebody_writing():
    """Another thread is within a transaction as long as the block lasts."""
    has_begun, may_end = Event(), Event()

    def hold():
        with transaction.atomic():
            has_begun.set()
            may_end.wait(10)
        connections.close_all()

    thread = Thread(target=hold)
    thread.start()
    has_begun.wait(10)
    try:
        yield may_end
    finally:
        may_end.set()
        thread.join(10)


def test_writer_waits_for_the_one_before():
    with somebody_writing() as may_end:
        Thread(target=lambda: Event().wait(0.05) or may_end.set()).start()
        write()

    assert User.objects.count() == 1


def test_writer_who_waits_too_long_is_told_and_holds_nobody_up(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)

    with somebody_writing(), pytest.raises(OperationalError, match="locked"):
        write()

    assert in_a_thread(write) is None


def test_turn_ends_with_a_rollback():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError

    assert in_a_thread(write) is None


def test_turn_ends_with_a_commit_that_fails():
    """The foreign key is checked at the commit."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into account_emailaddress (email, verified, \"primary\", user_id) values ('a', 0, 0, 9)")

    assert in_a_thread(write) is None


def test_turn_ends_with_the_connection():
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.close()

    assert in_a_thread(write) is None


def test_reader_waits_for_nobody():
    with somebody_writing():
        assert User.objects.count() == 0
