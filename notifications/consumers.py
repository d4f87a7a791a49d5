"""The socket of one open page: replays what was missed, then forwards what comes in, in order, each number once."""

import asyncio
import contextvars
import json
import logging
import time
from importlib import import_module
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from notifications import frames, inboxes
from notifications.apart import apart
from notifications.models import Inbox, Notification
from notifications.realtime import hub
from notifications.sessions import fingerprint

log = logging.getLogger(__name__)

# Close codes of our own; the client knows them (config/static/js/notifications.js).
SIGNED_OUT = 4401
MALFORMED = 4400
LOOK_AGAIN = 4408
GAVE_WAY = 4409
FLOOD = 4429
BROKEN = 1011

FRAME_LIMIT = 4096
MESSAGES_PER_SECOND = 20
COPIES_AHEAD = 64
ROWS_AT_ONCE = 100
# Notices sent without a word from the client that it has them; it speaks up every 50.
WINDOW = 200
STALL_SECONDS = 20
GREETING_SECONDS = 15
SYNC_PAUSE_SECONDS = 2


class InboxConsumer(AsyncWebsocketConsumer):
    """The client says `{"have": n}`: on connect the last number it shows, later (once a minute) what it has received;
    it is answered with a sync. In between it says `{"got": n}` every 50 notices, so that the server sees it reading.

    It is told `{"seq": …, "url": …, "kind": …, "title": …, …}` for each notice, `{"unread": n, "up_to": seq}` at every
    sync, `{"jump": seq}` where older notices were removed, and `{"reset": seq}` where its number is not of this inbox.
    """

    # The hub hears the layer for all sockets: no channel, no group and no subscription for each of them.
    channel_layer_alias = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user_id = None
        self.pump_task = None
        self.received = []  # when the last messages came; a deque takes as much for one as for sixty
        self.wake = asyncio.Event()
        self.is_at_rest = False  # the pump has sent all there is and waits
        self.closing = None  # the code to close with
        self.cursor = None  # the last number sent; None until the client has said what it has
        self.had = 0  # the last number that the client says it has
        self.last_known = 0  # the last number known to be in the inbox
        self.ahead = {}  # copies that came before their turn
        self.wants_sync = False
        self.synced_at = -SYNC_PAUSE_SECONDS

    async def __call__(self, scope, receive, send):
        try:
            return await super().__call__(scope, receive, send)
        finally:
            # Also where the server shuts down: then no disconnect() is called.
            if self.user_id is not None:
                hub.leave(self)
            if self.pump_task is not None:
                self.pump_task.cancel()

    async def dispatch(self, message):
        """The original first closes old connections, in a thread, which leaves its context here (apart.py). Our calls
        to the database do that themselves."""
        await getattr(self, get_handler_name(message))(message)

    # --- What the client says ---

    async def connect(self):
        user = self.scope["user"]
        await self.accept()  # a refused handshake carries no code: the client could not tell it from an overload
        if not user.is_authenticated or not user.is_active:
            await self.close(SIGNED_OUT)
            return
        self.user_id = user.pk
        self.language = self.choose_language(user)
        self.session = fingerprint(self.scope["session"].session_key)
        hub.join(self)  # before the replay: what comes in during the replay must be heard
        self.pump_task = asyncio.create_task(self.pump(), context=contextvars.Context())
        self.pump_task.add_done_callback(self.pump_ended)

    def choose_language(self, user):
        """The language of the page, which need not be that of the person's mails."""
        asked = parse_qs(self.scope["query_string"].decode("latin1")).get("language", [""])[0]
        return asked if asked in dict(settings.LANGUAGES) else user.language

    async def receive(self, text_data=None, bytes_data=None):
        if self.user_id is None:
            return
        now = time.monotonic()
        self.received = [*self.received[-MESSAGES_PER_SECOND:], now]
        if len(self.received) > MESSAGES_PER_SECOND and now - self.received[0] < 1:
            await self.cut(FLOOD)
        verb, number = self.parse(text_data)
        if verb is None or (verb == "got" and self.cursor is None):
            await self.cut(MALFORMED)
        self.client_has(number, wants_sync=verb == "have")

    @staticmethod
    def parse(text_data):
        """What the client says: a verb and a number; (None, None) where it says anything else."""
        nonsense = None, None
        if not text_data or len(text_data) > FRAME_LIMIT:
            return nonsense
        try:
            ((verb, number),) = json.loads(text_data).items()
        except (ValueError, TypeError, AttributeError, RecursionError):
            return nonsense
        is_number = type(number) is int and 0 <= number < 2**63
        return (verb, number) if verb in {"have", "got"} and is_number else nonsense

    def client_has(self, number, *, wants_sync):
        if self.cursor is None:
            self.cursor = self.had = number
        else:
            # A heartbeat never rewinds: what was sent is on its way.
            self.had = max(self.had, min(number, self.cursor))
        self.wants_sync = self.wants_sync or wants_sync
        self.wake.set()

    async def cut(self, code):
        """Ends at once: nothing more that this client sends is looked at."""
        await self.close(code)
        raise StopConsumer

    # --- What the hub says, on the same loop ---

    async def tell(self, seq, part):
        """As offer(). Where this copy is all that the pump would send, it goes out at once: to wake the pump costs half
        as much again. Daphne takes what it is given without a pause, so no slow client holds up the others here."""
        if part and self.is_at_rest and seq == self.cursor + 1 and self.closing is None and not self.is_stalled():
            self.cursor = self.last_known = seq
            try:
                await self.send(frames.frame(seq, part))
            except Exception as error:  # noqa: BLE001 -- a page that is just closing, mostly; the others must hear
                log.warning("A socket could not be told: %r", error)
                self.close_with(BROKEN)
        else:
            self.offer(seq, part)

    def offer(self, seq, part):
        """There is a notice with this number; `part` is its copy in the language of this socket, or None."""
        if self.cursor is not None and seq <= self.cursor:
            return
        self.last_known = max(self.last_known, seq)
        if part and len(self.ahead) < COPIES_AHEAD:
            self.ahead[seq] = part
        self.wake.set()

    def look(self):
        """Something was read elsewhere: the count is told anew."""
        self.wants_sync = True
        self.wake.set()

    def revoke(self, session):
        """Closes the socket of this session, or whichever session it is: the client may come back if it still may."""
        if session in {"", self.session}:
            self.close_with(SIGNED_OUT if session else LOOK_AGAIN)

    def give_way(self):
        self.close_with(GAVE_WAY)

    def close_with(self, code):
        self.closing = code
        self.wake.set()

    # --- The only sender ---

    async def pump(self):
        if not await self.greeted():
            self.closing = self.closing or MALFORMED
        while self.closing is None:
            pause = self.synced_at + SYNC_PAUSE_SECONDS - time.monotonic()
            if self.wants_sync and pause <= 0:
                await self.sync()
            elif self.cursor >= self.last_known:
                self.is_at_rest = True
                await self.sleep(pause if self.wants_sync else None)
                self.is_at_rest = False
            elif self.is_stalled():
                if not await self.sleep(STALL_SECONDS):
                    self.closing = LOOK_AGAIN
            else:
                await self.send_next()
        await self.close(self.closing)

    def is_stalled(self):
        """Whether the client is too far behind what it has said to have."""
        return self.cursor - self.had >= WINDOW

    async def greeted(self):
        """Waits for the first number of the client."""
        deadline = time.monotonic() + GREETING_SECONDS
        while self.cursor is None and self.closing is None:
            if not await self.sleep(deadline - time.monotonic()):
                return False
        return True

    async def sleep(self, seconds):
        """Waits for something to do. Returns False when nothing came in time."""
        try:
            await asyncio.wait_for(self.wake.wait(), seconds)
        except TimeoutError:
            return False
        self.wake.clear()
        return True

    async def sync(self):
        """Is the person still signed in; how does the inbox stand."""
        self.wants_sync = False
        self.synced_at = time.monotonic()
        standing = await apart(self.read_standing())
        if standing is None:
            self.closing = SIGNED_OUT
            return
        self.last_known = max(self.last_known, standing.last_seq)
        if self.cursor > self.last_known:
            # The number of another inbox, or of a database before its restore.
            self.cursor = self.had = self.last_known
            await self.send(json.dumps({"reset": self.cursor}))
        await self.send(json.dumps({"unread": standing.unread, "up_to": standing.last_seq}))

    async def send_next(self):
        part = self.ahead.pop(self.cursor + 1, None)
        if part:
            self.cursor += 1
            await self.send(frames.frame(self.cursor, part))
        else:
            await self.send_gap()

    async def send_gap(self):
        rows, first_kept = await apart(self.read_gap())
        if not rows:
            # Retention took all that was missing, or the inbox was emptied.
            await self.jump_to(max(first_kept, self.last_known + 1))
        for seq, text in rows:
            if seq > self.cursor + 1:
                await self.jump_to(seq)
            self.cursor = seq
            await self.send(text)
        self.ahead = {seq: part for seq, part in self.ahead.items() if seq > self.cursor}

    async def jump_to(self, seq):
        """Numbers become visible in order, so missing ones were removed. The next one is `seq`."""
        self.cursor = self.had = seq - 1
        await self.send(json.dumps({"jump": seq}))

    @database_sync_to_async
    def read_standing(self):
        """How the inbox stands; None where the session has ended or the account is closed."""
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.scope["session"].session_key)
        user = get_user(request)
        return inboxes.standing_of(user.pk) if user.pk == self.user_id and user.is_active else None

    @database_sync_to_async
    def read_gap(self):
        user = self.scope["user"]
        found = Notification.objects.of(user.pk).after(self.cursor).with_events()[:ROWS_AT_ONCE]
        inbox = Inbox.objects.filter(pk=user.pk).first()
        return frames.of_notifications(list(found), user, self.language), inbox.first_kept_seq if inbox else 1

    def pump_ended(self, task):
        """A socket without a pump would stay open and deaf."""
        if not task.cancelled() and task.exception() is not None:
            log.error("The pump of a socket died", exc_info=task.exception())
            self.last_words = asyncio.ensure_future(self.close(BROKEN))
