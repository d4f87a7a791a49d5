"""How many pages are made at once where one process makes them all (embedded shape)."""

from asyncio import Semaphore

# Python runs one thread at a time: two hundred that take turns need five times as long for the same pages as a few, and
# each holds a connection to the database. Who waits here costs nothing.
AT_ONCE = 8


class Turnstile:
    """ASGI application that lets so many calls of the other one run at once. For answers that end: a stream that stays
    open would keep its place."""

    def __init__(self, application, at_once=AT_ONCE):
        self.application = application
        self.places = Semaphore(at_once)

    async def __call__(self, scope, receive, send):
        async with self.places:
            await self.application(scope, receive, send)
