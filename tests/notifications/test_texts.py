"""Text messages against a gateway with moods, what they cost, and the calls that take their place."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from notifications import calls, delivery, habits, mailboxes, sms, texts
from notifications.models import Call, Channel, DeadMailbox, Delivery, DeliveryState, Preference, SmsMonth
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import KIND, DeliveryFactory, EventFactory

pytestmark = pytest.mark.django_db

NOON = "2027-04-24 12:00:00+02:00"
TAKEN = {"count": 1, "list": [{"id": "1", "status": "QUEUE"}]}


class FakeGateway(BaseHTTPRequestHandler):
    """Answers what the test put into `answers`: (status, body, headers, seconds to wait)."""

    answers, asked = [], []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append((self.headers["Authorization"], parse_qs(body)))
        status, content, headers, wait = self.answers.pop(0) if self.answers else (200, TAKEN, {}, 0)
        time.sleep(wait)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # the other side has hung up
            self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def gateway(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeGateway)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_BACKEND = "notifications.sms.Gateway"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/sms.do"
    settings.SMS_GATEWAY_TOKEN = "secret"
    settings.SMS_TIMEOUT = 0.5
    FakeGateway.answers, FakeGateway.asked = [], []
    yield FakeGateway
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def memory(settings):
    settings.SMS_BACKEND = "notifications.sms.Memory"
    sms.Memory.sent = []
    return sms.Memory.sent


@pytest.fixture
def urgent(monkeypatch):
    monkeypatch.setattr("tests.factories.notifications.News.is_urgent", staticmethod(lambda event: True))


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON)


def message_to(user, municipality, **fields):
    return DeliveryFactory(
        notification__user=user,
        notification__event=EventFactory(delivered=True, municipality_id=municipality.pk),
        channel=Channel.SMS,
        **fields,
    )


def told(user, municipality=None):
    event = EventFactory(
        data={"to": [user.pk], "words": "Zakupy", "shared": "ulica Leśna 5"},
        municipality_id=municipality and municipality.pk,
    )
    delivery.deliver(event.pk)
    return event


def cut_off(**fields):
    user = UserFactory(**fields)
    DeadMailbox.objects.create(user=user, address=user.email, reason="refused")
    return user


# --- Who gets one ---


def test_urgent_word_goes_to_those_who_asked_for_it(memory, urgent):
    asking, silent, without_phone = (
        UserFactory(phone="+48600100200"),
        UserFactory(phone="+48600100201"),
        UserFactory(phone=""),
    )
    for user in (asking, without_phone):
        Preference.objects.create(user=user, kind=KIND, channel=Channel.SMS, wanted=True)

    for user in (asking, silent, without_phone):
        told(user, MunicipalityFactory())
    texts.send_due()

    assert [message.to for message in memory] == ["+48600100200"]


def test_what_can_wait_costs_nobody_a_message(memory):
    user = UserFactory(phone="+48600100200")
    Preference.objects.create(user=user, kind=KIND, channel=Channel.SMS, wanted=True)

    told(user, MunicipalityFactory())

    assert not Delivery.objects.filter(channel=Channel.SMS).exists()


def test_person_whom_no_mail_reaches_gets_messages(memory):
    user = cut_off(phone="+48600100200")

    told(user, MunicipalityFactory())
    texts.send_due()

    assert len(memory) == 1
    assert Delivery.objects.get(channel=Channel.MAIL).error == "dead mailbox"
    assert not Call.objects.exists()


def test_message_waits_for_the_morning(memory, time_machine):
    time_machine.move_to("2027-04-24 23:00:00+02:00", tick=False)
    told(cut_off(phone="+48600100200"), MunicipalityFactory())
    texts.send_due()

    time_machine.move_to("2027-04-25 07:00:00+02:00", tick=False)
    by_night = len(memory)
    texts.send_due()

    assert (by_night, len(memory)) == (0, 1)


def test_message_that_is_late_does_not_wake_anybody(memory, time_machine):
    row = message_to(cut_off(phone="+48600100200"), MunicipalityFactory())
    time_machine.move_to("2027-04-24 23:00:00+02:00", tick=False)  # the worker was away

    texts.send_due()

    row.refresh_from_db()
    assert memory == []
    assert timezone.localtime(row.not_before).hour == 7


def test_message_says_nothing_of_what_it_is_about(memory, settings):
    settings.SMS_POLISH_LETTERS = False
    municipality = MunicipalityFactory(centre_name="CUS Żółwin")
    told(cut_off(phone="+48600100200", language="pl"), municipality)

    texts.send_due()

    (message,) = memory
    assert "Zakupy" not in message.text
    assert "na 5" not in message.text
    assert message.text.startswith("CUS Zolwin")
    assert sms.parts_of(message.text) <= 2
    assert "600100200" not in repr(message)


# --- Letters and parts ---


@pytest.mark.parametrize(
    ("polish", "text", "goes_as"),
    [
        (False, "Zażółć gęślą jaźń – „już”", 'Zazolc gesla jazn - "juz"'),
        (True, "Zażółć gęślą jaźń", "Zażółć gęślą jaźń"),
        (False, "Є новина: їжа й дім", "Є новина: їжа й дім"),
    ],
)
def test_polish_letters_go_or_stay_by_setting(settings, polish, text, goes_as):
    settings.SMS_POLISH_LETTERS = polish

    assert sms.in_letters(text) == goes_as


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ą" * 70, 1),
        ("ą" * 71, 2),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_those_that_a_gateway_charges_for(text, parts):
    assert sms.parts_of(text) == parts


# --- What it costs ---


def test_month_is_capped_and_the_rest_is_rung(memory):
    municipality = MunicipalityFactory(sms_per_month=2)
    people = [cut_off(phone=f"+4860010020{number}") for number in range(3)]
    rows = [message_to(user, municipality) for user in people]

    texts.send_due()

    states = [Delivery.objects.get(pk=row.pk).state for row in rows]
    spent = SmsMonth.objects.get().parts
    assert spent <= 2
    assert states.count("sent") == len(memory) >= 1
    assert Call.objects.count() == states.count("skipped") == 3 - len(memory)


def test_new_month_has_new_messages(memory, time_machine):
    municipality = MunicipalityFactory(sms_per_month=2)
    SmsMonth.objects.create(municipality_id=municipality.pk, month="2027-04-01", parts=2)
    time_machine.move_to("2027-05-01 12:00:00+02:00")
    message_to(cut_off(phone="+48600100200"), municipality)

    texts.send_due()

    assert len(memory) == 1


def test_centre_that_pays_for_none_sends_none(memory):
    message_to(cut_off(phone="+48600100200"), MunicipalityFactory(sms_per_month=0))

    texts.send_due()

    assert memory == []
    assert Call.objects.count() == 1


# --- A gateway with moods ---


def test_gateway_takes_a_message_with_our_key(gateway):
    message_to(cut_off(phone="+48600100200"), MunicipalityFactory())

    texts.send_due()

    ((token, form),) = gateway.asked
    assert token == "Bearer secret"
    assert form["to"] == ["+48600100200"]
    assert len(form["idx"][0]) == 32
    assert Delivery.objects.get().state == DeliveryState.SENT


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>Bad gateway</html>", {}, 0),
        (200, b"[]", {}, 0),
        (200, b"{}", {}, 0),
        (200, b"\xff\xfe\x00", {}, 0),
        (200, {"error": 103, "message": "no credits"}, {}, 0),
        (200, {"error": ["x"]}, {}, 0),
        (200, {"count": 0}, {}, 0),
        (500, b"", {}, 0),
        (503, b"", {}, 0),
        (401, b"", {}, 0),
        (302, b"", {"Location": "http://127.0.0.1:9/steal"}, 0),
        (200, TAKEN, {}, 1.0),
    ],
)
def test_nonsense_and_silence_are_tried_again_with_the_same_key(gateway, answer):
    gateway.answers.append(answer)
    row = message_to(cut_off(phone="+48600100200"), MunicipalityFactory())
    texts.send_due()
    Delivery.objects.update(not_before=timezone.now())

    texts.send_due()

    row.refresh_from_db()
    keys = {form["idx"][0] for _token, form in gateway.asked}
    assert (row.state, row.attempts) == (DeliveryState.SENT, 2)
    assert len(keys) == 1
    assert SmsMonth.objects.get().parts == row.cost  # paid once


def test_throttled_gateway_is_left_alone_as_long_as_it_asks(gateway):
    gateway.answers.append((429, b"", {"Retry-After": "900"}, 0))
    municipality = MunicipalityFactory()
    rows = [message_to(cut_off(phone=f"+4860010020{number}"), municipality) for number in range(2)]

    texts.send_due()

    waits = [Delivery.objects.get(pk=row.pk).not_before - timezone.now() for row in rows]
    assert len(gateway.asked) == 1
    assert all(wait.total_seconds() > 880 for wait in waits)


@pytest.mark.parametrize("answer", [(400, b"", {}, 0), (200, {"error": 13, "message": "wrong number"}, {}, 0)])
def test_refused_number_costs_nothing_and_is_rung(gateway, answer, logged_errors):
    gateway.answers.append(answer)
    row = message_to(cut_off(phone="+48600100200"), MunicipalityFactory())

    texts.send_due()

    row.refresh_from_db()
    assert (row.state, row.cost) == (DeliveryState.FAILED, 0)
    assert SmsMonth.objects.get().parts == 0
    assert Call.objects.count() == 1
    assert "600100200" not in logged_errors[0].getMessage()


# --- Calls ---


def test_person_whom_nothing_reaches_is_rung_once(settings):
    settings.SMS_BACKEND = ""
    municipality = MunicipalityFactory()
    event = told(cut_off(phone="+48600100200"), municipality)
    delivery.deliver(event.pk)

    assert [call.event for call in calls.waiting(municipality)] == [event]
    assert not calls.waiting(MunicipalityFactory()).exists()


def test_person_who_stopped_the_mail_is_not_rung(settings):
    settings.SMS_BACKEND = ""
    user = cut_off()
    Preference.objects.create(user=user, kind=KIND, channel=Channel.MAIL, wanted=False)

    told(user, MunicipalityFactory())

    assert not Call.objects.exists()


@pytest.mark.parametrize(("reached", "state"), [(True, "done"), (False, "failed")])
def test_call_is_settled_once(reached, state):
    call = Call.objects.create(event=EventFactory(delivered=True), user=UserFactory())

    first = calls.settle(call, actor=UserFactory(), reached=reached)
    second = calls.settle(call, actor=UserFactory(), reached=not reached)

    call.refresh_from_db()
    assert (first, second, call.state) == (True, False, state)


def test_new_address_is_written_to_again():
    user = cut_off()
    user.email = "nowy@example.org"
    user.save()

    told(user)

    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_habits_of_many_are_read_in_one_question(django_assert_num_queries):
    people = UserFactory.create_batch(3)

    with django_assert_num_queries(1):
        leads = habits.reminder_leads([user.pk for user in people])

    assert len(leads) == 3


def test_desk_is_told_of_a_dead_address_once():
    user = UserFactory()

    mailboxes.bury(user, reason="bounced")
    mailboxes.bury(user, reason="bounced")

    assert user.pk in DeadMailbox.objects.among([user.pk])
