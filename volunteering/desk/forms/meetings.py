"""Forms about meetings of initiatives."""

import uuid
from operator import itemgetter

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.widgets import RegionalPhoneNumberWidget

from neighbourhoods.models import Neighbourhood
from volunteering.domain.series import MOST_MEETINGS, Repeat, days, left_out
from volunteering.forms.fields import Day, Hour, PlainText
from volunteering.models import WORDS_LIMIT, Category

MOST_PLACES = 2000
LONGEST = 12 * 60
DAYS_30 = 30 * 24
MOST_DAYS = 180


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
    sign_up_days = forms.IntegerField(
        label=_("Signing up begins so many days before"),
        help_text=_("Leave empty where one can sign up at once."),
        min_value=0,
        max_value=MOST_DAYS,
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
        since, until = meeting.sign_up_from, meeting.sign_up_until
        return {
            "day": starts_at.date(),
            "at": starts_at.time(),
            "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
            "place": meeting.place,
            "neighbourhood": meeting.neighbourhood.slug if meeting.neighbourhood else None,
            "places": meeting.places,
            "sign_up_days": (meeting.starts_at - since).days if since else None,
            "sign_up_hours": int((meeting.starts_at - until).total_seconds() // 3600) if until else None,
        }


class PlanForm(MeetingForm):
    repeat = forms.ChoiceField(label=_("How often"), choices=Repeat, initial=Repeat.ONCE, widget=forms.RadioSelect)
    times = forms.IntegerField(
        label=_("How many meetings"),
        help_text=_("Each is at the same hour of the local clock, in summer and in winter."),
        min_value=1,
        max_value=MOST_MEETINGS,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    on_holidays = forms.BooleanField(
        label=_("Meet on public holidays, too"),
        help_text=_("Otherwise a series leaves them out and lasts the longer."),
        required=False,
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("times") == 1 and cleaned.get("repeat", Repeat.ONCE) != Repeat.ONCE:
            self.add_error("times", _("A series has two meetings at least."))
        if cleaned.get("times", 1) > 1 and cleaned.get("repeat") == Repeat.ONCE:
            self.add_error("repeat", _("Say how often, or plan one meeting."))
        return cleaned

    def calendar(self):
        """The days of a valid form in their order: (day, the holiday for which it is left out or "")."""
        series = {name: self.cleaned_data[name] for name in ("repeat", "times")}
        on_holidays = self.cleaned_data["on_holidays"]
        kept = days(self.cleaned_data["day"], **series, on_holidays=on_holidays)
        missed = [] if on_holidays else left_out(self.cleaned_data["day"], **series)
        return sorted([*((day, "") for day in kept), *missed], key=itemgetter(0))


class ChangeForm(MeetingForm):
    following = forms.BooleanField(
        label=_("Change the following meetings of this series, too"),
        help_text=_("They move by as many days and to the same hour."),
        required=False,
    )

    def __init__(self, *args, is_series, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_series:
            del self.fields["following"]


class CallOffForm(forms.Form):
    reason = PlainText(
        label=_("Why is it called off?"),
        help_text=_("Everybody who signed up reads it, and so does whoever looks at the page."),
        max_length=300,
    )


class PromoteForm(forms.Form):
    participation = forms.IntegerField(label=_("Who goes first"), widget=forms.Select)
    reason = PlainText(label=_("Why this person first?"), help_text=_("Only staff read it."), max_length=300)

    def __init__(self, *args, queue, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["participation"].widget.choices = [(it.pk, it.person_name) for it in queue]


class HelpersForm(forms.Form):
    """Who is wanted to help at a meeting. The cleaned values are the details of the verb."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    category = forms.ModelChoiceField(
        label=_("With what"), queryset=Category.objects.none(), to_field_name="code", empty_label=None
    )
    people = forms.IntegerField(
        label=_("How many people"),
        min_value=1,
        max_value=20,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    early = forms.IntegerField(
        label=_("How many minutes before it begins"),
        min_value=0,
        max_value=240,
        initial=30,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    words = PlainText(
        label=_("What there is to do"),
        help_text=_("Helpers near by read this. No names and no phone numbers."),
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"), queryset=Neighbourhood.objects.none(), to_field_name="slug", empty_label=None
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.open().filter(at_home=False)
        if meeting.neighbourhood_id:
            del self.fields["neighbourhood"]
        else:
            self.fields["neighbourhood"].queryset = Neighbourhood.objects.all()
        self.initial.setdefault("key", uuid.uuid4())


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
