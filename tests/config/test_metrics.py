"""/metrics: read by the parser of Prometheus' own client, closed to who shows no token, and without people."""

from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from notifications.models import Channel, Duty
from notifications.operations import RETRIES
from notifications.worker import HEARTBEAT
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import DeliveryFactory, EventFactory

TOKEN = "t" * 32
SEEN = {"headers": {"Authorization": f"Bearer {TOKEN}"}}


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def figures(response):
    """(name, labels…) → value, of all samples."""
    families = text_string_to_metric_families(response.text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


@pytest.mark.django_db
def test_nothing_has_happened_yet(client):
    response = client.get("/metrics", **SEEN)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    alone = (
        "ogniwo_events_undelivered",
        "ogniwo_events_oldest_seconds",
        "ogniwo_worker_seen_timestamp_seconds",
        "ogniwo_duties_failing",
        "ogniwo_tasks_oldest_seconds",
    )
    by_channel = ("ogniwo_deliveries_waiting", "ogniwo_deliveries_due", "ogniwo_deliveries_oldest_seconds")
    told = ("ogniwo_told_today", "ogniwo_told_today_in_time")
    expected = [
        *((name,) for name in alone),
        *((name, channel) for name in by_channel for channel in Channel.values),
        *((name, channel) for name in told for channel in ["page", *Channel.values]),
        *(("ogniwo_tasks", status) for status in ("ready", "running", "failed")),
    ]
    assert figures(response) == dict.fromkeys(expected, 0)


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_waits_and_what_failed(client, time_machine):
    time_machine.move_to("2027-04-21 12:00:00+02:00", tick=False)
    now = timezone.now()
    Duty.objects.create(name=HEARTBEAT, ran_at=now)
    EventFactory(created_at=now - timedelta(seconds=90), municipality_id=MunicipalityFactory().pk)
    DeliveryFactory(not_before=now - timedelta(seconds=30))
    DeliveryFactory(state="failed", attempts=RETRIES + 1, error="TimeoutError: jan@example.org")
    DeliveryFactory(state="failed", attempts=1, error="jan@example.org")

    found = figures(client.get("/metrics", **SEEN))

    assert found["ogniwo_events_undelivered",] == 1
    assert found["ogniwo_events_oldest_seconds",] == 90
    assert found["ogniwo_deliveries_due", "mail"] == 1
    assert found["ogniwo_deliveries_oldest_seconds", "mail"] == 30
    assert found["ogniwo_failures", "mail", "TimeoutError"] == 1
    assert found["ogniwo_failures", "mail", "other"] == 1
    assert found["ogniwo_worker_seen_timestamp_seconds",] == now.timestamp()


@pytest.mark.django_db
def test_nothing_is_said_of_people_or_of_one_centre(client):
    centre = MunicipalityFactory(name="Mała Wieś")
    delivery = DeliveryFactory(state="failed", attempts=1, error="SMTPDataError: jan@example.org +48 501 502 503")
    type(delivery.notification.event).objects.update(municipality_id=centre.pk)

    text = client.get("/metrics", **SEEN).text

    assert not any(
        word in text for word in ("@", "jan", "501", "Mała", "municipality", delivery.notification.user.email)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_the_same_however_much_there_is(client, count, django_assert_num_queries):
    for number in range(count):
        EventFactory(error=f"Error{number}: x")
        DeliveryFactory()
        DeliveryFactory(state="failed", error=f"Error{number}: x")

    # One of them looks whose host was asked.
    with django_assert_num_queries(9):
        client.get("/metrics", **SEEN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "authorization",
    [None, "", TOKEN, f"Basic {TOKEN}", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer ł"],
)
def test_without_the_token_nothing_is_read(client, authorization, django_assert_num_queries):
    headers = {} if authorization is None else {"Authorization": authorization}

    with django_assert_num_queries(1):
        response = client.get("/metrics", headers=headers)

    assert (response.status_code, response["WWW-Authenticate"], response.content) == (401, "Bearer", b"")


@pytest.mark.django_db
@pytest.mark.parametrize("authorization", ["Bearer ", "Bearer", f"Bearer {TOKEN}"])
def test_without_the_setting_there_is_no_page(client, settings, authorization):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": authorization}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_figures_are_only_read(client, method):
    assert getattr(client, method)("/metrics", **SEEN).status_code == 405
