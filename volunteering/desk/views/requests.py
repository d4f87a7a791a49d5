"""Requests at the desk: the list, the page of one, and what staff do about it."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neighbourhoods.errors import Erased
from volunteering import keyset
from volunteering.desk.filters import RequestFilter
from volunteering.desk.forms.requests import HomeForm, RevealForm
from volunteering.desk.views.request_page import REQUEST_FORMS, act, find, show
from volunteering.domain import help_requests, intake, reveals
from volunteering.models import HelpRequest

VERBS = {
    "publish": help_requests.publish,
    "protect": help_requests.protect,
    "unprotect": partial(help_requests.protect, protected=False),
    "rang": help_requests.rang,
    "rewrite": lambda help_request, *, actor, text: help_requests.rewrite_words(help_request, actor=actor, text=text),
    "cancel": help_requests.cancel,
    "close": help_requests.close,
    "refer": help_requests.refer,
}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    found = RequestFilter(
        request.GET, queryset=HelpRequest.objects.visible_to(request.user).with_details(), request=request
    )
    page = keyset.page(found.qs, request.GET, order=("-pk",))
    context = {"filter": found, "page": page, "count": keyset.capped_count(found.qs), "links": found.links(page)}
    return render(request, "volunteering/desk/requests.html", context)


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, find(request, reference))


@require_POST
def decide(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """One of VERBS on the request."""
    help_request = find(request, reference)
    form = REQUEST_FORMS[verb](request.POST, name=verb)
    return act(request, help_request, form, partial(VERBS[verb], help_request, actor=request.user), done=_done(verb))


@require_POST
def reveal(request: HttpRequest, reference: str) -> HttpResponse:
    """Name, phone and address, on this one answer only: the next look is written down anew."""
    help_request = find(request, reference)
    form = RevealForm(request.POST, name="reveal")
    if not form.is_valid():
        return show(request, help_request, bound=form)
    try:
        home = reveals.to_staff(help_request, actor=request.user, reason=form.cleaned_data["reason"])
    except Erased as refusal:
        return show(request, find(request, reference), bound=form, reasons=refusal.reasons, status=409)
    return show(request, help_request, home=home)


@require_POST
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Name, phone or address were taken down wrongly, or have changed."""
    help_request = find(request, reference)
    form = HomeForm(request.POST, name="correct")
    verb = partial(intake.correct_home, help_request, actor=request.user)
    return act(request, help_request, form, verb, done=_("Corrected."))


def _done(verb):
    return {
        "publish": _("Published."),
        "protect": _("The request is protected: nobody is told of it, you choose the helper."),
        "unprotect": _("The request is no longer protected."),
        "rang": _("Written down: you have talked with the resident."),
        "rewrite": _("The words are changed."),
        "cancel": _("The request is withdrawn. Those concerned are being told."),
        "close": _("The request is closed. Those concerned are being told."),
        "refer": _("The request is passed on. Those concerned are being told."),
    }[verb]
