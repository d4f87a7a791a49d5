"""The page of one request at the desk: everything that is known, and what can be done now."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from neighbourhoods.errors import Erased
from volunteering.desk.filters import named
from volunteering.desk.forms import commitments as commitment_forms
from volunteering.desk.forms import requests as request_forms
from volunteering.desk.search_panel import panel_of, told_about
from volunteering.domain import moving, suggestions
from volunteering.domain.timeline import timeline
from volunteering.errors import Refused
from volunteering.models import Conversation, HelpRequest, Standing, Visit
from volunteering.states import COMMITMENT, LIVE, REQUEST, RequestState, VisitState

SUGGESTED = 6
FOUND = 6
TOLD = 60
# Forms about the request as a whole, by the name of their act.
REQUEST_FORMS = {
    "publish": request_forms.PlainAct,
    "protect": request_forms.PlainAct,
    "unprotect": request_forms.PlainAct,
    "rang": request_forms.PlainAct,
    "rewrite": request_forms.RewriteForm,
    "cancel": request_forms.CancelForm,
    "close": request_forms.CloseForm,
    "refer": request_forms.ReferForm,
    "reveal": request_forms.RevealForm,
}
COMMITMENT_FORMS = {
    "accept": request_forms.PlainAct,
    "decline": request_forms.PlainAct,
    "release": commitment_forms.ReleaseForm,
    "confirm": commitment_forms.ConfirmForm,
    "no_show": request_forms.PlainAct,
}


@dataclass
class Promise:
    """A commitment with the forms of what can be done about it now."""

    commitment: object
    forms: dict = field(default_factory=dict)


@dataclass
class Occasion:
    """A visit with its promises, the living ones first."""

    visit: Visit
    promises: list
    may_move: bool


@dataclass
class Candidate:
    """A person who might be put down for the chosen visit: why, or why not."""

    person: object
    form: object
    reasons: list = field(default_factory=list)
    against: list = field(default_factory=list)
    # What they answered when they were told of this visit, if they were.
    told: object = None


def find(request: HttpRequest, reference):
    """The request of this reference that the person may see; 404 for all others."""
    requests = HelpRequest.objects.visible_to(request.user).for_desk()
    return get_object_or_404(requests, reference=reference.upper())


def show(request, help_request, *, bound=None, reasons=(), home=None, status=200) -> HttpResponse:
    """`bound`: the form that was just sent and refused, with what was typed; `reasons`: why; `home`: name, phone and
    address right after they were revealed."""
    occasions = occasions_of(help_request, bound)
    chosen = chosen_visit(request, occasions) if help_request.state == RequestState.OPEN else None
    context = {
        "help_request": help_request,
        "forms": request_forms_of(help_request, bound),
        "occasions": occasions,
        "chosen": chosen,
        "talks": list(Conversation.objects.of_request(help_request).for_staff(request.user).with_details()),
        "told": (told := told_about(help_request, TOLD)),
        "initiatives": suggestions.initiatives_for_request(help_request),
        "entries": timeline(help_request, for_staff=True),
        "home": home,
        "correction": _correction(home, bound),
        "form": bound,
        "reasons": reasons,
        "is_over": help_request.state not in {RequestState.AWAITING_REVIEW, RequestState.OPEN, RequestState.FILLED},
    }
    if chosen is not None:
        context |= candidates_for(request, chosen, bound)
        context |= {"panel": panel_of(chosen, told)}
        answers = {it.alert.volunteer_id: it.alert for it in told if it.alert.visit_id == chosen.pk and it.alert.wave}
        for candidate in (*context["suggested"], *context["found"]):
            candidate.told = answers.get(candidate.person.pk)
    return render(request, "volunteering/desk/request.html", context, status=status)


def _correction(home, bound):
    """The form that puts a home right: beside a home that was just revealed, or as it was sent."""
    if bound is not None and bound.name == "correct":
        return bound
    return request_forms.HomeForm(name="correct", initial=vars(home)) if home else None


def act(request, help_request, form, verb, *, done, visit=None) -> HttpResponse:
    """Calls the verb with what the form says and goes back to the page; a refusal is shown there with all that was
    typed, as 409. `done`: what to say then, or a function that says it of what the verb answered; `visit`: the one that
    is looked at."""
    if not form.is_valid():
        return show(request, help_request, bound=form)
    try:
        answer = verb(**form.cleaned_data)
    except (Refused, Erased) as refusal:
        return show(request, find(request, help_request.reference), bound=form, reasons=refusal.reasons, status=409)
    messages.success(request, done(answer) if callable(done) else done)
    page = reverse("desk:request", args=[help_request.reference])
    return redirect(f"{page}?wizyta={visit.pk}#szukanie" if visit else page)


def request_forms_of(help_request, bound):
    forms = {name: form(name=name) for name, form in REQUEST_FORMS.items() if is_possible(name, help_request)}
    if "rewrite" in forms:
        forms["rewrite"] = request_forms.RewriteForm(name="rewrite", initial={"text": help_request.words})
    return _with_bound(forms, bound)


def is_possible(name, help_request):
    """Whether the act leads on from the state in which the request is; what else it needs, the verb says itself."""
    if name in REQUEST:
        return help_request.state in REQUEST[name].sources
    is_unread = help_request.state == RequestState.AWAITING_REVIEW
    return {
        "protect": is_unread and not help_request.protected,
        "unprotect": is_unread and help_request.protected,
        "rang": help_request.needs_call and not is_unread,
        "rewrite": help_request.state in REQUEST["close"].sources and help_request.words_erased_at is None,
        "reveal": help_request.whereabouts.erased_at is None,
    }[name]


def occasions_of(help_request, bound):
    """All visits, the coming ones first in their order, each with its promises."""
    visits = Visit.objects.of_request(help_request).with_promises()
    return [occasion_of(visit, help_request, bound) for visit in visits]


def occasion_of(visit, help_request, bound):
    visit.help_request = help_request
    promises = visit.commitments.all()
    may_move = not moving.reasons_against(visit, promises)
    return Occasion(visit, [promise_of(it, bound) for it in sorted(promises, key=living_first)], may_move)


def living_first(commitment):
    return commitment.state not in LIVE, commitment.starts_at, commitment.pk


def promise_of(commitment, bound=None):
    forms = {}
    for name, form in COMMITMENT_FORMS.items():
        transition = COMMITMENT["complete" if name == "confirm" else name]
        has_begun = commitment.starts_at <= timezone.now()
        if commitment.state in transition.sources and (has_begun or name not in {"confirm", "no_show"}):
            forms[name] = form(name=f"{name}_{commitment.pk}")
    return Promise(commitment, _with_bound(forms, bound))


def _with_bound(forms, bound):
    """The forms with the one that was sent in the place of its empty twin."""
    return {name: bound if bound is not None and bound.name == form.name else form for name, form in forms.items()}


def chosen_visit(request, occasions):
    """The open visit for which a helper is looked for: the one that was asked for, else the first one."""
    is_open = [
        occasion.visit
        for occasion in occasions
        if occasion.visit.state == VisitState.OPEN and occasion.visit.ends_at > timezone.now()
    ]
    asked = request.GET.get("wizyta", "")
    return next((visit for visit in is_open if str(visit.pk) == asked), is_open[0] if is_open else None)


def candidates_for(request, visit, bound):
    """Who is proposed for the visit, and who was looked for by name, with the reasons for and against."""
    search = request_forms.FindHelperForm(request.GET, name="find")
    name = search.cleaned_data["osoba"] if search.is_valid() else ""
    suggested = [
        Candidate(it.volunteer, assign_form(visit, it.volunteer, bound), reasons=it.staff_reasons)
        for it in suggestions.helpers_for(visit, limit=SUGGESTED)
    ]
    return {"suggested": suggested, "search": search, "sought": name, "found": found_by_name(visit, name, bound)}


def found_by_name(visit, name, bound):
    if not name:
        return []
    standings = named(Standing.objects.with_people().order_by("pk"), name)[:FOUND]
    people = [standing.volunteer for standing in standings]
    against = suggestions.why_not_each(visit, people)
    return [Candidate(person, assign_form(visit, person, bound), against=against[person.pk]) for person in people]


def assign_form(visit, person, bound=None, data=None):
    form = commitment_forms.AssignForm(data, visit=visit, name=f"assign_{visit.pk}_{person.pk}")
    return bound if bound is not None and bound.name == form.name else form
