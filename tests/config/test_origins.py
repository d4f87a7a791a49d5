import asyncio

import pytest
from channels.testing import WebsocketCommunicator
from wagtail.models import Site

from config.origins import OwnOrigins, origins_of_sites
from tests.factories.neighbourhoods import SiteFactory

HOST = b"ruda.localhost:8000"


@pytest.fixture(autouse=True)
def no_demo(settings):
    settings.DEMO = False


async def accept(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})


async def may_open(*origins, host=HOST):
    """Whether pages of these Origin headers may open a socket. The sites are ruda.localhost:8000 and, on the standard
    port, elblag.example."""
    guard = OwnOrigins(accept)
    guard.allowed_origins = ["http://ruda.localhost:8000", "http://elblag.example:80"]
    guard.read_at = asyncio.get_running_loop().time()  # monotonic: the list is fresh
    headers = [(b"host", host), *[(b"origin", origin) for origin in origins]]
    is_open, _code = await WebsocketCommunicator(guard, "/ws/notifications/", headers=headers).connect()
    return is_open


@pytest.mark.parametrize(
    "origin", [b"http://ruda.localhost:8000", b"http://elblag.example", b"HTTP://Elblag.Example:80"]
)
async def test_pages_of_our_sites_may_open_sockets(origin):
    assert await may_open(origin)


@pytest.mark.parametrize(
    "origin",
    [
        b"http://ruda.localhost:8001",
        b"http://ruda.localhost",
        b"https://ruda.localhost:8000",
        b"ws://ruda.localhost:8000",
        b"http://zlo.ruda.localhost:8000",
        b"http://ruda.localhost:8000.zlo.example",
        b"http://zlo.example/ruda.localhost:8000",
        b"http://ruda.localhost:8000@zlo.example",
        b"http://ruda.localhost:99999",
        b"http://ruda.localhost:x",
        b"http://[ruda",
        b"ruda.localhost:8000",
        b"null",
        b"*",
        b"",
        b"\xff\xfe",
    ],
)
async def test_pages_of_other_origins_may_not(origin):
    assert not await may_open(origin)


async def test_missing_origin_is_refused():
    assert not await may_open()


async def test_two_origins_are_refused():
    assert not await may_open(b"http://ruda.localhost:8000", b"http://zlo.example")


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (b"http://klucze.localhost:8123", b"klucze.localhost:8123", True),
        (b"http://localhost:8123", b"klucze.localhost:8123", True),
        (b"http://klucze.localhost:8124", b"klucze.localhost:8123", False),
        (b"https://klucze.localhost:8123", b"klucze.localhost:8123", False),
        (b"http://zlo.example:8123", b"klucze.localhost:8123", False),
        (b"http://localhost.zlo.example:8123", b"klucze.localhost:8123", False),
    ],
)
async def test_demo_opens_its_own_port_on_localhost_names_only(origin, host, expected, settings):
    settings.DEMO = True

    assert await may_open(origin, host=host) is expected


async def test_no_demo_opens_no_free_port(settings):
    settings.DEMO = False

    assert not await may_open(b"http://klucze.localhost:8123", host=b"klucze.localhost:8123")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scheme", "port", "expected"),
    [
        ("https", 443, "https://ruda.example:443"),
        ("https", 80, "https://ruda.example:443"),
        ("http", 8000, "http://ruda.example:8000"),
    ],
)
def test_every_site_is_an_origin(scheme, port, expected, settings):
    settings.SCHEME = scheme
    Site.objects.all().delete()
    SiteFactory(hostname="ruda.example", port=port)

    assert origins_of_sites() == [expected]
