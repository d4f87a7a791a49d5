"""„Send an opinion”: open to everybody, never shown to anybody but the desk."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from volunteering.domain import opinions
from volunteering.errors import Refused
from volunteering.forms.opinions import OpinionForm
from volunteering.views.sources import source_of


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    if request.municipality is None:
        raise Http404
    if request.method != "POST":
        return show(request, OpinionForm())
    form = OpinionForm(request.POST)
    if form.is_of_a_program:
        # It learns nothing from the answer.
        return redirect("volunteering:opinion_thanks")
    if not form.is_valid():
        return show(request, form)
    told = form.cleaned_data
    try:
        opinions.send(request.municipality, words=told["words"], email=told["email"], source=source_of(request))
    except Refused as refusal:
        return show(request, form, refusal.reasons, status=429)
    return redirect("volunteering:opinion_thanks")


@never_cache
@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    if request.municipality is None:
        raise Http404
    return render(request, "volunteering/opinions/thanks.html")


def show(request, form, reasons=(), status=200):
    return render(request, "volunteering/opinions/write.html", {"form": form, "reasons": reasons}, status=status)
