"""The phone rings: a new request is written down, or an earlier one is found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from neighbourhoods.domain import whereabouts
from volunteering.desk.forms.intake import CallerForm, Intake
from volunteering.desk.views.request_page import find
from volunteering.domain import suggestions
from volunteering.errors import Refused
from volunteering.models import HelpRequest, Standing

FOUND = 12


@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """All questions on one page; afterwards the reference to read out."""
    typed = request.POST if request.method == "POST" else None
    form = Intake(typed, municipality=request.municipality, staff=request.user)
    if request.method != "POST" or not form.is_valid():
        return _show(request, form)
    try:
        help_request = form.file()
    except Refused as refusal:
        return _show(request, form, reasons=refusal.reasons, status=409)
    return redirect("desk:request_taken", help_request.reference)


@require_GET
def taken(request: HttpRequest, reference: str) -> HttpResponse:
    """What to read out, what happens now, and which initiatives to mention."""
    help_request = find(request, reference)
    initiatives = suggestions.initiatives_for_request(help_request)
    context = {"help_request": help_request, "initiatives": initiatives}
    return render(request, "volunteering/desk/taken.html", context)


@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """What somebody rings about. A phone number is never part of an address: those are written into logs."""
    form = CallerForm(request.POST)
    if not form.is_valid():
        return _show(request, Intake(municipality=request.municipality, staff=request.user), caller=form)
    if form.cleaned_data["reference"]:
        return _by_reference(request, form)
    phone = form.cleaned_data["phone"]
    homes = whereabouts.with_phone(request.municipality, phone)
    context = {
        "caller": form,
        "requests": list(HelpRequest.objects.at_homes(homes).with_details().order_by("-pk")[:FOUND]),
        "standings": list(Standing.objects.with_phone(phone).with_people().order_by("pk")[:FOUND]),
    }
    return render(request, "volunteering/desk/caller.html", context)


def _by_reference(request, form):
    """The page of the request, however the reference was typed: RS-7K4M, rs7k4m, 7k4m."""
    typed = "".join(form.cleaned_data["reference"].upper().replace("-", " ").split())
    code = request.municipality.code
    reference = f"{code}-{typed.removeprefix(code)}"
    if HelpRequest.objects.visible_to(request.user).called(reference).exists():
        return redirect("desk:request", reference)
    form.add_error("reference", _("There is no request of this reference here."))
    return _show(request, Intake(municipality=request.municipality, staff=request.user), caller=form)


def _show(request, form, *, caller=None, reasons=(), status=200):
    context = {
        "intake": form,
        "form": caller or form,
        "caller": caller or CallerForm(),
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/intake.html", context, status=status)
