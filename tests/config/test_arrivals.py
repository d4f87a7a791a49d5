"""More sockets than can be served at once are told when to come again, each at a time of its own."""

import asyncio
import heapq
import json

import pytest

from config.arrivals import FIRST_GUESS, LONGEST_SECONDS, TRY_LATER, Arrivals
from config.sockets import SignedIn


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Wire:
    """The server's end of one socket."""

    def __init__(self):
        self.sent = []

    async def receive(self):
        return {"type": "websocket.connect"}

    async def send(self, message):
        self.sent.append(message)


async def inner(_scope, _receive, send):
    await send({"type": "websocket.accept"})


def door(monkeypatch, find_user, at_once=1):
    monkeypatch.setattr("config.sockets.get_user", find_user)
    return SignedIn(inner, Arrivals(at_once=at_once))


def knock(at):
    wire = Wire()
    scope = {"type": "websocket", "session": {}}
    return wire, asyncio.create_task(at(scope, wire.receive, wire.send))


async def test_who_finds_the_door_full_is_told_when_to_come_again(monkeypatch):
    opened = asyncio.Event()

    async def find_user(_scope):
        await opened.wait()

    entrance = door(monkeypatch, find_user)
    first, coming_in = knock(entrance)
    await asyncio.sleep(0)
    second, sent_away = knock(entrance)
    await sent_away

    accepted, told, closed = second.sent
    assert accepted == {"type": "websocket.accept"}
    assert json.loads(told["text"])["later"] >= FIRST_GUESS
    assert closed == {"type": "websocket.close", "code": TRY_LATER}
    assert first.sent == []

    opened.set()
    await coming_in
    assert first.sent == [{"type": "websocket.accept"}]


async def test_one_that_failed_gives_its_place_back(monkeypatch):
    async def find_user(_scope):
        raise ConnectionError

    entrance = door(monkeypatch, find_user)
    for _number in range(3):
        wire, coming_in = knock(entrance)
        with pytest.raises(ConnectionError):
            await coming_in
        assert wire.sent == []


def test_turns_follow_one_another():
    arrivals = Arrivals(at_once=1, clock=Clock())
    arrivals.seconds_each = 0.5

    assert [arrivals.turn() for _number in range(4)] == [1.0, 1.5, 2.0, 2.5]


def test_nobody_waits_for_hours_because_the_database_hung():
    arrivals = Arrivals(at_once=1, clock=Clock())
    arrivals.seconds_each = 30

    assert max(arrivals.turn() for _number in range(100)) == LONGEST_SECONDS


@pytest.mark.parametrize("seconds_each", [0.005, 0.02, 0.08])
def test_thousands_who_come_at_once_are_let_in_without_a_pause(seconds_each):
    """Whatever one of them takes: the process is never idle while somebody waits outside, and nobody comes often."""
    clock = Clock()
    arrivals, people = Arrivals(clock=clock), 1000
    coming = [(100 + number / people, number, "comes") for number in range(people)]
    busy_until, tries = 100.0, 0

    while coming:
        clock.now, number, what = heapq.heappop(coming)
        if what == "is through":
            arrivals.__exit__()
        elif arrivals.is_full:
            tries += 1
            heapq.heappush(coming, (clock.now + arrivals.turn(), number, "comes"))
        else:
            arrivals.__enter__()
            busy_until = max(busy_until, clock.now) + seconds_each
            heapq.heappush(coming, (busy_until, number, "is through"))

    assert busy_until - 100 <= people * seconds_each + 2
    assert tries <= 1.5 * people
    assert arrivals.seconds_each == pytest.approx(seconds_each, rel=0.1)
