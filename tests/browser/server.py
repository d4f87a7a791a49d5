"""What processes of the installation do for the browser's tests. Imported only by the one that they are forked from."""

import os
from contextlib import nullcontext
from datetime import datetime

import django
import time_machine

django.setup()

from django.conf import settings  # noqa: E402 -- Django must be set up first
from django.template import engines  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from tests import databases  # noqa: E402
from tests.browser import cast  # noqa: E402

# What a process imports with its first page. Not Daphne: its event loop must not be shared with other forks.
engines.all()
_views = get_resolver().url_patterns


def play(home, moment, act, *words):
    """One act of the cast, in the installation whose files are in `home`."""
    with installation(home, moment):
        cast.ACTS[act](*words)


def serve(home, moment, port, log):
    """Serves the site, as the command in config/asgi.py does, until it is told to stop."""
    with log.open("w") as target:
        for stream in (1, 2):
            os.dup2(target.fileno(), stream)
    with installation(home, moment):
        from daphne.cli import CommandLineInterface  # noqa: PLC0415 -- makes the event loop of this process

        CommandLineInterface().run(["-b", "127.0.0.1", "-p", str(port), "config.asgi:application"])


def installation(home, moment):
    """Makes this process one of the installation in `home`. Its clock starts at `moment`, if one is named."""
    settings.VAR_DIR, settings.MEDIA_ROOT = home, home / "media"
    databases.use(str(home / "ogniwo.sqlite3"))
    return time_machine.travel(datetime.fromisoformat(moment), tick=True) if moment else nullcontext()
