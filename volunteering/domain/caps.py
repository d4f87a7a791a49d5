"""How many alerts a person gets in a day: counted on rows that are locked, so that two waves at the same moment cannot
both give somebody their last one.

These locks are taken after all others of a transaction (see `help_requests`), by ascending key of the person.
"""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from volunteering.models import DailyCount

KEPT = timedelta(days=7)


def reached(people, cap):
    """Those of these keys of people who have had all their alerts of today."""
    counts = DailyCount.objects.filter(volunteer__in=people, day=timezone.localdate(), alerts__gte=cap)
    return set(counts.values_list("volunteer_id", flat=True))


def claim(people, cap=None):
    """Counts one alert of today for each of these keys who has one left (without `cap`: for all), and says for whom.
    For verbs: what is rolled back was not counted."""
    today = timezone.localdate()
    DailyCount.objects.bulk_create(
        [DailyCount(volunteer_id=pk, day=today) for pk in sorted(people)], ignore_conflicts=True
    )
    rows = DailyCount.objects.filter(volunteer__in=people, day=today).order_by("volunteer_id").select_for_update()
    claimed = {row.volunteer_id: row.pk for row in rows if cap is None or row.alerts < cap}
    DailyCount.objects.filter(pk__in=claimed.values()).update(alerts=F("alerts") + 1)
    return set(claimed)


def forget_old():
    DailyCount.objects.filter(day__lt=timezone.localdate() - KEPT).delete()
