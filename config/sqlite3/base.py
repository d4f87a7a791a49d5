"""Django's SQLite, with one queue for all writers of the process.

SQLite lets one transaction write at a time, and whoever finds it busy asks again after a while that gets longer, up to
a tenth of a second. Among two hundred who press at once there is nearly always somebody quicker, until the patience of
20 seconds is over: "database is locked". Threads that wait for a lock of the process are woken in turn. Other processes
(the shell, a backup) are still kept apart by SQLite itself.
"""

from collections import defaultdict
from threading import Lock

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

# By name of the database.
turns = defaultdict(Lock)


class DatabaseWrapper(base.DatabaseWrapper):
    """Holds the turn from the beginning of a transaction to its end, however it ends."""

    turn = None

    def _start_transaction_under_autocommit(self):
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_turn()
            raise

    def _commit(self):
        super()._commit()
        # A commit that fails is rolled back, and only then others may go on.
        self._give_turn()

    def _rollback(self):
        super()._rollback()
        self._give_turn()

    def _close(self):
        try:
            super()._close()
        finally:
            self._give_turn()

    def _take_turn(self):
        patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        turn = turns[str(self.settings_dict["NAME"])]
        if not turn.acquire(timeout=patience):
            raise OperationalError("database is locked: another thread has been writing all the time")
        self.turn = turn

    def _give_turn(self):
        if self.turn is not None:
            turn, self.turn = self.turn, None
            turn.release()
