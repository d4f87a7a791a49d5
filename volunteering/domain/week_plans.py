"""The plan of the week: made, changed by hand, sent. A centre works on one at a time.

Staff change it freely while it is open. Each change ends a computation that is under way: its answer would be about
another question. What was decided by hand stays when the plan is computed again.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.outbox import publish
from volunteering.domain import invitations, plan_checks, plan_words, plan_work, suggestions
from volunteering.errors import Refused, TransitionError
from volunteering.models import PairChoice, PlannedPair, WeekPlan
from volunteering.states import PLAN, PlanState
from volunteering.tasks import prove_plan, send_plan


def make(municipality, *, actor):
    """A first answer at once; the best one follows from the worker. Raises Refused where somebody has a plan in hand.

    Three steps and no transaction around them: what is computed in between takes seconds. Whoever dies there leaves a
    plan behind that the worker marks as failed.
    """
    try:
        with transaction.atomic():
            plan = WeekPlan.objects.create(municipality=municipality, first_day=timezone.localdate(), made_by=actor)
            publish("volunteering.plan_make", plan, actor=actor)
    except IntegrityError:
        raise Refused(_("A plan of the week is in hand already. Change it, send it or throw it away first.")) from None
    return _compute(plan)


def compute_again(plan, *, actor):
    """The same for the days from today on; what was decided by hand stays."""
    with transaction.atomic():
        plan = _move(plan, "compute", version=plan.version, first_day=timezone.localdate(), made_by=actor, step="")
        publish("volunteering.plan_compute", plan, actor=actor)
    return _compute(plan)


def _compute(plan):
    try:
        may_be_better = plan_work.answer_quickly(plan)
    except Exception:
        plan_work.fail(plan)
        raise
    if may_be_better:
        prove_plan.enqueue(plan.pk, plan.version)
    return WeekPlan.objects.get(pk=plan.pk)


@transaction.atomic
def settle(plan, *, actor):
    """The plan is good enough as it is: nobody waits for a better one."""
    plan = _move(plan, "edit")
    publish("volunteering.plan_settle", plan, actor=actor)
    return plan


@transaction.atomic
def drop(plan, *, actor):
    plan = _move(plan, "drop")
    publish("volunteering.plan_drop", plan, actor=actor)
    return plan


@transaction.atomic
def send(plan, *, actor, version=None):
    """Everybody in the plan is invited, by the worker. `version`: the one that the actor has seen. Raises Refused where
    it has changed since, where it is being sent already, and where there is nobody in it."""
    plan = _move(plan, "send", version=version, sent_by=actor, sent_at=timezone.now())
    if not PlannedPair.objects.of_plan(plan).unsent().exists():
        raise Refused(_("There is nobody in this plan to invite."))
    publish("volunteering.plan_send", plan, actor=actor)
    send_plan.enqueue(plan.pk)
    return plan


# By hand -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep(pair, *, actor):
    """These two stay together when the plan is computed again."""
    return _decide(pair, PairChoice.KEPT, "keep", actor=actor)


@transaction.atomic
def loosen(pair, *, actor):
    """The engine may decide about these two again."""
    return _decide(pair, PairChoice.PROPOSED, "loosen", actor=actor)


@transaction.atomic
def forbid(pair, *, actor):
    """These two are never proposed together in this plan."""
    return _decide(pair, PairChoice.FORBIDDEN, "forbid", actor=actor, is_edited=True)


@transaction.atomic
def remove(pair, *, actor):
    """Takes a helper off a visit, or forgets that two were forbidden; the engine may propose it again."""
    plan = _edit(pair.planned.plan, is_edited=True, is_proven=False)
    _tell("allow" if pair.choice == PairChoice.FORBIDDEN else "remove", plan, pair, actor=actor)
    PlannedPair.objects.filter(pk=pair.pk).delete()
    return plan


@transaction.atomic
def choose(planned, *, volunteer, actor, instead=None):
    """Puts a helper down for a visit, in the place of `instead` (a pair) where it is given. Raises Refused with every
    reason against it."""
    plan = _edit(planned.plan, is_edited=True, is_proven=False)
    if instead is not None:
        PlannedPair.objects.filter(pk=instead.pk, planned=planned).delete()
    suggested = _suggested(planned, volunteer)
    if refusals := _against(plan, planned, volunteer):
        raise Refused(*refusals)
    kept = [reason.as_json for reason in suggested.all_reasons]
    pair, _is_new = PlannedPair.objects.update_or_create(
        planned=planned,
        volunteer=volunteer,
        defaults={
            "choice": PairChoice.KEPT,
            "score": suggested.score,
            "parts": {**suggested.parts, "band": suggested.band_metres, "reasons": kept},
        },
    )
    _tell("choose", plan, pair, actor=actor)
    return pair


def _suggested(planned, volunteer):
    """What speaks for this helper. Raises Refused where something speaks against them. Somebody whose answer is awaited
    may be in the plan: staff may know that they will come."""
    visit = planned.visit
    obstacles, suggested = suggestions.look_at(visit, volunteer)
    codes = invitations.codes_against(
        visit,
        volunteer.pk,
        obstacles,
        is_awaited=False,
        against=invitations.EVERY_OBSTACLE,
    )
    if codes:
        raise invitations.NotInvited(*codes)
    return suggested


def _against(plan, planned, volunteer):
    """What in the plan itself speaks against one more task of this helper."""
    coming = PlannedPair.objects.of_plan(plan).coming()
    if coming.filter(planned=planned).exclude(volunteer=volunteer).count() >= planned.places:
        return [_("All places of this visit are taken in the plan. Take somebody off first.")]
    others = [pair.planned.visit for pair in coming.of(volunteer).exclude(planned=planned).with_visits()]
    room = plan_checks.rooms([volunteer.pk], planned.visit)[volunteer.pk]
    return [str(plan_words.BESIDE[code]) for code in plan_checks.against_beside(planned.visit, others, room)]


def _decide(pair, choice, verb, *, actor, **changes):
    plan = _edit(pair.planned.plan, **({"is_proven": False} | changes if changes else {}))
    PlannedPair.objects.filter(pk=pair.pk).update(choice=choice)
    _tell(verb, plan, pair, actor=actor)
    return plan


def _tell(verb, plan, pair, *, actor):
    publish(
        f"volunteering.plan_{verb}", plan, actor=actor, visit=pair.planned.visit_id, helper=pair.volunteer_id
    )  # fmt: skip


def _edit(plan, **changes):
    return _move(plan, "edit", **changes)


def _move(plan, verb, *, version=None, **changes):
    """The plan, locked and in its next state. Raises Refused where `version` is no longer the one."""
    locked = WeekPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    transition = PLAN[verb]
    if locked.state not in transition.sources:
        raise TransitionError(WHY_NOT[locked.state]())
    if version is not None and locked.version != version:
        raise Refused(_("Somebody has changed the plan meanwhile. Look at it again, please."))
    locked.state, locked.version, locked.touched_at = transition.target, locked.version + 1, timezone.now()
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=["state", "version", "touched_at", *changes])
    return locked


WHY_NOT = {
    PlanState.COMPUTING: lambda: _("A better plan is just being looked for. Wait for it, or take the plan as it is."),
    PlanState.READY: lambda: _("The plan has been computed."),
    PlanState.FAILED: lambda: _("The plan has been computed."),
    PlanState.SENDING: lambda: _("The plan is just being sent."),
    PlanState.SENT: lambda: _("The plan has been sent."),
    PlanState.DROPPED: lambda: _("The plan has been thrown away."),
}


# Left behind ---------------------------------------------------------------------------------------------------------


def take_up_again(moment):
    """Plans that a worker left behind since then: what was being sent goes on, what was being computed has failed."""
    for plan in WeekPlan.objects.left_behind(moment):
        if plan.state == PlanState.SENDING:
            WeekPlan.objects.filter(pk=plan.pk).update(touched_at=timezone.now())
            send_plan.enqueue(plan.pk)
        else:
            plan_work.fail(plan)


def forget_old(moment):
    """Finished plans go: what they led to stands in the ledger of alerts."""
    WeekPlan.objects.made_before(moment).delete()
