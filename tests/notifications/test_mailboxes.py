"""Addresses that are refused: by our own server's answer, and by what a mail service reports."""

import smtplib
from types import SimpleNamespace

import pytest
from django.core import mail

from notifications import bounces, letters, mailboxes
from notifications.models import DeadMailbox, Delivery, Event, Preference
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import DeliveryFactory
from tests.notifications.test_letters import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_letters.Server"
    Server.answers, Server.away = [], False
    return Server


def refused(code, words):
    return smtplib.SMTPRecipientsRefused({"jan@example.org": (code, words)})


@pytest.mark.parametrize(
    "answer", [refused(550, b"5.1.1 no such user"), refused(550, b"unknown"), refused(550, b"5.2.1 closed")]
)
def test_mailbox_that_does_not_exist_is_written_to_no_more(answer, server, logged_errors):
    server.answers = [answer]
    user = UserFactory()
    DeliveryFactory(notification__user=user)
    letters.send_due()
    second = DeliveryFactory(notification__user=user)

    letters.send_due()

    second.refresh_from_db()
    assert (second.state, second.error) == ("skipped", "dead mailbox")
    assert mail.outbox == []


@pytest.mark.parametrize(
    "answer",
    [
        refused(550, b"5.7.1 looks like spam"),
        refused(552, b"5.2.2 mailbox full"),
        smtplib.SMTPDataError(554, b"5.6.0 refused"),
        ValueError("cannot be written"),
    ],
)
def test_refused_letter_buries_nobody(answer, server, logged_errors):
    server.answers = [answer]
    DeliveryFactory()

    letters.send_due()

    assert Delivery.objects.get().state == "failed"
    assert not DeadMailbox.objects.exists()


def report(event_type, address, reject_reason=None):
    event = SimpleNamespace(event_type=event_type, recipient=address, reject_reason=reject_reason)
    bounces.hear(sender=None, event=event, esp_name="Test")


@pytest.mark.parametrize(
    ("event_type", "reason", "is_dead"),
    [
        ("bounced", "bounced", True),
        ("rejected", "invalid", True),
        ("rejected", "spam", False),
        ("bounced", "timed_out", False),
        ("deferred", None, False),
        ("delivered", None, False),
        ("opened", None, False),
    ],
)
def test_report_of_a_mail_service_buries_for_good_reasons_only(event_type, reason, is_dead):
    user = UserFactory(email="jan@example.org")

    report(event_type, "Jan@example.org", reason)

    assert DeadMailbox.objects.filter(user=user).exists() is is_dead


def test_complaint_stops_the_mail():
    user = UserFactory(email="jan@example.org")

    report("complained", "jan@example.org")

    assert Preference.objects.get(user=user).wanted is False


@pytest.mark.parametrize("address", ["nobody@example.org", "", None])
def test_report_about_nobody_changes_nothing(address):
    report("bounced", address, "bounced")
    report("complained", address)

    assert not DeadMailbox.objects.exists()


def test_desks_of_the_persons_centres_are_told_once(monkeypatch):
    municipality = MunicipalityFactory()
    monkeypatch.setattr("notifications.registry._homes", [lambda user_id: [municipality.pk]])
    user = UserFactory()

    mailboxes.bury(user, reason="bounced")
    mailboxes.bury(user, reason="bounced")

    (event,) = Event.objects.filter(kind=mailboxes.DIED)
    assert (event.municipality_id, event.data) == (municipality.pk, {"reason": "bounced"})


def test_other_address_of_the_same_person_is_told_again():
    user = UserFactory()
    mailboxes.bury(user, reason="bounced")
    user.email = "nowy@example.org"
    user.save()

    mailboxes.bury(user, reason="bounced")

    assert Event.objects.filter(kind=mailboxes.DIED).count() == 2
