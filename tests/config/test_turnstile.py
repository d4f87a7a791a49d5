"""Pages of the embedded shape are made a few at a time, and nobody who waits is forgotten."""

import asyncio

import pytest

from config.turnstile import Turnstile


class Pages:
    """An application that remembers how many of its calls ran at once."""

    def __init__(self):
        self.running = self.most = self.answered = 0

    async def __call__(self, scope, receive, send):
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0)
            if scope["path"] == "/breaks/":
                raise ZeroDivisionError
            self.answered += 1
        finally:
            self.running -= 1


async def test_so_many_at_once_and_all_in_the_end():
    pages = Pages()
    turnstile = Turnstile(pages, at_once=3)

    await asyncio.gather(*(turnstile({"path": "/"}, None, None) for _number in range(20)))

    assert (pages.most, pages.answered) == (3, 20)


async def test_page_that_breaks_gives_its_place_back():
    turnstile = Turnstile(Pages(), at_once=1)

    with pytest.raises(ZeroDivisionError):
        await turnstile({"path": "/breaks/"}, None, None)

    async with asyncio.timeout(1):
        await turnstile({"path": "/"}, None, None)


async def test_client_who_leaves_while_waiting_takes_no_place():
    turnstile = Turnstile(Pages(), at_once=1)
    await turnstile.places.acquire()
    waiting = asyncio.create_task(turnstile({"path": "/"}, None, None))
    await asyncio.sleep(0)

    waiting.cancel()
    turnstile.places.release()

    async with asyncio.timeout(1):
        await turnstile({"path": "/"}, None, None)


async def test_closing_waits_for_the_pages_that_are_being_made():
    pages = Pages()
    turnstile = Turnstile(pages, at_once=2)
    making = asyncio.create_task(turnstile({"path": "/"}, None, None))
    await asyncio.sleep(0)
    assert pages.running == 1

    await turnstile.close()

    assert (pages.running, making.done()) == (0, True)


async def test_closing_does_not_wait_for_ever(caplog):
    turnstile = Turnstile(Pages(), at_once=1)
    await turnstile.places.acquire()

    async with asyncio.timeout(1):
        await turnstile.close(patience=0.01)

    assert "still being made" in caplog.text
