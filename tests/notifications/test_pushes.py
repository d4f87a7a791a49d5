"""Web push against a service with moods: what is sent, who is forgotten, and who is not."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from notifications import delivery, preferences, pushes
from notifications.leases import Parcel
from notifications.models import Channel, Delivery, DeliveryState, Preference, PushSubscription
from tests.factories.accounts import UserFactory
from tests.factories.notifications import KIND, DeliveryFactory, EventFactory

pytestmark = pytest.mark.django_db

# A key of a browser that exists nowhere.
P256DH = "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U"
AUTH = "tBHItJI5svbpez7KI4CCXg"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


class Service(BaseHTTPRequestHandler):
    answers, got = [], []

    def do_POST(self):
        self.got.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.answers.pop(0) if self.answers else 201)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def on(settings, capsys):
    """An installation with keys."""
    pytest.importorskip("pywebpush")
    call_command("push_keys")
    keys = dict(line.split("=", 1) for line in capsys.readouterr().out.split())
    settings.VAPID_PUBLIC_KEY, settings.VAPID_PRIVATE_KEY = keys["VAPID_PUBLIC_KEY"], keys["VAPID_PRIVATE_KEY"]
    settings.VAPID_CONTACT = "mailto:ogniwo@example.org"


@pytest.fixture
def service(on):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Service.answers, Service.got = [], []
    Service.address = f"http://127.0.0.1:{server.server_port}"
    yield Service
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2027-04-24 12:00:00+02:00")


def device_of(user, address, number=1):
    return PushSubscription.objects.create(user=user, endpoint=f"{address}/{number}", p256dh=P256DH, auth=AUTH)


def word_for(user):
    return DeliveryFactory(notification__user=user, channel=Channel.PUSH)


def test_word_goes_to_every_device_and_says_nothing(service):
    user = UserFactory(language="pl")
    for number in range(2):
        device_of(user, service.address, number)
    row = word_for(user)

    pushes.send_due()

    row.refresh_from_db()
    assert row.state == DeliveryState.SENT
    assert len(service.got) == 2
    headers, body = service.got[0]
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid ")
    assert b"Dzie" not in body


def test_content_is_the_same_for_everything():
    content = json.loads(pushes.content_of(Parcel([word_for(UserFactory(language="en"))])))

    assert set(content) == {"title", "body", "url", "tag"}
    assert content["title"] == "There is news for you"
    assert content["url"].endswith("/moje/powiadomienia/1/")


@pytest.mark.parametrize("gone", [404, 410])
def test_device_that_is_gone_is_forgotten_and_no_other(service, gone):
    user = UserFactory()
    _first, second = (device_of(user, service.address, number) for number in range(2))
    service.answers = [gone, 201]
    row = word_for(user)

    pushes.send_due()

    row.refresh_from_db()
    assert list(PushSubscription.objects.all()) == [second]
    assert row.state == DeliveryState.SENT


@pytest.mark.parametrize("answer", [400, 401, 403, 413, 429, 500, 502, 503])
def test_other_trouble_forgets_no_device_and_passes(service, answer):
    user = UserFactory()
    device_of(user, service.address)
    service.answers = [answer]
    row = word_for(user)
    pushes.send_due()
    Delivery.objects.update(not_before=timezone.now())

    pushes.send_due()

    row.refresh_from_db()
    assert PushSubscription.objects.count() == 1
    assert (row.state, row.attempts) == (DeliveryState.SENT, 2)


def test_service_that_is_away_forgets_no_device(on):
    user = UserFactory()
    device_of(user, "http://127.0.0.1:9")
    row = word_for(user)

    pushes.send_due()

    row.refresh_from_db()
    assert row.state == DeliveryState.WAITING
    assert PushSubscription.objects.count() == 1


def test_last_device_that_is_gone_leaves_nothing_to_send(service):
    user = UserFactory()
    device_of(user, service.address)
    service.answers = [410]
    row = word_for(user)

    pushes.send_due()

    row.refresh_from_db()
    assert (row.state, row.error) == (DeliveryState.SKIPPED, "no device")


def test_only_those_with_a_device_get_a_row(on):
    asking, silent = UserFactory.create_batch(2)
    device_of(asking, "https://fcm.googleapis.com")
    event = EventFactory(data={"to": [asking.pk, silent.pk], "words": "", "shared": ""})

    delivery.deliver(event.pk)

    rows = Delivery.objects.filter(channel=Channel.PUSH)
    assert [row.notification.user for row in rows] == [asking]


def test_stopped_kind_is_not_pushed(on):
    user = UserFactory()
    device_of(user, "https://fcm.googleapis.com")
    Preference.objects.create(user=user, kind=KIND, channel=Channel.PUSH, wanted=False)

    delivery.deliver(EventFactory(data={"to": [user.pk], "words": "", "shared": ""}).pk)

    assert Delivery.objects.get(channel=Channel.PUSH).error == "not wanted"


# --- Without keys ---


def test_installation_without_keys_offers_nothing(client):
    user = UserFactory()
    client.force_login(user)
    device_of(user, "https://fcm.googleapis.com")

    page = client.get(reverse("notifications:settings")).content.decode()
    answer = client.post(reverse("notifications:device_on"), {"endpoint": ENDPOINT, "p256dh": P256DH, "auth": AUTH})

    assert "data-notify-me" not in page
    assert answer.status_code == 400
    assert preferences.channels_of(user) == [Channel.MAIL]
    assert pushes.send_due() == 0


# --- Devices ---


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "ftp://fcm.googleapis.com/x",
        "",
    ],
)
def test_address_that_is_no_push_service_is_refused(endpoint):
    assert not pushes.is_push_service(endpoint)


@pytest.mark.parametrize("endpoint", [ENDPOINT, "https://updates.push.services.mozilla.com/wpush/v2/x"])
def test_known_services_are_believed(endpoint):
    assert pushes.is_push_service(endpoint)


def test_device_belongs_to_whoever_asked_last_and_ends_with_the_session(on, client):
    first, second = UserFactory.create_batch(2)
    form = {"endpoint": ENDPOINT, "p256dh": P256DH, "auth": AUTH}
    client.force_login(first)
    client.post(reverse("notifications:device_on"), form)
    client.force_login(second)

    answer = client.post(reverse("notifications:device_on"), form)
    owner = PushSubscription.objects.get().user
    client.post(reverse("account_logout"))

    assert answer.status_code == 204
    assert owner == second
    assert not PushSubscription.objects.exists()


def test_signing_out_here_leaves_other_devices(on, client):
    user = UserFactory()
    other = device_of(user, "https://fcm.googleapis.com")
    client.force_login(user)

    client.post(reverse("account_logout"))

    assert list(PushSubscription.objects.all()) == [other]


def test_strangers_device_cannot_be_ended(client):
    device = device_of(UserFactory(), "https://fcm.googleapis.com")
    client.force_login(UserFactory())

    client.post(reverse("notifications:device_off"), {"endpoint": device.endpoint})

    assert PushSubscription.objects.count() == 1


def test_person_keeps_ten_devices_at_most():
    user = UserFactory()
    for number in range(12):
        pushes.subscribe(user, endpoint=f"{ENDPOINT}{number}", p256dh=P256DH, auth=AUTH)

    assert pushes.devices_of(user).count() == 10
