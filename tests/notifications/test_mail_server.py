"""Letters and a real mail server in bad moods, over the wire."""

import asyncio
import threading
from email import message_from_bytes

import pytest

from benchmarks._sink import Sink
from notifications import letters
from notifications.models import Delivery, DeliveryState
from tests.factories.accounts import UserFactory
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db
SLOW = object()


@pytest.fixture
def sink(settings):
    """A mail server in a thread of its own. `moods` maps a stage to an answer, "" (hangs up) or SLOW (no answer before
    the test is over)."""

    class Moody(Sink):
        def __init__(self):
            super().__init__(self.ask)
            self.moods = {}
            self.end = asyncio.Event()

        async def ask(self, stage):
            mood = self.moods.get(stage)
            if mood is SLOW:
                await self.end.wait()
                return None
            return mood

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    sink = asyncio.run_coroutine_threadsafe(Moody().start(), loop).result(5)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 0.4
    yield sink
    loop.call_soon_threadsafe(sink.end.set)
    loop.call_soon_threadsafe(sink.server.close)  # from another thread it may come in between the end of a connection
    asyncio.run_coroutine_threadsafe(finish(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


async def finish():
    """Waits for the slow answers: nobody hears them any more."""
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))


@pytest.mark.parametrize(
    "moods",
    [
        {"CONNECT": "421 too busy"},
        {"CONNECT": ""},
        {"CONNECT": SLOW},
        {"MAIL": SLOW},
        {"RCPT": "450 greylisted"},
        {"RCPT": ""},
        {"DATA": "451 later"},
        {"END": "452 no space"},
        {"END": ""},
        {"END": SLOW},
    ],
)
def test_letter_waits_for_a_better_mood(moods, sink):
    letter = DeliveryFactory(notification__user=UserFactory())
    sink.moods = moods

    letters.send_due()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.leased_until) == (DeliveryState.WAITING, 1, None)
    assert letter.error


@pytest.mark.parametrize("moods", [{"RCPT": "550 no such user"}, {"END": "554 refused"}])
def test_refused_letter_is_shown_as_failed(moods, sink, logged_errors):
    letter = DeliveryFactory(notification__user=UserFactory())
    sink.moods = moods

    letters.send_due()

    letter.refresh_from_db()
    assert letter.state == DeliveryState.FAILED
    assert len(logged_errors) == 1


def test_letter_that_the_server_took_without_a_word_comes_again_under_the_same_id(sink):
    letter = DeliveryFactory(notification__user=UserFactory())
    sink.moods = {"END": ""}
    letters.send_due()
    sink.moods = {}
    Delivery.objects.update(not_before=letter.not_before)

    letters.send_due()

    letter.refresh_from_db()
    assert letter.state == DeliveryState.SENT
    assert len(sink.letters) == 2
    assert len({message_from_bytes(text)["Message-ID"] for text in sink.letters}) == 1
