"""The whole request on one page, for staff who type while they listen. Fields and their reading are those of the
resident's wizard (`forms.asking`); here they are asked at once, and what does not belong to the chosen kind of time is
not looked at."""

import uuid
from collections import defaultdict

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget

from accounts.domain import people
from volunteering.domain import help_requests, intake
from volunteering.domain.words import clean
from volunteering.forms import asking
from volunteering.forms.fields import PlainText
from volunteering.models import Timing
from volunteering.states import RequestState

# What the database keeps of a name.
NAME_LIMIT = 80
# The order in which people tell it on the phone; also the order of the summary of errors.
ORDER = (
    ("contact", "asker"),
    ("contact", "phone"),
    ("contact", "email"),
    ("options", "link"),
    ("whom", "whom"),
    ("contact", "person"),
    ("what", "category"),
    ("words", "words"),
    ("options", "keep"),
    ("where", "neighbourhood"),
    ("where", "street"),
    ("where", "house"),
    ("where", "flat"),
    ("where", "directions"),
    ("when", "timing"),
    ("times", "day"),
    ("times", "until"),
    ("times", "at"),
    ("times", "minutes"),
    ("whom", "people"),
    ("contact", "language"),
    ("options", "protected"),
    ("options", "publish"),
)


class What(asking.What):
    def prepare(self):
        super().prepare()
        field = self.fields["category"]
        field.label = _("What is needed?")
        grouped = [(heading, [(it.code, it.name) for it, _button in rows]) for heading, rows in self.groups()]
        # Staff type the first letters.
        field.widget = forms.Select(choices=[("", _("Choose from the list")), *grouped])


class When(asking.When):
    def prepare(self):
        self.fields["timing"].label = _("When?")
        self.fields["timing"].initial = Timing.FLEXIBLE


class Times(asking.Times):
    # Which fields a kind of time has nothing to do with.
    UNUSED = {Timing.FIXED: ["until"], Timing.FLEXIBLE: ["at"], Timing.RECURRING: []}

    def prepare(self):
        asked = self.earlier("when", "timing")
        self.timing = asked if asked in Timing.values else Timing.FLEXIBLE
        labels = {"day": _("Day, or first day"), "until": _("Last day"), "at": _("Hour")}
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["until"].help_text = _("Not for a single day.")
        self.fields["at"].help_text = _("Not where the helper chooses the hour.")
        self.fields["day"].initial = timezone.localdate()
        for name in self.UNUSED[self.timing]:
            self.fields[name].required = False

    def clean(self):
        for name in self.UNUSED[self.timing]:
            self.cleaned_data[name] = None
            self.errors.pop(name, None)
        return super().clean()


class Whom(asking.Whom):
    def prepare(self):
        field = self.fields["whom"]
        field.label, field.initial, field.help_text = _("For whom?"), "me", ""
        field.choices = [("me", _("for the caller")), ("other", _("for somebody else"))]
        self.fields["people"].help_text = ""


class Contact(asking.Contact):
    def prepare(self):
        super_person = self.fields["person"]
        super().prepare()
        self.fields["asker"].label = _("Who is ringing?")
        self.fields["asker"].error_messages["required"] = _("Write the name of the caller.")
        self.fields["asker"].widget.attrs["autocomplete"] = "off"
        phone, email = self.fields["phone"], self.fields["email"]
        phone.required, phone.help_text = True, ""
        phone.error_messages["required"] = _("Write the phone number: the helper needs it.")
        phone.widget.attrs["autocomplete"] = email.widget.attrs["autocomplete"] = "off"
        email.help_text = _("Only to find the account of the caller. It is not kept.")
        super_person.label, super_person.required = _("Who needs help?"), self.is_for_other
        super_person.help_text = _("Only where it is not the caller. We ring this person first.")
        self.fields["person"] = super_person
        self.fields["language"].label = _("Language")
        self.fields["language"].initial = "pl"

    def person_name(self):
        """Whom the helper meets, and who rang for them: staff must know whom they ring back."""
        answers = self.cleaned_data
        if not self.is_for_other:
            return answers["asker"]
        both = _("%(person)s (asked by %(asker)s)") % {"person": answers["person"], "asker": answers["asker"]}
        return both if len(both) <= NAME_LIMIT else answers["person"]


class Options(forms.Form):
    link = forms.BooleanField(
        label=gettext_lazy("The caller agrees that the request appears in their account"), required=False
    )
    keep = forms.BooleanField(
        label=gettext_lazy("Leave the words as they are; only staff and the helper will read them"), required=False
    )
    protected = forms.BooleanField(
        label=gettext_lazy("Protect this person: unlisted, nobody is told, I choose the helper"), required=False
    )
    publish = forms.BooleanField(label=gettext_lazy("Publish at once"), required=False, initial=True)
    intake_key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class Intake:
    """The forms of all questions as one: valid when all are, with one list of errors in the order of the page."""

    def __init__(self, data=None, *, municipality, staff):
        self.municipality, self.staff = municipality, staff
        kept = {"municipality": municipality, "answers": _answers(data) if data is not None else {}}
        self.what, self.words = What(data, **kept), asking.Words(data, **kept)
        self.where, self.when, self.times = asking.Where(data, **kept), When(data, **kept), Times(data, **kept)
        self.whom, self.contact = Whom(data, **kept), Contact(data, **kept)
        self.options = Options(data, initial={"intake_key": uuid.uuid4()})
        self.words.fields["words"].label = _("What is to be done?")

    @property
    def forms(self):
        return {name: getattr(self, name) for name in dict.fromkeys(step for step, _field in ORDER)}

    def is_valid(self):
        valid = all([form.is_valid() for form in self.forms.values()])  # noqa: C419 -- every form shows its errors
        return valid and self._words_are_clean() and self._account_is_known()

    @property
    def errors(self):
        return {name: errors for form in self.forms.values() for name, errors in form.errors.items()}

    def non_field_errors(self):
        return [error for form in self.forms.values() for error in form.non_field_errors()]

    def hidden_fields(self):
        return self.options.hidden_fields()

    def visible_fields(self):
        return [self.forms[step][field] for step, field in ORDER]

    @property
    def gives_away(self):
        """Whether there is an address, a phone or an e-mail in the words, and nobody has said yet that it may stay."""
        return bool(self.words.gives_away)

    def file(self):
        """Files the request, and publishes it where staff said so and nobody has to be rung first. The same page sent
        twice files one request. Raises Refused."""
        asked = asking.asked(self.forms)
        chosen = self.options.cleaned_data
        with transaction.atomic():
            help_request = intake.file(
                asked,
                municipality=self.municipality,
                key=chosen["intake_key"] or uuid.uuid4(),
                requester=self._account() if chosen["link"] else None,
                taken_down_by=self.staff,
                protected=chosen["protected"],
            )
            is_ready = help_request.state == RequestState.AWAITING_REVIEW and not help_request.needs_call
            if chosen["publish"] and is_ready:
                help_request = help_requests.publish(help_request, actor=self.staff)
        return help_request

    def _words_are_clean(self):
        if self.gives_away:
            self.words.add_error(
                "words", _("There is an address, a phone or an e-mail in the words. Others read them: put it below.")
            )
        return not self.gives_away

    def _account_is_known(self):
        if self.options.cleaned_data["link"] and self._account() is None:
            self.contact.add_error(
                "email", _("Nobody has an account with this address. Correct it, or take the tick away.")
            )
            return False
        return True

    def _account(self):
        email = self.contact.email_address()
        account = people.find(email) if email else None
        return account if account is not None and account.is_active else None


def _answers(data):
    """What was typed, by steps, as the wizard keeps it; without what no database takes."""
    answers = defaultdict(dict)
    for step, field in ORDER:
        answers[step][field] = clean(data.get(field, ""))
    return answers


class CallerForm(forms.Form):
    """Somebody rings about what is here already: found by their phone, or by the reference they read out."""

    reference = PlainText(
        label=gettext_lazy("Reference"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneNumberField(
        label=gettext_lazy("or phone of the caller"),
        required=False,
        region="PL",
        widget=RegionalPhoneNumberWidget(region="PL", attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write a phone number with nine digits, for example 512 345 678.")},
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, auto_id="id_caller_%s", **kwargs)

    def clean(self):
        answers = super().clean()
        if not self.errors and not answers.get("reference") and not answers.get("phone"):
            self.add_error("reference", _("Write a reference or a phone number."))
        return answers
