"""A year of waves without a database: the engine, the waves and the rules of the site itself decide, people answer by
chance. What is kept of it says whether everybody had their turn."""

import heapq
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import NamedTuple

from benchmarks import _fair_town as town
from volunteering.domain import calendar, schedule
from volunteering.domain.distances import metres_from
from volunteering.domain.facts import ASKED_LATELY, span_of
from volunteering.matching.rank import DEFAULT_WEIGHTS, suggest
from volunteering.matching.types import Helper, Need, Weights

EIGHT_WEEKS = timedelta(weeks=8)
POLISH = frozenset({"pl"})
DECLINES = 0.15


class Found(NamedTuple):
    """What `schedule` reads of a suggestion."""

    volunteer: town.Person
    metres: float
    waited_days: float
    asked: int
    helped_before: int


@dataclass
class Counts:
    """`could_again`: first waves where somebody could come who had helped the resident before and had alerts left;
    `asked_again`: in how many of them such a person was asked."""

    taken: int = 0
    exhausted: int = 0
    could_again: int = 0
    asked_again: int = 0
    most_alerts_in_a_day: int = 0


@dataclass
class Year:
    people: list
    days: int
    random: Random
    weights: Weights = DEFAULT_WEIGHTS
    rules: schedule.Rules = field(default_factory=schedule.Rules)
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self):
        self.cells = [person.cell for person in self.people]
        self.free = lru_cache(maxsize=200_000)(_free)

    def run(self, occasions):
        steps = [(it.published_at, it.pk, it) for it in occasions]
        heapq.heapify(steps)
        while steps:
            now, pk, occasion = heapq.heappop(steps)
            next_at = self.step(occasion, now)
            if next_at:
                heapq.heappush(steps, (next_at, pk, occasion))

    # Steps, as `waves` takes them -------------------------------------------------------------------------------------

    def step(self, occasion, now):
        """Asks the next people and lets them answer; when the step after that comes, None when it is over."""
        deadline = schedule.latest_start(occasion)
        if now >= deadline:
            return None
        if held_until := schedule.held_until(now, deadline, self.rules):
            return held_until
        found = self.find(occasion, now)
        full = {it.volunteer.pk for it in found if had_on(it.volunteer, now) >= self.rules.alerts_per_day}
        on_duty = {it.volunteer.pk for it in found if now.astimezone(calendar.ZONE).weekday() in it.volunteer.on_duty}
        moment = {"now": now, "deadline": deadline, "rules": self.rules, "full": full, "on_duty": on_duty}
        wave, chosen = schedule.choose([found], wave=occasion.wave + 1, **moment)
        if chosen:
            self.note(occasion, found, chosen, **moment)
            occasion.wave = wave
            self.ask(occasion, found, chosen, moment)
        if occasion.taker:
            self.promise(occasion, occasion.taker, now)
            return None
        next_at = schedule.step_after(now, deadline, self.rules, has_asked=bool(chosen), is_capped=bool(full))
        self.counts.exhausted += next_at is None
        return next_at

    def ask(self, occasion, found, chosen, moment):
        """All of the wave are told; one after the other answers, until one says yes. For each no, one more is asked."""
        now, asked = moment["now"], list(chosen)
        for it in asked:
            self.tell(occasion, it.volunteer, now)
        while asked and not occasion.taker:
            person, chance = asked.pop(0).volunteer, self.random.random()
            if chance < person.keenness:
                occasion.taker = person
            elif chance > 1 - DECLINES:
                left = [it for it in found if it.volunteer.pk not in occasion.told]
                more = schedule.choose([left[:1]], wave=occasion.wave, **moment)[1]
                asked += more
                for it in more:
                    self.tell(occasion, it.volunteer, now)

    def tell(self, occasion, person, now):
        occasion.told.add(person.pk)
        count = had_on(person, now) + 1
        person.alerts.append(now)
        person.today = (calendar.today(now), count)
        person.last_at = now
        self.counts.most_alerts_in_a_day = max(self.counts.most_alerts_in_a_day, count)

    def promise(self, occasion, person, now):
        span = occasion.starts_at, occasion.starts_at + timedelta(minutes=occasion.minutes)
        person.promises = [it for it in person.promises if it[1] > now - EIGHT_WEEKS] + [span]
        person.helped[occasion.resident] = person.helped.get(occasion.resident, 0) + 1
        self.counts.taken += 1

    # Who could help, as `suggestions` finds them ----------------------------------------------------------------------

    def find(self, occasion, now):
        span = span_of(occasion, now)
        need = Need(
            key=occasion.pk,
            category=occasion.category,
            span=in_minutes(span),
            minutes=occasion.minutes if occasion.is_flexible else None,
            helpful_skills=occasion.helpful,
            languages=("pl",),
        )
        weeks = calendar.weeks_between(*span)
        near = {it[0].pk: it for it in self.in_reach(occasion, span, now)}
        helpers = {key: self.helper(*it, occasion, weeks, now) for key, it in near.items()}
        return [
            Found(
                *near[it.key][:2],
                waited_days(near[it.key][0], now),
                helpers[it.key].asked,
                helpers[it.key].helped_before,
            )
            for it in suggest(need, helpers.values(), self.weights)
        ]

    def in_reach(self, occasion, span, now):
        """Whom the read model leaves for the engine: people, metres and free time."""
        ways = metres_from(occasion.cell, self.cells).tolist()
        for person, metres in zip(self.people, ways, strict=True):
            if metres > person.radius or occasion.category not in person.categories or is_away(person, now):
                continue
            free = self.free(person.availability, span, occasion.is_flexible)
            if free and person.pk not in occasion.told:
                yield person, metres, free

    @staticmethod
    def helper(person, metres, free, occasion, weeks, now):  # noqa: PLR0917 -- all that is known of the pair
        promises = [it for it in person.promises if it[1] > weeks[0][0]]
        tasks = [sum(start <= it[0] < end for it in promises) for start, end in weeks]
        return Helper(
            key=person.pk,
            categories=person.categories,
            skills=person.skills,
            languages=POLISH,
            metres=metres,
            radius=person.radius,
            free=free,
            busy=tuple(map(in_minutes, promises)),
            full=tuple(
                in_minutes(week) for week, count in zip(weeks, tasks, strict=True) if count >= person.tasks_per_week
            ),
            tasks=min(tasks),
            tasks_per_week=person.tasks_per_week,
            helped_before=person.helped.get(occasion.resident, 0),
            idle_days=waited_days(person, now) if person.last_at else None,
            asked=len(person.alerts) - bisect_right(person.alerts, now - ASKED_LATELY),
        )

    # What came of it --------------------------------------------------------------------------------------------------

    def note(self, occasion, found, chosen, *, full, on_duty, now, **_rest):
        """Who could have been asked here, and whether those who know the resident were."""
        keys = {it.volunteer.pk for it in chosen}
        known = {it.volunteer.pk for it in found if it.helped_before} - full
        if occasion.wave == 0 and known:
            self.counts.could_again += 1
            self.counts.asked_again += not known.isdisjoint(keys)
        # What goes to people on duty alone has not come up for the others.
        if on_duty.isdisjoint(keys):
            for it in found:
                it.volunteer.fits.append(now)

    def share_of_busiest_tenth(self, what="alerts"):
        counts = sorted((len(getattr(person, what)) for person in self.people), reverse=True)
        return sum(counts[: len(counts) // 10]) / sum(counts)

    def forgotten(self):
        """Those who heard nothing for eight weeks or more in which something came up that they could have done."""
        end = town.START + town.DAY * self.days
        return [person for person in self.people if any(_is_forgotten(person, *gap) for gap in _gaps(person, end))]


def in_minutes(span):
    return calendar.minutes_of(span[0]), calendar.minutes_of(span[1])


def had_on(person, now):
    """How many alerts on that day so far."""
    day, count = person.today
    return count if day == calendar.today(now) else 0


def waited_days(person, now):
    return (now - (person.last_at or person.joined_at)).total_seconds() / 86_400


def is_away(person, now):
    return person.joined_at > now or any(start <= now < end for start, end in person.pauses)


def simulate(*, volunteers=500, requests=20_000, days=364, seed=1, **how):
    random = Random(seed)
    year = Year(town.people(random, volunteers, days), days, Random(seed + 1), **how)
    year.run(town.occasions(random, requests, days))
    return year


def _gaps(person, end):
    moments = pairwise([person.joined_at, *person.alerts, end])
    return ((first, last) for first, last in moments if last - first >= EIGHT_WEEKS)


def _is_forgotten(person, first, last):
    return any(first < moment < last for moment in person.fits)


def _free(availability, span, is_flexible):
    hours = calendar.hours_between(*span, calendar.DAYTIME if is_flexible else calendar.HOURS)
    return calendar.free_time(availability, hours)
