"""The question of the plan of the week, put together from the database, and its answer: who goes to which visit.

Feasibility and scores are those of `suggestions.helpers_for`, of all pairs at once: the number of queries is the same
however many visits and helpers there are. What is asked of the engine is exact but for one thing: a visit whose hour
the helper picks has no time that could overlap. Whether it still fits beside the person's other tasks of the plan is
looked at afterwards; a pair that does not is ruled out, and the engine is asked again.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil, floor

from django.utils import timezone
from django_scopes import scopes_disabled

from neighbourhoods.cells import distance_band
from volunteering.domain import calendar, reasons
from volunteering.domain.distances import metres_between
from volunteering.domain.facts import Facts
from volunteering.domain.plan_crowd import Crowd
from volunteering.domain.visits import local
from volunteering.matching.feasibility import available, obstacles, openings, subtract
from volunteering.matching.plan import Helpers, Pairs, Problem, Shortfall, Sieves, Visits, objective, shortfalls
from volunteering.matching.plan.uncovered import BUSY, POSSIBLE
from volunteering.matching.rank import assess
from volunteering.models import Alert, Visit, VolunteerProfile
from volunteering.models.plans import PLANNED_DAYS

# The engine tells two plans apart whose scores differ by this much.
DECIMALS = 5
# Whoever has been asked about a visit and has not answered counts half for it: others can be invited. In a small town
# the waves ask everybody, and a plan without those people would be an empty one.
AWAITED = 0.5
# Visits without a set hour stand beyond all others on the engine's count of minutes, each on its own.
WITHOUT_HOUR = 2**40
# How often the engine is asked again because somebody has no hour left for a visit without a set one.
MOST_ROUNDS = 4


@dataclass(frozen=True)
class Offer:
    """Somebody who could come: index of the visit, key of the person, the week that the task would belong to, the
    score. `is_awaited`: they have been asked about this visit and have not answered yet."""

    index: int
    person: int
    week: tuple
    score: float
    is_awaited: bool = False

    @property
    def worth(self):
        """The score as it counts in a plan."""
        return round(self.score * AWAITED, DECIMALS) if self.is_awaited else self.score


@dataclass(frozen=True)
class Answer:
    """`pairs`: offers that are taken; `shortfalls`: visits with places that nobody takes, `reason` being a code of
    `matching.plan.uncovered`. `worth`, `bound`: see `matching.plan.Plan`."""

    pairs: tuple
    worth: float
    bound: float
    is_proven: bool
    shortfalls: tuple


class Question:
    """All visits of the days that still need somebody, and everybody who could come to them."""

    def __init__(self, municipality, first_day, *, kept=frozenset(), forbidden=frozenset()):
        """`kept`, `forbidden`: pairs (key of the visit, key of the person) that must, or must not, be in the answer.
        A kept pair that is no longer possible is left out."""
        with scopes_disabled():
            self._gather(municipality, first_day)
        self._number(kept, forbidden)

    def _gather(self, municipality, first_day):
        now = timezone.now()
        end = local(first_day + timedelta(days=PLANNED_DAYS), datetime.min.time())
        visits = Visit.objects.to_be_planned(end).filter(help_request__municipality=municipality)
        self.visits = list(visits.with_details().order_by("starts_at", "pk"))
        crowd = Crowd(municipality, self.visits, now)
        self.sieved = [crowd.sieve(visit) for visit in self.visits]
        people = {person for sieved in self.sieved for person in sieved.people}
        profiles = VolunteerProfile.objects.select_related("user").filter(user__in=people, home_cell__isnull=False)
        self.profiles = {profile.user_id: profile for profile in profiles}
        self.facts = Facts(self.visits, list(self.profiles.values())) if self.visits else None
        self.awaited = Alert.objects.unanswered_about(self.visits)
        self.free, self.offers = [], []
        for index in range(len(self.visits)):
            self._offer(index)

    def _offer(self, index):
        visit, need = self.visits[index], self.need(index)
        before = len(self.offers)
        for person in self.sieved[index].people:
            helper = self.facts.helper(self.profiles[person], visit)
            if not obstacles(need, helper):
                week, score = _week(visit, need, helper), round(assess(need, helper).score, DECIMALS)
                self.offers.append(Offer(index, person, week, score, (visit.pk, person) in self.awaited))
        self.free.append(len(self.offers) - before)

    def need(self, index):
        return self.facts.need(self.visits[index])

    def helper(self, index, person):
        return self.facts.helper(self.profiles[person], self.visits[index])

    def _number(self, kept, forbidden):
        """Gives everybody a number for each week: what a person may take is counted by calendar weeks, and seven days
        touch two of them."""
        self.nodes = sorted({(offer.person, offer.week) for offer in self.offers})
        numbers = {node: number for number, node in enumerate(self.nodes)}
        rows = {(offer.index, numbers[offer.person, offer.week]): offer for offer in self.offers}
        self.offered = rows
        places = [visit.places - visit.taken for visit in self.visits]
        limits = [self._limit(*node) for node in self.nodes]
        by_keys = {(self.visits[offer.index].pk, offer.person): row for row, offer in rows.items()}
        problem = Problem(
            Visits(*_columns([_span(index, visit) for index, visit in enumerate(self.visits)], 2), places),
            Helpers(limits),
            Pairs(*_columns([(*row, offer.worth) for row, offer in rows.items()], 3)),
            forbidden=tuple(by_keys[keys] for keys in sorted(forbidden) if keys in by_keys),
        )
        wished = [by_keys[keys] for keys in sorted(kept - forbidden) if keys in by_keys]
        self.problem = replace(problem, pinned=_that_hold(problem, wished))

    def _limit(self, person, week):
        return max(0, self.profiles[person].tasks_per_week - self.facts.tasks(person, week))

    def answer(self, solver):
        """What `solver` (`solve_quick`, `solve_exact`) makes of it. `solver` may raise what stops it."""
        first = plan = solver(self.problem)
        ruled_out = set()
        for _round in range(MOST_ROUNDS):
            clashing = self._clashing(plan.pairs)
            if not clashing:
                break
            ruled_out |= clashing
            plan = solver(replace(self.problem, forbidden=(*self.problem.forbidden, *ruled_out)))
        pairs = sorted(set(plan.pairs) - self._clashing(plan.pairs))
        return Answer(
            pairs=tuple(self.offered[pair] for pair in pairs),
            worth=objective(self.problem, pairs),
            # What bounds the question without the clashes bounds the one with them too.
            bound=first.bound,
            is_proven=first.is_proven and not ruled_out,
            shortfalls=tuple(self._shortfalls(pairs)),
        )

    def _shortfalls(self, pairs):
        skilled, near = _columns([(sieved.skilled, sieved.near) for sieved in self.sieved], 2)
        return [self._explained(found) for found in shortfalls(self.problem, pairs, Sieves(skilled, near, self.free))]

    def _explained(self, found: Shortfall):
        """Whom a computed plan has passed over could not come."""
        return replace(found, reason=BUSY) if found.reason == POSSIBLE else found

    def reasons_for(self, offer):
        """What is kept of a pair: parts of its score, distance band, reasons; as with an alert."""
        visit, need, helper = self.visits[offer.index], self.need(offer.index), self.helper(offer.index, offer.person)
        parts = assess(need, helper).parts
        band = distance_band(metres_between(self.profiles[offer.person].home_cell, visit.help_request.cell))
        found = reasons.why(visit, need, helper, parts, band)
        return {**asdict(parts), "band": band, "reasons": [reason.as_json for reason in found]}

    # Somebody's tasks beside each other ---------------------------------------------------------------------------

    def _clashing(self, pairs):
        """Those of these pairs that cannot be kept beside the person's others; never one that was decided by hand."""
        diaries = defaultdict(list)
        for pair in pairs:
            diaries[self.nodes[pair[1]][0]].append(pair)
        return {pair for diary in diaries.values() if len(diary) > 1 for pair in self._clashing_of(diary)}

    def _clashing_of(self, diary):
        """Set hours first, then the visits whose last opening closes first, each as early as it fits."""
        pinned, busy, clashing = set(self.problem.pinned), [], []
        for pair in sorted(diary, key=lambda pair: (self._has_no_hour(pair), pair not in pinned, self._deadline(pair))):
            spans = self._openings(pair) if self._has_no_hour(pair) else [_span(pair[0], self.visits[pair[0]])]
            minutes = self.visits[pair[0]].minutes if self._has_no_hour(pair) else spans[0][1] - spans[0][0]
            left = [(start, end) for start, end in subtract(tuple(spans), tuple(busy)) if end - start >= minutes]
            if left:
                busy.append((left[0][0], left[0][0] + minutes))
            elif pair not in pinned:
                clashing.append(pair)
        return clashing

    def _has_no_hour(self, pair):
        return self.visits[pair[0]].is_flexible

    def _deadline(self, pair):
        return max((end for _start, end in self._openings(pair)), default=0) if self._has_no_hour(pair) else 0

    def _openings(self, pair):
        """When this person could come to a visit without a set hour, in the week that the task belongs to."""
        need, helper = self.need(pair[0]), self.helper(pair[0], self.nodes[pair[1]][0])
        first, last = (calendar.minutes_of(moment) for moment in self.nodes[pair[1]][1])
        return [(start, end) for start, end in openings(need, available(need, helper)) if first <= start < last]


def _week(visit, need, helper):
    """The week that a task belongs to: in which it starts; without a set hour the first in which it fits."""
    if not visit.is_flexible:
        return calendar.week_of(visit.starts_at)
    start = openings(need, available(need, helper))[0][0]
    return calendar.week_of(datetime.fromtimestamp(start * 60, UTC))


def _span(index, visit):
    """From when to when somebody is needed, in whole minutes."""
    if visit.is_flexible:
        return WITHOUT_HOUR + 2 * index, WITHOUT_HOUR + 2 * index + 1
    return floor(calendar.minutes_of(visit.starts_at)), ceil(calendar.minutes_of(visit.ends_at))


def _that_hold(problem, wished):
    """Those of the pairs decided by hand that still keep all rules beside each other; the better ones first."""
    score = dict(zip(zip(problem.pairs.visit.tolist(), problem.pairs.helper.tolist(), strict=True),
                     problem.pairs.score.tolist(), strict=True))  # fmt: skip
    visits, limits = problem.visits, problem.helpers.limit
    kept, coming, tasks = [], defaultdict(int), defaultdict(list)
    for visit, helper in sorted(wished, key=lambda pair: (-score[pair], pair)):
        start, end = visits.start[visit], visits.end[visit]
        is_busy = any(visits.start[other] < end and start < visits.end[other] for other in tasks[helper])
        if coming[visit] < visits.places[visit] and len(tasks[helper]) < limits[helper] and not is_busy:
            kept.append((visit, helper))
            coming[visit] += 1
            tasks[helper].append(visit)
    return tuple(kept)


def _columns(rows, width):
    return list(zip(*rows, strict=True)) if rows else [[]] * width
