"""Asking for help: one question a page, check your answers, a code by e-mail, a receipt."""

import time

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import mailbox
from accounts.errors import MailNotSent
from volunteering.domain import intake, suggestions
from volunteering.errors import Refused
from volunteering.forms.asking import BY_SLUG, STEPS, What, asked
from volunteering.forms.draft import Draft, first_fault
from volunteering.models import HelpRequest
from volunteering.states import RequestState
from volunteering.views.sources import source_of

# Where the session of the person remembers the reference of what was sent.
RECEIPT_KEY = "asked"
JUST_NOW_SECONDS = 3600
# In the address of a question: its answer leads back to the page where all answers are checked.
CHANGE = "zmien"


@never_cache
@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    """The first question. Nothing is kept before it is answered."""
    return _question(request, What)


@never_cache
@login_not_required
def question(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    return _question(request, BY_SLUG[slug])


@never_cache
@login_not_required
def also(request: HttpRequest) -> HttpResponse:
    """Initiatives that may help too; where there are none, the page is passed over."""
    draft = _draft(request)
    forms = draft.forms()
    if not draft or first_fault(forms):
        return redirect("volunteering:ask_check")
    told = asked(forms)
    suggested = suggestions.initiatives_for(told.category, told.neighbourhood, told.words, language=told.language)
    if not suggested:
        return redirect("volunteering:ask_check")
    return render(request, "volunteering/asking/also.html", {"suggested": suggested, "back_url": _url(STEPS[-1])})


@never_cache
@login_not_required
def check(request: HttpRequest) -> HttpResponse:
    """All answers on one page, each to be changed, and the button that sends them."""
    draft = _draft(request)
    if not draft:
        return _without_draft(request, after_sending=True)
    forms = draft.forms()
    fault = first_fault(forms)
    if fault:
        return redirect(_url(fault, change=True))
    if request.method != "POST":
        return _check_page(request, draft, forms)
    if request.POST.get("version") != draft.version:
        return _check_page(request, draft, forms, [_("Your answers have changed meanwhile. Please read them again.")])
    return _send(request, draft, forms)


@never_cache
@login_not_required
def send(request: HttpRequest) -> HttpResponse:
    """Where the right code leads: files what was agreed to before. Coming here in any other way changes nothing."""
    draft = _draft(request)
    if not draft:
        return _without_draft(request, after_sending=True)
    forms = draft.forms()
    if not request.user.is_authenticated or not draft.is_agreed or first_fault(forms):
        return redirect("volunteering:ask_check")
    return _file(request, draft, forms)


@never_cache
@login_not_required
def receipt(request: HttpRequest) -> HttpResponse:
    """What to read out on the phone, and what happens next. For whoever has sent the request from this browser."""
    sent = request.session.get(RECEIPT_KEY)
    if not sent:
        return redirect("volunteering:mine" if request.user.is_authenticated else "volunteering:ask")
    help_request = get_object_or_404(HelpRequest.objects.with_details(), reference=sent["reference"])
    context = {
        "help_request": help_request,
        "is_published": help_request.state == RequestState.OPEN,
        "is_own": request.user.is_authenticated and help_request.requester_id == request.user.pk,
    }
    return render(request, "volunteering/asking/receipt.html", context)


def _question(request, step):
    draft = _draft(request)
    if request.method == "POST":
        form = draft.form(step, request.POST)
        if form.is_valid() and not getattr(form, "gives_away", None):
            draft.keep(form)
            return redirect(_next(request, draft, step))
    else:
        if step is not What and not draft:
            return _without_draft(request)
        missing = draft.first_unanswered(before=step)
        if missing:
            return redirect(_url(missing))
        form = draft.form(step)
        if step is What and not form.is_bound:
            form.initial = {"category": request.GET.get("kategoria", "")}
    return render(request, f"volunteering/asking/{step.name}.html", _question_context(request, draft, form))


def _question_context(request, draft, form):
    place = [step.name for step in STEPS].index(form.name)
    back_url = _url(STEPS[place - 1]) if place else "/"
    return {
        "form": form,
        "number": place + 1,
        "total": len(STEPS),
        "back_url": reverse("volunteering:ask_check") if CHANGE in request.GET else back_url,
        "is_rescued": draft.is_rescued,
    }


def _next(request, draft, step):
    missing = draft.first_unanswered()
    if draft.is_rescued and missing:
        return _url(missing)
    if CHANGE in request.GET:
        return reverse("volunteering:ask_check")
    place = STEPS.index(step) + 1
    return _url(STEPS[place]) if place < len(STEPS) else reverse("volunteering:ask_also")


def _check_page(request, draft, forms, reasons=(), status=None):
    rows = [
        {"label": label, "answer": answer, "url": _url(step, change=True)}
        for step in STEPS
        for label, answer in forms[step.name].summary()
    ]
    context = {
        "rows": rows,
        "reasons": reasons,
        "version": draft.version,
        "email": "" if request.user.is_authenticated else forms["contact"].email_address(),
        "back_url": _url(STEPS[-1]),
    }
    return render(request, "volunteering/asking/check.html", context, status=status or (409 if reasons else 200))


def _send(request, draft, forms):
    draft.agree()
    email = forms["contact"].email_address()
    if request.user.is_authenticated:
        return _file(request, draft, forms)
    try:
        intake.count_attempt(request.municipality, source=source_of(request), phone_only=not email)
        if email:
            return _ask_for_code(request, forms, email)
    except Refused as refusal:
        return _check_page(request, draft, forms, refusal.reasons, status=429)
    except mailbox.TooManyCodes:
        reason = _("Enough codes were sent to this address for now. Wait ten minutes and try again, or ring us.")
        return _check_page(request, draft, forms, [reason], status=429)
    except MailNotSent:
        reason = _("We cannot send e-mails just now. Your answers are kept: try again in a few minutes, or ring us.")
        return _check_page(request, draft, forms, [reason], status=503)
    return _file(request, draft, forms)


def _ask_for_code(request, forms, email):
    mailbox.begin(
        request,
        email,
        next_url=reverse("volunteering:ask_send"),
        display_name=forms["contact"].cleaned_data["asker"],
        agreed=True,
    )
    return redirect("account_confirm_login_code")


def _file(request, draft, forms):
    requester = request.user if request.user.is_authenticated else None
    try:
        help_request = intake.file(asked(forms), municipality=request.municipality, key=draft.key, requester=requester)
    except Refused as refusal:
        return _check_page(request, draft, forms, refusal.reasons)
    draft.forget()
    request.session[RECEIPT_KEY] = {"reference": help_request.reference, "at": time.time()}
    return redirect("volunteering:ask_receipt")


def _without_draft(request, *, after_sending=False):
    """Nothing is being written here: it was sent a moment ago (the button was pressed twice), or it lay too long."""
    sent = request.session.get(RECEIPT_KEY)
    if after_sending and sent and time.time() - sent["at"] < JUST_NOW_SECONDS:
        return redirect("volunteering:ask_receipt")
    return render(request, "volunteering/asking/expired.html", status=410)


def _draft(request):
    user = request.user if request.user.is_authenticated else None
    return Draft(request.session, municipality=request.municipality, user=user)


def _url(step, *, change=False):
    url = reverse("volunteering:ask") if step is What else reverse("volunteering:ask_question", args=[step.slug])
    return f"{url}?{CHANGE}=1" if change else url
