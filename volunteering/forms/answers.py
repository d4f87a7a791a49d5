"""What people say on the page of a request: when they will come, why they cannot, how long it took."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volunteering.domain import visits
from volunteering.errors import Refused
from volunteering.forms.fields import Day, Hour, PlainText

LONGEST_MINUTES = 12 * 60


class TakeForm(forms.Form):
    """A helper promises to come. Where the resident left the hour open, the helper names it."""

    # For which time the button was shown: staff may move a visit while somebody reads the page.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    day = Day(
        label=gettext_lazy("On which day will you come?"),
        error_messages={"required": gettext_lazy("Give the day on which you will come.")},
    )
    at = Hour(
        label=gettext_lazy("At what hour?"),
        error_messages={"required": gettext_lazy("Give the hour at which you will come.")},
    )
    note = PlainText(
        label=gettext_lazy("A few words to the resident"),
        help_text=gettext_lazy("For example: “I live round the corner, I come with my daughter.”"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, auto_id=f"visit-{visit.pk}-%s", **kwargs)
        self.shown = visit.starts_at.isoformat()
        self.fields["seen"].initial = self.shown
        if not visit.is_flexible:
            del self.fields["day"], self.fields["at"]
            return
        first = timezone.localdate(max(visit.starts_at, timezone.now()))
        last = timezone.localdate(visit.ends_at)
        self.fields["day"].initial = first
        self.fields["day"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_seen(self):
        """Nobody promises to come at another time than the one they read."""
        if self.cleaned_data["seen"] not in {"", self.shown}:
            self.data = dict(self.data.items()) | {"seen": self.shown}
            raise ValidationError(_("The centre has just moved this visit. Do you want to come at the new time?"))
        return self.shown

    def clean(self):
        """The hour that summer time leaves out is told at the field, not after the promise."""
        answers = super().clean()
        if answers.get("day") and answers.get("at"):
            try:
                answers["starts_at"] = visits.local(answers["day"], answers["at"])
            except Refused as refusal:
                self.add_error("at", ValidationError(list(refusal.reasons)))
        return answers

    def starts_at(self):
        """The moment that the helper chose, None where it is set."""
        return self.cleaned_data.get("starts_at")


class ReasonForm(forms.Form):
    """Why something ends. Nobody has to say."""

    reason = PlainText(
        label=gettext_lazy("Why?"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConfirmForm(forms.Form):
    """The helper says that the visit took place, and how long it was."""

    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes did it take?"),
        min_value=1,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Write how many minutes it took, for example 60."),
            "invalid": gettext_lazy("Write a number of minutes, for example 60."),
            "min_value": gettext_lazy("It took at least a minute."),
            "max_value": gettext_lazy("More than %(limit_value)d minutes? Please ring the centre."),
        },
    )

    def __init__(self, *args, commitment, **kwargs):
        length = int((commitment.ends_at - commitment.starts_at).total_seconds() // 60)
        super().__init__(*args, auto_id=f"commitment-{commitment.pk}-%s", initial={"minutes": length}, **kwargs)
