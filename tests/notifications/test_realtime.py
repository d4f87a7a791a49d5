import asyncio
import json
import threading

import pytest
from channels.layers import InMemoryChannelLayer, get_channel_layer

from notifications import realtime
from notifications.realtime import GROUP, Bell, Hub

pytestmark = pytest.mark.redis


class Listener:
    """What hears the doorbell beside the hub."""

    async def start(self):
        self.layer = get_channel_layer()
        self.channel = await self.layer.new_channel("listener")
        await self.layer.group_add(GROUP, self.channel)
        self.task = asyncio.create_task(self.listen())
        self.items, self.messages = [], 0
        await asyncio.sleep(0.2)  # the pub/sub layer's first look
        return self

    async def listen(self):
        while True:
            message = await self.layer.receive(self.channel)
            self.items += json.loads(message["items"])
            self.messages += 1

    async def hear(self, count):
        async with asyncio.timeout(10):
            while len(self.items) < count:
                await asyncio.sleep(0.01)

    async def stop(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class Socket:
    """The hub's view of a socket."""

    def __init__(self, user_id):
        self.user_id, self.language, self.session = user_id, "pl", "s"
        self.offers, self.revoked = [], []

    async def tell(self, seq, part):
        self.offer(seq, part)

    def offer(self, seq, part):
        self.offers.append((seq, part))

    def revoke(self, session):
        self.revoked.append(session)

    def give_way(self):
        self.revoked.append("gave way")

    def look(self):
        """A page of a test before may still say that something was read."""


@pytest.fixture
async def listener():
    listener = await Listener().start()
    yield listener
    await listener.stop()


@pytest.fixture
async def hub(settings):
    settings.HUB_LOOK_SECONDS = 3600
    hub = Hub()
    yield hub
    await hub.stop()


async def test_bells_rung_from_many_threads_are_all_heard_in_few_messages(listener):
    bell = Bell()
    bell.bind(asyncio.get_running_loop())
    threads = [threading.Thread(target=lambda: [bell.ring({"read": n}) for n in range(500)]) for _number in range(4)]

    for thread in threads:
        thread.start()
    await listener.hear(2000)
    for thread in threads:
        thread.join()

    assert len(listener.items) == 2000
    assert listener.messages < 500
    assert bell.dropped == 0


async def test_full_bell_drops_and_does_not_wait():
    bell = Bell(limit=2)
    bell.bind(asyncio.get_running_loop())

    for number in range(5):
        bell.ring({"read": number})

    assert bell.dropped == 3
    await bell.loop.create_task(asyncio.sleep(0.05))


async def test_bell_starts_a_loop_of_its_own_only_where_other_processes_can_hear_it():
    bell = Bell()
    others_can_hear = not isinstance(get_channel_layer(), InMemoryChannelLayer)

    bell.ring({"read": 1})

    assert (bell.loop is not None) is others_can_hear


def test_bell_of_a_closed_loop_never_raises():
    bell = Bell()
    loop = asyncio.new_event_loop()
    bell.bind(loop)
    loop.close()

    bell.ring({"read": 1})

    assert bell.dropped == 0


async def test_hub_passes_copies_to_sockets_of_that_person_in_their_language(hub):
    polish, english, other = Socket(1), Socket(1), Socket(2)
    english.language = "en"
    for socket in (polish, english, other):
        hub.join(socket)

    await hub._hear({"news": [[1, 7]], "frames": {"pl": "słowa"}, "own": []})

    assert (polish.offers, english.offers, other.offers) == ([(7, "słowa")], [(7, None)], [])


async def test_hub_keeps_personal_words_from_sockets_in_another_language(hub):
    polish, english = Socket(1), Socket(1)
    english.language = "en"
    for socket in (polish, english):
        hub.join(socket)

    await hub._hear({"news": [], "frames": {"en": "for all"}, "own": [[1, 7, "pl", "tylko dla ciebie"]]})

    assert (polish.offers, english.offers) == ([(7, "tylko dla ciebie")], [(7, None)])


async def test_hub_goes_on_after_a_bell_it_does_not_understand(hub, logged_errors):
    socket = Socket(1)
    hub.join(socket)

    await hub._hear({"news": "nonsense", "frames": {}, "own": []})
    await hub._hear({"something": "new"})
    await hub._hear({"revoked": 1, "session": ""})

    assert socket.revoked == [""]
    assert len(logged_errors) == 1


async def test_hub_moves_to_another_loop(hub):
    def on_another_loop():
        async def join():
            hub.join(Socket(1))
            return hub.loop is asyncio.get_running_loop()

        return asyncio.run(join())

    hub.start()
    tasks = hub.tasks

    moved = await asyncio.to_thread(on_another_loop)
    hub.start()

    assert moved
    assert hub.loop is asyncio.get_running_loop()
    assert hub.people == {}
    for task in tasks:
        task.cancel()


async def test_hub_hears_for_longer_than_the_layer_remembers_a_group(hub, monkeypatch, settings):
    settings.HUB_LOOK_SECONDS = 0.1
    monkeypatch.setattr(realtime, "REJOIN_SECONDS", 0.2)
    monkeypatch.setattr(realtime, "last_numbers", lambda _ids: {})  # the doorbell alone, not the look
    monkeypatch.setattr(get_channel_layer(), "group_expiry", 1, raising=False)
    socket = Socket(1)
    hub.join(socket)
    await asyncio.sleep(1.5)

    realtime.bell.ring({"news": [[1, 7]], "frames": {"pl": "słowa"}, "own": []})
    async with asyncio.timeout(5):
        while (7, "słowa") not in socket.offers:
            await asyncio.sleep(0.05)

    assert (7, "słowa") in socket.offers
