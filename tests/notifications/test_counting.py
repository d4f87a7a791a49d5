"""How much was told in time, hour by hour: counted again without counting twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications import counting, duties, operations
from notifications.models import EVERYWHERE, Delivery, Event, Hour, Notification
from notifications.notices import PROBE
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.notifications import DeliveryFactory, EventFactory, NotificationFactory

NOON = datetime(2027, 4, 21, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def told(seconds, *, at=NOON, people=1, **event):
    """An event that came into the inboxes of so many people after so many seconds."""
    event = EventFactory(created_at=at - timedelta(seconds=seconds), delivered_at=at, **event)
    return [NotificationFactory(event=event) for _person in range(people)]


def sent(seconds, *, at=NOON, **event):
    """A letter that left so many seconds after its event."""
    [notification] = told(0, at=at - timedelta(seconds=seconds), **event)
    return DeliveryFactory(notification=notification, state="sent", sent_at=at)


def hours(place=EVERYWHERE):
    rows = Hour.objects.filter(municipality_id=place).order_by("starts_at", "channel")
    return [(row.starts_at, row.channel, row.told, row.in_time) for row in rows]


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "in_time"), [(0, 1), (9.9, 1), (10, 1), (10.1, 0), (3600, 0)])
def test_ten_seconds_are_in_time(seconds, in_time):
    told(seconds)
    sent(seconds, at=NOON + timedelta(minutes=1))

    counting.count()

    assert sum(row[3] for row in hours() if row[1] == "mail") == in_time
    assert sum(row[3] for row in hours() if row[1] == "page") == in_time + 1


@pytest.mark.postgres
@pytest.mark.django_db
def test_counting_again_changes_nothing():
    told(1, people=3)
    told(11, people=2)

    counting.count()
    counting.count()

    assert hours() == [(NOON, "page", 5, 3)]


@pytest.mark.postgres
@pytest.mark.django_db
def test_an_open_hour_goes_on(clock):
    told(1)
    counting.count()
    clock.shift(timedelta(minutes=59))
    told(20, at=timezone.now())

    counting.count()

    assert hours() == [(NOON, "page", 2, 1)]


@pytest.mark.django_db
def test_what_a_slow_commit_shows_late_is_counted(clock):
    told(1)
    counting.count()
    clock.shift(timedelta(minutes=90))
    told(1, at=timezone.now())
    counting.count()
    told(1, at=NOON + timedelta(minutes=59))

    counting.count()

    assert hours() == [(NOON, "page", 2, 2), (NOON + timedelta(hours=1), "page", 1, 1)]


@pytest.mark.django_db
def test_a_worker_that_was_away_catches_up(clock):
    told(1)
    counting.count()
    clock.shift(timedelta(days=3))
    told(1, at=NOON + timedelta(days=1))
    told(1, at=NOON + timedelta(days=2))

    counting.count()

    assert [row[0] for row in hours()] == [NOON, NOON + timedelta(days=1), NOON + timedelta(days=2)]


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_hour_that_comes_twice_is_two_hours(clock):
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    for hours_later in range(4):
        clock.move_to(first + timedelta(hours=hours_later), tick=False)
        told(1, at=timezone.now())
        counting.count()

    assert [row[2] for row in hours()] == [1, 1, 1, 1]


@pytest.mark.django_db
def test_centres_are_counted_apart_and_together():
    here, elsewhere = MunicipalityFactory(), MunicipalityFactory()
    told(1, municipality_id=here.pk, people=2)
    told(11, municipality_id=elsewhere.pk)
    told(1)

    counting.count()

    assert hours(here.pk) == [(NOON, "page", 2, 2)]
    assert hours(elsewhere.pk) == [(NOON, "page", 1, 0)]
    assert hours() == [(NOON, "page", 4, 3)]


@pytest.mark.django_db
def test_probes_and_what_did_not_leave_do_not_count():
    told(1, kind=PROBE)
    letter = sent(1)
    Delivery.objects.update(state="skipped")
    Notification.objects.filter(pk=letter.notification_id).delete()

    counting.count()

    assert hours() == []


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_what_was_told(count, django_assert_num_queries):
    for number in range(count):
        told(1, at=NOON - timedelta(hours=number))

    # The last hour, two reads, one write.
    with django_assert_num_queries(4):
        counting.count()

    assert len(hours()) == count


@pytest.mark.django_db
def test_old_hours_go():
    for days in (14, 16):
        Hour.objects.create(municipality_id=0, starts_at=NOON - timedelta(days=days), channel="page", told=1, in_time=1)

    duties.forget_old_counts()

    assert [row[0] for row in hours()] == [NOON - timedelta(days=14)]


@pytest.mark.django_db
def test_first_count_looks_no_further_than_is_kept():
    told(1, at=NOON - timedelta(days=20))
    told(1, at=NOON - timedelta(days=13))

    duties.count_what_was_told()

    assert [row[0] for row in hours()] == [NOON - timedelta(days=13)]


@pytest.mark.django_db
def test_more_in_time_than_told_is_never_stored():
    with pytest.raises(IntegrityError), transaction.atomic():
        Hour.objects.create(municipality_id=0, starts_at=NOON, channel="page", told=1, in_time=2)


# --- Days -------------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2027, 10, 29, 21, 59, tzinfo=UTC), 29),
        (datetime(2027, 10, 29, 22, 0, tzinfo=UTC), 30),
        # Summer time ends in the night to the 31st: that day has 25 hours.
        (datetime(2027, 10, 30, 22, 0, tzinfo=UTC), 31),
        (datetime(2027, 10, 31, 22, 59, tzinfo=UTC), 31),
        (datetime(2027, 10, 31, 23, 0, tzinfo=UTC), 1),
    ],
)
def test_days_are_local_ones(clock, moment, day):
    clock.move_to(datetime(2027, 11, 2, 10, tzinfo=UTC), tick=False)
    told(1, at=moment)
    counting.count()

    assert [it.date.day for it in operations.days() if it.page.told] == [day]


@pytest.mark.django_db
def test_days_without_news_are_there_too():
    days = operations.days()

    assert [it.date for it in days] == [timezone.localdate() - timedelta(days=ago) for ago in range(14)]
    assert {it.page.percent for it in days} == {None}


@pytest.mark.django_db
def test_all_means_all():
    share = operations.Share(told=10_000, in_time=9999)

    assert (share.percent, operations.Share(3, 3).percent, operations.Share(3, 0).percent) == (99.9, 100.0, 0.0)


@pytest.mark.django_db
def test_ways_outside_the_page_are_one_figure():
    sent(1)
    sent(11)
    counting.count()

    [today] = operations.days(number=1)

    assert (today.outside.told, today.outside.in_time, today.page.told) == (2, 1, 2)
    assert Event.objects.count() == 2
