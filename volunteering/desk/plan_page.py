"""What the desk shows of a plan of the week: its visits by day, who goes where and why, and what stays open."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from volunteering.domain import plan_checks, plan_words, reasons
from volunteering.domain.invitations import ASKED
from volunteering.models import Alert, PairChoice, PairOutcome, PlannedPair, PlannedVisit, WeekPlan
from volunteering.states import OPEN_PLANS, PlanState

# A plan of more visits than these is shown a day at a time.
SHOWN_AT_ONCE = 12


@dataclass
class Row:
    """One helper for one visit, in the words of staff. `hindrances`: why it is no longer possible; `answer`: what the
    person said, "" for somebody who has not been asked."""

    pair: PlannedPair
    hindrances: list
    answer: str = ""

    @property
    def is_to_invite(self):
        return not (self.hindrances or self.answer or self.pair.outcome)

    @property
    def fit(self):
        return plan_words.fit(self.pair.score)

    @property
    def is_kept(self):
        return self.pair.choice == PairChoice.KEPT

    @property
    def reasons(self):
        category = self.pair.planned.visit.help_request.category
        return [reason.for_staff for reason in reasons.kept(self.pair.parts.get("reasons", []), category)]


@dataclass
class Occasion:
    """A visit of the plan. `why`: why `missing` places stay open."""

    planned: PlannedVisit
    rows: list
    forbidden: list
    missing: int
    why: str = ""

    @property
    def help_request(self):
        return self.planned.visit.help_request


@dataclass
class Day:
    date: date
    occasions: list = field(default_factory=list)


@dataclass
class Group:
    """What stays open for one kind of help in one neighbourhood: how many people are missing, and why (sentence and
    number)."""

    category: str
    missing: int
    why: list


@dataclass
class Page:
    """`days`: all days with visits; `shown`: those whose visits are listed. `open`: neighbourhoods with their groups.
    `all`: pairs in the plan; `people`: those not sent yet."""

    plan: WeekPlan
    days: list
    shown: list
    day: date | None
    open: list
    all: int
    people: int
    stale: int
    to_invite: int
    awaited: int
    invited: int
    refused: int
    missing: int

    @property
    def is_open(self):
        return self.plan.state in OPEN_PLANS

    @property
    def is_waiting(self):
        return self.plan.state in {PlanState.COMPUTING, PlanState.SENDING}

    @property
    def may_send(self):
        return self.plan.state in {PlanState.READY, PlanState.FAILED} and self.to_invite > 0

    @property
    def done(self):
        """How many have been dealt with since the plan is being sent."""
        return self.all - self.people


def page_of(plan, asked_day=""):
    """The page of a plan. About 20 queries, however many visits it has."""
    occasions = _occasions(plan)
    days = _days(occasions)
    day = _chosen(days, asked_day) if len(occasions) > SHOWN_AT_ONCE else None
    rows = [row for occasion in occasions for row in occasion.rows]
    outcomes = Counter(row.pair.outcome for row in rows)
    return Page(
        plan=plan,
        days=days,
        shown=[it for it in days if day is None or it.date == day],
        day=day,
        open=_open(occasions),
        all=len(rows),
        people=outcomes[PairOutcome.NONE],
        stale=sum(bool(row.hindrances) for row in rows if not row.pair.outcome),
        to_invite=sum(row.is_to_invite for row in rows),
        awaited=sum(bool(row.answer) and row.pair.outcome != PairOutcome.INVITED for row in rows),
        invited=outcomes[PairOutcome.INVITED],
        refused=outcomes[PairOutcome.REFUSED],
        missing=sum(occasion.missing for occasion in occasions),
    )


def _occasions(plan):
    planned = list(PlannedVisit.objects.of_plan(plan).with_visits())
    by_visit = defaultdict(list)
    for pair in PlannedPair.objects.of_plan(plan).with_people():
        by_visit[pair.planned_id].append(pair)
    for visit in planned:
        for pair in by_visit[visit.pk]:
            pair.planned = visit
    unsent = [pair for pairs in by_visit.values() for pair in pairs if pair.choice != PairChoice.FORBIDDEN]
    found = plan_checks.hindrances([pair for pair in unsent if not pair.outcome])
    answers = Alert.objects.answers_about([visit.visit_id for visit in planned])
    return [_occasion(visit, by_visit[visit.pk], found, answers) for visit in planned]


def _occasion(planned, pairs, found, answers):
    rows = [_row(pair, found, answers) for pair in pairs if pair.choice != PairChoice.FORBIDDEN]
    lost = sum(row.pair.outcome == PairOutcome.REFUSED for row in rows)
    missing = max(0, planned.places - len(rows) + lost)
    return Occasion(
        planned=planned,
        rows=rows,
        forbidden=[pair for pair in pairs if pair.choice == PairChoice.FORBIDDEN],
        missing=missing,
        why=_why(planned, missing, lost),
    )


def _why(planned, missing, lost):
    """More is open than the engine left open: staff took somebody off, or somebody could not be invited."""
    if not missing:
        return ""
    if missing > planned.missing:
        return plan_words.NOT_POSSIBLE if lost else plan_words.OPEN_OTHERWISE["possible"]
    return plan_words.why_open(planned.reason, planned)


def _row(pair, found, answers):
    codes = [pair.why] if pair.why else found.get(pair.pk, [])
    words = [plan_words.HINDRANCES[code] for code in codes if code in plan_words.HINDRANCES and code != ASKED]
    answer = answers.get((pair.planned.visit_id, pair.volunteer_id))
    return Row(pair, words, "" if answer is None or words else Alert.Answer(answer).label)


def _days(occasions):
    days = {}
    for occasion in occasions:
        day = day_of(occasion.planned)
        days.setdefault(day, Day(day)).occasions.append(occasion)
    return [days[day] for day in sorted(days)]


def day_of(planned):
    """The day at which a visit stands; for what began earlier and goes on for days it is the first one of the plan."""
    return max(timezone.localtime(planned.starts_at).date(), planned.plan.first_day)


def _chosen(days, asked):
    known = {day.date.isoformat(): day.date for day in days}
    return known.get(asked) or (days[0].date if days else None)


def _open(occasions):
    """Pairs of a neighbourhood's name and its groups, by name; where most is missing first within."""
    missing = defaultdict(lambda: defaultdict(Counter))
    for occasion in occasions:
        if occasion.missing:
            help_request = occasion.help_request
            missing[help_request.neighbourhood.name][help_request.category.name][str(occasion.why)] += occasion.missing
    return [
        (
            place,
            sorted(
                (Group(category, why.total(), why.most_common()) for category, why in groups.items()),
                key=lambda group: (-group.missing, group.category),
            ),
        )
        for place, groups in sorted(missing.items())
    ]
