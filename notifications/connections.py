"""Database connections of threads that live as long as their process."""

import time

from django.db import close_old_connections, connections

KEPT_SECONDS = 60


class KeptConnections:
    """Lets go of this thread's connections after a failure and once a minute, not after every piece of work: opening
    one costs more than most pieces (5 ms of CPU on SQLite, a process of its own on PostgreSQL)."""

    def __init__(self):
        self.since = time.monotonic()

    def refresh(self):
        now = time.monotonic()
        has_failed = any(connection.errors_occurred for connection in connections.all(initialized_only=True))
        if has_failed or now - self.since > KEPT_SECONDS:
            close_old_connections()
            self.since = now

    @staticmethod
    def close():
        connections.close_all()
