"""How can we reach you?"""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget

from volunteering.forms.asking.step import Step
from volunteering.forms.fields import PlainText


class Contact(Step):
    name = "contact"
    slug = "kontakt"
    title = gettext_lazy("How can we reach you?")

    person = PlainText(
        label=gettext_lazy("First name and surname of the person who needs help"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write the name of the person who needs help.")},
    )
    asker = PlainText(
        label=gettext_lazy("Your first name and surname"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    phone = PhoneNumberField(
        label=gettext_lazy("Phone"),
        required=False,
        region="PL",
        widget=RegionalPhoneNumberWidget(region="PL", attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"invalid": gettext_lazy("Write a phone number with nine digits, for example 512 345 678.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("Write the whole e-mail address, for example anna@example.com.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language would you like to talk?"),
        choices=[("pl", "polski"), ("en", "English"), ("uk", "українська")],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )

    def prepare(self):
        self.is_for_other = self.earlier("whom", "whom") == "other"
        self.fields["language"].initial = get_language() if get_language() in dict(settings.LANGUAGES) else "pl"
        self.fields["phone"].help_text = (
            _("Yours or theirs. The helper sees it shortly before the visit.")
            if self.is_for_other
            else _("The helper sees it shortly before the visit.")
        )
        self.fields["email"].help_text = _("We will send a code there, and news of your request. Nobody else sees it.")
        if not self.is_for_other:
            del self.fields["person"]
        if self.user is not None:
            del self.fields["email"]
            self.fields["asker"].initial = self.user.display_name
            self.fields["phone"].initial = self.user.phone

    def clean(self):
        answers = super().clean()
        is_reachable = self.user is not None or answers.get("phone") or answers.get("email")
        if not is_reachable and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Leave a phone number or an e-mail address, so that we can reach you."))
        return answers

    def email_address(self):
        """Where the code goes; "" for whoever is signed in or left only a phone."""
        return self.cleaned_data.get("email") or ""

    def person_name(self):
        """Whom the helper meets. Who asks for them without an account is named too: staff must know whom they ring."""
        answers = self.cleaned_data
        if not self.is_for_other:
            return answers["asker"]
        if self.user is not None or self.email_address():
            return answers["person"]
        both = _("%(person)s (asked by %(asker)s)") % {"person": answers["person"], "asker": answers["asker"]}
        return both if len(both) <= 80 else answers["person"]

    def summary(self):
        answers = self.cleaned_data
        lines = [
            answers["asker"],
            answers["phone"].as_national if answers["phone"] else "",
            self.user.email if self.user else answers["email"],
            dict(self.fields["language"].choices)[answers["language"]],
        ]
        rows = [(_("Who needs help"), answers["person"])] if self.is_for_other else []
        return [*rows, (_("How to reach you"), "\n".join(filter(None, lines)))]
