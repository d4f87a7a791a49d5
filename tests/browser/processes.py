"""Processes of the installation that the browser visits: forks of one that has imported it.

To import it takes seconds of computing, to fork milliseconds; and every test needs some.
"""

import multiprocessing
from multiprocessing import forkserver

import pytest

FORKS = multiprocessing.get_context("forkserver")


def prepare(environment):
    """Starts what the others are forked from, unless it runs. It sees the environment of its first caller."""
    FORKS.set_forkserver_preload([__name__, "tests.browser.server"])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        forkserver.ensure_running()


def begin(act, *words):
    """A process that does one of the acts of `tests.browser.server`."""
    process = FORKS.Process(target=_do, args=(act, *words), daemon=True)
    process.start()
    return process


def _do(act, *words):
    from tests.browser import server  # noqa: PLC0415 -- sets Django up; imported already where this runs

    getattr(server, act)(*words)
