"""Signing up for a meeting: one tap for whoever is signed in, a code by e-mail for all others."""

import time

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import mailbox
from accounts.errors import MailNotSent
from volunteering.domain import sign_ups
from volunteering.errors import Refused
from volunteering.forms.sign_ups import NewcomerForm
from volunteering.models import Initiative, Joining, Meeting, Participation
from volunteering.views.initiatives import detail_context

# What somebody without an account wanted, until the code shows who it is.
INTENT_KEY = "sign_up"
INTENT_SECONDS = 3600


@require_POST
def join(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A place, or the place that was offered: yes."""
    return _join(request, *_find(slug, pk), waits=False)


@require_POST
def wait(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A place in the queue; if one has become free meanwhile, that one."""
    return _join(request, *_find(slug, pk), waits=True)


@require_POST
def leave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Sign off, stop waiting, or let the place that was offered go to somebody else."""
    participation = get_object_or_404(
        Participation.objects.live().of(request.user).select_related("meeting__initiative"),
        meeting_id=pk,
        meeting__initiative__slug=slug,
    )
    if not request.user.has_perm("volunteering.leave_meeting", participation):
        raise PermissionDenied
    sign_ups.leave(participation, actor=request.user)
    return redirect(_page_of(participation.meeting))


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def newcomer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Name and e-mail address of somebody who is not signed in; a code goes there."""
    initiative, meeting = _find(slug, pk)
    if initiative.joining == Joining.CLOSED:
        raise Http404  # It would tell when and where the group meets.
    if request.user.is_authenticated:
        return redirect(_page_of(meeting))
    waits = sign_ups.is_full(meeting)
    form = NewcomerForm(request.POST if request.method == "POST" else None, initial={"waits": waits})
    if request.method == "GET" or sign_ups.reasons_against_joining(meeting) or not form.is_valid():
        return _newcomer_page(request, meeting, form)
    try:
        mailbox.begin(
            request,
            form.cleaned_data["email"],
            next_url=reverse("volunteering:sign_up_done", args=[slug, pk]),
            display_name=form.cleaned_data["name"],
            agreed=True,
        )
    except mailbox.TooManyCodes:
        reason = _("Enough codes were sent to this address for now. Wait ten minutes and try again, or ring us.")
        return _newcomer_page(request, meeting, form, [reason], status=429)
    except MailNotSent:
        reason = _("We cannot send e-mails just now. Try again in a few minutes, or ring us.")
        return _newcomer_page(request, meeting, form, [reason], status=503)
    request.session[INTENT_KEY] = {"meeting": pk, "waits": form.cleaned_data["waits"], "at": time.time()}
    return redirect("account_confirm_login_code")


@never_cache
@login_not_required
@require_safe
def done(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where the right code leads: signs up whoever asked for it. Coming here in any other way changes nothing."""
    initiative, meeting = _find(slug, pk)
    intent = request.session.get(INTENT_KEY)
    is_meant = intent and intent["meeting"] == pk and time.time() - intent["at"] < INTENT_SECONDS
    if not request.user.is_authenticated or not is_meant:
        return redirect(_page_of(meeting))
    del request.session[INTENT_KEY]
    return _join(request, initiative, meeting, waits=intent["waits"])


def _join(request, initiative, meeting, *, waits):
    try:
        sign_ups.join(meeting, user=request.user, actor=request.user, waits=waits)
    except Refused as refusal:
        context = {**detail_context(request, initiative), "refusals": refusal.reasons}
        return render(request, "volunteering/initiatives/detail.html", context, status=409)
    return redirect(_page_of(meeting))


def _newcomer_page(request, meeting, form, reasons=(), status=200):
    context = {
        "initiative": meeting.initiative,
        "meeting": meeting,
        "against": sign_ups.reasons_against_joining(meeting),
        "is_full": sign_ups.is_full(meeting),
        "form": form,
        "reasons": reasons,
    }
    return render(request, "volunteering/initiatives/newcomer.html", context, status=status)


def _find(slug, pk):
    initiative = get_object_or_404(Initiative.objects.published().with_details(), slug=slug)
    meeting = get_object_or_404(Meeting.objects.with_details(), initiative=initiative, pk=pk)
    meeting.initiative = initiative
    return initiative, meeting


def _page_of(meeting):
    return f"{meeting.initiative.get_absolute_url()}#spotkanie-{meeting.pk}"
