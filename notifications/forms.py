"""Forms of the pages of notifications."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import habits, pushes
from notifications.models import Habits, Rhythm

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
# An empty choice would look as if nothing were chosen.
AT_ONCE = "now"
RHYTHMS = {
    AT_ONCE: _("As soon as there is news"),
    Rhythm.DAILY: _("Once a day, all together"),
    Rhythm.WEEKLY: _("Once a week, all together"),
}


class DeviceForm(forms.Form):
    """What a browser says of itself when its owner wants word there."""

    endpoint = forms.CharField(max_length=500)
    p256dh = forms.RegexField(r"^[A-Za-z0-9_-]{80,100}=*$", max_length=100)
    auth = forms.RegexField(r"^[A-Za-z0-9_-]{16,40}=*$", max_length=40)

    def clean_endpoint(self):
        if not pushes.is_push_service(self.cleaned_data["endpoint"]):
            raise forms.ValidationError(_("This is not the address of a push service that we know."))
        return self.cleaned_data["endpoint"]


class PreferencesForm(forms.Form):
    """Which kinds of notices go through which channel: one box for each."""

    def __init__(self, *args, notices, channels, wanted, **kwargs):
        super().__init__(*args, **kwargs)
        self.boxes = {}
        self.notices = notices
        for channel in channels:
            for number, notice in enumerate(notices):
                self.boxes[f"{channel.value}_{number}"] = (notice.kind, channel)
        for name, (kind, channel) in self.boxes.items():
            self.fields[name] = forms.BooleanField(label=channel.label, required=False, initial=wanted[kind, channel])

    def rows(self):
        """Each kind with its boxes, one for each channel."""
        rows = {notice.kind: (notice.label, []) for notice in self.notices}
        for name, (kind, _channel) in self.boxes.items():
            rows[kind][1].append(self[name])
        return rows.values()

    def wanted(self):
        """(Kind, channel) → whether its box is ticked."""
        return {box: self.cleaned_data[name] for name, box in self.boxes.items()}


class HabitsForm(forms.ModelForm):
    """When and how much."""

    class Meta:
        model = Habits
        fields = [
            "rhythm",
            "digest_hour",
            "digest_weekday",
            "quiet_from",
            "quiet_until",
            "quiet_mail",
            "daily_cap",
            "reminder_hours",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        weekdays = [(number, capfirst(name)) for number, name in WEEKDAYS.items()]
        self._choose_from("rhythm", RHYTHMS.items(), _("How often e-mail comes"), widget=forms.RadioSelect)
        self._choose_from("digest_hour", HOURS, _("Hour of the collected e-mail"), whole=True)
        self._choose_from("digest_weekday", weekdays, _("Day of the weekly e-mail"), whole=True)
        self._choose_from("quiet_from", HOURS, _("Quiet from"), whole=True)
        self._choose_from("quiet_until", HOURS, _("Quiet until"), whole=True)
        self._choose_from("daily_cap", caps(self.instance), _("Most messages a day"), whole=True)
        self._choose_from("reminder_hours", leads(self.instance), _("Reminder before a visit"), whole=True)
        self.initial["rhythm"] = self.instance.rhythm or AT_ONCE
        self.fields["rhythm"].required = True
        self.fields["rhythm"].help_text = _(
            "What cannot wait comes at once in any case: a visit that was called off, somebody who offers to help you."
        )
        self.fields["quiet_until"].help_text = _("Choose the same hour twice if you want no quiet hours.")
        self.fields["daily_cap"].help_text = _("What is over the limit comes together on the next morning.")

    def _choose_from(self, name, choices, label, *, whole=False, widget=forms.Select):
        self.fields[name] = forms.TypedChoiceField(
            choices=list(choices),
            label=label,
            coerce=int if whole else str,
            required=whole,
            widget=widget,
            empty_value="",
        )

    def clean_rhythm(self):
        chosen = self.cleaned_data["rhythm"]
        return Rhythm.AT_ONCE if chosen == AT_ONCE else chosen


def caps(current):
    """The limits on offer, with the one that the person has."""
    offered = [cap for cap in habits.CAPS if cap]
    if current.daily_cap and current.daily_cap not in offered:
        offered = sorted([*offered, current.daily_cap])
    named = [(cap, ngettext("%(number)d message", "%(number)d messages", cap) % {"number": cap}) for cap in offered]
    return [*named, (0, _("No limit"))]


def leads(current):
    """The times before a visit on offer, with the one that the person has."""
    offered = [hours for hours in habits.LEADS if hours]
    if current.reminder_hours and current.reminder_hours not in offered:
        offered = sorted([*offered, current.reminder_hours])
    named = [(it, ngettext("%(number)d hour before", "%(number)d hours before", it) % {"number": it}) for it in offered]
    return [*named, (0, _("No reminders"))]
