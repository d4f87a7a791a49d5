"""Cuts sockets whose client sends faster than we read. Daphne takes in whatever comes and keeps it in memory."""

import asyncio

FLOOD = 4429  # the client's script knows it: notifications/consumers.py
# A page of ours says one thing a minute, and a few in a row when it is looked at.
MOST_WAITING = 40


class Flooded(Exception):
    """More messages wait than any honest page sends."""


class FloodGuard:
    """Looks at Daphne's queue of the socket before each message is handed on. The consumer counts messages too, but it
    hears of them one by one, each after a turn of a loop that is busy taking in the next thousand."""

    def __init__(self, application):
        self.application = application

    async def __call__(self, scope, receive, send):
        queue = getattr(receive, "__self__", None)  # `receive` is the bound `get` of the queue, under Daphne
        if not isinstance(queue, asyncio.Queue):
            await self.application(scope, receive, send)
            return

        async def guarded():
            message = await receive()
            if queue.qsize() > MOST_WAITING:
                raise Flooded
            return message

        try:
            await self.application(scope, guarded, send)
        except Flooded:
            await send({"type": "websocket.close", "code": FLOOD})
