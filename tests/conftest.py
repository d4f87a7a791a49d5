"""Fixtures of the whole suite, and what it is strict about beyond pytest itself."""

import logging
import os
import shutil
import subprocess
import sys

import hypothesis
import pytest

from config import catalogues

SERVER_MARKS = ("postgres", "redis")
LONG_MARKS = ("browser", "long")
TEMPLATE = pytest.StashKey()
# Debian, Fedora, Google's own package; CHROMIUM names another one.
CHROMIUMS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")


def chromium():
    """Path of a Chromium on this machine, or None."""
    return next(filter(None, map(shutil.which, filter(None, CHROMIUMS))), None)


# Properties are checked without a clock: these machines are shared, and slow is not wrong.
hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")


# --- Which tests run --------------------------------------------------------------------------------------------------


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        catalogues.compile_all()
        if config.getoption("numprocesses", None):
            config.stash[TEMPLATE] = begin_template()


def begin_template():
    """Workers come to their first database half a minute later, and would all wait for the first of them."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    return subprocess.Popen([sys.executable, "-m", "tests.databases"], env=environment)


def pytest_unconfigure(config):
    if template := config.stash.get(TEMPLATE, None):
        template.wait()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Marks what the real servers can change (dev.py reads its files), keeps only that in their run, and skips the
    browser's tests where there is none. What takes long begins early: no worker is left alone with it at the end."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, LONG_MARKS)))
    for item in items:
        if any(item.get_closest_marker(mark) for mark in SERVER_MARKS):
            item.user_properties.append(("servers", item.nodeid.partition("::")[0]))
        if item.get_closest_marker("browser") and chromium() is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium here: apt install chromium"))
    if os.environ.get("OGNIWO_TEST_SERVERS"):
        others = [item for item in items if "servers" not in dict(item.user_properties)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


# --- Database and files of this worker --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, tmp_path_factory, worker):
    from django.test import TransactionTestCase  # noqa: PLC0415 -- needs Django set up

    from tests import databases  # noqa: PLC0415 -- needs Django set up

    with django_db_blocker.unblock():
        databases.make(tmp_path_factory.mktemp("database"), worker)
    TransactionTestCase._fixture_teardown = lambda _case: databases.renew()
    yield
    with django_db_blocker.unblock():
        databases.drop()


@pytest.fixture(scope="session")
def worker(request):
    """Name of this process among the parallel ones."""
    return getattr(request.config, "workerinput", {}).get("workerid", f"main{os.getpid()}")


@pytest.fixture(scope="session", autouse=True)
def media(tmp_path_factory):
    from django.conf import settings  # noqa: PLC0415 -- settings are there once pytest-django has started

    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def chromium_path():
    """The browser of tests marked `browser`."""
    return chromium()


# --- Every test starts clean and leaves no trouble behind -------------------------------------------------------------


@pytest.fixture(autouse=True)
def clean_process():
    """What lives in the process rather than in the database: caches in memory, language and zone of the thread."""
    from django.core.cache import caches  # noqa: PLC0415 -- needs Django set up
    from django.core.cache.backends.locmem import LocMemCache  # noqa: PLC0415 -- needs Django set up
    from django.utils import timezone, translation  # noqa: PLC0415 -- needs Django set up

    for cache in caches.all():
        if isinstance(cache, LocMemCache):
            cache.clear()
    translation.deactivate()
    timezone.deactivate()


class Records(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture(autouse=True)
def error_records():
    handler = Records()
    logging.getLogger().addHandler(handler)
    yield handler.records
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def logged_errors(error_records):
    """Records of level ERROR. A test that asks for them says that it means to cause some."""
    return error_records


@pytest.fixture(autouse=True)
def no_logged_errors(request, error_records):
    """An error that only the log has seen is a failure: a failed task of the queue, a lost coroutine, a lost bell."""
    yield
    if "logged_errors" not in request.fixturenames and error_records:
        words = "\n".join(logging.Formatter("%(name)s: %(message)s").format(record) for record in error_records)
        pytest.fail(f"Logged an error. {words}", pytrace=False)
