"""A throw-away installation to measure: its own database and servers, in either of the two shapes."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import postgres, redis

HERE = Path(__file__).resolve().parent.parent
HOST = "gmina.localhost"
# Characters of a server's log that are shown when something goes wrong.
LOG_SHOWN = 6000
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

    def manage(self, *words):
        subprocess.run([sys.executable, "manage.py", *words], cwd=HERE, env=self.environment, check=True)

    def python(self, module, *words, output=True):
        """Runs a module in this installation and returns what it prints."""
        run = subprocess.run(
            [sys.executable, "-m", module, *map(str, words)],
            cwd=HERE,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE if output else None,
            text=True,
        )
        return run.stdout

    @contextmanager
    def gunicorn(self, application="config.wsgi:application", workers=2, threads=4):
        """Pages as the server shape serves them; yields the port."""
        port = free_port()
        command = ["-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
        with self._process([*command, "--threads", str(threads), "--log-level", "error"], port, CONN_MAX_AGE="none"):
            yield port

    @contextmanager
    def daphne(self, application="config.asgi:application"):
        """Pages and sockets as the embedded shape serves them; yields the port."""
        port = free_port()
        address = f"tcp:port={port}:interface=127.0.0.1:backlog=1024"
        with self._process(["-m", "daphne", "-e", address, *FRAMES, application], port):
            yield port

    @contextmanager
    def _process(self, command, port, **environment):
        log = (self.directory / f"{port}.log").open("w")
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=HERE,
            env={**self.environment, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
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
def stage(shape):
    """An empty, migrated installation: "server" has PostgreSQL and Redis, "embedded" SQLite and nothing else."""
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
        if shape == "server":
            environment["DATABASE_URL"] = running.enter_context(postgres())
            environment["REDIS_URL"] = running.enter_context(redis())
        made = Stage(shape, environment, directory)
        made.manage("migrate", "-v0")
        made.manage("collectstatic", "--noinput", "-v0")
        yield made
