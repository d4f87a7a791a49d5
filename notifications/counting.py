"""Counts by the hour what was told and how much of it in time. An hour is counted again until nothing can come into it
any more, so a worker that was away, or died in the middle, makes no difference."""

from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from notifications.models import EVERYWHERE, PAGE, Delivery, Hour, Notification
from notifications.notices import PROBE

SOON = timedelta(seconds=10)
# Moments are taken before the commit that shows them; no transaction lasts so long.
LATE = timedelta(hours=1)
KEPT = timedelta(days=15)


def count():
    """Brings the hours up to date: two reads and one write, however much was told."""
    sums = defaultdict(lambda: [0, 0])
    for row in rows_since(where_to_begin()):
        channel, figures = row.get("channel", PAGE), (row["told"], row["in_time"])
        for place in {row["municipality"] or EVERYWHERE, EVERYWHERE}:
            both = sums[place, row["hour"], channel]
            both[:] = [one + more for one, more in zip(both, figures, strict=True)]
    Hour.objects.bulk_create(
        [
            Hour(municipality_id=place, starts_at=hour, channel=channel, told=told, in_time=in_time)
            for (place, hour, channel), (told, in_time) in sums.items()
        ],
        update_conflicts=True,
        unique_fields=["municipality_id", "starts_at", "channel"],
        update_fields=["told", "in_time"],
        batch_size=1000,
    )


def rows_since(begin):
    told = Notification.objects.exclude(event__kind=PROBE)
    yield from told.told_by_hour(begin, soon=SOON)
    yield from Delivery.objects.sent_by_hour(begin, soon=SOON)


def where_to_begin():
    """The beginning of the first hour that may still change."""
    last = Hour.objects.of(None).order_by("-starts_at").values_list("starts_at", flat=True).first()
    oldest = (timezone.now() - KEPT).replace(minute=0, second=0, microsecond=0)
    return max(last - LATE, oldest) if last else oldest


def forget_old():
    Hour.objects.filter(starts_at__lt=timezone.now() - KEPT).delete()
