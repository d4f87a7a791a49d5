"""People who help, at the desk: the list, the page of one, and what the centre decides about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteering import keyset
from volunteering.desk.filters import StandingFilter
from volunteering.desk.forms.requests import RevealForm
from volunteering.domain import reveals, standings
from volunteering.domain.timeline import standing_timeline
from volunteering.errors import Refused
from volunteering.models import Commitment, Standing, VolunteerProfile
from volunteering.states import STANDING, StandingState

PROMISES = 30
VERBS = {
    "meet": standings.meet,
    "activate": standings.activate,
    "suspend": standings.suspend,
    "end": standings.end,
    "release_first_visit": standings.release_first_visit,
}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    found = StandingFilter(request.GET, queryset=Standing.objects.with_people(), request=request)
    page = keyset.page(found.qs, request.GET, order=("-changed_at", "-pk"))
    context = {
        "filter": found,
        "page": page,
        "count": keyset.capped_count(found.qs),
        "links": found.links(page),
        # Who looks at the helpers of a neighbourhood can write to them.
        "place": found.form.cleaned_data.get("gdzie"),
    }
    return render(request, "volunteering/desk/volunteers.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(pk))


@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of VERBS on the person's standing here."""
    standing = _find(pk)
    try:
        VERBS[verb](standing, actor=request.user)
    except Refused as refusal:
        return _show(request, _find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, _done(verb))
    return redirect("desk:volunteer", pk)


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Phone and e-mail, on this one answer only: the next look is written down anew."""
    standing = _find(pk)
    form = RevealForm(request.POST, name="reveal")
    if not form.is_valid():
        return _show(request, standing, bound=form)
    contact = reveals.contact_to_staff(standing, actor=request.user, reason=form.cleaned_data["reason"])
    return _show(request, standing, contact=contact)


def _find(pk):
    """The standing of this person in the host's gmina; 404 for whoever never applied here."""
    return get_object_or_404(Standing.objects.with_people(), volunteer=pk)


def _show(request, standing, *, contact=None, bound=None, reasons=(), status=200):
    person = standing.volunteer
    profile = VolunteerProfile.objects.of(person)
    promises = Commitment.objects.of(person).with_details().order_by("-starts_at", "-pk")
    context = {
        "standing": standing,
        "person": person,
        "profile": profile,
        "categories": list(profile.categories.all()) if profile else [],
        "skills": list(profile.skills.all()) if profile else [],
        "hours": free_hours(profile.availability) if profile else [],
        "promises": list(promises[:PROMISES]),
        "minutes": Commitment.objects.of(person).minutes_given(),
        "acts": {name for name in VERBS if _is_possible(name, standing)},
        "reveal": bound or RevealForm(name="reveal"),
        "contact": contact,
        "entries": standing_timeline(standing),
        "form": bound,
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/volunteer.html", context, status=status)


def _is_possible(name, standing):
    if name == "release_first_visit":
        return standing.state == StandingState.ACTIVE and standing.first_visit_released_at is None
    return standing.state in STANDING[name].sources


def free_hours(availability):
    """Pairs (name of the day, spans of hours such as 8–12), days without free hours left out."""
    days = [(WEEKDAYS[day], list(_spans(bits))) for day, bits in enumerate(availability)]
    return [(name, spans) for name, spans in days if spans]


def _spans(bits):
    start = None
    for hour in range(25):
        is_free = hour < 24 and bits >> hour & 1
        if is_free and start is None:
            start = hour
        elif not is_free and start is not None:
            yield f"{start}–{hour}"
            start = None


def _done(verb):
    return {
        "meet": _("Written down: you have talked."),
        "activate": _("This person can take requests from now on, and is being told."),
        "suspend": _("Paused. Promises not yet kept are given to others."),
        "end": _("Ended. Promises not yet kept are given to others."),
        "release_first_visit": _("The first visit can go ahead. The address is shown in its time."),
    }[verb]
