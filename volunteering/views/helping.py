"""Offering help: four questions, then the helper's own page with requests that fit, promises and hours."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.domain import people
from accounts.models import Consent
from neighbourhoods.public_pages import public_page
from volunteering.domain import profiles, standings, suggestions
from volunteering.domain.visits import DAY_ENDS, ZONE
from volunteering.forms.helping import PauseForm, RulesForm, WhatForm, WhenForm, WhereForm
from volunteering.models import Commitment, Standing, VolunteerProfile
from volunteering.states import StandingState

STEPS = {
    "co": (WhatForm, gettext_lazy("What you would like to help with")),
    "gdzie": (WhereForm, gettext_lazy("Where you can come")),
    "kiedy": (WhenForm, gettext_lazy("When you may be asked")),
    "zasady": (RulesForm, gettext_lazy("Rules and a few words")),
}
NAMES = list(STEPS)
SUGGESTIONS = 12


@public_page
def door(request: HttpRequest) -> HttpResponse:
    """/pomagam/: the helper's own page; for strangers, what helping means here."""
    if request.municipality is None:
        return redirect("/")
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return overview(request)
    return render(request, "volunteering/helping/welcome.html")


@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """The helper's page; whoever has not said yet what, where and when is asked first."""
    standing = Standing.objects.of(request.user).first()
    if standing is None or standing.state == StandingState.ENDED:
        return redirect("volunteering:volunteer")
    profile = VolunteerProfile.objects.of(request.user)
    return render(request, "volunteering/helping/overview.html", _overview_context(request, standing, profile))


def _overview_context(request, standing, profile):
    now = timezone.now()
    mine = Commitment.objects.of(request.user)
    is_active = standing.state == StandingState.ACTIVE
    return {
        "standing": standing,
        "profile": profile,
        "is_active": is_active,
        "is_paused": bool(profile.paused_until and profile.paused_until >= timezone.localdate()),
        "is_on_duty": bool(profile.on_duty_until and profile.on_duty_until > now),
        "promises": list(mine.live().with_details().order_by("starts_at", "pk")[:50]),
        "suggested": suggestions.visits_for(request.user, request.municipality, SUGGESTIONS) if is_active else [],
        "hours": mine.minutes_given() / 60,
        "done_count": mine.done().count(),
        "pause_form": PauseForm(),
    }


def start(request: HttpRequest) -> HttpResponse:
    """Leads to the first question that has no answer yet."""
    if request.municipality is None:
        return redirect("/")
    profile = _profile(request)
    if not profile.pk:
        return redirect("volunteering:volunteer_step", step="co")
    if profile.home_cell is None:
        return redirect("volunteering:volunteer_step", step="gdzie")
    return redirect("volunteering:volunteer_step", step="kiedy" if not any(profile.availability) else "zasady")


@never_cache
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One question. What is answered is kept at once, so nothing is lost when somebody stops half-way."""
    if step not in STEPS or request.municipality is None:
        raise Http404
    profile = _profile(request)
    form_class, title = STEPS[step]
    form = form_class(request.POST if request.method == "POST" else None, initial=form_class.initial_of(profile))
    if request.method == "POST" and form.is_valid():
        profiles.save_profile(profile, **form.changes())
        return _next(request, step)
    context = {
        "form": form,
        "step": step,
        "title": title,
        "number": NAMES.index(step) + 1,
        "total": len(NAMES),
        "back": NAMES[NAMES.index(step) - 1] if NAMES.index(step) else "",
        "is_known": Standing.objects.of(request.user).exists(),
        "rules_url": people.text_address(Consent.Kind.VOLUNTEER_RULES, request.municipality),
    }
    return render(request, f"volunteering/helping/{step}.html", context)


def _next(request, step):
    if step == NAMES[-1]:
        people.give_consent(request.user, Consent.Kind.VOLUNTEER_RULES, municipality=request.municipality)
        standings.apply(request.user, municipality=request.municipality)
        return redirect("volunteering:help")
    if Standing.objects.of(request.user).exists():
        messages.success(request, _("Saved."))
        return redirect("volunteering:help")
    return redirect("volunteering:volunteer_step", step=NAMES[NAMES.index(step) + 1])


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """No requests for a while: for as many days as the person says, or no longer (0)."""
    form = PauseForm(request.POST)
    if form.is_valid():
        days = int(form.cleaned_data["paused_until"])
        until = timezone.localdate() + timedelta(days=days) if days else None
        profiles.save_profile(_profile(request), paused_until=until)
    return redirect("volunteering:help")


@require_POST
def on_duty(request: HttpRequest) -> HttpResponse:
    """Ready for urgent requests for the rest of the day, or no longer."""
    end_of_day = datetime.combine(timezone.localdate(), DAY_ENDS, tzinfo=ZONE)
    is_wanted = request.POST.get("on") == "1" and end_of_day > timezone.now()
    profiles.save_profile(_profile(request), on_duty_until=end_of_day if is_wanted else None)
    return redirect("volunteering:help")


def _profile(request):
    return VolunteerProfile.objects.of(request.user) or VolunteerProfile(user=request.user)
