"""Weeks, days and free hours as people live them, in the local time of the installation; moments are exact also on the
two nights a year when clocks change. The engine counts minutes: `minutes_of` turns moments into them."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

ZONE = ZoneInfo(settings.TIME_ZONE)
HOURS = range(24)
# Part of the day in which a helper who picks the hour may come.
DAYTIME = range(7, 21)
# No need reaches further than this: a longer one is looked at as far as here.
LONGEST_SPAN = timedelta(days=92)


@dataclass(frozen=True)
class Hour:
    """One hour of one day: which bit of the week's availability it is, and from when to when it lasts, in minutes.

    The hour that summer time leaves out lasts 0 minutes, the one that comes twice lasts 120.
    """

    weekday: int
    hour: int
    start: float
    end: float


def minutes_of(moment):
    """Minutes since the epoch: the running count of the engine."""
    return moment.timestamp() / 60


@lru_cache(maxsize=1000)
def hours_between(starts_at, ends_at, hours=HOURS):
    """The hours of all local days that a span of time touches, in order; `hours` limits them to a part of the day."""
    day = starts_at.astimezone(ZONE).date()
    last = min(ends_at, starts_at + LONGEST_SPAN).astimezone(ZONE).date()
    found = []
    while day <= last:
        found += [_hour(day, hour) for hour in hours]
        day += timedelta(days=1)
    return tuple(found)


def free_time(availability, hours):
    """Intervals, in minutes, out of `hours` in which somebody with this weekly availability is free; hours that touch
    are one interval. `availability`: see `VolunteerProfile`."""
    free = []
    for hour in hours:
        if not availability[hour.weekday] >> hour.hour & 1:
            continue
        if free and free[-1][1] == hour.start:
            free[-1] = (free[-1][0], hour.end)
        else:
            free.append((hour.start, hour.end))
    return tuple(free)


@lru_cache(maxsize=5000)
def week_of(moment):
    """Monday 0:00 of the local week of a moment, and of the next one: the week to which a task at that time belongs."""
    day = moment.astimezone(ZONE).date()
    monday = day - timedelta(days=day.weekday())
    return _midnight(monday), _midnight(monday + timedelta(days=7))


def weeks_between(starts_at, ends_at):
    """All local weeks that a span of time touches."""
    weeks = [week_of(starts_at)]
    last = min(ends_at, starts_at + LONGEST_SPAN)
    while weeks[-1][1] < last:
        weeks.append(week_of(weeks[-1][1]))
    return weeks


def today(now):
    """The local date of a moment."""
    return now.astimezone(ZONE).date()


def _midnight(day):
    return datetime.combine(day, time(0), tzinfo=ZONE).astimezone(UTC)


def _hour(day, hour):
    start = datetime.combine(day, time(hour), tzinfo=ZONE)
    end = start.replace(hour=hour + 1) if hour < HOURS[-1] else _midnight(day + timedelta(days=1))
    return Hour(day.weekday(), hour, minutes_of(start), minutes_of(end))
