"""Which pages may open a socket: only those of our own sites, compared as full origins (scheme, host and port)."""

import time
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from channels.security.websocket import OriginValidator
from django.conf import settings
from wagtail.models import Site

from notifications.apart import apart

KEPT_SECONDS = 30
STANDARD_PORTS = {"http": 80, "https": 443}


def origins_of_sites():
    """Every Wagtail site, under the scheme of this installation. Both standard ports mean "the scheme's own"."""
    return [
        f"{settings.SCHEME}://{hostname}:{STANDARD_PORTS[settings.SCHEME] if port in STANDARD_PORTS.values() else port}"
        for hostname, port in Site.objects.values_list("hostname", "port")
    ]


class OwnOrigins(OriginValidator):
    """Refuses sockets of other origins, and of none. `AllowedHostsOriginValidator` would let pass any port and scheme.

    The list is read from the database and kept for half a minute, so that a new site needs no restart. In the demo
    every `*.localhost` name on the port of this very server counts too, because the demo may move to a free port.
    """

    def __init__(self, application):
        super().__init__(application, [])
        self.read_at = None

    async def __call__(self, scope, receive, send):
        if self.read_at is None or time.monotonic() - self.read_at > KEPT_SECONDS:
            self.allowed_origins = [*settings.SOCKET_ORIGINS, *await apart(database_sync_to_async(origins_of_sites)())]
            self.read_at = time.monotonic()
        if self.is_own(scope):
            return await self.application(scope, receive, send)
        await receive()
        return await send({"type": "websocket.close"})

    def is_own(self, scope):
        headers = [value.decode("latin1") for name, value in scope["headers"] if name == b"origin"]
        if len(headers) != 1:
            return False
        try:
            origin = urlsplit(headers[0].lower())
            return self.valid_origin(origin) or (settings.DEMO and self.is_own_demo(origin, scope))
        except ValueError:  # no number for a port, a broken IPv6 address
            return False

    @staticmethod
    def is_own_demo(origin, scope):
        hosts = [value.decode("latin1").lower() for name, value in scope["headers"] if name == b"host"]
        name = origin.hostname or ""
        return (
            origin.scheme == "http"
            and (name == "localhost" or name.endswith(".localhost"))
            and len(hosts) == 1
            and (origin.port or 80) == port_of(hosts[0])
        )


def port_of(host):
    return urlsplit(f"//{host}").port or 80
