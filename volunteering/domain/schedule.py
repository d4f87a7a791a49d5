"""The plan of the waves: who is asked next, how far away, and when the step after that comes.

Pure: moments and rules come in, nothing is read or written. Hours are those of the local clock, also on the two nights
a year when clocks change.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from itertools import count
from math import ceil

from volunteering.domain.calendar import ZONE

SOON = timedelta(hours=48)
# The side of a cell: nearer than this nobody can be told apart.
LEAST_RADIUS = 500
# No helper goes farther: the greatest radius that a profile may hold.
FARTHEST = 50_000
# The part of a wave that goes by turn instead of by score.
TURNS = 1 / 3
# Who was not asked for so long is asked about what is farther away than the wave looks, too.
LONG_WAIT_DAYS = 28


class Urgency(Enum):
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True)
class Rules:
    """What a municipality has set. `count`: people asked at once; `radius`: metres of the first wave; `minutes`: how
    long a wave waits, by urgency; `quiet_from`, `quiet_until`: hours of the local clock."""

    count: int = 12
    radius: int = 3000
    minutes: tuple = ((Urgency.TODAY, 10), (Urgency.SOON, 60), (Urgency.LATER, 360))
    alerts_per_day: int = 6
    quiet_from: int = 21
    quiet_until: int = 7

    @classmethod
    def of(cls, municipality):
        return cls(
            count=municipality.alert_count,
            radius=municipality.default_radius,
            minutes=tuple((urgency, getattr(municipality, f"wave_minutes_{urgency.value}")) for urgency in Urgency),
            alerts_per_day=municipality.alerts_per_day,
            quiet_from=municipality.quiet_from,
            quiet_until=municipality.quiet_until,
        )

    def pause(self, urgency):
        return timedelta(minutes=dict(self.minutes)[urgency])


def latest_start(visit):
    """The last moment at which somebody could begin to help."""
    return visit.ends_at - timedelta(minutes=visit.minutes) if visit.is_flexible else visit.starts_at


def urgency_of(deadline, now):
    """How pressing it is. Today is the local day, also when it has 23 or 25 hours."""
    if deadline.astimezone(ZONE).date() <= now.astimezone(ZONE).date():
        return Urgency.TODAY
    return Urgency.SOON if deadline - now <= SOON else Urgency.LATER


def quiet_end(moment, rules):
    """When the quiet hours end in which this moment lies; None outside of them."""
    if rules.quiet_from == rules.quiet_until:
        return None
    is_overnight = rules.quiet_from > rules.quiet_until
    today = moment.astimezone(ZONE).date()
    for day in (today - timedelta(days=1), today):
        start = _at(day, rules.quiet_from)
        end = _at(day + timedelta(days=is_overnight), rules.quiet_until)
        if start <= moment < end:
            return end
    return None


def next_step(now, deadline, rules):
    """When the wave that was sent now has had its time. In quiet hours only what is needed that day goes on."""
    moment = now + rules.pause(urgency_of(deadline, now))
    return moment if urgency_of(deadline, moment) == Urgency.TODAY else after_quiet(moment, rules)


def after_quiet(moment, rules):
    return quiet_end(moment, rules) or moment


def tomorrow(now, rules):
    """When people may be told again who have had all their alerts of today."""
    return after_quiet(_at(now.astimezone(ZONE).date() + timedelta(days=1), 0), rules)


def radius_of(wave, rules):
    """How far a wave looks, in metres: the first one as far as the municipality says, each further one twice as far.
    Every helper's own radius holds besides."""
    return min(max(rules.radius, LEAST_RADIUS) * 2 ** min(max(wave, 1) - 1, 7), FARTHEST)


def held_until(now, deadline, rules):
    """When a step may be taken that is due now: after the quiet hours, where it is not about today. None: at once."""
    return None if urgency_of(deadline, now) == Urgency.TODAY else quiet_end(now, rules)


def choose(groups, *, wave, now, deadline, rules, full=frozenset(), on_duty=frozenset()):
    """The number of the wave, and whom to ask now. `groups`: lists of suggestions; the people of the second one are
    asked when nobody is left of the first. `full`: keys of people who have had their alerts of today; `on_duty`: of
    those who are ready for what is urgent."""
    if urgency_of(deadline, now) != Urgency.TODAY:
        on_duty = frozenset()
    only_on_duty = quiet_end(now, rules) is not None
    for group in groups:
        free = [it for it in group if it.volunteer.pk not in full]
        number, chosen = pick(free, wave=wave, rules=rules, on_duty=on_duty, only_on_duty=only_on_duty)
        if chosen:
            return number, chosen
    return wave, []


def step_after(now, deadline, rules, *, has_asked, is_capped):
    """When the step after one that was taken now comes; None where nobody is left to ask. `has_asked`: it asked
    somebody; `is_capped`: somebody was left out only for having had all alerts of today."""
    if has_asked:
        return next_step(now, deadline, rules)
    if end := quiet_end(now, rules):
        return min(end, next_step(now, deadline, rules))
    if is_capped and tomorrow(now, rules) < deadline:
        return tomorrow(now, rules)
    return None


def look_again(now, deadline, rules):
    """When a search that has asked everybody looks whether there is somebody new, or free again: every hour when it is
    urgent, otherwise once a day. None where that is too late."""
    moment = after_quiet(now + timedelta(hours=1), rules) if deadline - now <= SOON else tomorrow(now, rules)
    return moment if moment < deadline else None


def pick(found, *, wave, rules, on_duty=frozenset(), only_on_duty=False):
    """Whom to ask now: the number of the wave, and the chosen of `found` (`Suggested` of `suggestions`, best first),
    best first.

    `on_duty`: keys of people who come before all others, however near these are. Where a wave would find nobody, the
    next wider one is taken at once. `only_on_duty`: quiet hours.
    """
    ready = [it for it in found if it.volunteer.pk in on_duty]
    if ready or only_on_duty:
        return wave, ready[: rules.count]
    for number in count(wave):
        radius = radius_of(number, rules)
        # Who has been there before knows the way.
        near = [it for it in found if it.metres <= radius or it.helped_before]
        if near or radius == FARTHEST:
            return number, _in_turn(near, found, rules.count)
    return wave, []


def _in_turn(near, found, seats):
    """The best of those near by, and in some of the seats those whose turn it is: who was asked least in the last four
    weeks, of them whoever waits longest. Who has waited all the time need not be near: they go as far as they say."""
    turns = ceil(seats * TURNS) if seats > 1 else 0
    keys = {it.volunteer.pk for it in near}
    waiting = sorted((it for it in found if it.volunteer.pk in keys or it.waited_days >= LONG_WAIT_DAYS), key=_turn)
    chosen = {it.volunteer.pk for it in waiting[:turns]}
    for it in near:
        if len(chosen) >= seats:
            break
        chosen.add(it.volunteer.pk)
    return [it for it in found if it.volunteer.pk in chosen]


def _turn(it):
    """Whole days, so that of several who have waited about as long the best is asked."""
    return it.asked, -(it.waited_days // 1)


def _at(day, hour):
    """The moment of a whole hour of the local clock. Of an hour that comes twice the first one is meant; one that is
    left out begins when the clock has jumped over it."""
    return datetime.combine(day, time(hour), tzinfo=ZONE).astimezone(UTC)
