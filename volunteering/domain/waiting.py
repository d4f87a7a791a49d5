"""The rules of a waiting list: how many places are offered, and until when somebody may say yes.

Pure: moments and rules come in, nothing is read or written. Hours are those of the local clock, also on the two nights
a year when clocks change.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from volunteering.domain.calendar import ZONE
from volunteering.domain.schedule import quiet_end

# Whoever comes next needs time, too: an offer takes no more of what is left than this.
SHARE = 2
# Nobody can answer in less.
LEAST = timedelta(minutes=30)
# After a night there is this much time, from when people may be told again.
MORNING = timedelta(hours=1)
# Staff ring on working days; by this hour they have had time to.
RUNG_BY = time(15)
SATURDAY = 5


@dataclass(frozen=True)
class Rules:
    """What a municipality has set. `hours`: the time to confirm a place; `quiet_from`, `quiet_until`: whole hours of
    the local clock, two equal ones mean that there are no quiet hours."""

    hours: int = 24
    quiet_from: int = 21
    quiet_until: int = 7

    @classmethod
    def of(cls, municipality):
        return cls(municipality.offer_hours, municipality.quiet_from, municipality.quiet_until)


def to_offer(places, taken, waiting):
    """How many of those who wait are offered a place now. `places`: None where they are not counted."""
    return waiting if places is None else max(0, min(places - taken, waiting))


def confirm_until(now, start, rules, *, by_phone=False):
    """Until when a place that is offered now can be confirmed: at most `rules.hours`, less when the start is near,
    never in the quiet hours and never past the start. `by_phone`: staff have to ring first, on a working day."""
    time_left = start - now
    until = now + min(timedelta(hours=rules.hours), max(time_left / SHARE, LEAST))
    if morning := quiet_end(until, rules):
        until = morning + MORNING
    if by_phone:
        until = max(until, _next_working_day(now))
    return min(until, start)


def _next_working_day(now):
    day = now.astimezone(ZONE).date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, RUNG_BY, tzinfo=ZONE).astimezone(UTC)
