"""When help is needed, in a form that a database can compare with the free hours of a week: integers only.

A day's hours are bits as in `VolunteerProfile.availability`. What is said here is exactly what the engine says of a
helper's free hours (`feasibility.openings`), before promises and weekly limits.
"""

from dataclasses import dataclass

from volunteering.domain import calendar

DAYS = 7


@dataclass(frozen=True)
class Run:
    """So many free hours (`length`) one after another on a weekday, beginning with one of the hours in `starts`."""

    weekday: int
    length: int
    starts: int


@dataclass(frozen=True)
class Window:
    """`whole`: seven days of hours, Monday first, all of which must be free. `runs`: None, or any one of them must be
    there too; where there are none, nobody has the time."""

    whole: tuple
    runs: tuple | None = None


def during(starts_at, ends_at):
    """The helper is needed all the time."""
    first, last = calendar.minutes_of(starts_at), calendar.minutes_of(ends_at)
    whole = [0] * DAYS
    for hour in calendar.hours_between(starts_at, ends_at):
        # The hour that summer time leaves out lasts no time: nobody has to be free in it.
        if max(first, hour.start) < min(last, hour.end):
            whole[hour.weekday] |= 1 << hour.hour
    return Window(tuple(whole))


def somewhere_in(starts_at, ends_at, minutes):
    """The helper picks the hour, by day, and needs so many minutes."""
    span = calendar.minutes_of(starts_at), calendar.minutes_of(ends_at)
    hours = calendar.hours_between(starts_at, ends_at, calendar.DAYTIME)
    starts = {}
    for first, hour in enumerate(hours):
        rest_of_day = hours[first : first + len(calendar.DAYTIME) - first % len(calendar.DAYTIME)]
        if length := _hours_needed(rest_of_day, span, minutes):
            key = hour.weekday, length
            starts[key] = starts.get(key, 0) | 1 << hour.hour
    return Window((0,) * DAYS, tuple(Run(*key, bits) for key, bits in sorted(starts.items())))


def _hours_needed(hours, span, minutes):
    """How many of these hours hold the help, the first of them included; 0 where it does not fit."""
    start = max(span[0], hours[0].start)
    if start >= hours[0].end:
        return 0
    for length, hour in enumerate(hours, start=1):
        if min(span[1], hour.end) - start >= minutes:
            return length
    return 0
