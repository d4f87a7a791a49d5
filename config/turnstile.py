"""How many pages are made at once where one process makes them all (embedded shape)."""

import asyncio
import logging

# Python runs one thread at a time: two hundred that take turns need five times as long for the same pages as a few, and
# each holds a connection to the database. Who waits here costs nothing.
AT_ONCE = 8
# How many seconds pages that are being made may take when the server ends: less than whoever ends it waits.
PATIENCE = 5

logger = logging.getLogger(__name__)


class Turnstile:
    """ASGI application that lets so many calls of the other one run at once. For answers that end: a stream that stays
    open would keep its place."""

    def __init__(self, application, at_once=AT_ONCE):
        self.application = application
        self.at_once = at_once
        self.places = asyncio.Semaphore(at_once)

    async def __call__(self, scope, receive, send):
        async with self.places:
            await self.application(scope, receive, send)

    async def close(self, patience=PATIENCE):
        """Returns when no page is being made any more, or after so many seconds. A page that is left alone, also one
        whose reader has gone, has a thread that waits for the event loop for ever, and with it the end of the process
        does. Nobody gets in afterwards."""
        try:
            async with asyncio.timeout(patience):
                for _place in range(self.at_once):
                    await self.places.acquire()
        except TimeoutError:
            logger.warning("Some pages were still being made when the server ended.")
