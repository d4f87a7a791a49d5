"""The processes of a server-shaped installation, each of which can be killed and started again."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

from benchmarks._stage import FRAMES, HERE, KEPT_CONNECTIONS, LOG_SHOWN, free_port, wait_for


class Program:
    """One of our own processes."""

    def __init__(self, name, command, stage, port=None, **environment):
        self.name, self.command, self.port = name, command, port
        self.log = stage.directory / f"{name}.log"
        self.environment = {**stage.environment, **environment}
        self.deaths = 0  # those that nobody caused
        # Between a kill and the start after it the supervisor must not look.
        self.lock = threading.Lock()
        self.start()

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=HERE, env=self.environment, stdout=log, stderr=log,
                process_group=0,
            )  # fmt: skip

    def wait(self):
        if self.port:
            wait_for(self.port, self.process)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def restart(self):
        with self.lock:
            self.kill()
            self.start()

    def supervise(self):
        """Starts it again where it ended by itself."""
        with self.lock:
            code = self.process.poll()
            if code is not None:
                self.deaths += 1
                print(f"{self.name} ended by itself ({code}):\n{self.log.read_text()[-LOG_SHOWN:]}", flush=True)
                self.start()


class Server:
    """PostgreSQL or Redis, under the same verbs."""

    def __init__(self, name, server):
        self.name, self.server = name, server

    def start(self):
        self.server.start()

    def wait(self):
        self.server.wait()

    def kill(self):
        self.server.kill()

    def restart(self):
        self.kill()
        self.start()


def daphne(stage, port=None):
    port = port or free_port()
    address = f"tcp:port={port}:interface=127.0.0.1:backlog=1024"
    times = ["--ping-interval", "10", "--ping-timeout", "15", "--application-close-timeout", "5"]
    command = ["-m", "daphne", "-v", "0", "-e", address, *FRAMES, *times, "chaos._application:application"]
    return Program("daphne", command, stage, port, **KEPT_CONNECTIONS)


def worker(stage):
    return Program("worker", ["-m", "chaos._worker"], stage)


@contextmanager
def company(stage, *, with_worker=True):
    """Daphne, worker, PostgreSQL and Redis of an installation, by name."""
    victims = {
        "daphne": daphne(stage),
        "redis": Server("redis", stage.redis),
        "postgres": Server("postgres", stage.postgres),
    }
    if with_worker:
        victims["worker"] = worker(stage)
    try:
        victims["daphne"].wait()
        time.sleep(0.2)
        yield victims
    finally:
        for name in ("daphne", "worker"):
            if name in victims and victims[name].process.poll() is None:
                victims[name].kill()
