"""Another time for a visit. The cleaned values are the details of the verb."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volunteering.domain.visits import Times
from volunteering.forms.fields import Day, Hour
from volunteering.forms.times import faults
from volunteering.models import Timing

LONGEST = 12 * 60


class MoveForm(forms.Form):
    """A set hour, or days out of which the helper picks one. `promises`: those that hold a place now."""

    AGREED, ANYBODY = "agreed", "anybody"

    day = Day(label=gettext_lazy("Day, or first day"))
    at = Hour(
        label=gettext_lazy("Hour"),
        help_text=gettext_lazy("Leave empty where the helper chooses the hour."),
        required=False,
    )
    until = Day(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Only where the helper chooses the hour."),
        required=False,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("How long (minutes)"),
        min_value=15,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    helpers = forms.ChoiceField(
        label=gettext_lazy("Who comes at the new time?"),
        choices=[
            (AGREED, gettext_lazy("Whoever promised to: I have asked, and the new time suits them.")),
            (
                ANYBODY,
                gettext_lazy("Anybody who can: the promise ends. Who gave it is told, and may take the visit again."),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the answers.")},
    )

    def __init__(self, data=None, *, visit, promises):
        super().__init__(data, initial=self.initial_of(visit))
        if not promises:
            del self.fields["helpers"]

    @staticmethod
    def initial_of(visit):
        """The values of a visit, in local wall time; of a span of days what is left of it."""
        starts_at, ends_at = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
        if visit.is_flexible:
            first = max(starts_at.date(), timezone.localdate())
            return {"day": first, "until": ends_at.date(), "minutes": visit.minutes}
        minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
        return {"day": starts_at.date(), "at": starts_at.time(), "minutes": minutes}

    def clean(self):
        answers = super().clean()
        at, until = answers.get("at"), answers.get("until")
        if at and until:
            self.add_error("until", _("Give either the hour or the last day."))
        if not at and not until and not {"at", "until"} & self.errors.keys():
            self.add_error("at", _("Give the hour, or the last day where the helper may choose the hour."))
        if self.errors:
            return answers
        times = Times(
            timing=Timing.FIXED if at else Timing.FLEXIBLE,
            day=answers["day"],
            at=at,
            until=until,
            minutes=answers["minutes"],
        )
        for field, sentences in faults(times):
            self.add_error(field, sentences)
        return {"times": times, "agreed": answers.get("helpers") == self.AGREED}
