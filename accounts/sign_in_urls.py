"""Addresses of signing in, under the names that allauth and Wagtail call them by.

They are listed one by one instead of including `allauth.urls`: what is not here does not exist, above all every page
about passwords.
"""

from allauth.account.views import account_inactive, logout
from allauth.mfa.base.views import authenticate, reauthenticate
from allauth.mfa.recovery_codes.views import download_recovery_codes, generate_recovery_codes
from django.urls import path
from django.views.generic import RedirectView

from accounts.second_factor import fresh_proof_required
from accounts.views import entrance, second_factor, settings

urlpatterns = [
    path("login/", entrance.to_sign_in, name="account_login"),
    path("login/code/", entrance.sign_in, name="account_request_login_code"),
    path("login/code/confirm/", entrance.confirm_code, name="account_confirm_login_code"),
    path("signup/", entrance.sign_up, name="account_signup"),
    path("logout/", logout, name="account_logout"),
    path("inactive/", account_inactive, name="account_inactive"),
    path("email/", settings.change_email, name="account_email"),
    # Second factors
    path("2fa/", second_factor.Overview.as_view(), name="mfa_index"),
    path("2fa/authenticate/", authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", fresh_proof_required(second_factor.ActivateApp.as_view()), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", second_factor.DeactivateApp.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", second_factor.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", fresh_proof_required(second_factor.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", second_factor.EnterByPasskey.as_view(), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", second_factor.ShowPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", second_factor.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
