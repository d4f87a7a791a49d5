"""The days of a series of meetings. Pure: days of the calendar; hours come later, so no change of clocks matters."""

from itertools import islice, takewhile

from dateutil import rrule
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from volunteering.domain.holidays import holiday_on

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


def days(first, *, repeat=Repeat.ONCE, times=1, on_holidays=False):
    """The days of a series that begins on the day `first`, in order; `times` of them, MOST_MEETINGS at most. Public
    holidays are left out, so it lasts the longer, unless it meets `on_holidays`, too. One meeting is where it was put.
    """
    if repeat == Repeat.ONCE:
        return [first]
    fit = (day for day in _rhythm(first, repeat) if on_holidays or not holiday_on(day))
    return list(islice(fit, min(times, MOST_MEETINGS)))


def left_out(first, *, repeat=Repeat.ONCE, times=1):
    """The days that `days` leaves out, with the holiday that each of them is."""
    kept = days(first, repeat=repeat, times=times)
    if repeat == Repeat.ONCE or not kept:
        return []
    before = takewhile(lambda day: day < kept[-1], _rhythm(first, repeat))
    return [(day, holiday) for day in before if (holiday := holiday_on(day))]


def _rhythm(first, repeat):
    return (moment.date() for moment in rrule.rrule(dtstart=first, **_rule(first, repeat)))


def _rule(first, repeat):
    if repeat == Repeat.MONTHLY:
        number = (first.day - 1) // 7 + 1
        weekday = WEEKDAYS[first.weekday()]
        return {"freq": rrule.MONTHLY, "byweekday": weekday(-1 if number == LAST else number)}
    return {"freq": rrule.WEEKLY, "interval": 2 if repeat == Repeat.FORTNIGHTLY else 1}
