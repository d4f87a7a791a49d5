"""A page's end of the socket, as the tests play it."""

import json

from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from config.sockets import with_people
from notifications.routing import websocket_urlpatterns

APPLICATION = with_people(URLRouter(websocket_urlpatterns))
PATH = "/ws/notifications/"
PATIENCE = 30


@database_sync_to_async
def session_of(user):
    """The key of a fresh session of this person."""
    client = Client()
    client.force_login(user)
    return client.session.session_key


class Page:
    """One open page of a person: `shown` are the numbers it has shown, in order."""

    def __init__(self, session, *, language="pl", application=APPLICATION, headers=()):
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}".encode()
        self.wire = WebsocketCommunicator(
            application, f"{PATH}?language={language}", headers=[(b"cookie", cookie), *headers]
        )
        self.frames = []
        self.standing = None
        self.jumps = []

    async def open(self, have=0):
        """Connects and says what it has. Returns the page."""
        is_open, _subprotocol = await self.wire.connect(timeout=PATIENCE)
        assert is_open
        await self.say(have=have)
        await self.read_until(lambda: self.standing)
        return self

    async def say(self, **number):
        await self.wire.send_to(text_data=json.dumps(number))

    async def read(self):
        message = json.loads(await self.wire.receive_from(timeout=PATIENCE))
        if "seq" in message:
            self.frames.append(message)
        elif "unread" in message:
            self.standing = message
        elif "jump" in message:
            self.jumps.append(message["jump"])
        return message

    async def read_until(self, is_enough):
        while not is_enough():
            await self.read()

    @property
    def shown(self):
        return [frame["seq"] for frame in self.frames]

    async def closing_code(self):
        """Waits for the server to close, reading past what else it sends."""
        while True:
            output = await self.wire.receive_output(timeout=PATIENCE)
            if output["type"] == "websocket.close":
                return output.get("code", 1000)

    async def leave(self):
        await self.wire.disconnect(timeout=PATIENCE)


async def page_of(user, have=0, **options):
    return await Page(await session_of(user), **options).open(have)
