import asyncio
import json
import random
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from channels.layers import channel_layers, get_channel_layer
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications import consumers, delivery, duties, frames, inboxes, outbox, realtime
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NotificationFactory, tell
from tests.notifications.sockets import APPLICATION, Page, page_of, session_of

pytestmark = [pytest.mark.redis, pytest.mark.usefixtures("sockets")]

make = database_sync_to_async(UserFactory)
make_notifications = database_sync_to_async(NotificationFactory.create_batch)
tell_later = database_sync_to_async(tell)


# --- Replay, then what comes in ---


async def test_page_is_told_what_comes_in():
    person = await make(language="en")
    page = await page_of(person, language="en")

    await tell_later(person, words="Hello")
    await page.read_until(lambda: page.frames)

    (frame,) = page.frames
    assert frame["seq"] == 1
    assert frame["url"] == "/moje/powiadomienia/1/"
    assert (frame["kind"], frame["title"]) == ("tests.news", "en: Hello")
    assert "razem" in frame["body"]
    await page.leave()


async def test_page_catches_up_with_what_it_missed():
    person = await make()
    await make_notifications(5, user=person)

    page = await page_of(person, have=2)
    await page.read_until(lambda: len(page.shown) == 3)

    assert page.shown == [3, 4, 5]
    await page.leave()


async def test_catching_up_goes_in_steps_and_waits_for_the_client(monkeypatch):
    monkeypatch.setattr(consumers, "ROWS_AT_ONCE", 4)
    monkeypatch.setattr(consumers, "WINDOW", 12)
    person = await make()
    await make_notifications(17, user=person)

    page = await page_of(person)
    await page.read_until(lambda: len(page.shown) == 12)
    waits = await page.wire.receive_nothing(timeout=0.3)
    await page.say(got=12)
    await page.read_until(lambda: len(page.shown) == 17)

    assert waits
    assert page.shown == list(range(1, 18))
    await page.leave()


async def test_reader_who_takes_nothing_is_cut(monkeypatch):
    monkeypatch.setattr(consumers, "STALL_SECONDS", 0.1)
    monkeypatch.setattr(consumers, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(consumers, "WINDOW", 2)
    person = await make()
    await make_notifications(3, user=person)

    page = await page_of(person)

    assert await page.closing_code() == consumers.LOOK_AGAIN


async def test_frames_are_in_the_language_of_the_page():
    person = await make(language="pl")
    polish, english = await page_of(person), await page_of(person, language="en")

    await tell_later(person)
    for page in (polish, english):
        await page.read_until(lambda page=page: page.frames)

    assert [page.frames[0]["title"] for page in (polish, english)] == ["pl: Dzień dobry", "en: Dzień dobry"]
    await polish.leave()
    await english.leave()


async def test_personal_words_reach_their_reader_only():
    near, far = await make(display_name="Jan Kos"), await make(display_name="Ewa Lis")
    pages = [await page_of(near), await page_of(far)]

    await tell_later(near, far, near={near.pk: 300})
    for page in pages:
        await page.read_until(lambda page=page: page.frames)

    assert "Jan: 300 m" in pages[0].frames[0]["body"]
    assert "300" not in pages[1].frames[0]["body"]
    for page in pages:
        await page.leave()


async def test_news_reaches_the_people_concerned_only():
    concerned, stranger = await make(), await make()
    page, other = await page_of(concerned), await page_of(stranger)

    await tell_later(concerned)
    await page.read_until(lambda: page.frames)

    assert await other.wire.receive_nothing(timeout=0.5)
    await page.leave()
    await other.leave()


async def test_lost_bell_is_made_up_for_by_the_hubs_look():
    person = await make()
    page = await page_of(person)

    await make_notifications(2, user=person)  # nobody rings
    await page.read_until(lambda: len(page.shown) == 2)

    assert page.shown == [1, 2]
    await page.leave()


async def test_very_many_readers_share_one_copy_and_read_words_of_their_own_in_the_database(monkeypatch):
    monkeypatch.setattr(settings, "DELIVER_AT_ONCE", 1)
    people = [await make() for _number in range(3)]
    pages = [await page_of(person) for person in people]
    reads = []
    of_notifications = frames.of_notifications
    monkeypatch.setattr(
        frames,
        "of_notifications",
        lambda found, reader, language: reads.append(reader.pk) or of_notifications(found, reader, language),
    )

    event = await tell_later(*people, near={people[2].pk: 300})
    await database_sync_to_async(delivery.deliver)(event.pk, by_worker=True)
    for page in pages:
        await page.read_until(lambda page=page: page.frames)

    assert [page.frames[0]["title"] for page in pages] == ["pl: Dzień dobry"] * 3
    assert ["300 m" in page.frames[0]["body"] for page in pages] == [False, False, True]
    assert reads == [people[2].pk]
    for page in pages:
        await page.leave()


class Unreliable:
    """A channel layer that loses every fifth message, doubles every fifth, and brings some of them late."""

    def __init__(self, layer, seed):
        self.layer = layer
        self.chance = random.Random(seed)
        self.late = []

    def __getattr__(self, name):
        return getattr(self.layer, name)

    async def group_send(self, group, message):
        for item in json.loads(message["items"]):
            luck = self.chance.random()
            if luck < 0.2:
                continue
            single = {**message, "items": json.dumps([item])}
            if luck < 0.5:
                self.late.append(asyncio.create_task(self.send_late(group, single)))
            else:
                await self.layer.group_send(group, single)
            if luck > 0.8:
                await self.layer.group_send(group, single)

    async def send_late(self, group, message):
        await asyncio.sleep(self.chance.random() * 0.3)
        await self.layer.group_send(group, message)


@pytest.mark.postgres
async def test_every_page_shows_each_number_once_and_in_order_whatever_happens_to_the_bells():
    people = [await make() for _number in range(3)]
    reliable = get_channel_layer()
    layer = Unreliable(reliable, seed=11)
    channel_layers.set("default", layer)
    try:
        pages = [await page_of(person) for person in people for _tab in range(2)]
        for _number in range(40):
            await tell_later(*people, about=people[0])
        for page in pages:
            await page.read_until(lambda page=page: len(page.shown) >= 40)
        await asyncio.gather(*layer.late)
        silences = [await page.wire.receive_nothing(timeout=0.05) for page in pages]
    finally:
        channel_layers.set("default", reliable)

    assert [page.shown for page in pages] == [list(range(1, 41))] * 6
    assert all(silences)
    for page in pages:
        await page.leave()


async def test_page_that_comes_back_goes_on_where_it_was():
    person = await make()
    session = await session_of(person)
    shown = []
    for number in range(1, 6):
        page = await Page(session).open(have=len(shown))
        await tell_later(person)
        await page.read_until(lambda page=page: page.frames)
        shown += page.shown
        await page.leave()
        await make_notifications(1, user=person)
        expected = 2 * number
        page = await Page(session).open(have=len(shown))
        await page.read_until(lambda page=page: page.frames)
        shown += page.shown
        await page.leave()
        assert len(shown) == expected

    assert shown == list(range(1, 11))


async def test_heartbeat_never_rewinds():
    person = await make()
    await make_notifications(3, user=person)
    page = await page_of(person)
    await page.read_until(lambda: len(page.shown) == 3)

    await page.say(have=0)
    await tell_later(person)
    await page.read_until(lambda: len(page.shown) == 4)

    assert page.shown == [1, 2, 3, 4]
    await page.leave()


async def test_number_of_another_inbox_is_set_right():
    person = await make()
    await make_notifications(2, user=person)
    page = Page(await session_of(person))
    await page.wire.connect()

    await page.say(have=900)
    first = await page.read()
    await tell_later(person)
    await page.read_until(lambda: page.frames)

    assert first == {"reset": 2}
    assert page.shown == [3]
    await page.leave()


async def test_page_is_told_that_older_news_was_removed():
    person = await make()
    old = await make_notifications(3, user=person, read=True)
    await make_notifications(1, user=person)
    long_ago = timezone.now() - timedelta(days=200)
    await database_sync_to_async(
        lambda: Event.objects.filter(pk__in=[told.event_id for told in old]).update(created_at=long_ago)
    )()
    await database_sync_to_async(duties.forget_old_news)()

    page = await page_of(person)
    await page.read_until(lambda: page.frames)

    assert (page.jumps, page.shown) == ([4], [4])
    await page.leave()


async def test_page_of_an_emptied_inbox_is_not_stuck():
    person = await make()
    await make_notifications(3, user=person)
    await database_sync_to_async(lambda: Notification.objects.all().delete())()

    page = await page_of(person)
    await page.read_until(lambda: page.jumps)
    await tell_later(person)
    await page.read_until(lambda: page.frames)

    assert (page.jumps, page.shown) == ([4], [4])
    await page.leave()


# --- The count ---


async def test_page_hears_how_many_are_unread():
    person = await make()
    await make_notifications(2, user=person)
    await make_notifications(1, user=person, read=True)

    page = await page_of(person, have=3)

    assert page.standing == {"unread": 2, "up_to": 3}
    await page.leave()


async def test_reading_elsewhere_is_heard_here(monkeypatch):
    monkeypatch.setattr(consumers, "SYNC_PAUSE_SECONDS", 0)
    person = await make()
    await make_notifications(2, user=person)
    page = await page_of(person, have=2)

    await database_sync_to_async(inboxes.mark_read)(person, 1)
    await page.read_until(lambda: page.standing["unread"] == 1)

    assert page.standing == {"unread": 1, "up_to": 2}
    await page.leave()


# --- Who may listen ---


async def test_stranger_is_refused():
    for session in ("", "0" * 32):
        page = Page(session)
        await page.wire.connect()

        assert await page.closing_code() == consumers.SIGNED_OUT


async def test_closed_account_is_refused():
    person = await make()
    session = await session_of(person)
    await database_sync_to_async(lambda: User.objects.update(is_active=False))()
    page = Page(session)
    await page.wire.connect()

    assert await page.closing_code() == consumers.SIGNED_OUT


async def test_other_addresses_are_refused():
    wire = WebsocketCommunicator(APPLICATION, "/ws/anything/")

    is_open, _code = await wire.connect()

    assert not is_open


async def test_signing_out_closes_the_sockets_of_that_session_only():
    person = await make()
    client = Client()
    await database_sync_to_async(client.force_login)(person)
    here = await Page(client.cookies[settings.SESSION_COOKIE_NAME].value).open()
    elsewhere = await page_of(person)

    await database_sync_to_async(client.logout)()

    assert await here.closing_code() == consumers.SIGNED_OUT
    await tell_later(person)
    await elsewhere.read_until(lambda: elsewhere.frames)
    await elsewhere.leave()


async def test_revoked_person_is_sent_to_look_again_and_comes_back_if_they_may():
    person = await make()
    page = await page_of(person)

    await database_sync_to_async(outbox.revoke)(person.pk)

    assert await page.closing_code() == consumers.LOOK_AGAIN
    again = await page_of(person)
    await again.leave()


async def test_revoked_page_is_not_given_the_copy_that_comes_before_its_end():
    person = await make()
    page = await page_of(person)
    (socket,) = realtime.hub.sockets_of(person.pk)

    socket.revoke("")
    await socket.tell(1, '"kind":"late"')

    assert await page.closing_code() == consumers.LOOK_AGAIN
    assert page.shown == []
    assert socket.cursor == 0


async def test_socket_that_cannot_be_told_ends_and_the_others_hear():
    person = await make()
    broken, sound = await page_of(person), await page_of(person)
    first, second = realtime.hub.sockets_of(person.pk)
    first.base_send = refuse

    await realtime.hub._hear({"news": [[person.pk, 1]], "frames": {"pl": '"kind":"x"'}, "own": []})
    await sound.read_until(lambda: sound.frames)

    assert (sound.shown, second.cursor) == ([1], 1)
    assert first.closing == consumers.BROKEN
    for page in (broken, sound):
        await page.leave()


async def refuse(message):
    """A protocol that is closed already: closing it again is fine, sending is not."""
    if message["type"] == "websocket.send":
        raise ConnectionError


async def test_page_that_takes_nothing_is_not_given_copies_either(monkeypatch):
    monkeypatch.setattr(consumers, "WINDOW", 2)
    person = await make()
    page = await page_of(person)
    (socket,) = realtime.hub.sockets_of(person.pk)

    for seq in (1, 2, 3):
        await socket.tell(seq, f'"kind":"{seq}"')

    assert (socket.cursor, socket.last_known) == (2, 3)
    await page.leave()


async def test_revoking_one_person_leaves_the_others():
    person, other = await make(), await make()
    page, others_page = await page_of(person), await page_of(other)

    await database_sync_to_async(outbox.revoke)(person.pk)
    await page.closing_code()
    await tell_later(other)
    await others_page.read_until(lambda: others_page.frames)

    assert others_page.shown == [1]
    await others_page.leave()


async def test_closed_account_is_noticed_although_the_bell_is_lost():
    person = await make()
    page = await page_of(person)

    await database_sync_to_async(lambda: User.objects.update(is_active=False))()

    assert await page.closing_code() == consumers.LOOK_AGAIN


async def test_ended_session_is_noticed_at_the_next_sync(monkeypatch):
    monkeypatch.setattr(consumers, "SYNC_PAUSE_SECONDS", 0)
    person = await make()
    page = await page_of(person)
    await database_sync_to_async(lambda: (person.set_unusable_password(), person.save()))()

    await page.say(have=0)

    assert await page.closing_code() == consumers.SIGNED_OUT


# --- Bad input ---


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "{}",
        '{"have": -1}',
        '{"have": "1"}',
        '{"have": true}',
        '{"have": 1e3}',
        '{"have": 9223372036854775808}',
        "{",
        "[" * 4000,
        '{"have": 1, "x": "' + "a" * 4096 + '"}',
        "\x00",
        '{"type": "bells"}',
        '{"have": 1, "got": 1}',
        '{"got": "1"}',
        "null",
    ],
)
async def test_malformed_message_closes_the_socket(text):
    page = await page_of(await make())

    await page.wire.send_input({"type": "websocket.receive", "text": text})

    assert await page.closing_code() == consumers.MALFORMED


async def test_client_must_say_what_it_has_before_what_it_got():
    page = Page(await session_of(await make()))
    await page.wire.connect()

    await page.say(got=0)

    assert await page.closing_code() == consumers.MALFORMED


async def test_getting_is_not_answered_and_having_is(monkeypatch):
    monkeypatch.setattr(consumers, "SYNC_PAUSE_SECONDS", 0)
    page = await page_of(await make())

    await page.say(got=0)
    is_silent = await page.wire.receive_nothing(timeout=0.3)
    await page.say(have=0)

    assert is_silent
    assert await page.read() == {"unread": 0, "up_to": 0}
    await page.leave()


async def test_bytes_close_the_socket():
    page = await page_of(await make())

    await page.wire.send_input({"type": "websocket.receive", "bytes": b'{"have": 1}'})

    assert await page.closing_code() == consumers.MALFORMED


async def test_flood_is_cut():
    page = await page_of(await make())

    for _number in range(consumers.MESSAGES_PER_SECOND + 1):
        await page.say(have=0)

    assert await page.closing_code() == consumers.FLOOD


async def test_client_that_never_speaks_is_closed(monkeypatch):
    monkeypatch.setattr(consumers, "GREETING_SECONDS", 0.1)
    page = Page(await session_of(await make()))
    await page.wire.connect()

    assert await page.closing_code() == consumers.MALFORMED


async def test_oldest_of_too_many_sockets_gives_way():
    person = await make()
    session = await session_of(person)
    pages = [await Page(session).open() for _number in range(realtime.SOCKETS_PER_PERSON + 1)]

    assert await pages[0].closing_code() == consumers.GAVE_WAY
    await tell_later(person)
    for page in pages[1:]:
        await page.read_until(lambda page=page: page.frames)
        await page.leave()


async def test_socket_whose_pump_dies_is_closed(logged_errors, monkeypatch):
    async def die(self):
        raise RuntimeError("the database is away")

    person = await make()
    await make_notifications(1, user=person)
    page = Page(await session_of(person))
    await page.wire.connect()
    monkeypatch.setattr(consumers.InboxConsumer, "read_gap", die)

    await page.say(have=0)

    assert await page.closing_code() == consumers.BROKEN
    assert [record.name for record in logged_errors] == ["notifications.consumers"]


async def test_page_that_leaves_is_forgotten():
    person = await make()
    page = await page_of(person)

    await page.leave()

    assert realtime.hub.people == {}
