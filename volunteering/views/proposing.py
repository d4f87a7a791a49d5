"""Proposing an initiative: one short page, a code by e-mail where nobody is signed in, and where it stands."""

import time
import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import mailbox
from accounts.errors import MailNotSent
from volunteering.domain import intake, proposals
from volunteering.errors import Refused
from volunteering.forms.proposing import IdeaForm, MessageForm
from volunteering.models import Proposal
from volunteering.states import PROPOSAL
from volunteering.views.sources import source_of

SESSION_KEY = "proposing"
# Whoever leaves an idea on a shared computer need not fear that it waits there for ever.
LIFE_SECONDS = 24 * 3600


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    if request.municipality is None:
        return redirect("/")
    user = request.user if request.user.is_authenticated else None
    kept = _kept(request)
    if request.method != "POST":
        # What waits for its code is shown again: the code may never have come.
        return _show(request, IdeaForm(initial=kept["answers"] if kept else None, user=user))
    form = IdeaForm(request.POST, user=user)
    if not form.is_valid():
        return _show(request, form)
    request.session[SESSION_KEY] = {
        "key": kept["key"] if kept else str(uuid.uuid4()),
        "at": time.time(),
        "answers": form.kept(),
    }
    return _send(request, form) if user else _ask_for_code(request, form)


@never_cache
@login_not_required
def send(request: HttpRequest) -> HttpResponse:
    """Where the right code leads: files what was written before. Coming here in any other way changes nothing."""
    kept = _kept(request)
    if kept is None or not request.user.is_authenticated:
        return redirect("volunteering:propose")
    form = IdeaForm(kept["answers"], user=request.user)
    return _send(request, form) if form.is_valid() else _show(request, form)


@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the own idea stands, and what was said about it."""
    return _show_own(request, _find(request, pk))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _find(request, pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _show_own(request, proposal, form=form)
    return _act(request, proposal, proposals.answer, text=form.cleaned_data["text"])


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, _find(request, pk), proposals.withdraw)


def _act(request, proposal, verb, **words):
    try:
        verb(proposal, actor=request.user, **words)
    except Refused as refusal:
        return _show_own(request, _find(request, proposal.pk), reasons=refusal.reasons, status=409)
    return redirect(proposal)


def _find(request, pk):
    return get_object_or_404(Proposal.objects.of(request.user).with_people(), pk=pk)


def _ask_for_code(request, form):
    try:
        intake.count_attempt(request.municipality, source=source_of(request), phone_only=False)
        mailbox.begin(
            request,
            form.cleaned_data["email"],
            next_url=reverse("volunteering:propose_send"),
            display_name=form.cleaned_data["name"],
            agreed=True,
        )
    except Refused:
        reason = _("Many messages are coming in just now. Try again later, or ring us: we will write your idea down.")
        return _show(request, form, [reason], status=429)
    except mailbox.TooManyCodes:
        reason = _("Enough codes were sent to this address for now. Wait ten minutes and try again, or ring us.")
        return _show(request, form, [reason], status=429)
    except MailNotSent:
        reason = _("We cannot send e-mails just now. Your answers are kept: try again in a few minutes, or ring us.")
        return _show(request, form, [reason], status=503)
    return redirect("account_confirm_login_code")


def _send(request, form):
    key = uuid.UUID(request.session[SESSION_KEY]["key"])
    try:
        proposal = proposals.send(form.idea(), municipality=request.municipality, proposer=request.user, key=key)
    except Refused as refusal:
        return _show(request, form, refusal.reasons, status=409)
    del request.session[SESSION_KEY]
    return redirect(proposal)


def _kept(request):
    kept = request.session.get(SESSION_KEY)
    return kept if kept and 0 <= time.time() - kept["at"] < LIFE_SECONDS else None


def _show(request, form, reasons=(), status=200):
    return render(request, "volunteering/proposing/form.html", {"form": form, "reasons": reasons}, status=status)


def _show_own(request, proposal, *, form=None, reasons=(), status=200):
    acts = {verb for verb, transition in PROPOSAL.items() if proposal.state in transition.sources}
    context = {
        "proposal": proposal,
        "said": list(proposal.messages.all()),
        "may_answer": "answer" in acts,
        "may_withdraw": "withdraw" in acts,
        "form": form or MessageForm(),
        "reasons": reasons,
    }
    return render(request, "volunteering/proposing/detail.html", context, status=status)
