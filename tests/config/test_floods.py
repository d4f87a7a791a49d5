import asyncio

import pytest

from config.floods import FLOOD, MOST_WAITING, FloodGuard


class Daphne:
    """The server's end of one socket: a queue of what the client sent, a list of what it is sent."""

    def __init__(self, application):
        self.queue = asyncio.Queue()
        self.sent = []
        self.application = FloodGuard(application)

    async def serve(self):
        await self.application({"type": "websocket"}, self.queue.get, self.send)

    async def send(self, message):
        self.sent.append(message)


async def read_three(scope, receive, send):
    for _number in range(3):
        await receive()
    await send({"type": "websocket.send", "text": "read"})


@pytest.mark.parametrize(
    ("waiting", "answer"),
    [
        (3, {"type": "websocket.send", "text": "read"}),
        (MOST_WAITING, {"type": "websocket.send", "text": "read"}),
        (MOST_WAITING + 2, {"type": "websocket.close", "code": FLOOD}),
        (5000, {"type": "websocket.close", "code": FLOOD}),
    ],
)
async def test_socket_is_cut_where_too_much_waits(waiting, answer):
    daphne = Daphne(read_three)
    for _number in range(waiting):
        daphne.queue.put_nowait({"type": "websocket.receive", "text": "{}"})

    await daphne.serve()

    assert daphne.sent == [answer]


async def test_other_servers_queues_are_left_to_the_consumer():
    async def receive():
        return {"type": "websocket.receive", "text": "{}"}

    daphne = Daphne(read_three)

    await daphne.application({"type": "websocket"}, receive, daphne.send)

    assert daphne.sent == [{"type": "websocket.send", "text": "read"}]
