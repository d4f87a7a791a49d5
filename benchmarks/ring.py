"""Telling one person: what it costs the view beyond its commit, and when an open socket of another process hears it.

The server shape: PostgreSQL, Redis, a process that publishes as a view does, and Daphne with one socket.

    python3 dev.py bench ring [--count 300]
"""

import argparse
import asyncio
import base64
import json
import os
import statistics
import time
from itertools import pairwise

from benchmarks._results import finish, result
from benchmarks._stage import stage

HOST = "localhost"
PAUSE_MS = 30
LONG, HUGE = 126, 127


class Socket:
    """As much of a websocket client as this measurement needs."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port, cookie):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /ws/notifications/ HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: http://{HOST}\r\n"
            f"Cookie: {cookie}\r\n\r\n".encode()
        )
        status = await reader.readline()
        if b"101" not in status:
            raise RuntimeError(f"no socket: {status!r}")
        while (await reader.readline()).strip():
            pass
        return cls(reader, writer)

    def say(self, text):
        mask, payload = os.urandom(4), text.encode()
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self.writer.write(bytes([0x81, 0x80 | len(payload)]) + mask + masked)

    async def hear(self):
        """The next message as JSON; pings and the like are passed over."""
        while True:
            first, length = await self.reader.readexactly(2)
            if length == LONG:
                length = int.from_bytes(await self.reader.readexactly(2), "big")
            elif length == HUGE:
                length = int.from_bytes(await self.reader.readexactly(8), "big")
            payload = await self.reader.readexactly(length)
            if first & 0x0F == 1:
                return json.loads(payload)


async def listen(port, cookie, count, start):
    """Starts the publisher once the socket is open; returns the moments at which each number arrived."""
    socket = await Socket.open(port, cookie)
    socket.say('{"have": 0}')
    await socket.hear()
    publisher = asyncio.create_task(asyncio.to_thread(start))
    heard = {}
    while len(heard) < count:
        message = await asyncio.wait_for(socket.hear(), 30)
        if "seq" in message and "kind" in message:
            heard[message["seq"]] = time.time()
            if message["seq"] % 50 == 0:
                socket.say(json.dumps({"got": message["seq"]}))
    return heard, await publisher


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    count = parser.parse_args().count
    with stage("server") as installation:
        installation.environment["SOCKET_ORIGINS"] = f"http://{HOST}"
        cast = json.loads(installation.python("benchmarks._ring_cast", "cast"))
        with installation.daphne() as port:
            heard, told = asyncio.run(
                listen(
                    port,
                    f"{cast['cookie']}={cast['session']}",
                    count,
                    lambda: json.loads(installation.python("benchmarks._ring_cast", "ring", count, PAUSE_MS)),
                )
            )
    arrivals = [1000 * (heard[number] - told[number - 1][0]) for number in sorted(heard)]
    costs = [cost for _moment, cost in told]
    order_breaks = sum(later < earlier for earlier, later in pairwise(heard.values()))
    result("ring.lost", count - len(heard), "==", 0)
    result("ring.out_of_order", order_breaks, "==", 0)
    result("ring.cost_to_the_request_ms_p50", statistics.median(costs), "<=", 1.0)
    result("ring.heard_after_ms_p50", statistics.median(arrivals), "<=", 100.0)
    result("ring.heard_after_ms_p99", statistics.quantiles(arrivals, n=100)[98], "<=", 100.0)
    finish()


if __name__ == "__main__":
    main()
