"""Calls to make: people whom no message reaches."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notifications import calls


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff rang, or gave up. A second press changes nothing."""
    call = get_object_or_404(calls.of(request.municipality), pk=pk)
    reached = request.POST.get("reached") == "1"
    if calls.settle(call, actor=request.user, reached=reached):
        messages.success(
            request, _("Noted: you rang.") if reached else _("Noted: this person could not be reached by phone either.")
        )
    return redirect("desk:today")
