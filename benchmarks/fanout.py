"""One event to many open pages of one process, beside `websockets.broadcast` fed by Redis: the limit, in the same run.

Each size is told several times, turn by turn with the limit. What counts is the last page.

    python3 dev.py bench fanout [--sizes 100,1000,5000] [--events 7] [--layers memory,redis]
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import redis
import uvloop

from benchmarks._results import finish, result
from benchmarks._stage import HERE, KEPT_CONNECTIONS, free_port, stage, wait_for
from benchmarks._wire import Wire
from tests import servers

PATIENCE = 120
AT_ONCE = 20
TEXT = b'{"seq":7,"url":"/powiadomienia/7/","kind":"benchmarks.crowd","title":"Piknik","body":"%s","at":"x","when":"y"}'
LIMITS = {"memory": 5.0, "redis": 7.0}


def cpu(pid):
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss(pid):
    """KiB that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


class Pages:
    """Open pages of one server; `arrivals` are the moments at which news of the current event came."""

    def __init__(self, port):
        self.port, self.wires, self.arrivals = port, [], []

    def heard(self, text):
        if text.startswith(b'{"seq"'):
            self.arrivals.append(time.time())

    async def open(self, cookies):
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(cookie):
            async with turn:
                wire = await Wire.open(self.port, self.heard, cookie=cookie, patience=PATIENCE)
                if cookie:
                    wire.say(have=0)
                self.wires.append(wire)

        await asyncio.gather(*map(one, cookies))

    async def caught_up(self):
        """Waits until nothing of what they missed comes in any more, and forgets it."""
        while self.arrivals:
            self.arrivals.clear()
            await asyncio.sleep(1)

    async def all_told(self, count):
        """Waits for the news of one event; returns the moment at which the last page had it, and how many have not."""
        until = time.time() + PATIENCE
        while len(self.arrivals) < count and time.time() < until:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        arrivals, self.arrivals = self.arrivals, []
        return max(arrivals, default=until), count - len(arrivals)


class Raiser:
    """The process that raises events in the installation."""

    def __init__(self, installation, people):
        self.rings = installation.directory / "rings"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks._crowd", str(people)], cwd=HERE, env=installation.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        cast = json.loads(self.process.stdout.readline())
        self.cookies = [f"{cast['cookie']}={key}" for key in cast["sessions"]]

    def raise_event(self, **data):
        print(json.dumps(data), file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def rung_at(self, event):
        return float(dict(line.split() for line in self.rings.read_text().splitlines())[event])

    def stop(self):
        self.process.stdin.close()
        self.process.kill()  # it holds nothing, and a busy machine lets it wait for its end
        self.process.wait()


@contextmanager
def limit_server(address):
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks._fan_limit", str(port), address], cwd=HERE)
    try:
        wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


async def tell(raiser, pages, size):
    """Seconds until the last page had one event, and how many have not."""
    event = await asyncio.to_thread(lambda: raiser.raise_event(first=size))
    last, missing = await pages.all_told(size)
    return last - raiser.rung_at(event), missing


async def tell_limit(link, pages, size):
    began = time.time()
    link.publish("limit", TEXT % (b"Spotykamy sie o 15.00 przed domem kultury. " * 2))
    last, missing = await pages.all_told(size)
    return last - began, missing


async def compare(layer, sizes, events, *, raiser, ours, limit, link):
    """`ours` and `limit` are pairs of port and pid."""
    pages, bare = Pages(ours[0]), Pages(limit[0])
    costs, memory = {}, {}
    for size in sizes:
        await pages.open(raiser.cookies[len(pages.wires) : size])
        await bare.open([""] * (size - len(bare.wires)))
        await tell(raiser, pages, size), await tell_limit(link, bare, size)  # the first also opens inboxes
        mine, theirs, missing, spent = [], [], 0, 0.0
        for _event in range(events):
            seconds, lost = await tell_limit(link, bare, size)
            theirs.append(seconds)
            before = cpu(ours[1])
            seconds, lost = await tell(raiser, pages, size)
            spent += cpu(ours[1]) - before
            mine.append(seconds)
            missing += lost
        costs[size] = 1e6 * spent / size / events
        memory[size] = rss(ours[1])
        print(
            f"{layer} {size}: last page {1000 * statistics.median(mine):.0f} ms, limit "
            f"{1000 * statistics.median(theirs):.0f} ms; {costs[size]:.0f} µs CPU a delivery", flush=True,
        )  # fmt: skip
        result(f"fanout.{layer}.{size}.missing", missing, "==", 0)
        if size >= 1000:
            ratio = statistics.median(mine) / statistics.median(theirs)
            result(f"fanout.{layer}.{size}.last_page_to_limit", ratio, "<=", LIMITS[layer])
    if len(sizes) > 1:
        # From the first size on: what a process loads for its very first pages is not what each of them costs.
        more = (memory[sizes[-1]] - memory[sizes[0]]) / (sizes[-1] - sizes[0])
        result(f"fanout.{layer}.kib_a_socket", more, "<=", 45)
        growth = costs[sizes[-1]] / costs[sizes[-2]]
        result(f"fanout.{layer}.cpu_a_delivery_{sizes[-1]}_to_{sizes[-2]}", growth, "<=", 1.3)
    return pages


async def two_processes(raiser, other_port, pages, size):
    """An event told by the first process reaches every page of the second."""
    for wire in pages.wires:
        wire.leave()
    away = Pages(other_port)
    await away.open(raiser.cookies[:size])
    await asyncio.sleep(1)
    await away.caught_up()
    seconds, missing = await tell(raiser, away, size)
    print(f"redis, from one process to {size} pages of another: {1000 * seconds:.0f} ms", flush=True)
    result("fanout.redis.missing_in_another_process", missing, "==", 0)


def measure(layer, sizes, events):
    with ExitStack() as running:
        installation = running.enter_context(stage("server" if layer == "redis" else "embedded", pages=False))
        installation.environment.update(SOCKET_ORIGINS="http://localhost")
        raiser = Raiser(installation, sizes[-1])
        running.callback(raiser.stop)
        application = "benchmarks._fan_application:application"
        with_worker = {"BENCH_WORKER": "1", **KEPT_CONNECTIONS} if layer == "redis" else {}
        ours = running.enter_context(installation.daphne_process(application, **with_worker))
        address = installation.redis.url if installation.redis else running.enter_context(servers.redis())
        limit = running.enter_context(limit_server(address))
        link = redis.Redis.from_url(address)

        async def everything():
            pages = await compare(layer, sizes, events, raiser=raiser, ours=ours, limit=limit, link=link)
            if layer == "redis":
                with installation.daphne_process(application, **KEPT_CONNECTIONS) as (port, _pid):
                    await two_processes(raiser, port, pages, min(sizes[-1], 1000))

        uvloop.run(everything())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="100,1000,5000")
    parser.add_argument("--events", type=int, default=7)
    parser.add_argument("--layers", default="memory,redis")
    arguments = parser.parse_args()
    sizes = sorted(map(int, arguments.sizes.split(",")))
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for layer in arguments.layers.split(","):
        measure(layer, sizes, arguments.events)
    finish()


if __name__ == "__main__":
    main()
