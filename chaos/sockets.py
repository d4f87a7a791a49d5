"""Hard clients of one Daphne process: floods, nonsense on the wire, everybody at once; and people who must go.

python3 dev.py chaos sockets [--burst 3000] [--storm 2000]
"""

import argparse
import asyncio
import os
import random
import resource
import time
from contextlib import suppress
from pathlib import Path

import uvloop

from benchmarks._results import finish, result
from benchmarks._stage import stage
from benchmarks._wire import HOST, PATH, TEXT, Wire
from chaos._cast import cast
from chaos._pages import Page, post
from chaos._victims import company

AT_ONCE = 20
FLOOD_SECONDS = 3
GOOD_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
OPENING = {
    "Host": HOST, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": GOOD_KEY,
    "Sec-WebSocket-Version": "13", "Origin": f"http://{HOST}",
}  # fmt: skip
MASK = b"\0\0\0\0"
# Handshakes that must not open a socket: what differs from a good one.
BAD_OPENINGS = {
    "no key": {"Sec-WebSocket-Key": None},
    "short key": {"Sec-WebSocket-Key": "abc"},
    "version 7": {"Sec-WebSocket-Version": "7"},
    "no version": {"Sec-WebSocket-Version": None},
    "foreign origin": {"Origin": "http://zlo.example"},
    "no origin": {"Origin": None},
    "origin null": {"Origin": "null"},
    "other port": {"Origin": f"http://{HOST}:9999"},
    "other scheme": {"Origin": f"https://{HOST}"},
    "no host": {"Host": None},
}
# Frames after a good handshake that must end the connection.
BAD_FRAMES = {
    "unmasked": b"\x81\x0a" + b'{"have":0}',
    "reserved bits": b"\xf1\x8a" + MASK + b'{"have":0}',
    "reserved opcode": b"\x83\x81" + MASK + b"x",
    "reserved control opcode": b"\x8b\x80" + MASK,
    "not UTF-8": b"\x81\x82" + MASK + b"\xff\xfe",
    "long ping": b"\x89\xfe" + (126).to_bytes(2, "big") + MASK + b"x" * 126,
    "fragmented ping": b"\x09\x80" + MASK,
    "continuation of nothing": b"\x80\x81" + MASK + b"x",
    "close with one byte": b"\x88\x81" + MASK + b"\x03",
    "close with a bad code": b"\x88\x82" + MASK + (1005).to_bytes(2, "big"),
    "more than 4 KiB": b"\x81\xfe" + (5000).to_bytes(2, "big") + MASK + b"x" * 5000,
    "says it has 2^63 bytes": b"\x81\xff" + b"\x7f" + b"\xff" * 7 + MASK,
}


def rss_mb(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Run:
    def __init__(self, people, victims):
        self.people, self.daphne = people, victims["daphne"]
        self.port, self.pid = self.daphne.port, self.daphne.process.pid
        self.cookies = [f"{people['cookie']}={key}" for key in people["sessions"]]

    async def stay(self, count):
        """Pages that stay, all of them standing."""
        pages = [Page(self.port, cookie, seed=number) for number, cookie in enumerate(self.cookies[:count])]
        tasks = []
        for first in range(0, count, AT_ONCE):
            together = pages[first : first + AT_ONCE]
            tasks += [asyncio.create_task(page.stay()) for page in together]
            async with asyncio.timeout(300):
                await asyncio.gather(*(page.standing.wait() for page in together))
        return pages, tasks

    async def wire(self, number=0):
        return await Wire.open(self.port, lambda _text: None, cookie=self.cookies[number])


# --- The parts --------------------------------------------------------------------------------------------------------


async def raw(run, headers, frame=b""):
    """What the server says to a handshake, and whether it ends the connection within five seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", run.port)
    lines = [f"{name}: {value}" for name, value in {**OPENING, "Cookie": run.cookies[0], **headers}.items() if value]
    writer.write(("\r\n".join([f"GET {PATH} HTTP/1.1", *lines]) + "\r\n\r\n").encode())
    status, ended = "", False
    try:
        async with asyncio.timeout(5):
            status = (await reader.readline()).decode()
            if frame and " 101 " in status:
                writer.write(frame)
            while await reader.read(4096):
                pass
            ended = True
    except ConnectionError:  # reset: it ended with our words unread
        ended = True
    except TimeoutError:
        pass
    writer.close()
    return status, ended


async def nonsense(run):
    opened = [name for name, headers in BAD_OPENINGS.items() if " 101 " in (await raw(run, headers))[0]]
    left_open = []
    for name, frame in BAD_FRAMES.items():
        status, ended = await raw(run, {}, frame)
        if " 101 " not in status or not ended:
            left_open.append(name)
    print(f"{len(BAD_OPENINGS) + len(BAD_FRAMES)} raw cases; opened: {opened}; left open: {left_open}", flush=True)
    result("sockets.raw_cases_wrong", len(opened) + len(left_open), "==", 0)


async def flood(run):
    """One client sends as fast as it can: it is cut, and the server does not keep what it sent."""
    wire = await run.wire()
    before, most, began = rss_mb(run.pid), 0.0, time.monotonic()
    message = b'{"have":0}'
    while not wire.closed.done() and time.monotonic() - began < FLOOD_SECONDS * 5:
        for _number in range(100):
            wire.send(TEXT, message)
        most = max(most, rss_mb(run.pid) - before)
        await asyncio.sleep(0)
    result("sockets.flood_cut_after_s", round(time.monotonic() - began, 2), "<=", 1.0)
    result("sockets.flood_grew_mb", round(most, 1), "<=", 20)
    wire.leave()


async def revoked(run, kind):
    """Somebody who must go, by the door of chaos: how long their sockets stay."""
    wire = await run.wire(-1)
    wire.say(have=0)
    await asyncio.sleep(1)
    began = time.monotonic()
    await post(run.port, f"/{kind}?to={run.people['ids'][-1]}")
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(wire.closed), 20)
    result(f"sockets.{kind}_closed_after_s", round(time.monotonic() - began, 1), "<=", 5)
    wire.leave()


async def burst(run, count):
    """One notice of their own to each of very many open pages, at once."""
    pages, tasks = await run.stay(count)
    began = time.monotonic()
    ids = run.people["ids"][:count]
    for first in range(0, count, 500):
        await post(run.port, f"/each?to={','.join(map(str, ids[first : first + 500]))}", patience=120)
    while time.monotonic() - began < 120 and sum(len(page.shown) for page in pages) < count:
        await asyncio.sleep(0.1)
    result("sockets.burst_missing", count - sum(len(page.shown) for page in pages), "==", 0)
    result("sockets.burst_s", round(time.monotonic() - began, 1), "<=", 30)
    return pages, tasks


async def storm(run, pages):
    """The server dies under its pages: all of them come back, and nobody is taken for signed out."""
    run.daphne.kill()
    for page in pages:
        page.standing.clear()
    run.daphne.start()
    began = time.monotonic()
    await asyncio.to_thread(run.daphne.wait)
    up = time.monotonic()
    while time.monotonic() - up < 120 and sum(page.standing.is_set() for page in pages) < len(pages):
        await asyncio.sleep(0.2)
    print(f"{len(pages)} pages back {time.monotonic() - up:.0f} s after the server ({up - began:.0f} s)", flush=True)
    result("sockets.storm_not_back", len(pages) - sum(page.standing.is_set() for page in pages), "==", 0)
    result("sockets.storm_back_after_s", round(time.monotonic() - up), "<=", 60)
    result("sockets.storm_signed_out", sum(page.signed_out for page in pages), "==", 0)


async def main(arguments, made, people):
    with company(made, with_worker=False) as victims:
        run = Run(people, victims)
        await nonsense(run)
        await flood(run)
        await revoked(run, "revoke")
        await revoked(run, "close")
        pages, tasks = await burst(run, arguments.burst)
        for task in tasks[arguments.storm :]:
            task.cancel()
        await storm(run, pages[: arguments.storm])
        for task in tasks:
            task.cancel()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--burst", type=int, default=3000)
    parser.add_argument("--storm", type=int, default=2000)
    chosen = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    random.seed(1)
    with stage("server", pages=False) as installation:
        installation.environment.update(
            LOG_LEVEL="CRITICAL", DJANGO_SETTINGS_MODULE="chaos._settings", SOCKET_ORIGINS=f"http://{HOST}"
        )
        people = cast(installation, max(chosen.burst, chosen.storm) + 1)  # the last one must go
        uvloop.run(main(chosen, installation, people))
    finish()
