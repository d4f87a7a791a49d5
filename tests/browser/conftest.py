"""A real site for a real browser: Daphne in the embedded shape, on a database of its own."""

import json
import re
import shutil
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from tests import databases
from tests.browser import processes
from tests.browser.cast import HOST
from tests.cms import whole_site as whole

# Every window of a Chromium without a screen draws the list below its address bar, which nobody sees: a second of
# computing; and a spare process for a page that never comes. The rest is what Playwright switches off: its list does
# not count beside another.
FEATURES_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess",
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
)  # fmt: skip
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(FEATURES_OFF)}",
    # A page is left before it is worth translating its scripts, and axe, into fast code.
    "--js-flags=--no-turbofan,--no-maglev",
]
CODE = re.compile(r": (\d{4}-\d{4})\b")


# What the installation is told by its environment; its files are of each site.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-the-browser-" + "x" * 30,
    "OGNIWO_DEMO": "1",
    "SCHEME": "http",
    "ALLOWED_HOSTS": "localhost,.localhost",
    "ENV_FILE": "",
    "LOG_LEVEL": "WARNING",
    "DATABASE_URL": "",
    "REDIS_URL": "",
}


@dataclass
class Site:
    """The address of the centre, and what only its operator could do."""

    origin: str
    home: Path
    # What the clock of the site's processes shows when they start; None for the real one.
    moment: str | None = None

    @property
    def log(self):
        return self.home / "server.log"

    def cast(self, act, *words):
        process = processes.begin("play", self.home, self.moment, act, *words)
        process.join()
        assert process.exitcode == 0, f"{act}: its error is in what was captured"

    def serve(self, port):
        """Starts the server; the process, once it listens."""
        server = processes.begin("serve", self.home, self.moment, port, self.log)
        until = time.monotonic() + 90
        while time.monotonic() < until and server.is_alive():
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return server
            time.sleep(0.05)
        raise AssertionError(f"the site did not start\n{self.log.read_text()}")

    @property
    def addresses(self):
        """What `make_whole` has made: the paths of the pages in each language, and those of the application."""
        return json.loads((self.home / "addresses.json").read_text())

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


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """The process that all processes of sites are forked from."""
    processes.prepare({**ENVIRONMENT, "VAR_DIR": str(tmp_path_factory.mktemp("installation"))})


@pytest.fixture
def site(tmp_path, django_db_setup, installation):
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def site_at_three(tmp_path, django_db_setup, installation):
    """A site where it is three o'clock in the afternoon of a Wednesday, and goes on from there."""
    with running(tmp_path, cast="make_urgent", moment="2027-04-21T15:00:00+02:00") as made:
        yield made


@pytest.fixture(scope="package")
def whole_site(tmp_path_factory, django_db_setup, installation):
    """A new centre with one of everything, as `tests.cms.whole_site` makes it. Tests only look at it."""
    with running(tmp_path_factory.mktemp("whole"), cast="make_whole", host=whole.HOST) as made:
        yield made


@contextmanager
def running(directory, *, cast="make", moment=None, host=HOST):
    port = free_port()
    shutil.copyfile(databases_template(), directory / "ogniwo.sqlite3")
    made = Site(f"http://{host}:{port}", directory, moment)
    made.cast(cast, port)
    server = made.serve(port)
    yield made
    server.terminate()
    server.join(20)
    ended = server.exitcode
    # One that does not end would keep the tests from ending too.
    server.kill()
    assert ended == 0, f"the site did not stop\n{made.log.read_text()}"


def databases_template():
    """The migrated, empty database that the whole suite copies."""
    with databases.alone():
        return Path(settings.VAR_DIR, f"template-{databases.migrations_fingerprint()}.sqlite3")


@pytest.fixture(scope="package")
def chromium(chromium_path, django_db_setup):
    """One for all tests of this directory, and gone before any other: while Playwright is there, a loop runs in this
    thread, and Django refuses to open a database."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def browser(chromium):
    """Windows, cookies and caches are of each test."""
    yield chromium
    for context in chromium.contexts:
        context.close()
