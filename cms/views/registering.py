"""Registering for an event: one page for it, whoever you are, and a code by e-mail for those who are not signed in.

These pages are kept by no cache, so that those of the events can be kept by all.
"""

import time

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import mailbox
from accounts.errors import MailNotSent
from cms.domain import registrations
from cms.forms import JoinForm, StrangerForm
from cms.models import EventPage, EventRegister, Registration
from cms.trees import site_of_request
from cms.views.entries import entry_of
from volunteering import ics
from volunteering.errors import Refused

# What somebody typed before the code came, in their session.
DRAFT_KEY = "event_registration"
DRAFT_SECONDS = 3600


@never_cache
@login_not_required
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, or how things stand for whoever has registered."""
    register, own = _find(request, pk)
    if own is not None and own.is_live:
        return _show(request, register, own)
    form = _form(request, register)
    if request.method != "POST" or not form.is_valid():
        return _show(request, register, own, form)
    if reasons := registrations.reasons_against_joining(register):
        return _show(request, register, own, form, reasons=reasons, status=409)
    if request.user.is_authenticated:
        return _join(request, register, form.cleaned_data.get("needs", ""))
    return _send_code(request, register, form)


@never_cache
@login_not_required
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the right code leads: registers as was agreed to before. Coming here in any other way changes nothing."""
    register, _own = _find(request, pk)
    draft = request.session.get(DRAFT_KEY)
    is_mine = draft is not None and draft["register"] == register.pk and time.time() - draft["at"] < DRAFT_SECONDS
    if not request.user.is_authenticated or not is_mine:
        return redirect(register)
    del request.session[DRAFT_KEY]
    return _join(request, register, draft["needs"])


@never_cache
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    register, own = _find(request, pk)
    if own is None:
        raise Http404
    registrations.leave(own, actor=request.user)
    messages.success(request, _("You have signed off. Thank you for telling us: somebody else can come."))
    return redirect(register)


@never_cache
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes to a place that was offered."""
    register, own = _find(request, pk)
    if own is None:
        raise Http404
    try:
        registrations.confirm(own, actor=request.user)
    except Refused as refusal:
        register, own = _find(request, pk)
        return _show(request, register, own, reasons=refusal.reasons, status=409)
    messages.success(request, _("The place is yours."))
    return redirect(register)


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The coming events of this site that the person registered for."""
    rows = Registration.objects.for_person(request.user, site_of_request(request))
    return render(request, "cms/registering/mine.html", {"registrations": rows})


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The date for a calendar: what everybody may read on the page of the event, and no more."""
    register = get_object_or_404(EventRegister.objects.at(site_of_request(request)).with_page(), pk=pk, page__live=True)
    page = EventPage.objects.in_language(register.page, get_language())
    words = ics.written([entry_of(register, page, request)], name=page.title, now=timezone.now())
    response = HttpResponse(words, ics.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{page.slug}.ics"'
    return response


def _find(request, pk):
    """The register of an event of this site, and the visitor's own row. An event whose page was taken down is there
    only for those who registered."""
    register = get_object_or_404(EventRegister.objects.at(site_of_request(request)).with_page(), pk=pk)
    own = None
    if request.user.is_authenticated:
        own = Registration.objects.of_register(register).of(request.user).first()
    if not register.page.live and own is None:
        raise Http404
    return register, own


def _form(request, register):
    sent = request.POST if request.method == "POST" else None
    kind = JoinForm if request.user.is_authenticated else StrangerForm
    return kind(sent, asks_needs=register.page.asks_needs)


def _join(request, register, needs):
    try:
        registrations.join(register, user=request.user, actor=request.user, needs=needs)
    except Refused as refusal:
        register, own = _find(request, register.pk)
        return _show(request, register, own, reasons=refusal.reasons, status=409)
    return redirect(register)


def _send_code(request, register, form):
    answers = form.cleaned_data
    try:
        mailbox.begin(
            request,
            answers["email"],
            next_url=reverse("cms:sign_up_finish", args=[register.pk]),
            display_name=answers["name"],
            agreed=True,
        )
    except mailbox.TooManyCodes:
        reason = _("Enough codes were sent to this address for now. Wait ten minutes and try again, or ring us.")
        return _show(request, register, None, form, reasons=[reason], status=429)
    except MailNotSent:
        reason = _("We cannot send e-mails just now. Try again in a few minutes, or ring us.")
        return _show(request, register, None, form, reasons=[reason], status=503)
    request.session[DRAFT_KEY] = {"register": register.pk, "needs": answers.get("needs", ""), "at": time.time()}
    return redirect("account_confirm_login_code")


def _show(request, register, own, form=None, *, reasons=(), status=200):
    against = [] if own is not None and own.is_live else registrations.reasons_against_joining(register)
    context = {
        "register": register,
        "page": EventPage.objects.in_language(register.page, get_language()),
        "own": own,
        "form": form or _form(request, register),
        "reasons": reasons,
        "against": against if not reasons else [],
        "can_join": not against,
    }
    return render(request, "cms/registering/sign_up.html", context, status=status)
