"""When somebody is there for a talk: the next days of weekly hours, by the clock on the wall. Pure.

Hours are local: 15:30 is 15:30 in summer and in winter, so no moment is ever computed, and no night on which the clocks
change matters.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_AHEAD = 28


@dataclass(frozen=True)
class Occasion:
    """One drop-in on one day."""

    day: date
    drop_in: object
    is_today: bool
    is_tomorrow: bool


def coming(drop_ins, closures, now, *, days=DAYS_AHEAD):
    """The occasions from `now` (a local moment) on, the soonest first. What is under way counts until it is over."""
    today = now.date()
    found = [
        Occasion(day, drop_in, is_today=day == today, is_tomorrow=day == today + timedelta(days=1))
        for day in (today + timedelta(days=ahead) for ahead in range(days))
        for drop_in in drop_ins
        if takes_place(drop_in, day, closures) and (day > today or drop_in.ends > now.time())
    ]
    return sorted(found, key=lambda occasion: (occasion.day, occasion.drop_in.starts, occasion.drop_in.place))


def first_of_each(drop_ins, closures, now):
    """Pairs (drop-in, its next occasion or None), in the order of the week."""
    ahead = coming(drop_ins, closures, now)
    first = {id(occasion.drop_in): occasion for occasion in reversed(ahead)}
    return [(drop_in, first.get(id(drop_in))) for drop_in in sorted(drop_ins, key=in_the_week)]


def in_the_week(drop_in):
    return drop_in.weekday, drop_in.starts, drop_in.place


def takes_place(drop_in, day, closures):
    if drop_in.weekday != day.weekday():
        return False
    if (drop_in.first_day and day < drop_in.first_day) or (drop_in.last_day and day > drop_in.last_day):
        return False
    return not any(is_closed(closure, drop_in, day) for closure in closures)


def is_closed(closure, drop_in, day):
    """A closure that names no neighbourhood is about all of them."""
    about = closure.neighbourhood_id in {None, drop_in.neighbourhood_id}
    return about and closure.first_day <= day <= (closure.last_day or closure.first_day)
