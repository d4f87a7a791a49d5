"""Everything in the embedded shape, the sockets alone in the server shape (OGNIWO_SOCKETS_ONLY), both under Daphne.

Start it with
`daphne -e tcp:port=8000:interface=127.0.0.1:backlog=1024 --websocket-max-message-size 4096
--websocket-max-frame-size 4096 --ping-interval 10 --ping-timeout 15 --application-close-timeout 5
config.asgi:application`; in the server shape only behind the proxy. Without the backlog, of more than 50 people who
come in the same moment some find a closed door.
"""

import asyncio
import os
import sys

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 -- Django must be set up before its models
from django.conf import settings  # noqa: E402

from config.floods import FloodGuard  # noqa: E402
from config.origins import OwnOrigins  # noqa: E402
from config.sockets import with_people  # noqa: E402
from config.turnstile import Turnstile  # noqa: E402
from notifications import server  # noqa: E402
from notifications.routing import websocket_urlpatterns  # noqa: E402


async def no_pages(scope, receive, send):
    """In a process of sockets only: says that it lives, and nothing else."""
    is_health = scope["path"] == "/healthz"
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200 if is_health else 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok" if is_health else b"sockets only"})


turnstile = Turnstile(pages)
protocols = ProtocolTypeRouter(
    {
        "http": no_pages if settings.SOCKETS_ONLY else turnstile,
        "websocket": FloodGuard(OwnOrigins(with_people(URLRouter(websocket_urlpatterns)))),
    }
)


async def application(scope, receive, send):
    """Drops what the client says about our own path: the header Daphne-Root-Path would end up in mailed links."""
    await protocols(dict(scope, root_path=""), receive, send)


def hook():
    """Starts what runs beside the pages when the server runs, and ends it with the server. Daphne has no lifespan
    events; under anything else (checks, migrations, tests) its reactor is not there and nothing starts."""
    reactor = sys.modules.get("twisted.internet.reactor")
    if reactor is None:
        return
    from twisted.internet.defer import Deferred  # noqa: PLC0415 -- there only under Daphne

    from config import many_sockets  # noqa: PLC0415 -- the same

    if not settings.SOCKETS_ONLY:
        server.serve_pages()
    beside = server.SocketServer(with_worker=settings.EMBEDDED)
    many_sockets.prepare()
    # Only once the reactor runs there is a running loop to bind.
    reactor.callWhenRunning(reactor.callLater, 0, beside.start)
    for end in (turnstile.close, beside.stop):
        reactor.addSystemEventTrigger(
            "before", "shutdown", lambda end=end: Deferred.fromFuture(asyncio.ensure_future(end()))
        )


hook()
