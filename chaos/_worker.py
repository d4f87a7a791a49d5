"""The real worker. What one that was killed had in hand is free again after seconds here, not after minutes: the lease
is sized for slow mail servers, and the run would only wait longer for its end."""

from datetime import timedelta

from django.core.management import call_command

from chaos import _news  # noqa: F401 -- registers the kind of news
from notifications import leases

LEASE = timedelta(seconds=20)

if __name__ == "__main__":
    leases.LEASE = LEASE
    call_command("worker")
