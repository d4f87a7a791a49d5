"""When word may leave the page: quiet hours, the hour of the summary, bursts. Pure: moments and habits come in.

Hours are those of the local clock, also on the two nights a year when clocks change.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

# What comes in within this time after a message waits for the end of it, and then leaves together.
BURST = timedelta(minutes=5)


def zone():
    return ZoneInfo(settings.TIME_ZONE)


def quiet_end(moment, habits):
    """When the quiet hours end in which this moment lies; None outside of them."""
    if habits.quiet_from == habits.quiet_until:
        return None
    is_overnight = habits.quiet_from > habits.quiet_until
    today = moment.astimezone(zone()).date()
    for day in (today - timedelta(days=1), today):
        start = at(day, habits.quiet_from)
        end = at(day + timedelta(days=is_overnight), habits.quiet_until)
        if start <= moment < end:
            return end
    return None


def next_digest(moment, habits):
    """The next hour of the person's summary after this moment."""
    day = moment.astimezone(zone()).date()
    while True:
        comes_at = at(day, habits.digest_hour)
        if comes_at > moment and (habits.rhythm == "daily" or day.weekday() == habits.digest_weekday):
            return comes_at
        day += timedelta(days=1)


def next_morning(moment, habits):
    """When a person who had enough for today may be told again: the next local day, after the quiet hours."""
    tomorrow = at(moment.astimezone(zone()).date() + timedelta(days=1), 0)
    return quiet_end(tomorrow, habits) or tomorrow


def midnight(moment):
    """The start of the local day in which this moment lies."""
    return at(moment.astimezone(zone()).date(), 0)


def after_burst(moment, last, at_once):
    """When something goes that follows what went (or will go) at `last`: together with it if that still waits,
    otherwise not before five minutes have passed; None where nothing is near. `at_once`: when it would go alone, which
    is now or after the patience of its kind."""
    if last is None or last + BURST <= moment:
        return None
    return last if last > moment else max(last + BURST, at_once)


def at(day, hour):
    """The moment of a whole hour of the local clock. Of an hour that comes twice the first is meant; one that is left
    out begins when the clock has jumped over it."""
    return datetime.combine(day, time(hour), tzinfo=zone()).astimezone(UTC)
