import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notifications import delivery, outbox
from notifications.models import Channel, Delivery, Event, Inbox, Notification, Preference
from tests.factories.accounts import UserFactory
from tests.factories.notifications import KIND, EventFactory, NotificationFactory


def event_for(*people, **changes):
    data = {"to": [person.pk for person in people], "words": "Dzień dobry", "shared": "razem"}
    return EventFactory(data=data, **changes)


@pytest.mark.django_db
@pytest.mark.postgres
def test_delivery_numbers_everybody_without_gaps():
    first, second = UserFactory.create_batch(2)
    NotificationFactory.create_batch(2, user=second)

    told = delivery.deliver(event_for(first, second).pk)

    assert told == {first.pk: 1, second.pk: 3}
    assert dict(Inbox.objects.values_list("user", "last_seq")) == {first.pk: 1, second.pk: 3}


@pytest.mark.django_db
@pytest.mark.postgres
def test_second_delivery_adds_nothing():
    person = UserFactory()
    event = event_for(person)
    delivery.deliver(event.pk)

    told = delivery.deliver(event.pk)

    assert told == {}
    assert Notification.objects.count() == Delivery.objects.count() == 1
    assert Inbox.objects.get().last_seq == 1


@pytest.mark.django_db
@pytest.mark.postgres
def test_delivery_begun_before_skips_who_was_told():
    """What no code of ours writes: an event half delivered. It is completed, and nobody is numbered twice."""
    told, untold = UserFactory.create_batch(2)
    event = event_for(told, untold)
    NotificationFactory(user=told, event=event)

    numbers = delivery.deliver(event.pk)

    assert numbers == {untold.pk: 1}
    assert Inbox.objects.get(user=told).last_seq == 1


@pytest.mark.django_db
def test_actor_is_not_told_of_their_own_act():
    actor, other = UserFactory.create_batch(2)

    told = delivery.deliver(event_for(actor, other, actor=actor).pk)

    assert set(told) == {other.pk}


@pytest.mark.django_db
def test_unknown_and_missing_people_are_left_out():
    person = UserFactory()
    event = event_for(person)
    event.data["to"] += [None, person.pk + 1000]
    event.save()

    assert delivery.deliver(event.pk) == {person.pk: 1}


@pytest.mark.django_db
def test_event_without_a_notice_is_marked_delivered():
    event = EventFactory(kind="tests.nobody_listens")

    delivery.deliver(event.pk)

    event.refresh_from_db()
    assert event.delivered_at is not None


@pytest.mark.django_db
def test_many_people_are_left_to_the_worker(settings):
    settings.DELIVER_AT_ONCE = 1
    people = UserFactory.create_batch(2)
    event = event_for(*people)

    at_once = delivery.deliver(event.pk)
    by_worker = delivery.deliver_left_over()

    assert at_once == {}
    assert by_worker == 1
    assert Notification.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.postgres
def test_statements_do_not_grow_with_the_people(django_assert_num_queries):
    few, many = UserFactory.create_batch(1), UserFactory.create_batch(30)
    events = [event_for(*few), event_for(*many)]

    for event in events:
        with django_assert_num_queries(15):
            delivery.deliver(event.pk)


@pytest.mark.django_db
def test_event_of_a_dead_process_is_found_by_the_worker():
    person = UserFactory()
    event = event_for(person, created_at=timezone.now() - timedelta(seconds=3))
    fresh = event_for(person)

    found = delivery.deliver_left_over()

    assert found == 1
    event.refresh_from_db()
    fresh.refresh_from_db()
    assert event.delivered_at is not None
    assert fresh.delivered_at is None  # its own process is about to deliver it


@pytest.mark.django_db
def test_failing_event_does_not_hold_up_the_others(logged_errors):
    person = UserFactory()
    long_ago = timezone.now() - timedelta(minutes=1)
    broken = EventFactory(created_at=long_ago, data={"broken": "x"})
    sound = event_for(person, created_at=long_ago)

    delivery.deliver_left_over()

    sound.refresh_from_db()
    assert sound.delivered_at is not None
    assert list(outbox.stuck()) == [broken]


@pytest.mark.django_db
def test_failing_event_is_tried_again_less_and_less_often(logged_errors, time_machine):
    time_machine.move_to("2027-03-27 12:00:00+01:00", tick=False)
    event = EventFactory(data={"broken": "x"}, created_at=timezone.now() - timedelta(minutes=1))
    pauses = []

    for _attempt in range(13):
        delivery.attempt(event.pk)
        event.refresh_from_db()
        pauses.append((event.not_before - timezone.now()).total_seconds())

    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == 3600
    assert event.attempts == 13


@pytest.mark.django_db
def test_event_that_succeeds_at_last_is_no_longer_stuck(logged_errors):
    person = UserFactory()
    event = EventFactory(data={"broken": "x"})
    delivery.attempt(event.pk)
    Event.objects.update(data={"to": [person.pk], "words": "", "shared": ""}, not_before=timezone.now())

    delivery.deliver_left_over()

    assert not outbox.stuck().exists()
    assert Notification.objects.filter(user=person).count() == 1


@pytest.mark.django_db
def test_closed_account_of_another_kind_is_no_obstacle(logged_errors):
    assert delivery.deliver(EventFactory().pk + 1000) == {}


# --- Letters ---


@pytest.mark.django_db
@pytest.mark.postgres
def test_letters_go_to_those_who_want_them():
    wanting, refusing, closed = UserFactory(), UserFactory(), UserFactory(closed=True)
    refusing_all, choosing = UserFactory(), UserFactory()
    for user, kind, wanted in [
        (refusing, KIND, False),
        (refusing_all, Preference.EVERY_KIND, False),
        (choosing, Preference.EVERY_KIND, False),
        (choosing, KIND, True),
    ]:
        Preference.objects.create(user=user, kind=kind, channel=Channel.MAIL, wanted=wanted)
    everybody = [wanting, refusing, refusing_all, choosing, closed]

    delivery.deliver(event_for(*everybody).pk)

    assert Notification.objects.count() == 5
    going = Delivery.objects.filter(state="waiting").values_list("notification__user", flat=True)
    left_out = Delivery.objects.filter(state="skipped").values_list("notification__user", "error")
    assert set(going) == {wanting.pk, choosing.pk}
    assert set(left_out) == {
        (refusing.pk, "not wanted"),
        (refusing_all.pk, "not wanted"),
        (closed.pk, "no mailbox"),
    }


@pytest.mark.django_db
def test_notice_without_mail_goes_by_mail_to_those_who_asked(monkeypatch):
    asking, silent = UserFactory.create_batch(2)
    Preference.objects.create(user=asking, kind=KIND, channel=Channel.MAIL, wanted=True)
    monkeypatch.setattr("tests.factories.notifications.News.mail", False)

    delivery.deliver(event_for(asking, silent).pk)

    assert Delivery.objects.get().notification.user == asking


# --- At the same time ---


def at_once(*jobs):
    """Runs the jobs in threads of their own, as close together as can be. Returns what they raised."""
    ready, raised = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            ready.wait()
            job()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.postgres
def test_numbers_have_no_gaps_under_concurrent_deliverers(committed):
    people = UserFactory.create_batch(20)
    chance = random.Random(7)
    events = [event_for(*chance.sample(people, 8)).pk for _number in range(40)]
    expected = Counter(user_id for event in Event.objects.all() for user_id in event.data["to"])
    # Four deliverers; a quarter of the events is delivered twice.
    hands = [events[number::4] + events[(number + 1) % 4 :: 16] for number in range(4)]

    raised = at_once(*[lambda hand=hand: [delivery.deliver(event) for event in hand] for hand in hands])

    assert raised == []
    numbers = {user_id: [] for user_id in expected}
    for user_id, seq in Notification.objects.order_by("seq").values_list("user", "seq"):
        numbers[user_id].append(seq)
    assert numbers == {user_id: list(range(1, count + 1)) for user_id, count in expected.items()}


@pytest.mark.postgres
def test_two_deliverers_of_one_event_tell_once(committed):
    people = UserFactory.create_batch(5)
    events = [event_for(*people).pk for _number in range(10)]

    raised = at_once(*[lambda: [delivery.deliver(event) for event in events]] * 3)

    assert raised == []
    assert Notification.objects.count() == Delivery.objects.count() == 50
    assert set(Inbox.objects.values_list("last_seq", flat=True)) == {10}


@pytest.mark.postgres
def test_reader_never_sees_a_number_before_the_one_below(committed):
    person = UserFactory()
    events = [event_for(person).pk for _number in range(60)]
    seen, is_over = [], threading.Event()

    def deliver_all(part):
        for event in part:
            delivery.deliver(event)

    def read():
        while not is_over.is_set():
            seen.append(sorted(Notification.objects.of(person.pk).values_list("seq", flat=True)))
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    raised = at_once(lambda: deliver_all(events[::2]), lambda: deliver_all(events[1::2]))
    is_over.set()
    reader.join()

    assert raised == []
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen)


@pytest.mark.django_db
@pytest.mark.postgres
def test_same_number_twice_is_refused_by_the_database():
    notification = NotificationFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(user=notification.user, seq=notification.seq, event=EventFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(user=notification.user, seq=2, event=notification.event)


# --- The courier ---


@pytest.mark.postgres
def test_courier_delivers_in_its_own_thread(committed):
    person = UserFactory()
    event = event_for(person)
    courier = delivery.Courier()
    courier.is_on = True

    courier.take(event.pk)
    courier.stop()

    assert Notification.objects.get().user == person
    assert not courier.thread.is_alive()


def test_courier_goes_on_after_a_failure(committed, logged_errors):
    person = UserFactory()
    broken, sound = EventFactory(data={"broken": "x"}), event_for(person)
    courier = delivery.Courier()
    courier.is_on = True

    courier.take(broken.pk)
    courier.take(sound.pk)
    courier.stop()

    assert Notification.objects.get().event == sound


def test_courier_that_is_off_delivers_in_this_thread(committed):
    person = UserFactory()

    delivery.Courier().take(event_for(person).pk)

    assert Notification.objects.get().user == person
