"""Setting up, showing and removing second factors: allauth's views, with the way back to where the person was going."""

from allauth.account.mixins import NextRedirectMixin
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal.flows import add_authenticator
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.domain import people
from accounts.second_factor import has_second_factor
from accounts.views.entrance import with_next


@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Why staff need a second factor, and the choice between an app and a passkey."""
    next_url = get_next_redirect_url(request)
    if has_second_factor(request.user):
        return redirect(next_url or "mfa_index")
    return render(request, "accounts/second_factor.html", {"next_url": next_url})


def finish_set_up(request, authenticator, recovery_codes):
    """Whoever has just set up a factor has shown it: no second question, first the recovery codes, then on."""
    post_authentication(request, authenticator, reauthenticated=True)
    people.record_second_factor(request.user, "added", authenticator.type)
    name = "mfa_view_recovery_codes" if recovery_codes else "mfa_index"
    next_url = get_next_redirect_url(request)
    return redirect(with_next(reverse(name), next_url) if recovery_codes else next_url or reverse(name))


@method_decorator(never_cache, name="dispatch")
class ActivateApp(NextRedirectMixin, ActivateTOTPView):
    template_name = "accounts/second_factor_app.html"

    def dispatch(self, request, *args, **kwargs):
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):  # the button was pressed twice
            return redirect(get_next_redirect_url(request) or "mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {**context, "secret_parts": [secret[start : start + 4] for start in range(0, len(secret), 4)]}

    def form_valid(self, form):
        return finish_set_up(self.request, *activate_totp(self.request, form))


class DeactivateApp(DeactivateTOTPView):
    template_name = "accounts/second_factor_app_remove.html"

    def form_valid(self, form):
        response = super().form_valid(form)
        people.record_second_factor(self.request.user, "removed", Authenticator.Type.TOTP)
        return response


@method_decorator(never_cache, name="dispatch")
class AddPasskey(NextRedirectMixin, AddWebAuthnView):
    template_name = "accounts/passkey_add.html"

    def get_context_data(self, **kwargs):
        """Every key here is a passkey: it is found without a typed name and asks for a finger, a face or a PIN."""
        context = NextRedirectMixin.get_context_data(self, **kwargs)
        # Begun last: allauth's own context begins one that asks for less, and the newest challenge is what counts.
        return {**context, "options": auth.begin_registration(self.request.user, True)}

    def form_valid(self, form):
        authenticators = add_authenticator(
            self.request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        return finish_set_up(self.request, *authenticators)


class RemovePasskey(RemoveWebAuthnView):
    template_name = "accounts/passkey_remove.html"

    def form_valid(self, form):
        try:
            get_adapter().check_deletable(self.get_object())
        except ValidationError as error:
            messages.error(self.request, error.message)
            return redirect("mfa_index")
        response = super().form_valid(form)
        people.record_second_factor(self.request.user, "removed", Authenticator.Type.WEBAUTHN)
        return response


class EnterByPasskey(LoginWebAuthnView):
    def form_invalid(self, form):
        address = with_next(reverse("account_request_login_code"), get_next_redirect_url(self.request))
        return redirect(f"{address}{'&' if '?' in address else '?'}again=passkey")


class ShowPasskey(ReauthenticateWebAuthnView):
    template_name = "accounts/passkey_show.html"

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form))


@method_decorator(never_cache, name="dispatch")
class RecoveryCodes(ViewRecoveryCodesView):
    template_name = "accounts/recovery_codes.html"

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "next_url": get_next_redirect_url(self.request)}


class Overview(IndexView):
    template_name = "accounts/second_factors.html"
