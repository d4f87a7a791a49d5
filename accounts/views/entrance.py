"""The one door: a mailbox, a code, and you are in. Whoever has no account gets one on the way."""

from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import demo, mailbox
from accounts.domain import people
from accounts.errors import MailNotSent, Refused
from accounts.forms import CodeForm, IntroductionForm, MailboxForm
from accounts.mailbox import MailboxProof, Purpose

# Where each kind of proof begins, and may begin again.
STARTS = {
    Purpose.ENTER: "account_request_login_code",
    Purpose.CONFIRM: "accounts:prove",
    Purpose.MOVE: "account_email",
}
TOO_MANY = gettext_lazy("We have sent several codes already. Wait ten minutes and try again.")
NOT_SENT = gettext_lazy("We could not send the e-mail just now. Nothing is lost: try again in a few minutes.")
# Why somebody is back at the start.
AGAIN = {
    "attempts": gettext_lazy("That were too many wrong codes. Ask for a new one."),
    "expired": gettext_lazy("The code is too old by now. Ask for a new one."),
    "passkey": gettext_lazy("The passkey did not work. Try again, or ask for a code by e-mail."),
    "taken": gettext_lazy("There is an account for this e-mail address already. Choose another address."),
}


@login_not_required
@require_safe
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The usual names of a sign-in page, Wagtail's among them, all lead to the one door."""
    return redirect(with_next(reverse("account_request_login_code"), get_next_redirect_url(request)))


@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    next_url = get_next_redirect_url(request)
    if request.user.is_authenticated:
        return redirect(next_url or "accounts:landing")
    form = MailboxForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and is_code_sent(request, form, form.cleaned_data["email"], next_url=next_url or ""):
        return redirect("account_confirm_login_code")
    context = {
        "form": form,
        "next_url": next_url,
        "again": why_again(request),
        "demo_people": demo.people_here(request),
    }
    return render(request, "accounts/sign_in.html", context)


@never_cache
@login_not_required
@sensitive_post_parameters("code")
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Where every code is typed in; what happens then depends on what it was asked for."""
    was_waiting = mailbox.SESSION_KEY in request.session
    proof = MailboxProof.resume(request)
    if proof is None:
        return redirect(f"{reverse('account_login')}{'?again=expired' if was_waiting else ''}")
    form = CodeForm(request.POST if request.method == "POST" else None, proof=proof)
    if request.POST.get("action") == "resend":
        form = CodeForm(proof=proof)
        problem = resend(request, proof)
    elif form.is_valid():
        proof.abort()
        return FINISHES[proof.state["purpose"]](request, proof)
    else:
        problem = ""
        if form.has_error("code", "wrong") and not proof.record_invalid_attempt():
            return start_again(proof, "attempts")
    context = {"form": form, "proof": proof, "problem": problem, "start": start_of(proof)}
    return render(request, "accounts/code.html", context)


@never_cache
@login_not_required
def sign_up(request: HttpRequest) -> HttpResponse:
    """Asks the owner of a mailbox that was just proved for a name, and for consent to the texts in force."""
    known = mailbox.proven(request)
    if known is None or request.user.is_authenticated:
        return redirect(with_next(reverse("account_request_login_code"), get_next_redirect_url(request)))
    email, next_url = known
    user = people.find(email)
    form = IntroductionForm(request.POST if request.method == "POST" else None)
    if user is not None and user.display_name:
        del form.fields["display_name"]
    if form.is_valid():
        name = form.cleaned_data.get("display_name", "")
        user = people.introduce(
            email, display_name=name, language=request.LANGUAGE_CODE, municipality=request.municipality
        )
        mailbox.forget_proven(request)
        return open_session(request, user, next_url)
    return render(request, "accounts/sign_up.html", {"form": form, "email": email, "person": user})


@never_cache
def prove(request: HttpRequest) -> HttpResponse:
    """Offers a code to the person's own mailbox, before an act that needs fresh proof."""
    next_url = get_next_redirect_url(request) or reverse("accounts:settings")
    form = MailboxForm({"email": request.user.email} if request.method == "POST" else None)
    if form.is_valid() and is_code_sent(request, form, request.user.email, purpose=Purpose.CONFIRM, next_url=next_url):
        return redirect("account_confirm_login_code")
    return render(request, "accounts/prove.html", {"form": form, "next_url": next_url, "again": why_again(request)})


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Where a person arrives after signing in: the page of what they are here for."""
    return redirect(get_next_redirect_url(request) or people.landing(request.user, request.municipality))


def finish_entering(request, proof):
    user = people.find(proof.email)
    name, agreed, next_url = (proof.state[key] for key in ("display_name", "agreed", "next"))
    if agreed and (name or (user and user.display_name)):
        user = people.introduce(
            proof.email, display_name=name, language=request.LANGUAGE_CODE, municipality=request.municipality
        )
    if user is None or (user.is_active and not people.is_complete(user, municipality=request.municipality)):
        mailbox.remember_proven(request, proof.email, next_url)
        return redirect("account_signup")
    return open_session(request, user, next_url)


def finish_confirming(request, proof):
    if request.user.is_authenticated and request.user.email == proof.email:
        record_authentication(request, request.user, "code", email=proof.email, reauthenticated=True)
    return redirect(proof.state["next"])


def finish_moving(request, proof):
    if not request.user.is_authenticated:
        return redirect("account_login")
    old = request.user.email
    try:
        people.change_email(request.user, proof.email)
    except Refused:
        return start_again(proof, "taken")
    keep_this_session(request)
    mailbox.say_farewell(request, old)
    messages.success(request, _("Your e-mail address is changed. From now on codes go to the new one."))
    return redirect("accounts:settings")


FINISHES = {Purpose.ENTER: finish_entering, Purpose.CONFIRM: finish_confirming, Purpose.MOVE: finish_moving}


def is_code_sent(request, form, email, **details):
    """Sends a code; where none could leave, the form says why."""
    try:
        mailbox.begin(request, email, **details)
    except mailbox.TooManyCodes:
        form.add_error(None, TOO_MANY)
    except MailNotSent:
        form.add_error(None, NOT_SENT)
    return form.is_valid()


def resend(request, proof):
    """Sends a new code in place of the old one; returns what went wrong, in words."""
    if not proof.can_resend:
        return TOO_MANY
    try:
        proof.resend()
    except mailbox.TooManyCodes:
        return TOO_MANY
    except MailNotSent:
        return NOT_SENT
    messages.success(request, _("A new code is on its way. The old one no longer works."))
    return ""


def open_session(request, user, next_url):
    """Signs in whoever has proved a mailbox; allauth asks for the second factor where one locks the account."""
    record_authentication(request, user, "code", email=user.email)
    return perform_login(request, user, email=user.email, redirect_url=next_url or None)


def keep_this_session(request):
    """Signs the person out everywhere but here."""
    people.end_sessions(request.user)
    update_session_auth_hash(request, request.user)


def start_of(proof):
    return with_next(reverse(STARTS[proof.state["purpose"]]), proof.state["next"])


def start_again(proof, reason):
    address = start_of(proof)
    return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode({'again': reason})}")


def why_again(request):
    return AGAIN.get(request.GET.get("again", ""), "")


def with_next(address, next_url):
    return f"{address}?{urlencode({'next': next_url})}" if next_url else address
