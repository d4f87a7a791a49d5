"""A real site for a real browser: Daphne in the embedded shape, on a database of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from tests import databases
from tests.browser.cast import HOST
from tests.cms import whole_site as whole

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
CODE = re.compile(r": (\d{4}-\d{4})\b")


@dataclass
class Site:
    """The address of the centre, and what only its operator could do."""

    origin: str
    environment: dict
    log: Path
    # What the clock of the site's processes shows when they start; None for the real one.
    moment: str | None = None

    def command(self, module, *words):
        """A Python module of the installation, in a process whose clock goes as the site's does."""
        at = ["-m", "tests.browser.clock", self.moment] if self.moment else []
        return [sys.executable, *(at or ["-m"]), module, *map(str, words)]

    def cast(self, *words):
        subprocess.run(self.command("tests.browser.cast", *words), env=self.environment, check=True)

    @property
    def addresses(self):
        """What `make_whole` has made: the paths of the pages in each language, and those of the application."""
        return json.loads(Path(self.environment["VAR_DIR"], "addresses.json").read_text())

    def code(self, seconds=20):
        """The code out of the newest e-mail: the demonstration prints its mail."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := CODE.findall(self.log.read_text(errors="replace")):
                return found[-1]
            time.sleep(0.1)
        raise AssertionError("no code came by e-mail")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, server):
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the site did not start")


@pytest.fixture
def site(tmp_path, django_db_setup):
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def site_at_three(tmp_path, django_db_setup):
    """A site where it is three o'clock in the afternoon of a Wednesday, and goes on from there."""
    with running(tmp_path, cast="make_urgent", moment="2027-04-21T15:00:00+02:00") as made:
        yield made


@pytest.fixture(scope="module")
def whole_site(tmp_path_factory, django_db_setup):
    """A new centre with one of everything, as `tests.cms.whole_site` makes it. Tests only look at it."""
    with running(tmp_path_factory.mktemp("whole"), cast="make_whole", host=whole.HOST) as made:
        yield made


@contextmanager
def running(directory, *, cast="make", moment=None, host=HOST):
    port, server_log = free_port(), directory / "server.log"
    shutil.copyfile(databases_template(), directory / "ogniwo.sqlite3")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "only-for-the-browser-" + "x" * 30,
        "OGNIWO_DEMO": "1",
        "SCHEME": "http",
        "ALLOWED_HOSTS": "localhost,.localhost",
        "VAR_DIR": str(directory),
        "ENV_FILE": "",
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    made = Site(f"http://{host}:{port}", environment, server_log, moment)
    made.cast(cast, port)
    with server_log.open("w") as log:
        server = subprocess.Popen(
            made.command("daphne", "-b", "127.0.0.1", "-p", port, "config.asgi:application"),
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(port, server)
        yield made
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def databases_template():
    """The migrated, empty database that the whole suite copies."""
    with databases.alone():
        return Path(settings.VAR_DIR, f"template-{databases.migrations_fingerprint()}.sqlite3")


@pytest.fixture
def browser(chromium_path):
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield running
        running.close()
