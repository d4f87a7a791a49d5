"""What goes where and when: bursts, summaries, quiet hours, caps, and what the ledger says of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import delivery, habits, letters, mailboxes, routes
from notifications.models import Channel, Delivery, DeliveryState, HeldFor, Notification, Preference
from tests.factories.accounts import UserFactory
from tests.factories.notifications import KIND, DeliveryFactory, EventFactory, NotificationFactory

pytestmark = pytest.mark.django_db

NOON = "2027-04-24 12:00:00+02:00"


def told(user, **data):
    event = EventFactory(data={"to": [user.pk], "words": "Dzień dobry", "shared": "razem", **data})
    delivery.deliver(event.pk)
    return Delivery.objects.filter(notification__event=event).first()


@pytest.fixture
def urgent(monkeypatch):
    monkeypatch.setattr("tests.factories.notifications.News.is_urgent", staticmethod(lambda event: True))


@pytest.mark.postgres
def test_burst_of_news_makes_two_letters(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    first = told(user)
    letters.send_due()

    others = [told(user), told(user), told(user)]
    time_machine.shift(timedelta(minutes=5))
    letters.send_due()

    assert first.held_for == HeldFor.NOTHING
    assert {(it.held_for, it.not_before) for it in others} == {(HeldFor.BURST, first.not_before + timedelta(minutes=5))}
    assert len(mail.outbox) == 2
    assert mail.outbox[1].body.count("Dzień dobry") == 3
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 4


def test_burst_of_one_person_holds_up_nobody_else(time_machine):
    time_machine.move_to(NOON, tick=False)
    one, other = UserFactory.create_batch(2)
    told(one)

    held, free = told(one), told(other)

    assert (held.held_for, free.held_for) == (HeldFor.BURST, HeldFor.NOTHING)


def test_urgent_word_waits_for_nothing(urgent, time_machine):
    time_machine.move_to("2027-04-24 23:00:00+02:00", tick=False)
    user = UserFactory()
    habits.choose(user, rhythm="daily", quiet_mail=True, daily_cap=3)
    rows = [told(user) for _number in range(5)]

    for _row in rows:
        letters.send_due()

    assert {(row.held_for, row.not_before) for row in rows} == {(HeldFor.NOTHING, timezone.now())}
    assert not Delivery.objects.filter(state=DeliveryState.WAITING).exists()


def test_attempted_letter_is_joined_by_nothing_later(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    tried = DeliveryFactory(notification__user=user, attempts=1)
    fresh = DeliveryFactory(notification__user=user)

    letters.send_due()

    assert len(mail.outbox) == 2
    assert set(Delivery.objects.filter(pk__in=[tried.pk, fresh.pk]).values_list("bundle", flat=True)) == {None}


@pytest.mark.postgres
def test_bundle_is_the_same_at_every_attempt(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    lead, second = DeliveryFactory.create_batch(2, notification__user=user)
    letters.send_due()
    Delivery.objects.update(state=DeliveryState.WAITING)
    Notification.objects.filter(pk=lead.notification_id).update(read_at=timezone.now())
    DeliveryFactory(notification__user=user)

    letters.send_due()

    first, again, later = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == again != later
    assert Delivery.objects.get(pk=second.pk).bundle == lead.pk


def test_letter_of_a_patient_kind_waits_and_others_join_it(time_machine, monkeypatch):
    time_machine.move_to(NOON, tick=False)
    monkeypatch.setattr("tests.factories.notifications.News.mail_after", timedelta(minutes=5))
    user = UserFactory()
    first = told(user)

    time_machine.shift(timedelta(minutes=2))
    second = told(user)
    time_machine.shift(timedelta(minutes=4))
    third = told(user)

    assert (first.held_for, second.held_for, third.held_for) == (HeldFor.NOTHING, HeldFor.BURST, HeldFor.BURST)
    assert first.not_before == second.not_before == timezone.now() - timedelta(minutes=1)
    assert third.not_before == timezone.now() + timedelta(minutes=5)


def test_what_waits_for_tomorrow_is_joined_by_nothing(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    DeliveryFactory(notification__user=user, held_for=HeldFor.CAP, not_before=timezone.now() + timedelta(hours=19))

    row = told(user)

    assert (row.held_for, row.not_before) == (HeldFor.NOTHING, timezone.now())


@pytest.mark.postgres
def test_very_many_readers_are_planned_like_few(time_machine, settings):
    time_machine.move_to(NOON, tick=False)
    plain, other, gone, dead, quiet, daily = UserFactory.create_batch(6)
    gone.is_active = False
    gone.save()
    mailboxes.bury(dead, reason="refused")
    Preference.objects.create(user=quiet, kind=KIND, channel=Channel.MAIL, wanted=False)
    habits.choose(daily, rhythm="daily")
    people = {plain.pk, other.pk, gone.pk, dead.pk, quiet.pk, daily.pk}
    event = EventFactory()
    few = routes.plan(event, delivery.readers_of(people), people)

    settings.DELIVER_AT_ONCE = 1
    many = routes.plan(event, delivery.readers_of(people), people)

    assert (many.rows, many.to_ring) == (few.rows, few.to_ring)
    assert [plain.pk, other.pk] in many.rows.values()
    assert many.to_ring == [dead.pk]


# --- Summaries ---


def test_daily_summary_gathers_what_is_still_news(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    habits.choose(user, rhythm="daily", digest_hour=8)
    rows = [told(user), told(user), told(user, obsolete=True), told(user)]
    Notification.objects.filter(pk=rows[3].notification_id).update(read_at=timezone.now())
    letters.send_due()
    before = len(mail.outbox)

    time_machine.move_to("2027-04-25 08:00:00+02:00", tick=False)
    letters.send_due()

    assert before == 0
    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("Dzień dobry") == 2
    assert [Delivery.objects.get(pk=row.pk).state for row in rows] == ["sent", "sent", "skipped", "skipped"]


def test_no_summary_when_there_is_nothing_to_say(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    habits.choose(user, rhythm="weekly")
    told(user)
    Notification.objects.update(read_at=timezone.now())

    time_machine.shift(timedelta(days=8))
    letters.send_due()

    assert mail.outbox == []


def test_summary_after_an_outage_comes_once_with_everything(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    habits.choose(user, rhythm="daily")
    told(user)
    time_machine.shift(timedelta(days=1))
    told(user)

    time_machine.shift(timedelta(days=2))  # no worker ran
    letters.send_due()
    letters.send_due()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("Dzień dobry") == 2


def test_what_cannot_wait_ignores_the_summary(monkeypatch):
    monkeypatch.setattr("tests.factories.notifications.News.can_wait", False)
    user = UserFactory()
    habits.choose(user, rhythm="weekly")

    assert told(user).held_for == HeldFor.NOTHING


def test_leaving_the_summary_sends_what_waited(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    habits.choose(user, rhythm="daily")
    told(user)

    habits.choose(user, rhythm="")
    letters.send_due()

    assert len(mail.outbox) == 1


def test_another_hour_of_the_summary_moves_what_waits(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    habits.choose(user, rhythm="daily", digest_hour=8)
    row = told(user)

    habits.choose(user, rhythm="daily", digest_hour=18)

    row.refresh_from_db()
    assert timezone.localtime(row.not_before).hour == 18


# --- Quiet hours, caps ---


def test_mail_waits_for_the_morning_only_where_the_person_said_so(time_machine):
    time_machine.move_to("2027-04-24 23:00:00+02:00", tick=False)
    calm, usual = UserFactory.create_batch(2)
    habits.choose(calm, quiet_mail=True)

    held, free = told(calm), told(usual)

    assert (held.held_for, timezone.localtime(held.not_before).hour) == (HeldFor.QUIET, 7)
    assert free.held_for == HeldFor.NOTHING


def test_more_than_the_cap_comes_together_in_the_morning(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    habits.choose(user, daily_cap=3)
    for _number in range(5):
        told(user)
        letters.send_due()
        time_machine.shift(timedelta(minutes=6))
    today = len(mail.outbox)

    time_machine.move_to("2027-04-25 07:00:00+02:00", tick=False)
    letters.send_due()

    assert today == 3
    assert len(mail.outbox) == 4
    assert mail.outbox[3].body.count("Dzień dobry") == 2


def test_no_limit_is_no_limit(time_machine):
    time_machine.move_to(NOON, tick=False)
    user = UserFactory()
    habits.choose(user, daily_cap=0)
    for _number in range(12):
        told(user)
        letters.send_due()
        time_machine.shift(timedelta(minutes=6))

    assert len(mail.outbox) == 12


# --- The ledger ---


def test_what_a_person_stopped_is_written_down():
    user = UserFactory()
    Preference.objects.create(user=user, kind=KIND, channel=Channel.MAIL, wanted=False)

    row = told(user)

    assert (row.state, row.error) == (DeliveryState.SKIPPED, "not wanted")


@pytest.mark.parametrize("count", [1, 3])
def test_batch_is_sent_with_the_same_number_of_questions(count, django_assert_num_queries):
    DeliveryFactory.create_batch(count)

    with django_assert_num_queries(13 + count):  # each letter is settled by itself
        letters.send_due()

    assert len(mail.outbox) == count


def test_ledger_says_why_and_what_became_of_it(client):
    user = UserFactory()
    client.force_login(user)
    told(user)
    letters.send_due()
    stopped = NotificationFactory(user=user)
    DeliveryFactory(notification=stopped, state=DeliveryState.SKIPPED, error="not wanted")

    page = client.get("/moje/powiadomienia/dlaczego/", headers={"accept-language": "en"}).content.decode()

    assert page.count("queue__item") == 2


@pytest.mark.parametrize("count", [1, 3])
def test_ledger_asks_as_often_for_many(client, count, django_assert_max_num_queries):
    user = UserFactory()
    client.force_login(user)
    NotificationFactory.create_batch(count, user=user)

    with django_assert_max_num_queries(16):
        client.get("/moje/powiadomienia/dlaczego/")


def test_reasons_of_somebody_else_are_not_found(client):
    mine = NotificationFactory()
    client.force_login(UserFactory())

    assert client.get(f"/moje/powiadomienia/{mine.seq}/dlaczego/").status_code == 404


@pytest.mark.parametrize(
    ("state", "error", "held_for"),
    [
        ("skipped", "read", ""),
        ("skipped", "obsolete", ""),
        ("failed", "TimeoutError", ""),
        ("waiting", "", "digest"),
        ("waiting", "", "quiet"),
        ("waiting", "", "cap"),
    ],
)
def test_every_outcome_has_words(client, state, error, held_for):
    user = UserFactory(language="en")
    client.force_login(user)
    told_of = NotificationFactory(user=user)
    DeliveryFactory(notification=told_of, state=state, error=error, held_for=held_for)

    response = client.get(f"/moje/powiadomienia/{told_of.seq}/dlaczego/")

    (way,) = response.context["account"].ways
    assert way.words
    assert not way.is_sent
