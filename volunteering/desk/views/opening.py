"""What is missing before the site opens, and opening it: for organisers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused
from neighbourhoods import readiness
from neighbourhoods.domain import opening as sites
from volunteering.desk.access import for_organisers


@for_organisers
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteering/desk/opening.html", context(request))


def context(request, refusals=()):
    findings = readiness.look(request.municipality)
    return {
        "refusals": refusals,
        "needed": [finding for finding in findings if finding.check.must],
        "wished": [finding for finding in findings if not finding.check.must],
        "obstacles": len(readiness.obstacles(findings)),
    }


@for_organisers
@require_POST
def confirm(request: HttpRequest, code: str, withdrawn: bool = False) -> HttpResponse:
    """Says that somebody has looked at a thing, or takes that back."""
    if code not in readiness.CHECKS:
        raise Http404
    act = sites.withdraw if withdrawn else sites.confirm
    try:
        act(request.municipality, code, actor=request.user)
    except Refused as refusal:
        return render(request, "volunteering/desk/opening.html", context(request, refusal.reasons), status=409)
    return redirect("desk:opening")


@for_organisers
@require_POST
def switch(request: HttpRequest, verb: str) -> HttpResponse:
    if verb == "close":
        sites.close_site(request.municipality, actor=request.user)
        messages.success(request, _("The site is in preparation again. Only the staff of the centre see it."))
        return redirect("desk:opening")
    try:
        sites.open_site(request.municipality, actor=request.user)
    except Refused as refusal:
        return render(request, "volunteering/desk/opening.html", context(request, refusal.reasons), status=409)
    messages.success(request, _("The site is open. Everybody can visit it now."))
    return redirect("desk:opening")
