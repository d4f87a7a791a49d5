"""What people set for themselves, what is kept about them, and how they leave."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import preferences
from accounts.domain import people
from accounts.errors import Refused
from accounts.forms import ErasureForm, NewMailboxForm, SettingsForm
from accounts.mailbox import Purpose
from accounts.models import Consent
from accounts.second_factor import fresh_proof_required
from accounts.views.entrance import is_code_sent, why_again


@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """Name, phone, language, looks; the way to everything else about the account."""
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Your settings are saved."))
        response = redirect("accounts:settings")
        preferences.follow(response, request.user)
        return response
    if form.is_bound:  # the check has put what was typed into the person, and the frame of the page must not show it
        request.user.refresh_from_db(fields=list(form.fields))
    return render(request, "accounts/settings.html", {"form": form, "is_staff": people.is_staff(request.user)})


@never_cache
@fresh_proof_required
def change_email(request: HttpRequest) -> HttpResponse:
    """Asks for the new mailbox and sends a code there; the account moves when the code comes back."""
    form = NewMailboxForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid() and is_code_sent(request, form, form.cleaned_data["email"], purpose=Purpose.MOVE):
        return redirect("account_confirm_login_code")
    return render(request, "accounts/change_email.html", {"form": form, "again": why_again(request)})


@never_cache
@fresh_proof_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What “my data” is, with the button to take it."""
    return render(request, "accounts/data.html")


@never_cache
@fresh_proof_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about the person, as one JSON file."""
    parts = people.export(request.user)
    response = JsonResponse(parts, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="ogniwo-{timezone.localdate():%Y-%m-%d}.json"'
    return response


@never_cache
@fresh_proof_required
def erase(request: HttpRequest) -> HttpResponse:
    """Deletes the account, once what the person promised is in other hands."""
    reasons = people.obstacles(request.user)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not reasons:
        try:
            people.erase_person(request.user, actor=request.user)
        except Refused as refusal:  # something came up between the page and the click
            reasons = refusal.reasons
        else:
            logout(request)
            return redirect("accounts:erased")
    return render(request, "accounts/erase.html", {"form": form, "reasons": reasons})


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of use that everybody accepts: the site's own page, else those that this software brings (their version
    stands in `people.TEXT_VERSIONS`)."""
    address = people.text_address(Consent.Kind.TERMS, request.municipality)
    return redirect(address) if address else render(request, "accounts/terms.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Leads to the privacy notice of the site."""
    address = people.text_address(Consent.Kind.PRIVACY, request.municipality)
    if not address:
        raise Http404
    return redirect(address)


@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/erased.html")
