"""Forms of groups and time banks."""

import uuid
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteering.domain.calendar import ZONE
from volunteering.forms.conversations import SayForm
from volunteering.forms.fields import Day, PlainText
from volunteering.models import (
    AGREEMENT_LIMIT,
    MESSAGE_LIMIT,
    MOST_MINUTES,
    NOTE_LIMIT,
    OPTION_LIMIT,
    QUESTION_LIMIT,
    WORD_LIMIT,
    NoteKind,
    ShownTo,
    TimeAccount,
)

WORDS = {"autocomplete": "off"}
OWN_CHOICES = [ShownTo.NOBODY, ShownTo.GROUP]

__all__ = [
    "AgreementForm",
    "CodeForm",
    "EntranceForm",
    "ExchangeForm",
    "JoinForm",
    "LimitForm",
    "NoteForm",
    "OwnForm",
    "PollForm",
    "ReportPostForm",
    "SayForm",
]


class EntranceForm(forms.Form):
    """Coming in: whether the others read my first name."""

    shows_name = forms.BooleanField(
        label=_("The people of the group may read my first name"),
        help_text=_("Without it they read “Somebody from the group”. The facilitator always reads your first name."),
        required=False,
    )

    def shown_to(self):
        return ShownTo.GROUP if self.cleaned_data["shows_name"] else ShownTo.NOBODY


class JoinForm(EntranceForm):
    """Asking the facilitator."""

    word = PlainText(
        label=_("A word to the facilitator"),
        help_text=_("Why would you like to come? Do not write about illnesses or other people."),
        max_length=WORD_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **WORDS}),
    )


class CodeForm(forms.Form):
    kod = PlainText(
        label=_("Code from the invitation"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class OwnForm(forms.Form):
    """Who reads my first name; notices."""

    shown_to = forms.ChoiceField(label=_("Who reads my first name"), widget=forms.RadioSelect)
    is_muted = forms.BooleanField(label=_("No notices of new posts in this group"), required=False)

    def __init__(self, *args, membership, **kwargs):
        initial = {"shown_to": membership.shown_to, "is_muted": membership.is_muted}
        super().__init__(*args, initial=initial, **kwargs)
        may_be_public = membership.is_facilitator and not membership.is_closed
        choices = [*OWN_CHOICES, *([ShownTo.EVERYBODY] if may_be_public else [])]
        self.fields["shown_to"].choices = [(choice.value, choice.label) for choice in choices]


class AgreementForm(forms.Form):
    text = PlainText(
        label=_("What do you agree upon?"),
        help_text=_("For example: what is said here stays here. Everybody accepts it before they read on."),
        max_length=AGREEMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8, **WORDS}),
    )


class ReportPostForm(forms.Form):
    text = PlainText(
        label=_("What is wrong?"),
        max_length=MESSAGE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **WORDS}),
    )
    to_centre = forms.BooleanField(
        label=_("Tell the centre instead of the facilitator"),
        help_text=_("The centre reads the words of the post, and nobody’s name."),
        required=False,
    )


class PollForm(forms.Form):
    """A question, its answers one a line, until the end of a day."""

    question = PlainText(label=_("Question"), max_length=QUESTION_LIMIT, widget=forms.TextInput(attrs=WORDS))
    options = PlainText(
        label=_("Answers, each on a line of its own"),
        help_text=_("From two to eight."),
        max_length=10 * OPTION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5, **WORDS}),
    )
    until = Day(label=_("Until the end of"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = lambda: timezone.localdate() + timedelta(days=7)

    def clean_options(self):
        options = [" ".join(line.split()) for line in self.cleaned_data["options"].splitlines()]
        if any(len(option) > OPTION_LIMIT for option in options):
            raise forms.ValidationError(_("An answer is too long: at most 100 characters."))
        return [option for option in options if option]

    def clean_until(self):
        day = self.cleaned_data["until"]
        if not timezone.localdate() <= day <= timezone.localdate() + timedelta(days=365):
            raise forms.ValidationError(_("Choose a day within the coming year."))
        return day

    def ends_at(self):
        return datetime.combine(self.cleaned_data["until"] + timedelta(days=1), time(0), tzinfo=ZONE)


class ExchangeForm(forms.Form):
    """Some time that was given: with whom, how long, when."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    side = forms.ChoiceField(
        label=_("Which way round?"),
        choices=[("took", _("I received: book it")), ("gave", _("I gave: the other one confirms it"))],
        initial="took",
        widget=forms.RadioSelect,
    )
    other = forms.ModelChoiceField(label=_("With whom?"), queryset=None, empty_label=_("Choose"))
    hours = forms.IntegerField(label=_("Hours"), min_value=0, max_value=24, initial=1)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=59, initial=0)
    day = Day(label=_("On which day?"))
    what = PlainText(
        label=_("What was it?"), max_length=NOTE_LIMIT, required=False, widget=forms.TextInput(attrs=WORDS)
    )

    def __init__(self, *args, account, name_of, **kwargs):
        super().__init__(*args, **kwargs)
        others = TimeAccount.objects.of_bank(account.bank_id).open().exclude(pk=account.pk).by_number()
        self.fields["other"].queryset = others
        self.fields["other"].label_from_instance = name_of
        self.fields["key"].initial = uuid.uuid4
        self.fields["day"].initial = timezone.localdate

    def clean(self):
        cleaned = super().clean()
        if {"hours", "minutes"} <= cleaned.keys():
            cleaned["length"] = 60 * cleaned["hours"] + cleaned["minutes"]
            if not 0 < cleaned["length"] <= MOST_MINUTES:
                self.add_error("hours", _("Give from one minute to a whole day."))
        return cleaned


class NoteForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Offer or wish?"), choices=NoteKind, initial=NoteKind.OFFER, widget=forms.RadioSelect
    )
    words = PlainText(
        label=_("In a few words"),
        help_text=_("For example: I repair bicycles. No medicines, no money, no addresses."),
        max_length=NOTE_LIMIT,
        widget=forms.TextInput(attrs=WORDS),
    )


class LimitForm(forms.Form):
    hours = forms.IntegerField(
        label=_("How many hours below zero may one go?"),
        help_text=_("So many hours more than given may a member have received."),
        min_value=0,
        max_value=100,
    )
