"""Forms of signing in and of people's own settings."""

import re
import struct
import unicodedata

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.cose import CoseKey
from fido2.webauthn import AuthenticationResponse, RegistrationResponse
from phonenumber_field.formfields import PhoneNumberField

from accounts.models import Contrast, TextSize, User

# Characters that show nothing, or turn the writing direction and so let a name pose as something else.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


NO_PASSKEY = _("The passkey did not work. Try again, or choose another way.")


class NameField(forms.CharField):
    """A person's name, without line breaks and unseen characters."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}), label=_("Your name"), **kwargs
        )

    def to_python(self, value):
        value = super().to_python(value)
        seen = "".join(" " if unicodedata.category(sign) in UNSEEN else sign for sign in value)
        return " ".join(seen.split())


class MailboxForm(forms.Form):
    """To which mailbox the code goes."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We will send you a code. There is no password to remember."),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("Type the whole e-mail address, such as anna@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class NewMailboxForm(MailboxForm):
    """To which mailbox the account moves."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].label = _("Your new e-mail address")
        self.fields["email"].help_text = _("We will send a code there, to be sure that you can read it.")

    def clean_email(self):
        email = super().clean_email()
        if email == self.user.email:
            raise forms.ValidationError(_("This is your address already."))
        return email


class CodeForm(forms.Form):
    """The code that came by mail."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=40,
        help_text=_("Eight digits. The dash does not matter."),
        error_messages={"required": _("Type the code from the e-mail.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args, proof, **kwargs):
        super().__init__(*args, **kwargs)
        self.proof = proof

    def clean_code(self):
        # Phones turn a dash into a long one and digits into wide ones; only the digits count.
        code = re.sub("[^0-9]", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if not self.proof.is_right(code):
            raise forms.ValidationError(
                _("This is not the code from our newest e-mail. Check it and type it again."), "wrong"
            )
        return code


def code_from_app(help_text):
    return forms.CharField(
        label=_("Code from the app"),
        max_length=40,
        help_text=help_text,
        error_messages={"required": _("Type the code from the app.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SecondFactorForm(AuthenticateForm):
    code = code_from_app(_("Six digits that the app shows now. A recovery code works as well."))


class SecondFactorAgainForm(ReauthenticateForm):
    code = code_from_app(_("Six digits that the app shows now. A recovery code works as well."))


class ActivateAppForm(ActivateTOTPForm):
    code = code_from_app(_("Type the six digits that the app shows now."))


# What the library raises when it is fed nonsense: by its own words TypeError or ValueError, in truth all of these.
NONSENSE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class CredentialField(forms.JSONField):
    """What a passkey answered, as the script on the page wrote it down; anything else is refused in words."""

    def __init__(self, response):
        super().__init__(widget=forms.HiddenInput)
        self.response = response
        self.error_messages |= {"required": NO_PASSKEY, "invalid": NO_PASSKEY}

    def to_python(self, value):
        try:
            value = super().to_python(value)
            if value is not None:
                self.check(self.response.from_dict(value))
        except NONSENSE as error:
            raise forms.ValidationError(NO_PASSKEY, "invalid") from error
        return value

    def check(self, answer):
        """A new passkey brings a key of a kind that we can check later on. Raises one of NONSENSE where it does not."""
        if self.response is RegistrationResponse:
            key = answer.response.attestation_object.auth_data.credential_data.public_key
            if key.get(3) not in CoseKey.supported_algorithms():
                raise ValueError(key)


class ShowPasskeyAtSignInForm(AuthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class EnterByPasskeyForm(LoginWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class ShowPasskeyForm(ReauthenticateWebAuthnForm):
    credential = CredentialField(AuthenticationResponse)


class PasskeyForm(AddWebAuthnForm):
    credential = CredentialField(RegistrationResponse)
    name = forms.CharField(
        label=_("Name of the passkey"), max_length=60, required=False, help_text=_("Such as “my phone”.")
    )


class IntroductionForm(forms.Form):
    """What we ask of somebody whose mailbox we have just met."""

    display_name = NameField(
        help_text=_("Others see only your first name."), error_messages={"required": _("Type your name.")}
    )
    agreed = forms.BooleanField(
        label=_("I accept the terms of use and have read the privacy notice"),
        error_messages={"required": _("Without this we cannot open an account for you.")},
    )


class SettingsForm(forms.ModelForm):
    display_name = NameField(
        help_text=_("Others see only your first name."), error_messages={"required": _("Type your name.")}
    )
    phone = PhoneNumberField(
        label=_("Phone"),
        required=False,
        help_text=_("Only the centre and the person who helps you may see it."),
        error_messages={"invalid": _("Type a phone number, such as 600 100 200.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    text_size = forms.ChoiceField(label=_("Text size"), choices=TextSize.choices, widget=forms.RadioSelect)
    contrast = forms.ChoiceField(label=_("Contrast"), choices=Contrast.choices, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["display_name", "phone", "language", "text_size", "contrast"]
        labels = {"language": _("Language of pages and e-mails")}
        widgets = {"language": forms.RadioSelect}


class ErasureForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Yes, delete my account for good"),
        error_messages={"required": _("Tick the box if you are sure.")},
    )
