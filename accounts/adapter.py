"""allauth's hooks: codes instead of passwords, mails in the reader's language, secrets encrypted at rest."""

import base64
import hashlib
import logging
from smtplib import SMTPException

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from accounts import preferences
from accounts.domain import people
from accounts.errors import MailNotSent
from accounts.second_factor import FACTORS, locks_account

log = logging.getLogger(__name__)

# What allauth's ways to show a second factor are called here.
WAYS = {
    "mfa_reauthenticate": _("Use a code from the app"),
    "mfa_reauthenticate:webauthn": _("Use the passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This code is not right. Check it and type it again."),
        "too_many_login_attempts": _("Too many attempts. Wait ten minutes and try again."),
        "rate_limited": _("Too many attempts. Wait ten minutes and try again."),
    }

    def send_mail(self, template_prefix, email, context):
        """Sends at once: a code must arrive while its reader waits. Raises MailNotSent where the server is away."""
        try:
            super().send_mail(template_prefix, email, {"municipality": self.request.municipality, **context})
        except (SMTPException, OSError) as error:
            # No trace: it would carry the address into the log.
            log.error("A code could not be mailed: %s", type(error).__name__)
            raise MailNotSent from error

    def render_mail(self, template_prefix, email, context, headers=None):
        headers = {"Auto-Submitted": "auto-generated", **(headers or {})}
        return super().render_mail(template_prefix, email, context, headers)

    def is_safe_url(self, url):
        """Only this very host: another gmina's pages are another site, where the person is not signed in."""
        return is_own_path(self.request or context.request, url)

    def get_login_stages(self):
        return ["accounts.stages.SecondFactorStage"]

    def get_reauthentication_methods(self, user):
        """A fresh code from the mailbox will do, except where the second factor locks the account."""
        if user.is_authenticated and not locks_account(user):
            return [
                {"id": "prove", "description": _("Send a code to my e-mail"), "url": reverse("accounts:prove")},
            ]
        methods = super().get_reauthentication_methods(user)
        if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            methods.reverse()  # the passkey first, the recovery codes last
        return [method | {"description": WAYS[method["id"]]} for method in methods]

    def post_login(self, request, user, **details):
        """Brings the person's own language, text size and contrast to a device that has made no choice."""
        response = super().post_login(request, user, **details)
        preferences.bring(request, response, user)
        return response


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That was not right. Use the code that the app shows now, or your passkey."),
        "cannot_delete_authenticator": _("Your role needs a second factor. Add another one before you remove this."),
    }

    def get_public_key_credential_rp_entity(self):
        """Passkeys belong to one host: that of the centre where they were made."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Ogniwo"}

    def generate_authenticator_name(self, user, type):  # noqa: A002 -- allauth names it so
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def can_delete_authenticator(self, authenticator):
        """Staff keep at least one: without it the next person at their mailbox could set up another."""
        factors = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return not people.is_staff(authenticator.user) or factors.exclude(pk=authenticator.pk).exists()

    def check_deletable(self, authenticator):
        """Raises ValidationError where the authenticator must stay."""
        if not self.can_delete_authenticator(authenticator):
            raise ValidationError(self.error_messages["cannot_delete_authenticator"])

    def build_totp_svg(self, url):
        """The QR code on white paper: without it, cameras cannot read it on a dark page."""
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

    def encrypt(self, text):
        """A copy of the database alone opens no account: secrets are sealed with a key made of SECRET_KEY."""
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """What `encrypt` sealed. What no key opens (SECRET_KEY was changed without SECRET_KEY_FALLBACKS) becomes a
        secret that nobody knows: no code fits it, and the person needs `reset_mfa`."""
        try:
            return vault().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.warning("A second factor was sealed with a key that is no longer known")
            return generate_totp_secret()


def vault():
    """Seals with a key made of SECRET_KEY; opens also what an earlier one in SECRET_KEY_FALLBACKS has sealed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"ogniwo second factor" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def is_own_path(request, url):
    """Whether an address leads to this host, so that nobody is sent elsewhere by a link with `next`."""
    return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
