"""The demonstration has a past: its verbs run at moments that lie behind us (or at a steady present)."""

from contextlib import contextmanager
from unittest import mock

from notifications.outbox import backdated


@contextmanager
def at(moment):
    """Everything that asks `timezone.now()` inside hears `moment`; events written inside carry it."""
    with backdated(moment), mock.patch("django.utils.timezone.now", return_value=moment):
        yield
