"""A page that stays open whatever happens to the server, as config/static/js/notifications.js does it."""

import asyncio
import json
import random
import time

from benchmarks._wire import Wire

LONGEST_PAUSE = 8
ANSWER_WITHIN = 10
HEARTBEAT = 60
ACKNOWLEDGE_EVERY = 50
SIGNED_OUT = 4401


class Page:
    """`shown` maps the number of each notice to its title, in the order of arrival; `moments` to when it came."""

    def __init__(self, port, cookie, seed=0):
        self.port, self.cookie = port, cookie
        self.chance = random.Random(seed)
        self.have = 0
        self.shown, self.moments = {}, {}
        self.again = self.skipped = self.signed_out = self.reconnects = 0
        self.standing = asyncio.Event()
        self.wire = None
        self.later = None  # seconds, where the server has said when to come again

    def heard(self, text):
        message = json.loads(text)
        if "seq" in message and "title" in message:
            self.take(message)
        elif "unread" in message:
            self.standing.set()
        elif "jump" in message or "reset" in message:
            self.skipped += 1
        elif "later" in message:
            self.later = message["later"]

    def take(self, notice):
        seq = notice["seq"]
        if seq <= self.have:
            self.again += 1  # a page drops what it has
            return
        self.skipped += seq != self.have + 1
        self.have = seq
        self.shown[seq], self.moments[seq] = notice["title"], time.time()
        if len(self.shown) % ACKNOWLEDGE_EVERY == 0:
            self.wire.say(got=seq)

    async def stay(self):
        failures = 0
        while True:
            self.later = None
            try:
                await self.visit()
                failures = 0
            except (OSError, TimeoutError):
                failures += self.later is None
            self.reconnects += 1
            back_off = self.chance.random() * min(LONGEST_PAUSE, 0.5 * 2**failures)
            await asyncio.sleep(back_off if self.later is None else self.later)

    async def visit(self):
        """One connection from its beginning to its end; raises where it never stood."""
        self.wire = await Wire.open(self.port, self.heard, cookie=self.cookie, patience=ANSWER_WITHIN)
        try:
            while await self.stands():
                await asyncio.wait([self.wire.closed], timeout=HEARTBEAT)
            self.signed_out += self.wire.closed.result() == SIGNED_OUT
            if not self.standing.is_set():
                raise ConnectionError
        finally:
            self.wire.leave()

    async def stands(self):
        """Says what it has and waits for the answer. Returns whether the connection is still there."""
        if self.wire.closed.done():
            return False
        self.standing.clear()
        self.wire.say(have=self.have)
        answer = asyncio.create_task(self.standing.wait())
        done, _waiting = await asyncio.wait(
            [answer, self.wire.closed], timeout=ANSWER_WITHIN, return_when=asyncio.FIRST_COMPLETED
        )
        answer.cancel()
        if not done:
            raise TimeoutError
        return not self.wire.closed.done()


async def post(port, path, patience=10):
    """Status and body of one POST; raises OSError or TimeoutError where no answer came."""
    async with asyncio.timeout(patience):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
            )
            answer = await reader.read()
        finally:
            writer.close()
    if b"\r\n\r\n" not in answer:
        raise ConnectionError("no answer")
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode(errors="replace")
