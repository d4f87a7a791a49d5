import smtplib
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from notifications import leases, letters, outbox, registry
from notifications.models import Channel, Delivery, DeliveryState, Preference
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import KIND, DeliveryFactory, EventFactory


class Server(EmailBackend):
    """A mail server with moods: `answers` are raised one after the other, None lets a letter pass."""

    answers = []
    away = False

    def open(self):
        if Server.away:
            raise ConnectionRefusedError("nobody listens")

    def send_messages(self, messages):
        answer = Server.answers.pop(0) if Server.answers else None
        if answer is not None:
            raise answer
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.answers, Server.away = [], False
    return Server


def letter_to(user, **event):
    data = {"to": [], "words": "Dzień dobry", "shared": "razem", **event.pop("data", {})}
    return DeliveryFactory(
        notification__user=user, notification__event=EventFactory(delivered=True, data=data, **event)
    )


@pytest.mark.django_db
def test_letter_is_in_the_readers_language_with_text_first():
    letter_to(UserFactory(email="jan@example.org", language="uk"))

    letters.send_due()

    (message,) = mail.outbox
    text, html = message.message().get_payload()
    assert (message.to, message.subject) == (["jan@example.org"], "uk: Dzień dobry")
    assert [part.get_content_type() for part in (text, html)] == ["text/plain", "text/html"]
    assert "razem" in message.body
    assert '<html lang="uk">' in message.alternatives[0].content


@pytest.mark.django_db
def test_letter_links_to_the_site_of_its_municipality_only():
    municipality = MunicipalityFactory(site__hostname="ruda.localhost", site__port=8000)
    letter_to(UserFactory(), municipality_id=municipality.pk)

    letters.send_due()

    (message,) = mail.outbox
    addresses = [word.strip('<>"') for word in message.body.split() if "://" in word]
    assert addresses
    assert all(address.startswith("http://ruda.localhost:8000/moje/powiadomienia/") for address in addresses)
    assert message.extra_headers["Message-ID"].endswith("@ruda.localhost>")


@pytest.mark.django_db
def test_letter_without_a_municipality_links_to_the_portal(settings):
    settings.WAGTAILADMIN_BASE_URL = "https://portal.example"
    letter_to(UserFactory())

    letters.send_due()

    assert "https://portal.example/moje/powiadomienia/1/" in mail.outbox[0].body


@pytest.mark.django_db
def test_letter_can_be_stopped_by_one_click():
    letter_to(UserFactory())

    letters.send_due()

    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http")
    assert "/moje/powiadomienia/bez-poczty/" in headers["List-Unsubscribe"]
    assert headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_same_letter_has_the_same_id_whenever_it_is_sent():
    letter = letter_to(UserFactory())
    letters.send_due()
    Delivery.objects.filter(pk=letter.pk).update(state=DeliveryState.WAITING)

    letters.send_due()

    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second


@pytest.mark.django_db
def test_ids_of_letters_differ_and_tell_no_numbers():
    one, other = UserFactory.create_batch(2)
    event = EventFactory(delivered=True)
    for user in (one, other):
        DeliveryFactory(notification__user=user, notification__event=event)

    letters.send_due()

    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(set(ids)) == 2
    assert all(len(parseaddr(name)[1].partition("@")[0]) == 32 for name in ids)


@pytest.mark.django_db
def test_line_ends_cannot_reach_the_headers():
    letter_to(UserFactory(), data={"words": "Dzień\r\nBcc: zlo@example.org"})

    letters.send_due()

    assert "Bcc" not in mail.outbox[0].message()


# --- Not needed any more ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda letter: letter.notification.__class__.objects.update(read_at=timezone.now()), "read"),
        (lambda letter: letter.notification.user.__class__.objects.update(is_active=False), "no mailbox"),
        (lambda letter: letter.notification.event.__class__.objects.update(kind="tests.gone"), "unknown kind"),
        (lambda letter: letter.notification.event.__class__.objects.update(subject_id=0), "obsolete"),
        (
            lambda letter: Preference.objects.create(
                user=letter.notification.user, kind=KIND, channel=Channel.MAIL, wanted=False
            ),
            "not wanted",
        ),
    ],
)
def test_letter_that_is_not_needed_any_more_is_not_sent(change, reason):
    letter = letter_to(UserFactory())
    change(letter)

    letters.send_due()

    letter.refresh_from_db()
    assert (letter.state, letter.error) == (DeliveryState.SKIPPED, reason)
    assert mail.outbox == []


@pytest.mark.django_db
def test_obsolete_letter_is_not_sent():
    letter = letter_to(UserFactory(), data={"obsolete": True})

    letters.send_due()

    letter.refresh_from_db()
    assert (letter.state, letter.error) == (DeliveryState.SKIPPED, "obsolete")
    assert mail.outbox == []


# --- When the server will not ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [
        smtplib.SMTPDataError(451, b"greylisted"),
        smtplib.SMTPRecipientsRefused({"jan@example.org": (450, b"busy")}),
        smtplib.SMTPSenderRefused(550, b"who are you", "ogniwo@localhost"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        TimeoutError("slow"),
    ],
)
def test_passing_refusal_is_tried_again(answer, server):
    server.answers = [answer]
    letter = letter_to(UserFactory())

    letters.send_due()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.leased_until) == (DeliveryState.WAITING, 1, None)
    assert type(answer).__name__ in letter.error
    assert letter.not_before > timezone.now()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [
        smtplib.SMTPRecipientsRefused({"jan@example.org": (550, b"no such user")}),
        smtplib.SMTPDataError(554, b"refused"),
        ValueError("an address that cannot be written"),
    ],
)
def test_final_refusal_is_shown_to_staff(answer, server, logged_errors):
    server.answers = [answer]
    letter = letter_to(UserFactory())

    letters.send_due()

    assert list(outbox.failures()) == [letter]
    assert type(answer).__name__ in outbox.failures()[0].error
    assert "jan@example.org" not in logged_errors[0].getMessage()


@pytest.mark.django_db
def test_one_refused_letter_does_not_stop_the_next(server, logged_errors):
    server.answers = [smtplib.SMTPDataError(554, b"refused"), None]
    refused, sent = letter_to(UserFactory()), letter_to(UserFactory())

    letters.send_due()

    refused.refresh_from_db()
    sent.refresh_from_db()
    assert (refused.state, sent.state) == (DeliveryState.FAILED, DeliveryState.SENT)


@pytest.mark.django_db
def test_server_that_is_away_is_asked_once_for_the_whole_batch(server):
    server.answers = [TimeoutError("slow"), AssertionError("asked again")]
    letter_to(UserFactory())
    letter_to(UserFactory())

    letters.send_due()

    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.WAITING}
    assert len(server.answers) == 1


@pytest.mark.django_db
def test_letters_survive_a_server_that_does_not_listen(server):
    server.away = True
    letter = letter_to(UserFactory())
    letters.send_due()
    server.away = False
    Delivery.objects.update(not_before=timezone.now())

    letters.send_due()

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (DeliveryState.SENT, 2)


@pytest.mark.django_db
def test_letter_is_given_up_after_48_retries_in_about_four_hours(server, logged_errors, time_machine):
    time_machine.move_to("2027-10-30 22:00:00+02:00", tick=False)  # over the night with 25 hours
    server.away = True
    started_at = timezone.now()
    letter = letter_to(UserFactory())

    while letter.state == DeliveryState.WAITING:
        time_machine.move_to(max(letter.not_before, timezone.now()), tick=False)
        letters.send_due()
        letter.refresh_from_db()

    assert letter.state == DeliveryState.FAILED
    assert letter.attempts == 49
    assert timedelta(hours=3.5) < timezone.now() - started_at < timedelta(hours=4.5)
    assert "ConnectionRefusedError" in outbox.failures().get().error


@pytest.mark.django_db
def test_failures_are_those_of_one_municipality():
    municipality = MunicipalityFactory()
    here = letter_to(UserFactory(), municipality_id=municipality.pk)
    elsewhere = letter_to(UserFactory())
    Delivery.objects.update(state=DeliveryState.FAILED)

    assert list(outbox.failures(municipality)) == [here]
    assert list(outbox.failures()) == [elsewhere, here]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_failures_are_read_in_one_query(count, django_assert_num_queries):
    DeliveryFactory.create_batch(count, state=DeliveryState.FAILED)

    with django_assert_num_queries(1):
        told = [(failure.notification.user.email, failure.notification.event.kind) for failure in outbox.failures()]

    assert len(told) == count


# --- Who sends ---


@pytest.mark.django_db
@pytest.mark.postgres
def test_letter_in_another_workers_hands_is_left_alone():
    letter_to(UserFactory())
    first = leases.claim(Channel.MAIL)

    second = leases.claim(Channel.MAIL)

    assert (len(first), second) == (1, [])


@pytest.mark.django_db
@pytest.mark.postgres
def test_letter_of_a_dead_worker_is_sent_by_the_next():
    letter_to(UserFactory())
    leases.claim(Channel.MAIL)
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    letters.send_due()

    assert len(mail.outbox) == 1
    assert Delivery.objects.get().attempts == 2


@pytest.mark.django_db
def test_letter_is_not_sent_before_its_time():
    DeliveryFactory(not_before=timezone.now() + timedelta(minutes=1))

    assert letters.send_due() == 0


@pytest.mark.django_db
def test_letter_to_a_notice_that_cannot_be_rendered_has_general_words(logged_errors):
    user = UserFactory(language="en")
    letter_to(user, data={"personal_fails_for": user.pk})

    letters.send_due()

    assert mail.outbox[0].subject == "There is news for you"


@pytest.mark.django_db
def test_origin_of_an_unknown_municipality_is_the_portal(settings):
    assert registry.origin_of(4242) == settings.WAGTAILADMIN_BASE_URL
