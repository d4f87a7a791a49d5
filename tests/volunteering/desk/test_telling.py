"""The page that says how notifications run: of this centre for its organisers, of all for who runs the installation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Delivery, Duty, Event, Hour
from notifications.operations import RETRIES
from notifications.worker import HEARTBEAT
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import DeliveryFactory, EventFactory
from tests.volunteering.desk.conftest import NASTY

pytestmark = pytest.mark.django_db

PAGE, AGAIN = reverse("desk:telling"), reverse("desk:telling_again")
WHOLE = {"query_params": {"zakres": "calosc"}}
AWAY = "ConnectionRefusedError: jan@example.org"
BUTTON = {"channel": "mail", "reason": "ConnectionRefusedError"}


@pytest.fixture
def admin(enter):
    return enter(None, user=UserFactory(superuser=True))


def spent(municipality, error=AWAY, attempts=RETRIES + 1):
    event = EventFactory(municipality_id=municipality.pk, delivered=True)
    return DeliveryFactory(notification__event=event, state="failed", attempts=attempts, error=error)


def told(municipality, told, in_time, *, channel="page", ago=0):
    place = municipality.pk if municipality else 0
    moment = timezone.now() - timedelta(days=ago)
    Hour.objects.create(municipality_id=place, starts_at=moment, channel=channel, told=told, in_time=in_time)


def test_when_all_is_well_the_page_says_so(organiser):
    Duty.objects.create(name=HEARTBEAT, ran_at=timezone.now())

    response = organiser.get(PAGE)

    assert response.text.count('class="empty"') == 2
    assert "alert--" not in response.text
    assert "<form" not in response.text.split("<main")[1].split("</main>")[0]


def test_worker_that_is_silent_is_told_first(organiser):
    Duty.objects.create(name=HEARTBEAT, ran_at=timezone.now() - timedelta(minutes=5))

    assert "alert--danger" in organiser.get(PAGE).text


def test_news_that_waits_for_long_is_told(organiser, municipality):
    Duty.objects.create(name=HEARTBEAT, ran_at=timezone.now())
    EventFactory(municipality_id=municipality.pk, created_at=timezone.now() - timedelta(minutes=5))

    assert "alert--warning" in organiser.get(PAGE).text


def test_failures_have_a_button_only_where_it_helps(organiser, municipality):
    spent(municipality)
    spent(municipality, "SMTPRecipientsRefused: {'jan@example.org': (550, b'')}", attempts=1)

    text = organiser.get(PAGE).text

    assert text.count('name="reason"') == 1
    assert "SMTPRecipientsRefused" in text
    assert "jan@example.org" not in text


def test_page_names_nobody(organiser, municipality):
    delivery = spent(municipality)

    text = organiser.get(PAGE).text

    person = delivery.notification.user
    assert person.email not in text
    assert str(person) not in text


def test_days_are_shown_with_their_share(organiser, municipality):
    told(municipality, 1000, 999)
    told(municipality, 4, 1, channel="mail", ago=1)

    text = organiser.get(PAGE).text

    assert "99,9% z 1000" in " ".join(text.split())
    assert '<meter min="0" max="1000" value="999"' in text
    assert "25% z 4" in " ".join(text.split())


def test_pressing_the_button_sends_again_once(organiser, municipality):
    delivery = spent(municipality)

    first, second = organiser.post(AGAIN, BUTTON), organiser.post(AGAIN, BUTTON)

    delivery.refresh_from_db()
    assert (first.status_code, first.url, second.url) == (302, PAGE, PAGE)
    assert delivery.state == "waiting"
    event = Event.objects.get(kind="notifications.send_again")
    assert (event.actor, event.municipality_id, event.data["number"]) == (organiser.user, municipality.pk, 1)


@pytest.mark.parametrize(
    ("channel", "reason"), [*(("mail", value) for value in NASTY), *((value, value) for value in ["page", *NASTY])]
)
def test_forged_buttons_do_nothing(organiser, municipality, channel, reason):
    spent(municipality)

    response = organiser.post(AGAIN, {"channel": channel, "reason": reason})

    assert response.status_code == 302
    assert Delivery.objects.get().state == "failed"
    assert not Event.objects.filter(kind="notifications.send_again").exists()


# --- Who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", [{"coordinator": True}, {"editor": True}, {"director": True}, {"ended": True}, None], ids=str
)
def test_it_is_the_organisers(enter, municipality, role):
    client = enter(role)
    spent(municipality)

    assert client.get(PAGE).status_code == 404
    assert client.post(AGAIN, BUTTON).status_code == 404
    assert Delivery.objects.get().state == "failed"


def test_nothing_of_another_centre_is_shown_or_sent(organiser):
    elsewhere = MunicipalityFactory()
    Duty.objects.create(name=HEARTBEAT, ran_at=timezone.now())
    before = organiser.get(PAGE)
    spent(elsewhere, "TimeoutError: x")
    EventFactory(municipality_id=elsewhere.pk, created_at=timezone.now() - timedelta(hours=1))
    EventFactory(created_at=timezone.now() - timedelta(hours=1), error="LookupError: x")
    told(elsewhere, 7777, 7000)
    told(None, 7777, 7000)

    after = organiser.get(PAGE)
    organiser.post(AGAIN, {"channel": "mail", "reason": "TimeoutError"})

    assert main(after) == main(before)
    assert Delivery.objects.get().state == "failed"


def main(response):
    return response.text.split("<main")[1].split("</main>")[0]


def test_organisers_do_not_see_the_whole_installation(organiser, municipality):
    spent(municipality)

    assert organiser.get(PAGE, **WHOLE).status_code == 404
    assert organiser.post(AGAIN, BUTTON, **WHOLE).status_code == 404
    assert "zakres=" not in organiser.get(PAGE).text
    assert Delivery.objects.get().state == "failed"


def test_who_runs_the_installation_sees_and_sends_all(admin, municipality):
    spent(MunicipalityFactory())
    spent(municipality)

    own, whole = admin.get(PAGE), admin.get(PAGE, **WHOLE)
    answer = admin.post(AGAIN, BUTTON, **WHOLE)

    assert [it.context["failures"][0].number for it in (own, whole)] == [1, 2]
    assert (own.context["tasks"], whole.context["tasks"].ready) == (None, 0)
    assert answer.url == f"{PAGE}?zakres=calosc"
    assert not Delivery.objects.filter(state="failed").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(organiser, municipality, frame, count, django_assert_num_queries):
    for number in range(count):
        spent(municipality, f"Error{number}: x")
        EventFactory(municipality_id=municipality.pk, error=f"Error{number}: x")
        told(municipality, 5, 5, ago=number)

    with django_assert_num_queries(frame + 6):
        response = organiser.get(PAGE)

    assert len(response.context["failures"]) == 2 * count


def test_settings_lead_here(organiser):
    assert PAGE in organiser.get(reverse("desk:settings")).text
