"""Forms of the request page. The cleaned values of each are the details of its verb."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget

from volunteering.domain.reveals import StaffReason
from volunteering.forms.fields import PlainText
from volunteering.models import WORDS_LIMIT

# What the database keeps of a reason.
REASON_LIMIT = 300


class ActForm(forms.Form):
    """One of several forms of a page: ids of its fields begin with its own name."""

    def __init__(self, data=None, *, name="", **kwargs):
        self.name = name
        super().__init__(data, auto_id=f"id_{name}_%s", **kwargs)


class PlainAct(ActForm):
    """A button and nothing else."""


class RewriteForm(ActForm):
    text = PlainText(
        label=_("Words that others read"),
        help_text=_("No names, addresses or phones. The rest stays as the person said it."),
        max_length=WORDS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )


class CancelForm(ActForm):
    reason = PlainText(
        label=_("What did the person say?"),
        max_length=REASON_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CloseForm(ActForm):
    class Why(models.TextChoices):
        SOLVED = "solved", _("Somebody has helped already.")
        TWICE = "twice", _("We have this request twice; the other one goes on.")
        BEYOND = "beyond", _("Neighbours cannot help with this. The centre will ring about other ways.")
        UNREACHABLE = "unreachable", _("We could not reach the person by phone.")
        OTHER = "other", _("Another reason")

    why = forms.ChoiceField(label=_("Why?"), choices=Why, widget=forms.RadioSelect)
    more = PlainText(
        label=_("In your own words"),
        help_text=_("The resident reads this."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self):
        answers = super().clean()
        why, more = answers.get("why"), answers.get("more", "")
        if why == self.Why.OTHER and not more and "more" not in self.errors:
            self.add_error("more", _("Write the reason in a few words."))
        sentence = "" if why in {None, self.Why.OTHER} else str(self.Why(why).label)
        return {"reason": f"{sentence} {more}".strip()[:REASON_LIMIT]}


class ReferForm(ActForm):
    case_number = PlainText(
        label=_("Case number at the centre"),
        help_text=_("Only the number is kept here, nothing about the case."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RevealForm(ActForm):
    reason = forms.ChoiceField(
        label=_("Why do you look?"),
        choices=StaffReason,
        help_text=_("It is written down, and the resident can see it."),
    )


class HomeForm(ActForm):
    """What was taken down wrongly, put right: name, phone, address and the way in."""

    person_name = PlainText(label=_("First name and surname"), max_length=80)
    phone = PhoneNumberField(
        label=_("Phone"),
        required=False,
        region="PL",
        widget=RegionalPhoneNumberWidget(region="PL", attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a phone number with nine digits, for example 512 345 678.")},
    )
    address = PlainText(label=_("Street, house and flat number"), max_length=200, required=False)
    directions = PlainText(label=_("How to get in"), max_length=200, required=False)

    def clean_phone(self):
        return str(self.cleaned_data["phone"] or "")


class FindHelperForm(ActForm):
    osoba = PlainText(
        label=_("Find a helper by name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
