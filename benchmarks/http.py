"""Requests per second of the busiest pages, as a share of what an empty view of the same project reaches.

gunicorn with threads and Daphne, on PostgreSQL and SQLite; pages and the empty view (`benchmarks/_empty.py`) take
turns, so that a busy machine slows both.

    python3 dev.py bench http [--rounds 7] [--requests 400]
"""

import argparse
import asyncio
import itertools
import json
import statistics
import time
from dataclasses import dataclass

from benchmarks._empty import PATH
from benchmarks._results import finish, result
from benchmarks._stage import HOST, stage

CLIENTS = 8
GOOD = 200


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    goal: float
    is_cold: bool = False
    is_signed_in: bool = False


EMPTY = Page("empty view", f"/{PATH}", 1)
PAGES = (
    Page("requests_warm", "/prosby/", 0.40),
    # An address that nobody has asked for yet is in no cache.
    Page("requests_cold", "/prosby/?n=", 0.06, is_cold=True),
    Page("home_warm", "/", 0.65),
    Page("services_warm", "/uslugi/", 0.65),
    Page("news_warm", "/aktualnosci/", 0.65),
    Page("events_warm", "/wydarzenia/", 0.65),
    Page("initiatives_warm", "/inicjatywy/", 0.65),
    Page("calendar_warm", "/inicjatywy/kalendarz/", 0.65),
    Page("requests_signed_in", "/prosby/", 0.06, is_signed_in=True),
)
fresh = itertools.count()


async def client(port, page, cookie, count):
    """One visitor who asks again and again over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _turn in range(count):
        path = f"{page.path}{next(fresh)}" if page.is_cold else page.path
        who = f"Cookie: {cookie}\r\n" if page.is_signed_in else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{who}\r\n".encode())
        status = int((await reader.readline()).split()[1])
        if status != GOOD:
            raise RuntimeError(f"{path} answered {status}")
        await body(reader)
    writer.close()


async def body(reader):
    length, is_chunked = 0, False
    while line := (await reader.readline()).strip().lower():
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        is_chunked = is_chunked or line == b"transfer-encoding: chunked"
    if not is_chunked:
        await reader.readexactly(length)
        return
    while size := int((await reader.readline()).strip(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def crowd(port, page, cookie, count):
    await asyncio.gather(*(client(port, page, cookie, count) for _number in range(CLIENTS)))


def seconds(port, page, cookie, requests):
    """Seconds for one request, with so many visitors at once."""
    count = max(1, requests // CLIENTS)
    began = time.perf_counter()
    asyncio.run(crowd(port, page, cookie, count))
    return (time.perf_counter() - began) / (count * CLIENTS)


def measure(name, port, cookie, *, rounds, requests):
    for page in (EMPTY, *PAGES):
        seconds(port, page, cookie, CLIENTS * 2)
    shares = {page: [] for page in PAGES}
    for _round in range(rounds):
        for page in PAGES:
            slow = page.is_cold or page.is_signed_in
            empty = seconds(port, EMPTY, cookie, requests)
            shares[page].append(empty / seconds(port, page, cookie, requests // 4 if slow else requests))
    for page in PAGES:
        result(f"http.{name}.{page.name}", statistics.median(shares[page]), ">=", page.goal)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--rows", type=int, default=300)
    arguments = parser.parse_args()
    how = {"rounds": arguments.rounds, "requests": arguments.requests}
    for shape, database in (("server", "postgresql"), ("embedded", "sqlite")):
        with stage(shape) as installation:
            cast = json.loads(installation.python("benchmarks._http_cast", "cast", arguments.rows))
            cookie = f"{cast['cookie']}={cast['session']}"
            with installation.gunicorn("benchmarks._empty_wsgi:application", workers=1) as port:
                measure(f"gunicorn.{database}", port, cookie, **how)
            with installation.daphne("benchmarks._empty_asgi:application") as port:
                measure(f"daphne.{database}", port, cookie, **how)
    finish()


if __name__ == "__main__":
    main()
