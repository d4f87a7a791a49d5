"""Forms of signing in and of people's own settings."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.models import Contrast, TextSize, User

# Characters that show nothing, or turn the writing direction and so let a name pose as something else.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


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
        code = self.cleaned_data["code"]
        if not self.proof.is_right(code):
            raise forms.ValidationError(_("This is not the code from our newest e-mail. Check it and type it again."), "wrong")
        return code


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
