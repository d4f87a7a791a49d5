"""The rules of the municipality, as its organiser may set them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from neighbourhoods.domain.municipalities import RULES
from neighbourhoods.models import Moderation, Municipality


def number(label, least, most, hint=""):
    """A whole number between two bounds, both included."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=hint, widget=widget)


class RulesForm(forms.ModelForm):
    moderation = forms.ChoiceField(label=_("Who reads a request first?"), choices=Moderation, widget=forms.RadioSelect)
    consent_for_all = forms.BooleanField(
        label=_("Ask the resident to accept every helper"),
        help_text=_("For help at home she is always asked, whatever is set here."),
        required=False,
    )
    consent_hours = number(
        _("Hours that the resident has to accept a helper"), 1, 168, _("Afterwards the place is given to others.")
    )
    alert_count = number(_("How many people are told of a new request at once"), 1, 100)
    takes_per_week = number(_("How many requests one person may take within seven days"), 1, 50)
    address_hours_before = number(
        _("The helper sees the address so many hours before the visit"), 1, 168, _("48 hours are usual.")
    )
    address_hours_after = number(_("The address is erased so many hours after the visit"), 1, 168)
    words_days = number(_("The words of an ended request are erased after so many days"), 7, 365)

    class Meta:
        model = Municipality
        fields = RULES
