"""What several people do at the same moment: each in a thread of its own, with a connection of its own, in the scope of
the test. On SQLite, where one writes at a time, the same tests say that waiting loses nothing."""

import threading
import time
from contextvars import copy_context

from django.db import connection, transaction

LONGEST_WAIT = 60
WAITING_FOR_US = "select count(*) from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"


def at_once(acts):
    """Runs every act, all from the same moment; returns what they answered or raised."""
    barrier, answers = threading.Barrier(len(acts)), []
    threads = [_thread(act, answers, before=lambda: barrier.wait(LONGEST_WAIT)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5 * LONGEST_WAIT)
    return answers


def meanwhile(first, then):
    """`first` is done and not yet committed when `then` begins; it is committed once `then` waits for it, or is over.
    Returns what `then` answered or raised."""
    answers = []
    thread = _thread(then, answers)
    with transaction.atomic():
        first()
        thread.start()
        _wait_until_it_waits(thread)
    thread.join(LONGEST_WAIT)
    return answers[0]


def _thread(act, answers, before=lambda: None):
    def run():
        try:
            before()
            answers.append(act())
        except Exception as error:  # noqa: BLE001 -- the test looks at every one of them
            answers.append(error)
        finally:
            connection.close()

    return threading.Thread(target=copy_context().run, args=(run,))


def _wait_until_it_waits(thread):
    """On SQLite the other one waits for the whole database, and nobody can be asked whether it does already."""
    until = time.monotonic() + LONGEST_WAIT
    while connection.vendor == "postgresql" and thread.is_alive() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING_FOR_US)
            if cursor.fetchone()[0]:
                return
        thread.join(0.005)
