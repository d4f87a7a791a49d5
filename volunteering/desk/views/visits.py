"""One visit at the desk: another time for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from volunteering.desk.forms.visits import MoveForm
from volunteering.desk.views.request_page import find
from volunteering.domain import moving
from volunteering.errors import Refused
from volunteering.models import Visit
from volunteering.states import HOLDING


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, visit_pk: int) -> HttpResponse:
    """Those concerned are told; who promised to come at the old time was asked by staff, or is asked again."""
    help_request = find(request, reference)
    visit, promises = _load(help_request, visit_pk)
    form = MoveForm(request.POST if request.method == "POST" else None, visit=visit, promises=promises)
    if request.method != "POST" or moving.reasons_against(visit, promises) or not form.is_valid():
        return _show(request, help_request, visit, form, promises)
    try:
        moving.move(visit, actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        visit, promises = _load(help_request, visit_pk)
        return _show(request, help_request, visit, form, promises, reasons=refusal.reasons)
    messages.success(request, _("The visit is moved. Those concerned are being told."))
    return redirect("desk:request", help_request.reference)


def _load(help_request, pk):
    """The visit and its promises that somebody counts on, or that somebody has kept already."""
    visit = get_object_or_404(Visit.objects.of_request(help_request).with_promises(), pk=pk)
    visit.help_request = help_request
    return visit, [promise for promise in visit.commitments.all() if promise.state in HOLDING]


def _show(request, help_request, visit, form, promises, *, reasons=()):
    against = moving.reasons_against(visit, promises)
    reasons = reasons or against
    context = {
        "help_request": help_request,
        "visit": visit,
        "promises": promises,
        "form": form,
        "reasons": reasons,
        "is_possible": not against,
    }
    status = 409 if reasons and request.method == "POST" else 200
    return render(request, "volunteering/desk/visit_form.html", context, status=status)
