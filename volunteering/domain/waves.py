"""Waves: the search for helpers of a visit, step by step, each farther than the one before.

A step tells the best people who were not told yet and says when the next one comes. The worker finds the steps that are
due (`take_due_steps`); verbs that open, fill or close a place call the functions here in their own transaction. All of
them hold the visit's lock, so two workers, or a worker and a helper who takes the visit, come one after the other.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from notifications.outbox import publish
from volunteering.domain import alerts, caps, schedule
from volunteering.domain.one_row import one_row
from volunteering.domain.schedule import Rules, Urgency
from volunteering.errors import Refused
from volunteering.models import Alert, Search, Visit, VolunteerProfile
from volunteering.states import SearchState

log = logging.getLogger(__name__)

STEPS_AT_ONCE = 100
REST_AFTER_FAILURE = timedelta(minutes=5)


@dataclass(frozen=True)
class Step:
    """What came of one step: where the search stands now, and the alerts that it sent."""

    search: Search
    told: list


# What other verbs call ------------------------------------------------------------------------------------------------


def start(visit):
    """Begins to look for helpers of a visit; nothing happens where it has begun already, or where nobody may be told.
    For verbs: in the caller's transaction. Returns the alerts of the first wave."""
    visit = alerts.lock(visit)
    if not alerts.is_wanted(visit):
        return []
    search, is_new = Search.objects.get_or_create(visit=visit, defaults=_new())
    return _step(search, visit).told if is_new else []


def reopen(visit):
    """A place is free again: the next people are told at once. What staff have stopped stays stopped."""
    visit = alerts.lock(visit)
    if not alerts.is_wanted(visit):
        return
    search = _search_of(visit)
    if search.state != SearchState.STOPPED:
        _step(_run(search), visit)


def restart(visit):
    """A visit has got another time: everything begins anew, also for those who knew of the old one."""
    visit = alerts.lock(visit)
    alerts.forget_answers(visit)
    if visit.help_request.protected:
        return
    search = _run(_search_of(visit))
    search.wave, search.started_at = 0, timezone.now()
    _step(search, visit)


def fill(visit):
    """The last place is taken: nobody else is told, and those who were but have not answered are thanked."""
    search = Search.objects.filter(visit=visit).exclude(state=SearchState.FULL).first()
    if search is None:
        return
    waiting = alerts.waiting_since(visit, search.started_at)
    _rest(search, SearchState.FULL)
    if waiting:
        _publish("thank", visit, alerts=waiting)


def look_again_for(volunteer):
    """This person can help from now on, or in another way than before: searches that had come to their end look whether
    that changes something, within seconds. For verbs: in the caller's transaction."""
    with scopes_disabled():
        keys = list(Search.objects.that_may_need(volunteer).values_list("pk", flat=True))
        Search.objects.filter(pk__in=keys, state=SearchState.EXHAUSTED).update(next_at=timezone.now())


def end(**which):
    """A request or one visit (`visit__help_request=…` or `visit=…`) is over, and with it the search."""
    Search.objects.filter(**which).update(state=SearchState.OVER, next_at=None)


@transaction.atomic
def decline(alert, *, actor, again=False):
    """Not this time: the next best person is told at once. `again`: this person may be asked about the visit again,
    when nobody new is left near by. Saying the same twice changes nothing; who has taken the visit gives it up instead
    (Refused)."""
    visit = alerts.lock(Visit(pk=alert.visit_id))
    locked = Alert.objects.select_for_update().get(pk=alert.pk)
    given = Alert.Answer.LATER if again else Alert.Answer.DECLINED
    if locked.answer == Alert.Answer.TAKEN:
        raise Refused(_("You have taken this visit. If you cannot come, please give it up on its page."))
    if locked.answer in {given, Alert.Answer.DECLINED}:
        return locked
    is_first = locked.answer == Alert.Answer.NONE
    locked.answer = given
    locked.save(update_fields=["answer"])
    publish(
        "volunteering.alert_decline",
        visit,
        actor=actor,
        municipality=visit.help_request.municipality,
        alert=locked.pk,
        again=again,
    )
    if is_first:
        _pass_on(visit)
    return locked


# What staff do --------------------------------------------------------------------------------------------------------


@transaction.atomic
def advance(visit, *, actor):
    """Staff do not want to wait: the next wave goes out now, if anybody may be told now. Raises Refused where nobody is
    being looked for."""
    visit, search = _lock_for_staff(visit)
    if search is not None and search.state == SearchState.STOPPED:
        raise Refused(_("The search is stopped. Start it again first."))
    search = search or _search_of(visit)
    return _step(_run(search), visit, actor=actor)


@transaction.atomic
def stop(visit, *, actor):
    """From now on nobody else is told, until staff start the search again. Raises Refused where it does not run."""
    visit, search = _lock_for_staff(visit)
    if search is None or search.state not in {SearchState.RUNNING, SearchState.EXHAUSTED}:
        raise Refused(_("Nobody is being asked just now, so there is nothing to stop."))
    search.stopped_by = actor
    _rest(search, SearchState.STOPPED)
    _publish("stop", visit, actor=actor)
    return search


@transaction.atomic
def start_again(visit, *, actor):
    """Staff let a search go on that they had stopped, or that had come to its end. Nobody is told twice."""
    visit, search = _lock_for_staff(visit)
    if search is not None and search.state == SearchState.RUNNING:
        raise Refused(_("People are being asked already."))
    _publish("start", visit, actor=actor)
    return _step(_run(search or _search_of(visit)), visit, actor=actor)


# What the worker does -------------------------------------------------------------------------------------------------


def take_due_steps():
    """Takes all steps whose time has come, each in a transaction of its own; returns how many. One that fails rests a
    little and does not hold up the others."""
    with scopes_disabled():
        due = Search.objects.due(timezone.now())
        found = list(due.values_list("pk", "visit_id", "visit__help_request__municipality_id")[:STEPS_AT_ONCE])
    return sum(_take_step_safely(*keys) for keys in found)


def _take_step_safely(search_pk, visit_pk, municipality_pk):
    with scope(municipality=municipality_pk):
        try:
            return take_step(visit_pk)
        except Exception:
            log.exception("The next step for visit %s failed", visit_pk)
            later = timezone.now() + REST_AFTER_FAILURE
            one_row(Search, search_pk).filter(next_at__isnull=False).update(next_at=later)
            return False


@transaction.atomic
def take_step(visit_pk):
    """Takes the step of one visit if it is still due and nobody else has the visit in hand; says whether it did."""
    visit = alerts.lock(Visit(pk=visit_pk), skip_locked=True)
    # Read after the lock: another worker may have taken the step a moment ago.
    search = visit and Search.objects.due(timezone.now()).filter(visit=visit).first()
    if not search:
        return False
    _step(search, visit)
    return True


# Steps ----------------------------------------------------------------------------------------------------------------


def _step(search, visit, *, actor=None):
    """Tells the next wave and decides when the one after it comes."""
    if not alerts.is_wanted(visit):
        _rest(search, SearchState.FULL if visit.taken >= visit.places else SearchState.OVER)
        return Step(search, [])
    now, deadline = timezone.now(), schedule.latest_start(visit)
    rules = Rules.of(visit.help_request.municipality)
    if held_until := schedule.held_until(now, deadline, rules):
        return _wait(search, held_until)
    wave, chosen, is_capped = _choose(visit, alerts.still_to_ask(visit), search.wave + 1, now, rules)
    radius = schedule.radius_of(wave, rules)
    told = alerts.tell(visit, chosen, wave=wave, cap=rules.alerts_per_day, actor=actor, radius=radius)
    search.wave = wave if chosen else search.wave
    next_at = schedule.step_after(now, deadline, rules, has_asked=bool(chosen), is_capped=is_capped)
    if next_at and (told or is_capped or search.state == SearchState.RUNNING):
        # Whoever was asked before its end may still answer, so it goes on as the same search (`started_at`).
        search.state = SearchState.RUNNING
        return _wait(search, next_at, told)
    return _exhaust(search, visit, schedule.look_again(now, deadline, rules))


def _exhaust(search, visit, next_look):
    """Nobody is left to ask. Staff hear of it once, not each time that nobody new was found."""
    if search.state == SearchState.RUNNING and search.wave:
        _publish("exhaust", visit)
    search.state = SearchState.EXHAUSTED
    return _wait(search, next_look)


def _pass_on(visit):
    """Somebody cannot come: one person more is told. The wave's own time goes on."""
    search = Search.objects.filter(visit=visit, state=SearchState.RUNNING).first()
    if search is None or not alerts.is_wanted(visit):
        return
    now, rules = timezone.now(), Rules.of(visit.help_request.municipality)
    if held_until := schedule.held_until(now, schedule.latest_start(visit), rules):
        _wait(search, min(search.next_at, held_until))
        return
    wave, chosen, _is_capped = _choose(visit, alerts.still_to_ask(visit)[:1], max(search.wave, 1), now, rules)
    told = alerts.tell(
        visit, chosen[:1], wave=wave, cap=rules.alerts_per_day, radius=schedule.radius_of(wave, rules), passed_on=True
    )
    if told:
        search.wave = wave
        search.save(update_fields=["wave"])
    elif not chosen and not alerts.is_awaited(visit):
        # Nobody may still say yes: staff hear of it now, not when the wave's time is over.
        _step(search, visit)


def _choose(visit, groups, wave, now, rules):
    """Number of the wave, whom to ask, and whether somebody was left out only because they have had enough alerts
    today. `groups`: suggestions; the second ones are asked when nobody is left of the first."""
    keys = [it.volunteer.pk for group in groups for it in group]
    full = caps.reached(keys, rules.alerts_per_day) if keys else set()
    deadline = schedule.latest_start(visit)
    is_today = schedule.urgency_of(deadline, now) == Urgency.TODAY
    on_duty = VolunteerProfile.objects.on_duty(now, keys) if is_today and keys else frozenset()
    number, chosen = schedule.choose(
        groups, wave=wave, now=now, deadline=deadline, rules=rules, full=full, on_duty=on_duty
    )
    return number, chosen, bool(full)


# Where a search stands ------------------------------------------------------------------------------------------------


def _new():
    return {"next_at": timezone.now(), "started_at": timezone.now()}


def _search_of(visit):
    """The row of the visit; of a visit that has none yet, a new one that is due."""
    return Search.objects.get_or_create(visit=visit, defaults=_new())[0]


def _lock_for_staff(visit):
    visit = alerts.lock(visit)
    if visit.help_request.protected:
        raise Refused(_("This request is protected: nobody is told of it, you choose the helper."))
    if not alerts.is_wanted(visit):
        raise Refused(_("Nobody is being looked for: the visit is not published, has somebody already or is over."))
    return visit, Search.objects.filter(visit=visit).first()


def _run(search):
    """The same search, running; its next step follows at once."""
    if search.state != SearchState.RUNNING:
        search.state, search.started_at, search.stopped_by = SearchState.RUNNING, timezone.now(), None
    return search


def _wait(search, moment, told=()):
    search.next_at = moment
    search.save()
    return Step(search, list(told))


def _rest(search, state):
    search.state, search.next_at = state, None
    search.save()


def _publish(verb, visit, *, actor=None, **data):
    municipality = visit.help_request.municipality
    publish(f"volunteering.search_{verb}", visit, actor=actor, municipality=municipality, **data)
