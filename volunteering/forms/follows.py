"""What people wish to be told of, and how often."""

from django import forms
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Neighbourhood
from volunteering.domain.follows import WORDS_LIMIT
from volunteering.forms.fields import PlainText
from volunteering.models import DIGEST_HOURS, Around, Category, Rhythm, Times


def categories():
    return Category.objects.open()


def neighbourhoods():
    return Neighbourhood.objects.all()


class RhythmForm(forms.Form):
    """How often. Without an answer: at once."""

    czesto = forms.ChoiceField(label=_("How often?"), choices=Rhythm.choices, required=False, initial=Rhythm.LIVE)

    def clean_czesto(self):
        return self.cleaned_data["czesto"] or Rhythm.LIVE


class WatchForm(RhythmForm):
    """Requests like which ones. The names are those of the filters of the list, so that its choice can be kept."""

    kategoria = forms.ModelChoiceField(
        label=_("Kind of help"), queryset=None, to_field_name="code", required=False, empty_label=_("All kinds")
    )
    gdzie = forms.ModelChoiceField(
        label=_("Neighbourhood"), queryset=None, to_field_name="slug", required=False, empty_label=_("Anywhere")
    )
    dookola = forms.TypedChoiceField(
        label=_("How far around?"), choices=Around.choices, coerce=int, required=False, empty_value=Around.ONLY_THERE
    )
    dni = forms.ChoiceField(label=_("On which days?"), choices=Times.choices, required=False)
    slowa = PlainText(
        label=_("Words"),
        help_text=_("Every word must stand in the request. Leave it empty for all."),
        max_length=WORDS_LIMIT,
        required=False,
    )

    field_order = ("kategoria", "gdzie", "dookola", "dni", "slowa", "czesto")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kategoria"].queryset = categories()
        self.fields["gdzie"].queryset = neighbourhoods()

    def wish(self):
        """Keyword arguments of `follows.watch`."""
        told = self.cleaned_data
        return {
            "category": told["kategoria"],
            "neighbourhood": told["gdzie"],
            "around": told["dookola"],
            "times": told["dni"] or Times.ANY,
            "words": told["slowa"],
            "rhythm": told["czesto"],
        }


class HourForm(forms.Form):
    godzina = forms.TypedChoiceField(
        label=_("At what hour shall the digest come?"),
        choices=[(hour, f"{hour}:00") for hour in DIGEST_HOURS],
        coerce=int,
    )
