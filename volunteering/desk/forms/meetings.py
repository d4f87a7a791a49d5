"""Forms about meetings of initiatives."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget

from neighbourhoods.models import Neighbourhood
from volunteering.domain.meetings import MOST_WEEKS
from volunteering.forms.fields import Day, Hour, PlainText

MOST_PLACES = 2000
LONGEST = 12 * 60
DAYS_30 = 30 * 24


class MeetingForm(forms.Form):
    """When and where. The cleaned values are the details of the verb."""

    day = Day(label=_("Day"))
    at = Hour(label=_("Hour"))
    minutes = forms.IntegerField(
        label=_("How long (minutes)"),
        min_value=15,
        max_value=LONGEST,
        initial=120,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    place = PlainText(label=_("Where exactly"), max_length=160)
    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Neighbourhood.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("none"),
    )
    places = forms.IntegerField(
        label=_("Places"),
        help_text=_("Leave empty where everybody can come in."),
        min_value=1,
        max_value=MOST_PLACES,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    sign_up_hours = forms.IntegerField(
        label=_("Signing up ends so many hours before"),
        help_text=_("Leave empty where one can sign up until it begins."),
        min_value=0,
        max_value=DAYS_30,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = Neighbourhood.objects.all()

    @staticmethod
    def initial_of(meeting):
        """The values of a meeting, in local wall time."""
        starts_at = timezone.localtime(meeting.starts_at)
        until = meeting.sign_up_until
        return {
            "day": starts_at.date(),
            "at": starts_at.time(),
            "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
            "place": meeting.place,
            "neighbourhood": meeting.neighbourhood.slug if meeting.neighbourhood else None,
            "places": meeting.places,
            "sign_up_hours": int((meeting.starts_at - until).total_seconds() // 3600) if until else None,
        }


class PlanForm(MeetingForm):
    weeks = forms.IntegerField(
        label=_("How many weeks in a row"),
        help_text=_("1 for a single meeting. Each is at the same hour of the same day of the week."),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class SignUpForm(forms.Form):
    """A person who rings, or who comes in."""

    name = PlainText(
        label=_("First name and surname"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = PhoneNumberField(
        label=_("Phone"),
        help_text=_("So that we can ring if the meeting is called off."),
        required=False,
        region="PL",
        widget=RegionalPhoneNumberWidget(region="PL", attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a phone number with nine digits, for example 512 345 678.")},
    )
