"""A throw-away installation to measure: its own database and servers, in either of the two shapes."""

import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import servers

HERE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR", HERE / "var")).absolute()
HOST = "gmina.localhost"
# Characters of a server's log that are shown when something goes wrong.
LOG_SHOWN = 6000
# As deployed with PostgreSQL for gunicorn, and for a Daphne that serves sockets only: opening a connection for each
# socket that comes would cost ten times what it needs. One that serves pages has a thread for each, and would keep all.
KEPT_CONNECTIONS = {"CONN_MAX_AGE": "none"}
FRAMES = ["--websocket-max-message-size", "4096", "--websocket-max-frame-size", "4096"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Stage:
    """One installation. `environment` is what its processes live in, `directory` goes with it."""

    name: str
    environment: dict
    directory: Path
    postgres: servers.Postgres | None = None
    redis: servers.Redis | None = None

    def manage(self, *words):
        subprocess.run([sys.executable, "manage.py", *words], cwd=HERE, env=self.environment, check=True)

    def python(self, module, *words, output=True):
        """Runs a module in this installation and returns what it prints."""
        run = subprocess.run(
            [sys.executable, "-m", module, *map(str, words)],
            cwd=HERE,
            env=self.environment,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if output else None,
            text=True,
        )
        return run.stdout

    @contextmanager
    def gunicorn(self, application="config.wsgi:application", workers=2, threads=4):
        """Pages as the server shape serves them; yields the port."""
        port = free_port()
        command = ["-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
        with self._process([*command, "--threads", str(threads), "--log-level", "error"], port, **KEPT_CONNECTIONS):
            yield port

    @contextmanager
    def daphne(self, application="config.asgi:application"):
        """Pages and sockets as the embedded shape serves them; yields the port."""
        with self.daphne_process(application) as (port, _pid):
            yield port

    @contextmanager
    def daphne_process(self, application="config.asgi:application", **environment):
        """The same with an environment of its own; yields the port and the process id."""
        port = free_port()
        address = f"tcp:port={port}:interface=127.0.0.1:backlog=1024"
        with self._process(["-m", "daphne", "-e", address, *FRAMES, application], port, **environment) as process:
            yield port, process.pid

    @contextmanager
    def _process(self, command, port, **environment):
        log = (self.directory / f"{port}.log").open("w")
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=HERE,
            env={**self.environment, **environment},
            stdout=log,
            stderr=log,
            process_group=0,
        )
        try:
            wait_for(port, process)
            yield process
        except Exception:
            sys.stderr.write((self.directory / f"{port}.log").read_text()[-LOG_SHOWN:])
            raise
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(20)
            log.close()


def wait_for(port, process, seconds=90):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the server on port {port} did not start")


@contextmanager
def stage(shape, *, keeps_commits=False, pages=True):
    """An empty, migrated installation: "server" has PostgreSQL and Redis, "embedded" SQLite and nothing else. Without
    `pages` it has no static files."""
    with ExitStack() as running:
        directory = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="ogniwo-bench-")))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 30,
            "SCHEME": "http",
            "ALLOWED_HOSTS": "localhost,.localhost",
            "VAR_DIR": str(directory),
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "ERROR",
            "ENV_FILE": "",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "OGNIWO_DEMO", "DEBUG"):
            environment.pop(name, None)
        made = Stage(shape, environment, directory)
        if shape == "server":
            database = servers.running(servers.Postgres, "ogniwo-postgres-", keeps_commits=keeps_commits)
            made.postgres = running.enter_context(database)
            made.redis = running.enter_context(servers.running(servers.Redis, "ogniwo-redis-"))
            environment["DATABASE_URL"], environment["REDIS_URL"] = made.postgres.url, made.redis.url
        migrate(made)
        if pages:
            made.manage("collectstatic", "--noinput", "-v0")
        yield made


def migrate(made):
    """Tables as the migrations make them: a minute's work, so the next run with the same migrations copies them."""
    digest = hashlib.sha256((HERE / "requirements.txt").read_bytes())
    for path in sorted(HERE.glob("*/migrations/*.py")):
        digest.update(path.relative_to(HERE).as_posix().encode() + path.read_bytes())
    given = os.environ.get("MIGRATED_DUMP", "")
    copy = (
        Path(given)
        if given and made.postgres
        else VAR / f"bench-{digest.hexdigest()[:16]}.{'sql' if made.postgres else 'sqlite3'}"
    )
    database = made.directory / "ogniwo.sqlite3"
    if copy.exists():
        if made.postgres:
            made.postgres.run("psql", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", copy)
        else:
            shutil.copyfile(copy, database)
        return
    made.manage("migrate", "-v0")
    VAR.mkdir(parents=True, exist_ok=True)
    draft = copy.with_suffix(f".draft{os.getpid()}")
    if made.postgres:
        made.postgres.run("pg_dump", "--no-owner", "-f", draft)
    else:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
    draft.rename(copy)
