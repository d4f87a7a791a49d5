"""From a commit in any thread to the open sockets of this and other processes.

The channel layer is a doorbell that carries a copy: what is lost here is late, never lost, for the hub looks into the
database every few seconds and every socket reads the gaps from there.
"""

import asyncio
import json
import logging
import os
import threading
from collections import deque

from channels.db import database_sync_to_async
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.contrib.auth import get_user_model

log = logging.getLogger(__name__)

GROUP = "doorbell"
BATCH = 500
SEND_SECONDS = 5
SOCKETS_PER_PERSON = 10
REJOIN_SECONDS = 600
RETRY_SECONDS = 2
# Sockets served before the loop sends what they were given and does its other work: so few that what belongs to them
# still lies in the processor's cache then. With 500 the last of 5,000 pages waits half as long again.
TURN = 40


class Bell:
    """Rings the doorbell from any thread: O(1), never raises, never waits. One message to the layer per drain.

    `async_to_sync(group_send)` must not be used instead: it loses messages of the in-memory layer, opens a Redis
    connection for each call, and costs the caller milliseconds (docs/decisions/telling-people.md).
    """

    def __init__(self, limit=10_000):
        self.limit = limit
        self.lock = threading.Lock()
        self.forget()

    def forget(self):
        """As new: no loop, nothing queued."""
        self.loop = None
        self.process = os.getpid()
        self.queue = deque()
        self.draining = False
        self.drain_task = None
        self.dropped = 0

    def bind(self, loop):
        """Rings from this loop from now on: that of the server, or of the hub."""
        with self.lock:
            self.loop, self.process = loop, os.getpid()
            self.draining = False

    def can_be_heard(self):
        """Whether anybody may listen. The in-memory layer ends at the process: without a hub there it reaches none."""
        return self._has_loop() or not isinstance(get_channel_layer(), InMemoryChannelLayer)

    def ring(self, item):
        try:
            self._ring(item)
        except Exception:
            log.exception("The doorbell could not be rung")

    def _ring(self, item):
        if not self.can_be_heard():
            return
        with self.lock:
            if not self._has_loop():
                self._start_own_loop()
            if len(self.queue) >= self.limit:
                self.dropped += 1
                return
            self.queue.append(item)
            if self.draining:
                return
            self.draining = True
            self.loop.call_soon_threadsafe(self._spawn)

    def _has_loop(self):
        return self.loop is not None and not self.loop.is_closed() and self.process == os.getpid()

    def _start_own_loop(self):
        """Under gunicorn and in the worker no loop runs: a thread of our own runs one. A fork does not have it."""
        self.forget()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="bell", daemon=True).start()

    def _spawn(self):
        # A task that nobody refers to may be collected while it waits.
        self.drain_task = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self):
        while batch := self._take():
            try:
                # As text: the layer in memory copies lists deeply, which costs more than all the rest.
                message = {"type": "bells", "items": json.dumps(batch, ensure_ascii=False, separators=(",", ":"))}
                await asyncio.wait_for(get_channel_layer().group_send(GROUP, message), SEND_SECONDS)
            except Exception as error:  # noqa: BLE001 -- a lost bell is late news, nothing worse
                log.warning("%d doorbells not rung: %r", len(batch), error)

    def _take(self):
        with self.lock:
            batch = [self.queue.popleft() for _number in range(min(BATCH, len(self.queue)))]
            self.draining = bool(batch)
        return batch


class Hub:
    """Hears the doorbell once for the whole process and passes it on to the sockets of the people concerned."""

    def __init__(self):
        self.loop = None
        self.tasks = []
        self.people = {}

    def start(self):
        """Begins to listen on the running loop. Called again on another loop (tests), it moves there."""
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        self.loop = loop
        self.people = {}
        bell.bind(loop)
        self.tasks = [loop.create_task(self._listen()), loop.create_task(self._look_again_and_again())]

    async def stop(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.loop, self.tasks, self.people = None, [], {}

    def join(self, socket):
        """From now on this socket hears of its person's news. The oldest of too many sockets gives way."""
        self.start()
        sockets = self.people.setdefault(socket.user_id, {})
        sockets[socket] = True
        if len(sockets) > SOCKETS_PER_PERSON:
            oldest = next(iter(sockets))
            self.leave(oldest)
            oldest.give_way()

    def leave(self, socket):
        sockets = self.people.get(socket.user_id, {})
        sockets.pop(socket, None)
        if not sockets:
            self.people.pop(socket.user_id, None)

    def sockets_of(self, user_id):
        return list(self.people.get(user_id, ()))

    async def _listen(self):
        while True:
            try:
                await self._listen_until_it_fails()
            except Exception as error:  # noqa: BLE001 -- whatever it was, listening must go on
                log.warning("The hub does not hear the doorbell: %r", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen_until_it_fails(self):
        layer = get_channel_layer()
        self.channel = await layer.new_channel("hub")
        await layer.group_add(GROUP, self.channel)
        while True:
            message = await layer.receive(self.channel)
            for item in json.loads(message["items"]):
                await self._hear(item)

    async def _hear(self, item):
        try:
            if "news" in item:
                await self._pass_on(item)
            elif "revoked" in item:
                for socket in self.sockets_of(item["revoked"]):
                    socket.revoke(item["session"])
            elif "read" in item:
                for socket in self.sockets_of(item["read"]):
                    socket.look()
        except Exception:
            log.exception("A doorbell was not understood")

    async def _pass_on(self, item):
        frames = item["frames"]
        for number, (user_id, seq) in enumerate(item["news"], start=1):
            for socket in self.sockets_of(user_id):
                await socket.tell(seq, frames.get(socket.language))
            if number % TURN == 0:
                await asyncio.sleep(0)
        for user_id, seq, language, part in item["own"]:
            for socket in self.sockets_of(user_id):
                await socket.tell(seq, part if socket.language == language else None)

    async def _look_again_and_again(self):
        """A lost bell costs this pause, and no socket polls: one query asks for all people of the process."""
        loop = asyncio.get_running_loop()
        joined_at = loop.time()
        while True:
            await asyncio.sleep(settings.HUB_LOOK_SECONDS)
            try:
                if loop.time() - joined_at > REJOIN_SECONDS:
                    # Layers forget the members of a group after a day.
                    await get_channel_layer().group_add(GROUP, self.channel)
                    joined_at = loop.time()
                if self.people:
                    await self._look()
            except Exception as error:  # noqa: BLE001 -- whatever it was, looking must go on
                log.warning("The hub could not look for news: %r", error)

    async def _look(self):
        asked = list(self.people)
        found = await database_sync_to_async(last_numbers)(asked)
        for number, user_id in enumerate(asked, start=1):
            last_seq, is_active = found.get(user_id, (0, False))
            for socket in self.sockets_of(user_id):
                if is_active:
                    socket.offer(last_seq or 0, None)
                else:
                    socket.revoke("")
            if number % TURN == 0:
                await asyncio.sleep(0)


def last_numbers(user_ids):
    """Id of the user → the last number of their inbox (None without one), and whether the account is active."""
    rows = get_user_model().objects.filter(pk__in=user_ids).values_list("pk", "inbox__last_seq", "is_active")
    return {user_id: (last_seq, is_active) for user_id, last_seq, is_active in rows}


bell = Bell()
hub = Hub()
