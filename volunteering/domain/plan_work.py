"""What is computed and sent for a plan of the week, for the verbs (`week_plans`) and for the worker.

Nothing is computed inside a transaction: it takes seconds in a big town, and others want to write meanwhile. Before an
answer is written the plan is locked, and its version says whether the answer is still wanted.
"""

from functools import partial

from django.db import transaction
from django.utils import timezone

from notifications.outbox import publish
from volunteering.domain import alerts, invitations, plan_checks
from volunteering.domain.plan_question import Question
from volunteering.matching.plan import solve_quick
from volunteering.models import PairOutcome, PlannedPair, PlannedVisit, WeekPlan
from volunteering.states import PLAN, PlanState

CHUNK = 500
# A worker that sends shows that it is alive after so many invitations.
SIGN_OF_LIFE = 20


class Stopped(Exception):
    """Nobody waits for this answer any more: the plan was changed, or thrown away."""


def question_of(plan):
    pairs = PlannedPair.objects.of_plan(plan)
    return Question(plan.municipality, plan.first_day, kept=pairs.kept().keys(), forbidden=pairs.forbidden().keys())


def answer_quickly(plan):
    """Writes the quick answer into a plan that was just begun, and says whether a better one is to be looked for."""
    question = question_of(plan)
    answer = question.answer(solve_quick)
    with transaction.atomic():
        locked = lock(plan, plan.version)
        if locked is not None:
            write(locked, question, answer)
            if answer.is_proven:
                _finish(locked)
    return locked is not None and not answer.is_proven


def prove(pk, version):
    """Looks for the best plan and writes it, unless the plan has been changed meanwhile. For the worker."""
    from volunteering.matching.plan.exact import solve_exact  # noqa: PLC0415 -- loads SciPy, which no page needs

    plan = WeekPlan.objects.with_people().filter(pk=pk, version=version, state=PlanState.COMPUTING).first()
    if plan is None:
        return
    try:
        question = question_of(plan)
        answer = question.answer(partial(solve_exact, progress=partial(_tell, pk, version)))
        _write_proven(plan, question, answer)
    except Stopped:
        return
    except Exception:
        fail(plan)
        raise


@transaction.atomic
def _write_proven(plan, question, answer):
    locked = lock(plan, plan.version)
    if locked is not None and locked.state == PlanState.COMPUTING:
        write(locked, question, answer)
        _finish(locked)


@transaction.atomic
def fail(plan):
    """The computing came to no end: what was found first stays."""
    locked = lock(plan, plan.version)
    if locked is not None and locked.state in PLAN["fail"].sources:
        locked.state = PLAN["fail"].target
        locked.save(update_fields=["state"])
        publish("volunteering.plan_fail", locked, by=locked.made_by_id)


def _finish(plan):
    plan.state = PLAN["finish"].target
    plan.save(update_fields=["state"])
    publish("volunteering.plan_finish", plan, by=plan.made_by_id, proven=plan.is_proven)


def _tell(pk, version, progress):
    """Writes where the computing stands, for whoever looks at the page. Raises Stopped where the plan has changed."""
    waiting = WeekPlan.objects.filter(pk=pk, version=version, state=PlanState.COMPUTING).update(
        step=progress.step,
        round=progress.number,
        worth=progress.objective,
        bound=progress.bound,
        touched_at=timezone.now(),
    )
    if not waiting:
        raise Stopped


def lock(plan, version):
    """The plan, locked; None when it has got another version."""
    return WeekPlan.objects.select_for_update(of=("self",)).filter(pk=plan.pk, version=version).first()


# The rows ------------------------------------------------------------------------------------------------------------


def write(plan, question, answer):
    """Makes the rows of a locked plan what the answer says. What was decided by hand stays, also where it is no longer
    possible: the page says so."""
    PlannedPair.objects.of_plan(plan).proposed().delete()
    rows = _write_visits(plan, question, answer)
    decided = PlannedPair.objects.of_plan(plan).keys()
    PlannedPair.objects.bulk_create(
        (
            PlannedPair(
                planned=rows[question.visits[offer.index].pk],
                volunteer_id=offer.person,
                score=offer.score,
                parts=question.reasons_for(offer),
            )
            for offer in answer.pairs
            if (question.visits[offer.index].pk, offer.person) not in decided
        ),
        batch_size=CHUNK,
    )
    plan.worth, plan.bound, plan.is_proven = answer.worth, answer.bound, answer.is_proven
    plan.is_edited, plan.touched_at, plan.computed_at = False, timezone.now(), timezone.now()
    plan.save(update_fields=["worth", "bound", "is_proven", "is_edited", "touched_at", "computed_at"])


def _write_visits(plan, question, answer):
    """The rows of the visits, by key of the visit."""
    known = {row.visit_id: row for row in PlannedVisit.objects.of_plan(plan).order_by("pk")}
    missing = {found.visit: found for found in answer.shortfalls}
    rows = {}
    for index, visit in enumerate(question.visits):
        row = known.pop(visit.pk, None) or PlannedVisit(plan=plan, visit=visit)
        for name, value in _said(question, index, missing.get(index)).items():
            setattr(row, name, value)
        rows[visit.pk] = row
    PlannedVisit.objects.bulk_create((row for row in rows.values() if row.pk is None), batch_size=CHUNK)
    again = [row for row in rows.values() if row.pk is not None]
    PlannedVisit.objects.bulk_update(again, SAID, batch_size=CHUNK)
    _forget(known)
    # Freshly made rows have their keys on both databases.
    return rows


SAID = ("starts_at", "ends_at", "places", "missing", "reason", "skilled", "near", "free")


def _said(question, index, shortfall):
    visit, sieved = question.visits[index], question.sieved[index]
    return {
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "places": visit.places - visit.taken,
        "missing": shortfall.missing if shortfall else 0,
        "reason": shortfall.reason if shortfall else "",
        "skilled": sieved.skilled,
        "near": sieved.near,
        "free": question.free[index],
    }


def _forget(gone):
    """Visits that need nobody any more stay only for those who were kept for them by hand."""
    rows = PlannedVisit.objects.filter(pk__in=[row.pk for row in gone.values()])
    held = PlannedPair.objects.kept().filter(planned__in=rows).values("planned")
    rows.filter(pk__in=held).update(missing=0, reason="")
    rows.exclude(pk__in=held).delete()


# Sending -------------------------------------------------------------------------------------------------------------


# By what stood in the way of an invitation. Nobody is asked twice about one visit: whoever has not answered yet stays
# in the plan, marked so.
OUTCOMES = {"": PairOutcome.INVITED, invitations.ASKED: PairOutcome.AWAITED}

OUTCOMES_TOLD = (PairOutcome.INVITED, PairOutcome.AWAITED, PairOutcome.REFUSED)


def send_out(pk):
    """Invites everybody in a plan that is being sent, one after the other; whoever is no longer possible is marked with
    the reason. For the worker: may be begun again at any time, and by two at once."""
    plan = WeekPlan.objects.with_people().filter(pk=pk, state=PlanState.SENDING).first()
    if plan is None:
        return
    pairs = list(PlannedPair.objects.of_plan(plan).unsent().order_by("planned__starts_at", "pk").values_list("pk"))
    for number, (pair,) in enumerate(pairs):
        _send(pair, plan)
        if number % SIGN_OF_LIFE == 0:
            WeekPlan.objects.filter(pk=pk).update(touched_at=timezone.now())
    _complete(plan)


@transaction.atomic
def _send(pk, plan):
    pair = PlannedPair.objects.select_for_update(of=("self",)).get(pk=pk)
    if pair.outcome:
        return
    code = _invite(pair, plan)
    pair.outcome = OUTCOMES.get(code, PairOutcome.REFUSED)
    pair.why = code if pair.outcome == PairOutcome.REFUSED else ""
    pair.save(update_fields=["outcome", "why"])


def _invite(pair, plan):
    """Invites one person; "" or the code of what was in the way."""
    planned = PlannedVisit.objects.get(pk=pair.planned_id)
    planned.visit = alerts.lock(planned.visit)
    if plan_checks.is_moved(planned):
        return plan_checks.MOVED
    try:
        # A refusal undoes what the invitation wrote, and nothing else.
        with transaction.atomic():
            invitations.invite(
                planned.visit,
                volunteer=pair.volunteer,
                actor=plan.sent_by,
                against=invitations.EVERY_OBSTACLE,
                cap=plan.municipality.alerts_per_day,
            )
    except invitations.NotInvited as refusal:
        return refusal.codes[0]
    return ""


@transaction.atomic
def _complete(plan):
    locked = lock(plan, plan.version)
    pairs = PlannedPair.objects.of_plan(plan)
    if locked is None or locked.state not in PLAN["complete"].sources or pairs.unsent().exists():
        return
    locked.state = PLAN["complete"].target
    locked.save(update_fields=["state"])
    outcomes = list(pairs.coming().values_list("outcome", flat=True))
    counts = {outcome.value: outcomes.count(outcome) for outcome in OUTCOMES_TOLD}
    publish("volunteering.plan_complete", locked, by=locked.sent_by_id, **counts)
