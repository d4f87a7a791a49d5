"""Forms about one promise of help. The cleaned values of each are the details of its verb."""

from datetime import UTC

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteering.desk.forms.requests import REASON_LIMIT, ActForm
from volunteering.domain.visits import local
from volunteering.errors import Refused
from volunteering.forms.fields import Day, Hour, PlainText

LONGEST = 24 * 60


class AssignForm(ActForm):
    """Puts a helper down for a visit. Where the visit is a span of days, the hour is agreed on the phone."""

    day = Day(label=_("Day"))
    at = Hour(label=_("Hour"))

    def __init__(self, data=None, *, visit, **kwargs):
        super().__init__(data, **kwargs)
        if visit.is_flexible:
            self.fields["day"].initial = max(timezone.localdate(), timezone.localdate(visit.starts_at))
        else:
            del self.fields["day"], self.fields["at"]

    def clean(self):
        answers = super().clean()
        if not answers.get("day") or not answers.get("at"):
            return {"starts_at": None}
        try:
            return {"starts_at": local(answers["day"], answers["at"]).astimezone(UTC)}
        except Refused as refusal:
            self.add_error("at", list(refusal.reasons))
        except OverflowError:
            self.add_error("day", _("Please choose a day within the coming year."))
        return {}


class ReleaseForm(ActForm):
    reason = PlainText(
        label=_("Why?"),
        max_length=REASON_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConfirmForm(ActForm):
    """What staff heard on the phone: from one side or from both."""

    RESIDENT, HELPER, BOTH = "resident", "helper", "both"

    side = forms.ChoiceField(
        label=_("Who says that the visit took place?"),
        choices=[(RESIDENT, _("the resident")), (HELPER, _("the helper")), (BOTH, _("both"))],
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label=_("How long did it take (minutes)?"),
        min_value=1,
        max_value=LONGEST,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
