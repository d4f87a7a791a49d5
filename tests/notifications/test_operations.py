"""What the desk and /metrics are told about the telling, and what can be sent again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import letters, operations, printing, worker
from notifications.models import Delivery, Duty, Event
from notifications.operations import RETRIES
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import DeliveryFactory, EventFactory, NotificationFactory

NOON = "2027-04-21 12:00:00+02:00"
AWAY = "ConnectionRefusedError: [Errno 111] 10.1.2.3 of jan@example.org"
REFUSED = "SMTPRecipientsRefused: {'jan@example.org': (550, b'no such user')}"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def municipality(db):
    return MunicipalityFactory()


def letter(municipality=None, **facts):
    """A letter of an event of a minute ago."""
    event = EventFactory(
        municipality_id=municipality and municipality.pk,
        created_at=timezone.now() - timedelta(minutes=1),
        delivered=True,
    )
    return DeliveryFactory(notification__event=event, **facts)


def spent(municipality=None, error=AWAY, **facts):
    """A letter that was given up after all retries."""
    return letter(municipality, **{"state": "failed", "attempts": RETRIES + 1, "error": error, **facts})


def stuck(municipality=None, error="LookupError: jan@example.org", **facts):
    """An event that nobody could be told of so far."""
    rests = timezone.now() + timedelta(minutes=30)
    return EventFactory(
        **{"municipality_id": municipality and municipality.pk, "error": error, "not_before": rests, **facts}
    )


def failures(municipality=None):
    return [(it.channel, it.reason, it.number, it.can_be_sent_again) for it in operations.failures(municipality)]


def letters_queue(municipality=None):
    return next(queue for queue in operations.queues(municipality) if queue.channel == "mail")


# --- Queues -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_waits():
    backlog, queue = operations.backlog(), letters_queue()

    assert (backlog.number, backlog.since, backlog.is_late) == (0, None, False)
    assert (queue.channel, queue.waiting, queue.due, queue.since) == ("mail", 0, 0, None)
    assert operations.failures() == []


@pytest.mark.postgres
@pytest.mark.django_db
def test_backlog_counts_what_nobody_was_told_of():
    old = EventFactory(created_at=timezone.now() - timedelta(minutes=2))
    EventFactory()
    EventFactory(delivered=True)

    backlog = operations.backlog()

    assert (backlog.number, backlog.since, backlog.is_late) == (2, old.created_at, True)


@pytest.mark.postgres
@pytest.mark.django_db
def test_queue_tells_what_could_leave_from_what_waits_for_its_hour():
    now = timezone.now()
    letter(not_before=now - timedelta(minutes=5))
    letter(not_before=now + timedelta(hours=5))
    letter(state="sent", sent_at=now)
    spent()

    queue = letters_queue()

    assert (queue.waiting, queue.due, queue.later, queue.since) == (2, 1, 1, now - timedelta(minutes=5))


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_is_retried_has_waited_since_its_event():
    tried = letter(attempts=3, not_before=timezone.now() + timedelta(minutes=5))

    queue = letters_queue()

    assert (queue.due, queue.since) == (1, tried.notification.event.created_at)


@pytest.mark.django_db
def test_a_centre_sees_its_own_queues_only(municipality):
    elsewhere = MunicipalityFactory()
    EventFactory(municipality_id=elsewhere.pk)
    EventFactory()
    letter(elsewhere)
    letter()
    spent(elsewhere)
    stuck(elsewhere)

    queue = letters_queue(municipality)

    assert operations.backlog(municipality).number == 0
    assert queue.waiting == 0
    assert failures(municipality) == []
    assert sum(day.page.told for day in operations.days(municipality)) == 0


# --- Failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db
def test_failures_are_grouped_by_reason(municipality):
    for error in (AWAY, AWAY.replace("jan", "ola")):
        spent(municipality, error)
    letter(municipality, state="failed", attempts=1, error=REFUSED)
    stuck(municipality)

    assert (
        failures(municipality)
        == failures()
        == [
            ("mail", "ConnectionRefusedError", 2, True),
            ("mail", "SMTPRecipientsRefused", 1, False),
            ("page", "LookupError", 1, True),
        ]
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", ["", "jan@example.org", "jan@example.org: gone", "<b>: x", "Jan Kowalski: x", "a" * 400, ": x"]
)
def test_reasons_hold_no_words_about_people(error):
    spent(error=error)
    stuck(error=error or "x")

    shown = operations.failures()

    assert {failure.reason for failure in shown} == {""}
    assert not any("jan" in str(failure.words).lower() for failure in shown)


@pytest.mark.django_db
def test_every_reason_has_words():
    spent(error="SomethingNew: x")

    [failure] = operations.failures()

    assert str(failure.words)
    assert failure.reason == "SomethingNew"


@pytest.mark.django_db
def test_old_failures_are_forgotten_by_the_page():
    spent(not_before=timezone.now() - timedelta(days=15))

    assert failures() == []
    assert operations.send_again(channel="mail", reason="ConnectionRefusedError", actor=UserFactory()) == 0


# --- Sending again ----------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_failed_for_a_while_is_sent_again_once(municipality):
    organiser = UserFactory()
    rows = [spent(municipality) for _number in range(3)]

    numbers = [
        operations.send_again(municipality, channel="mail", reason="ConnectionRefusedError", actor=organiser)
        for _press in range(2)
    ]
    letters.send_due()
    letters.send_due()

    assert numbers == [3, 0]
    assert sorted(message.to for message in mail.outbox) == sorted([row.notification.user.email] for row in rows)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    event = Event.objects.get(kind="notifications.send_again")
    assert (event.actor, event.municipality_id, event.subject) == (organiser, municipality.pk, municipality)
    assert event.data == {"channel": "mail", "reason": "ConnectionRefusedError", "number": 3}


@pytest.mark.django_db
def test_letter_that_goes_again_keeps_its_name():
    row = spent()
    name = printing.message_id(row.notification.event, row.notification.user, "http://localhost")

    operations.send_again(channel="mail", reason="ConnectionRefusedError", actor=UserFactory())
    letters.send_due()

    assert mail.outbox[0].extra_headers["Message-ID"].split("@")[0] == name.split("@")[0]


@pytest.mark.django_db
def test_what_goes_again_counts_as_tried():
    """Else it could leave in one message with others: whom the first attempt did reach would read it twice."""
    row = spent()

    operations.send_again(channel="mail", reason="ConnectionRefusedError", actor=UserFactory())

    row.refresh_from_db()
    assert (row.state, row.attempts, row.not_before) == ("waiting", 1, timezone.now())


@pytest.mark.django_db
def test_what_was_read_meanwhile_stays_away():
    row = spent()
    type(row.notification).objects.update(read_at=timezone.now())

    operations.send_again(channel="mail", reason="ConnectionRefusedError", actor=UserFactory())
    letters.send_due()

    row.refresh_from_db()
    assert (row.state, mail.outbox) == ("skipped", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        {"channel": "mail", "reason": "SMTPRecipientsRefused"},  # refused for good
        {"channel": "mail", "reason": "TimeoutError"},
        {"channel": "mail", "reason": ""},
        {"channel": "sms", "reason": "ConnectionRefusedError"},
        {"channel": "page", "reason": "ConnectionRefusedError"},
        {"channel": "page", "reason": ""},
        {"channel": "mail", "reason": "ConnectionRefusedError' or 1=1 --"},
    ],
    ids=str,
)
def test_nothing_else_is_sent_again(municipality, wanted):
    letter(municipality, state="failed", attempts=1, error=REFUSED)
    spent(municipality)
    letter(municipality, state="sent", attempts=RETRIES + 1, error=AWAY, sent_at=timezone.now())
    letter(municipality, state="skipped", attempts=RETRIES + 1, error=AWAY)
    EventFactory(municipality_id=municipality.pk)
    before = list(Delivery.objects.order_by("pk").values())

    number = operations.send_again(municipality, **wanted, actor=UserFactory())

    assert number == 0
    assert list(Delivery.objects.order_by("pk").values()) == before
    assert not Event.objects.filter(kind="notifications.send_again").exists()


@pytest.mark.django_db
def test_a_centre_sends_only_its_own_again(municipality):
    foreign = [spent(MunicipalityFactory()), spent(), stuck(MunicipalityFactory(), "TimeoutError: x")]

    for channel, reason in (("mail", "ConnectionRefusedError"), ("page", "TimeoutError")):
        assert operations.send_again(municipality, channel=channel, reason=reason, actor=UserFactory()) == 0

    for row in foreign:
        before = row.not_before
        row.refresh_from_db()
        assert row.not_before == before
    assert Delivery.objects.filter(state="failed").count() == 2


@pytest.mark.django_db
def test_the_whole_installation_is_sent_again_by_who_runs_it(municipality):
    spent(municipality)
    spent()
    admin = UserFactory(superuser=True)

    assert operations.send_again(channel="mail", reason="ConnectionRefusedError", actor=admin) == 2

    event = Event.objects.get(kind="notifications.send_again")
    assert (event.subject, event.municipality_id) == (admin, None)


@pytest.mark.postgres
@pytest.mark.django_db
def test_events_that_rest_are_told_at_once(municipality):
    reader = UserFactory()
    event = stuck(municipality, data={"to": [reader.pk], "words": "", "shared": ""})

    numbers = [
        operations.send_again(municipality, channel="page", reason="LookupError", actor=UserFactory())
        for _press in range(2)
    ]
    worker.run_once()

    assert numbers == [1, 0]
    assert list(reader.notifications.values_list("event", flat=True)) == [event.pk]


# --- The worker -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "is_silent"), [(None, True), (0, False), (60, False), (61, True)])
def test_worker_is_silent_after_a_minute(seconds, is_silent):
    if seconds is not None:
        Duty.objects.create(name=worker.HEARTBEAT, ran_at=timezone.now() - timedelta(seconds=seconds))

    assert operations.crew().is_silent == is_silent


@pytest.mark.django_db
def test_duties_that_fail_are_named_without_their_errors():
    Duty.objects.create(name="tests.good")
    Duty.objects.create(name="tests.bad", error="LookupError: jan@example.org")

    assert operations.crew().failing == ["tests.bad"]


@pytest.mark.django_db
def test_news_and_duties_have_threads_of_their_own():
    """A duty that takes minutes must not hold up news."""
    one = worker.Worker()
    one.stop()

    one.start()

    assert {thread.name for thread in one.threads} >= {"worker-news", "worker-duties", "worker-letters"}
    assert one.join(10)


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_the_same_however_much_there_is(municipality, count, django_assert_num_queries):
    for number in range(count):
        letter(municipality)
        spent(municipality, f"Error{number}: x")
        stuck(municipality, f"Error{number}: x")

    with django_assert_num_queries(8):
        operations.backlog(municipality)
        operations.queues(municipality)
        found = operations.failures(municipality)
        operations.days(municipality)
        operations.crew()
        operations.tasks()

    assert len(found) == 2 * count


@pytest.mark.django_db
def test_notifications_of_the_same_event_are_counted_each():
    event = EventFactory(delivered=True)
    for _person in range(3):
        DeliveryFactory(notification=NotificationFactory(event=event), state="failed", attempts=99, error=AWAY)

    assert failures() == [("mail", "ConnectionRefusedError", 3, True)]
