import sys

import pytest
from channels.db import database_sync_to_async
from channels.testing import HttpCommunicator
from django.core.signing import dumps
from wagtail.models import Site

from config import asgi
from notifications import realtime
from notifications.delivery import courier
from tests.factories.accounts import UserFactory
from tests.notifications.conftest import committed, sockets  # noqa: F401 -- fixtures of the sockets
from tests.notifications.sockets import Page, session_of


def test_importing_the_application_starts_nothing():
    assert "twisted.internet.reactor" not in sys.modules
    assert not courier.is_on


@pytest.mark.redis
@pytest.mark.usefixtures("sockets")
async def test_socket_opens_for_a_page_of_our_own_site():
    site = await database_sync_to_async(Site.objects.create)(hostname="ruda.localhost", port=8000, root_page_id=1)
    asgi_origins = asgi.protocols.application_mapping["websocket"].application
    asgi_origins.read_at = None
    person = await database_sync_to_async(UserFactory)()
    session = await session_of(person)

    page = Page(session, application=asgi.application, headers=[(b"origin", b"http://ruda.localhost:8000")])
    await page.open()
    await page.leave()
    stranger = Page(session, application=asgi.application, headers=[(b"origin", b"http://ruda.localhost:8001")])
    is_open, _code = await stranger.wire.connect()

    assert not is_open
    assert realtime.hub.people == {}
    await database_sync_to_async(site.delete)()


async def test_path_that_the_client_claims_is_dropped(monkeypatch):
    seen = []

    async def look(scope, receive, send):
        seen.append(scope["root_path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    monkeypatch.setitem(asgi.protocols.application_mapping, "http", look)
    wire = HttpCommunicator(asgi.application, "GET", "/healthz")
    wire.scope["root_path"] = "@zlo.example"

    await wire.get_response()

    assert seen == [""]
    assert dumps(seen)


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/", 404), ("/konto/login/", 404)])
async def test_process_of_sockets_serves_no_pages(path, status):
    response = await HttpCommunicator(asgi.no_pages, "GET", path).get_response()

    assert response["status"] == status
