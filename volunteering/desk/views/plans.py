"""The plan of the week: looked at, changed by hand, sent as invitations."""

from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from volunteering.desk.filters import named
from volunteering.desk.forms.plans import ChooseForm, SendForm
from volunteering.desk.forms.requests import FindHelperForm
from volunteering.desk.plan_page import day_of, page_of
from volunteering.domain import plan_checks, plan_words, suggestions, week_plans
from volunteering.errors import Refused
from volunteering.models import Alert, PlannedPair, PlannedVisit, Standing, WeekPlan
from volunteering.states import PlanState

SUGGESTED = 12
FOUND = 6
PLAN_VERBS = {"compute": week_plans.compute_again, "settle": week_plans.settle, "drop": week_plans.drop}
PAIR_VERBS = {
    "keep": week_plans.keep,
    "loosen": week_plans.loosen,
    "forbid": week_plans.forbid,
    "remove": week_plans.remove,
}


@dataclass
class Candidate:
    """Somebody who might be put down for a visit: why, or why not."""

    person: object
    fit: str = ""
    reasons: list = field(default_factory=list)
    against: list = field(default_factory=list)
    is_awaited: bool = False


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The plan in hand, or the last one that was sent. While the worker is busy with it an open page asks how far it
    has come, and is loaded anew when it has come to the end."""
    plan = WeekPlan.objects.with_people().shown().first()
    if not request.htmx:
        return show(request, plan)
    page = page_of(plan) if plan else None
    if page is None or not page.is_waiting:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "volunteering/desk/plan/_progress.html", {"page": page})


def show(request, plan, *, reasons=(), status=200):
    context = {"reasons": reasons, "form": None, "page": None}
    if plan is not None:
        context |= {
            "page": page_of(plan, request.GET.get("dzien", "")),
            "story": plan_words.story(plan),
            "send_form": SendForm(initial={"version": plan.version}),
        }
    return render(request, "volunteering/desk/plan/plan.html", context, status=status)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """The quick answer is there when the page comes back."""
    return _act(request, None, partial(week_plans.make, request.municipality, actor=request.user), _computed)


@require_POST
def steer(request: HttpRequest, plan_pk: int, verb: str) -> HttpResponse:
    """One of PLAN_VERBS."""
    plan = get_object_or_404(WeekPlan.objects.with_people(), pk=plan_pk)
    done = {"compute": _computed, "settle": _("The plan stays as it is."), "drop": _("The plan is thrown away.")}[verb]
    return _act(request, plan, partial(PLAN_VERBS[verb], plan, actor=request.user), done)


@require_POST
def send(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """Everybody in the plan is invited, if it still is the plan that was looked at."""
    plan = get_object_or_404(WeekPlan.objects.with_people(), pk=plan_pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return show(request, plan, reasons=[_("Look at the plan again, then send it.")], status=409)
    verb = partial(week_plans.send, plan, actor=request.user, version=form.cleaned_data["version"])
    return _act(request, plan, verb, _("The invitations are on their way."))


@require_POST
def decide(request: HttpRequest, pair_pk: int, verb: str) -> HttpResponse:
    """One of PAIR_VERBS."""
    pair = get_object_or_404(PlannedPair.objects.with_visits(), pk=pair_pk)
    return _act(request, pair.planned.plan, partial(PAIR_VERBS[verb], pair, actor=request.user), None, at=pair.planned)


def _act(request, plan, verb, done, *, at=None):
    """Calls the verb and goes back to the plan; a refusal is shown there, as 409. `done`: what to say then, or a
    function that says it of what the verb answered; `at`: the visit to come back to."""
    try:
        answer = verb()
    except Refused as refusal:
        shown = WeekPlan.objects.with_people().shown().first() if plan is None else _again(plan)
        return show(request, shown, reasons=refusal.reasons, status=409)
    if done:
        messages.success(request, done(answer) if callable(done) else done)
    return redirect(_way_back(at))


def _again(plan):
    return WeekPlan.objects.with_people().get(pk=plan.pk)


def _way_back(planned=None):
    """To the plan, or to a visit of it on its day."""
    page = reverse("desk:plan")
    return f"{page}?dzien={day_of(planned).isoformat()}#wizyta-{planned.pk}" if planned else page


def _computed(plan):
    if plan.state == PlanState.COMPUTING:
        return _("This is a first plan. A better one is being looked for.")
    people = PlannedPair.objects.of_plan(plan).coming().count()
    return ngettext(
        "The plan is ready: %(people)d person in it.", "The plan is ready: %(people)d people in it.", people
    ) % {"people": people}


# Somebody else -------------------------------------------------------------------------------------------------------


@require_safe
def choices(request: HttpRequest, planned_pk: int) -> HttpResponse:
    """Who could go to a visit of the plan, who could not, and why."""
    return _show_choices(request, _find(planned_pk))


@require_POST
def choose(request: HttpRequest, planned_pk: int, volunteer_pk: int) -> HttpResponse:
    planned = _find(planned_pk)
    standing = get_object_or_404(Standing.objects.with_people(), volunteer=volunteer_pk)
    form = ChooseForm(request.POST, planned=planned)
    instead = form.cleaned_data["instead"] if form.is_valid() else None
    try:
        week_plans.choose(planned, volunteer=standing.volunteer, actor=request.user, instead=instead)
    except Refused as refusal:
        return _show_choices(request, _find(planned_pk), instead=instead, reasons=refusal.reasons, status=409)
    messages.success(request, _("%(who)s is in the plan now.") % {"who": standing.volunteer})
    return redirect(_way_back(planned))


def _find(planned_pk):
    return get_object_or_404(PlannedVisit.objects.with_visits(), pk=planned_pk)


def _show_choices(request, planned, *, instead=None, reasons=(), status=200):
    form = ChooseForm({"instead": request.GET.get("zamiast", "")}, planned=planned)
    if instead is None and form.is_valid():
        instead = form.cleaned_data["instead"]
    search = FindHelperForm(request.GET, name="find")
    name = search.cleaned_data["osoba"] if search.is_valid() else ""
    coming = list(PlannedPair.objects.of_visit(planned).coming().with_people())
    context = {
        "planned": planned,
        "way_back": _way_back(planned),
        "instead": instead,
        "coming": coming,
        "choose_form": ChooseForm(initial={"instead": instead.pk if instead else None}, planned=planned),
        "suggested": _suggested(planned, {pair.volunteer_id for pair in coming}),
        "search": search,
        "sought": name,
        "found": _found(planned, name),
        "reasons": reasons,
        "form": None,
    }
    return render(request, "volunteering/desk/plan/choices.html", context, status=status)


def _suggested(planned, coming):
    found = [it for it in suggestions.helpers_for(planned.visit, limit=SUGGESTED) if it.volunteer.pk not in coming]
    against = _against_in_plan(planned, [it.volunteer.pk for it in found])
    awaited = Alert.objects.unanswered_about([planned.visit])
    return [
        Candidate(
            it.volunteer,
            plan_words.fit(it.score),
            it.staff_reasons,
            against[it.volunteer.pk],
            is_awaited=(planned.visit_id, it.volunteer.pk) in awaited,
        )
        for it in found
    ]


def _found(planned, name):
    """Helpers of this name."""
    if not name:
        return []
    people = [standing.volunteer for standing in named(Standing.objects.with_people().order_by("pk"), name)[:FOUND]]
    against = suggestions.why_not_each(planned.visit, people)
    in_plan = _against_in_plan(planned, [person.pk for person in people if not against[person.pk]])
    return [Candidate(person, against=against[person.pk] or in_plan[person.pk]) for person in people]


def _against_in_plan(planned, people):
    """What in the plan itself speaks against each of these people, by key, as sentences."""
    others = {person: [] for person in people}
    for pair in PlannedPair.objects.of_plan(planned.plan).coming().of_each(people).with_visits():
        if pair.planned_id != planned.pk:
            others[pair.volunteer_id].append(pair.planned.visit)
    rooms = plan_checks.rooms(people, planned.visit) if people else {}
    return {
        person: [
            plan_words.BESIDE[code]
            for code in plan_checks.against_beside(planned.visit, others[person], rooms.get(person, 0))
        ]
        for person in people
    }
