"""What residents think, at the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteering import keyset
from volunteering.domain import opinions
from volunteering.errors import Refused
from volunteering.models import Opinion
from volunteering.states import OpinionState


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The newest first; `stan` in the address narrows it to one state."""
    state = request.GET.get("stan", "")
    state = state if state in OpinionState.values else ""
    rows = Opinion.objects.in_state(state) if state else Opinion.objects.all()
    page = keyset.page(rows, request.GET, order=("-pk",))
    kept = f"&stan={state}" if state else ""
    context = {
        "page": page,
        "state": state,
        "states": OpinionState.choices,
        "next_url": f"?after={page.next}{kept}" if page.next else "",
        "previous_url": f"?before={page.previous}{kept}" if page.previous else "",
    }
    return render(request, "volunteering/desk/opinions/list.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    opinion = get_object_or_404(Opinion.objects.with_people(), pk=pk)
    if request.method == "GET":
        opinion = opinions.read(opinion, actor=request.user)
    return render(request, "volunteering/desk/opinions/detail.html", {"opinion": opinion})


@require_POST
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    opinion = get_object_or_404(Opinion.objects.all(), pk=pk)
    try:
        opinions.answer(opinion, actor=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted: this opinion was answered."))
    return redirect("desk:opinion", pk=pk)
