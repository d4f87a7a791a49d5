"""Staff prove themselves twice: by the code from their mailbox and by an app or a passkey.

A staff member without a second factor may use everything a resident may; the desk and the CMS send them here first.
"""

import time
from functools import wraps
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse

from accounts.domain import people

# Set by the demo's one-click sign-in, which stands for both the code and the second factor.
DEMO_KEY = "demo_second_factor"

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user):
    return is_mfa_enabled(user, FACTORS)


def locks_account(user):
    """Whether the account opens with the second factor only: staff's does, and that of whoever chose an app.

    A resident's passkey is another way in, beside the code, and never a lock: who made one on a grandson's phone must
    still get in with the code from the mailbox.
    """
    return is_mfa_enabled(user, FACTORS if people.is_staff(user) else [Authenticator.Type.TOTP])


def has_shown_second_factor(request):
    """Whether this session has shown TOTP, a recovery code or a passkey within the last working day."""
    if settings.DEMO and request.session.get(DEMO_KEY):
        return True
    return has_record(request, {"mfa"}, settings.SECOND_FACTOR_AGE)


def has_fresh_proof(request):
    """Whether the person has just proved who they are, by a code from the mailbox or by the second factor."""
    if settings.DEMO and request.session.get(DEMO_KEY):
        return True
    return has_record(request, {"mfa", "code"}, settings.FRESH_PROOF_AGE)


def has_record(request, methods, age):
    oldest = time.time() - age
    return any(
        record.get("method") in methods and record.get("at", 0) > oldest
        for record in get_authentication_records(request, request.user)
    )


def to_second_factor(request):
    """Sends staff to show their second factor, or first to set one up, and afterwards back to the page they wanted."""
    ready = has_second_factor(request.user)
    address = where_to_prove(request.user) if ready else reverse("accounts:second_factor")
    return redirect(f"{address}?{urlencode({'next': way_back(request)})}")


def way_back(request):
    """The page that was wanted; where a button was pressed on a page left open too long, that page."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = urlsplit(request.headers.get("referer", ""))
    if page.netloc != request.get_host():
        return "/"
    return urlunsplit(("", "", page.path, page.query, ""))


def where_to_prove(user):
    """The page where a person proves again who they are, in the way that is nearest to hand for them."""
    return get_adapter().get_reauthentication_methods(user)[0]["url"]


def second_factor_required(view):
    """For views of staff outside the prefixes that the middleware guards."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if has_shown_second_factor(request):
            return view(request, *args, **kwargs)
        return to_second_factor(request)

    return wrapper


def fresh_proof_required(view):
    """For acts that a stranger at an open session must not do: setting up the first second factor (it would open the
    desk to them), moving the account to another mailbox, taking out all data, deleting the account."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not request.user.is_authenticated or has_fresh_proof(request):
            return view(request, *args, **kwargs)
        return redirect(f"{where_to_prove(request.user)}?{urlencode({'next': request.get_full_path()})}")

    return wrapper
