"""Staff prove themselves twice: by the code from their mailbox and by an app or a passkey."""

from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse

DEMO_KEY = "demo_second_factor"


def has_shown_second_factor(request):
    """Whether this session was opened, or since confirmed, with TOTP, a recovery code or a passkey."""
    if settings.DEMO and request.session.get(DEMO_KEY):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def second_factor_required(view):
    """Sends staff to show (or first to set up) their second factor, and back to the page they wanted."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if has_shown_second_factor(request):
            return view(request, *args, **kwargs)
        name = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
        return redirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")

    return wrapper
