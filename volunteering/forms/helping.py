"""What a helper is asked: what, where, when, and whether they agree to the rules. One question a page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from neighbourhoods.models import Neighbourhood
from volunteering.forms.fields import PlainText
from volunteering.models import Category, Skill
from volunteering.models.volunteers import ABOUT_LIMIT

DAY_NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
# Parts of the day and the hours that they stand for.
PARTS = (
    ("rano", _("Morning"), _("7–12"), range(7, 12)),
    ("popoludnie", _("Afternoon"), _("12–17"), range(12, 17)),
    ("wieczor", _("Evening"), _("17–21"), range(17, 21)),
)
DISTANCES = (
    (1000, _("1 km: a few streets")),
    (2000, _("2 km: my neighbourhood")),
    (3000, _("3 km")),
    (5000, _("5 km")),
    (10000, _("10 km: neighbouring villages too")),
)
SPOKEN = (("pl", _("Polish")), ("uk", _("Ukrainian")), ("en", _("English")), ("de", _("German")), ("ru", _("Russian")))


class WhatForm(forms.Form):
    categories = forms.ModelMultipleChoiceField(
        Category.objects.open(), label=_("What would you like to help with?"), widget=forms.CheckboxSelectMultiple
    )
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.all(),
        label=_("What can you do?"),
        help_text=_("Only what you would gladly use for others. You can leave this empty."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    @staticmethod
    def initial_of(profile):
        if not profile.pk:
            return {}
        return {"categories": profile.categories.all(), "skills": profile.skills.all()}

    def changes(self):
        return {"categories": self.cleaned_data["categories"], "skills": self.cleaned_data["skills"]}


class WhereForm(forms.Form):
    home_neighbourhood = forms.ModelChoiceField(
        None, label=_("In which neighbourhood do you live?"), empty_label=_("Choose")
    )
    street = PlainText(
        label=_("Street and number"),
        help_text=_("We only work out the part of the neighbourhood from it; the street itself is not kept."),
        max_length=160,
        required=False,
    )
    radius = forms.TypedChoiceField(
        label=_("How far would you go?"), choices=DISTANCES, coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home_neighbourhood"].queryset = Neighbourhood.objects.all()

    @staticmethod
    def initial_of(profile):
        nearest = min(DISTANCES, key=lambda choice: abs(choice[0] - profile.radius))[0]
        return {"home_neighbourhood": profile.home_neighbourhood_id, "radius": nearest}

    def changes(self):
        return self.cleaned_data


class WhenForm(forms.Form):
    tasks_per_week = forms.TypedChoiceField(
        label=_("How often at most?"),
        choices=[
            (1, _("Once a week")),
            (2, _("Twice a week")),
            (3, _("Three times a week")),
            (5, _("Five times a week")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for day in range(7):
            for code, _name, _hours, _range in PARTS:
                self.fields[f"{code}_{day}"] = forms.BooleanField(required=False)

    @property
    def week(self):
        """Rows for the grid: the name of a day and the bound fields of its parts."""
        return [
            (DAY_NAMES[day], [(name, self[f"{code}_{day}"]) for code, name, _hours, _range in PARTS])
            for day in range(7)
        ]

    @property
    def parts(self):
        return [(name, hours) for _code, name, hours, _range in PARTS]

    def clean(self):
        if not any(self.availability()):
            raise forms.ValidationError(_("Mark at least one time when you may be asked. You can always say no."))
        return self.cleaned_data

    def availability(self):
        return [
            sum(
                1 << hour
                for code, _name, _hours, span in PARTS
                if self.cleaned_data.get(f"{code}_{day}")
                for hour in span
            )
            for day in range(7)
        ]

    @staticmethod
    def initial_of(profile):
        allowed = (1, 2, 3, 5)
        initial = {"tasks_per_week": min(allowed, key=lambda number: abs(number - profile.tasks_per_week))}
        for day, bits in enumerate(profile.availability):
            for code, _name, _hours, span in PARTS:
                initial[f"{code}_{day}"] = all(bits >> hour & 1 for hour in span)
        return initial

    def changes(self):
        return {"availability": self.availability(), "tasks_per_week": self.cleaned_data["tasks_per_week"]}


class RulesForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you speak?"), choices=SPOKEN, widget=forms.CheckboxSelectMultiple
    )
    about = PlainText(
        label=_("A few words about yourself"),
        help_text=_("Only the centre reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=ABOUT_LIMIT,
        required=False,
    )
    is_adult = forms.BooleanField(
        label=_("I am at least 18 years old"),
        error_messages={"required": _("Younger people help together with an adult: please ring the centre.")},
    )
    rules = forms.BooleanField(
        label=_("I agree to the rules for helpers"),
        error_messages={"required": _("Nobody helps here without agreeing to the rules.")},
    )

    @staticmethod
    def initial_of(profile):
        return {
            "languages": profile.languages or [Language.POLISH],
            "about": profile.about,
            "is_adult": profile.is_adult,
            "rules": profile.is_adult,
        }

    def changes(self):
        return {name: self.cleaned_data[name] for name in ("languages", "about", "is_adult")}


class PauseForm(forms.Form):
    paused_until = forms.ChoiceField(
        label=_("For how long?"),
        choices=[("7", _("A week")), ("14", _("Two weeks")), ("30", _("A month")), ("0", _("I am back"))],
        widget=forms.RadioSelect,
    )
