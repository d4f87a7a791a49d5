"""The days of a series of meetings. Pure: days of the calendar; hours come later, so no change of clocks matters."""

from dateutil import rrule
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# A series is planned for half a year of weeks at most: nobody knows further.
MOST_MEETINGS = 26
# The fifth Thursday is not in every month: it means the last one.
LAST = 5
WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


class Repeat(TextChoices):
    ONCE = "once", _("once")
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every second week")
    MONTHLY = "monthly", _("every month, the same weekday (such as the second Thursday)")


def days(first, *, repeat=Repeat.ONCE, times=1):
    """The days of a series that begins on the day `first`, in order; `times` of them, MOST_MEETINGS at most."""
    if repeat == Repeat.ONCE:
        return [first]
    return [
        moment.date() for moment in rrule.rrule(dtstart=first, count=min(times, MOST_MEETINGS), **_rule(first, repeat))
    ]


def _rule(first, repeat):
    if repeat == Repeat.MONTHLY:
        number = (first.day - 1) // 7 + 1
        weekday = WEEKDAYS[first.weekday()]
        return {"freq": rrule.MONTHLY, "byweekday": weekday(-1 if number == LAST else number)}
    return {"freq": rrule.WEEKLY, "interval": 2 if repeat == Repeat.FORTNIGHTLY else 1}
