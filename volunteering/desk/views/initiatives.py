"""Initiatives at the desk: where they stand and when they meet. Their words are edited in the CMS."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.admin_url_finder import AdminURLFinder

from volunteering import keyset
from volunteering.desk.access import initiatives_of, works_cases
from volunteering.desk.filters import InitiativeFilter
from volunteering.desk.forms.meetings import PlanForm
from volunteering.domain import groups, lifecycles, meetings, results, suggestions
from volunteering.errors import Refused
from volunteering.models import GroupReport, Initiative, Meeting
from volunteering.states import LIFECYCLE, LifecycleState

COMING = 30
WINDOW = ("sign_up_days", "sign_up_hours")
PAST = 10
VERBS = {"accept": lifecycles.accept, "start": lifecycles.start, "finish": lifecycles.finish}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    found = InitiativeFilter(request.GET, queryset=Initiative.objects.for_desk(), request=request)
    page = keyset.page(found.qs, request.GET, order=("next_at", "pk"))
    context = {"filter": found, "page": page, "count": keyset.capped_count(found.qs), "links": found.links(page)}
    return render(request, "volunteering/desk/initiatives.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, find(request, slug))


@require_POST
def decide(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """One of VERBS on where the initiative stands."""
    initiative = find(request, slug)
    try:
        VERBS[verb](initiative, actor=request.user)
    except Refused as refusal:
        return show(request, find(request, slug), reasons=refusal.reasons, status=409)
    messages.success(request, _done(verb))
    return redirect("desk:initiative", slug)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """A new meeting, or a series of them."""
    initiative = find(request, slug)
    form = PlanForm(request.POST if request.method == "POST" else None, initial=_usual(initiative))
    context = {"initiative": initiative, "form": form, "reasons": []}
    if form.is_valid() and "pokaz" in request.POST:
        context["calendar"] = form.calendar()
    elif form.is_valid():
        try:
            planned = meetings.plan(initiative, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            context["reasons"] = refusal.reasons
            return render(request, "volunteering/desk/meeting_form.html", context, status=409)
        words = ngettext("%(count)d meeting is planned.", "%(count)d meetings are planned.", len(planned))
        messages.success(request, words % {"count": len(planned)})
        if missed := [f"{date_format(day, 'j E')} ({holiday})" for day, holiday in form.calendar() if holiday]:
            messages.info(request, _("Left out for public holidays: %(days)s.") % {"days": ", ".join(missed)})
        return redirect("desk:initiative", slug)
    return render(request, "volunteering/desk/meeting_form.html", context)


def find(request, slug):
    return get_object_or_404(initiatives_of(request).for_desk(), slug=slug)


def _usual(initiative):
    """Place, length and places of the last meeting: the next one is mostly like it."""
    last = initiative.meetings.with_details().order_by("-starts_at", "-pk").first()
    if last is None:
        return {}
    usual = PlanForm.initial_of(last)
    return {name: usual[name] for name in ("at", "minutes", "place", "neighbourhood", "places", *WINDOW)}


def show(request, initiative, *, reasons=(), code="", status=200):
    lifecycle = getattr(initiative, "lifecycle", None)
    group = getattr(initiative, "group", None)
    state = lifecycle.state if lifecycle else LifecycleState.PROPOSED
    context = {
        "initiative": initiative,
        "state": state,
        "coming": list(Meeting.objects.of_initiative(initiative).upcoming().with_details()[:COMING]),
        "past": list(Meeting.objects.of_initiative(initiative).past().with_details()[:PAST]),
        "acts": {name for name, transition in LIFECYCLE.items() if state in transition.sources},
        "results": results.of_initiative(initiative),
        # Which requests there are is not for partners.
        "could_answer": suggestions.requests_for(initiative) if works_cases(request) else [],
        "works_cases": works_cases(request),
        "edit_url": AdminURLFinder(request.user).get_edit_url(initiative),
        "reasons": reasons,
        "group": _group(group) if group else None,
        "may_have_group": groups.may_have_group(initiative),
        "code": "-".join(code[start : start + 4] for start in range(0, len(code), 4)),
        "code_url": request.build_absolute_uri(reverse("volunteering:group_invitation", args=[code])) if code else "",
    }
    return render(request, "volunteering/desk/initiative.html", context, status=status)


def _group(group):
    """Numbers and no names: who belongs to it is not the centre's business."""
    number, is_exact = groups.size_of(group)
    return {
        "number": number,
        "is_exact": is_exact,
        "is_closed": group.is_closed,
        "is_led": groups.has_facilitator(group),
        "has_bank": hasattr(group, "time_bank"),
        "reports": list(GroupReport.objects.of_group(group).for_centre()),
    }


def _done(verb):
    return {
        "accept": _("Accepted. Residents see it once it is started and its words are published."),
        "start": _("Started. Residents see it as soon as its words are published."),
        "finish": _("Finished. Meetings still to come are called off; residents read that it is over."),
    }[verb]
