"""When do you need help? First what kind of time, then the days and hours."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from volunteering.domain import visits
from volunteering.forms.asking.step import Step
from volunteering.forms.fields import Day, Hour
from volunteering.forms.times import faults
from volunteering.models import Timing

HOW_LONG = (
    (30, gettext_lazy("half an hour")),
    (60, gettext_lazy("an hour")),
    (90, gettext_lazy("an hour and a half")),
    (120, gettext_lazy("two hours")),
    (180, gettext_lazy("three hours")),
    (240, gettext_lazy("half a day (four hours)")),
    (480, gettext_lazy("the whole day (eight hours)")),
)


class When(Step):
    name = "when"
    slug = "kiedy"
    title = gettext_lazy("When do you need help?")

    timing = forms.ChoiceField(
        label=title,
        choices=[
            (Timing.FLEXIBLE, gettext_lazy("Any time within some days")),
            (Timing.FIXED, gettext_lazy("On one day, at a set hour")),
            (Timing.RECURRING, gettext_lazy("Every week, on the same day and hour")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the answers."),
            "invalid_choice": gettext_lazy("Choose one of the answers."),
        },
    )

    def hints(self):
        return {
            Timing.FLEXIBLE: _("The helper chooses the hour. This way we find somebody soonest."),
            Timing.FIXED: _("For example: to the doctor’s on Friday at nine."),
            Timing.RECURRING: _("At most twelve times; then you can ask again."),
        }

    def rows(self):
        """(radio button, hint) of each answer."""
        hints = self.hints()
        return [(button, hints[button.data["value"]]) for button in self["timing"]]

    def summary(self):
        return [(_("When"), dict(self.fields["timing"].choices)[self.cleaned_data["timing"]])]


class Times(Step):
    name = "times"
    slug = "termin"

    day = Day(error_messages={"required": gettext_lazy("Give the day.")})
    until = Day(error_messages={"required": gettext_lazy("Give the last day.")})
    at = Hour(label=gettext_lazy("At what hour"), error_messages={"required": gettext_lazy("Give the hour.")})
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How long will it take, more or less?"),
        choices=HOW_LONG,
        coerce=int,
        initial=60,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )

    def prepare(self):
        self.timing = self.earlier("when", "timing") or Timing.FLEXIBLE
        labels = {
            Timing.FIXED: (_("Which day"), ""),
            Timing.FLEXIBLE: (_("From which day"), _("Until which day")),
            Timing.RECURRING: (_("First time on"), _("Last time on")),
        }
        self.fields["day"].label, self.fields["until"].label = labels[self.timing]
        if self.timing == Timing.FIXED:
            del self.fields["until"]
        if self.timing == Timing.FLEXIBLE:
            del self.fields["at"]
        today = timezone.localdate()
        for name in {"day", "until"} & self.fields.keys():
            field = self.fields[name]
            field.help_text = _("For example %(day)s.") % {"day": date_format(today, "j.n.Y")}
            field.widget.attrs |= {"min": today.isoformat(), "max": (today + visits.FURTHEST_AHEAD).isoformat()}
        if self.timing == Timing.FLEXIBLE:
            self.fields["day"].initial = today

    @property
    def title(self):
        return {
            Timing.FIXED: _("On which day and at what hour?"),
            Timing.FLEXIBLE: _("Which days suit you?"),
            Timing.RECURRING: _("From when until when, and at what hour?"),
        }[self.timing]

    def clean(self):
        answers = super().clean()
        if not self.errors:
            for field, sentences in faults(self.times()):
                self.add_error(field, sentences)
        return answers

    def times(self):
        answers = self.cleaned_data
        return visits.Times(
            timing=self.timing,
            day=answers["day"],
            at=answers.get("at"),
            until=answers.get("until"),
            minutes=answers["minutes"],
        )

    def summary(self):
        times = self.times()
        spoken = {
            Timing.FIXED: _("%(weekday)s, %(first)s, %(hour)s"),
            Timing.FLEXIBLE: _("any time from %(first)s to %(last)s"),
            Timing.RECURRING: _("%(weekday)s, %(hour)s, every week from %(first)s to %(last)s"),
        }[self.timing] % {
            "weekday": weekday(times.day),
            "first": date_format(times.day, "j E Y"),
            "last": date_format(times.until, "j E Y") if times.until else "",
            "hour": date_format(times.at, "G:i") if times.at else "",
        }
        how_long = _("about: %(how_long)s") % {"how_long": dict(HOW_LONG)[times.minutes]}
        return [(_("Day and hour"), f"{spoken}\n{how_long}")]


def weekday(day):
    """Its name as it stands within a sentence: only English writes it with a capital letter."""
    name = date_format(day, "l")
    return name if get_language() == "en" else name.lower()
