"""Where is help needed? An address only where somebody comes to the door."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neighbourhoods.models import Neighbourhood
from volunteering.forms.asking.step import Step
from volunteering.forms.fields import PlainText

NO_STREET = gettext_lazy("Write the street, or the village where there is none.")
NO_HOUSE = gettext_lazy("Write the number of the house.")


class Where(Step):
    name = "where"
    slug = "gdzie"
    title = gettext_lazy("Where is help needed?")

    neighbourhood = forms.ChoiceField(
        label=gettext_lazy("Neighbourhood"),
        help_text=gettext_lazy("Not on the list, or not sure? Choose the nearest one."),
        error_messages={
            "required": gettext_lazy("Choose the neighbourhood."),
            "invalid_choice": gettext_lazy("There is no such neighbourhood here. Choose one from the list."),
        },
    )
    street = PlainText(
        label=gettext_lazy("Street, or the village"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    house = PlainText(
        label=gettext_lazy("House number"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
    )
    flat = PlainText(
        label=gettext_lazy("Flat number"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
    )
    directions = PlainText(
        label=gettext_lazy("How to get in"),
        help_text=gettext_lazy("For example: second staircase, third floor, the bell does not work."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def prepare(self):
        self.neighbourhoods = {
            neighbourhood.slug: neighbourhood
            for neighbourhood in Neighbourhood.objects.filter(municipality=self.municipality)
        }
        self.fields["neighbourhood"].choices = [
            ("", _("Choose from the list")),
            *((slug, neighbourhood.name) for slug, neighbourhood in self.neighbourhoods.items()),
        ]
        category = self.category()
        self.is_at_home = bool(category and category.at_home)
        if self.is_at_home:
            for name, sentence in (("street", NO_STREET), ("house", NO_HOUSE)):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = sentence

    def clean(self):
        answers = super().clean()
        if answers.get("street") and not answers.get("house") and "house" not in self.errors:
            self.add_error("house", NO_HOUSE)
        if answers.get("house") and not answers.get("street") and "street" not in self.errors:
            self.add_error("street", NO_STREET)
        return answers

    def address(self):
        """Street and numbers as they stand on a letter: Ogrodowa 7/12. "" where none was given."""
        answers = self.cleaned_data
        number = f"{answers['house']}/{answers['flat']}" if answers["flat"] else answers["house"]
        return f"{answers['street']} {number}".strip()

    def summary(self):
        lines = [
            self.neighbourhoods[self.cleaned_data["neighbourhood"]].name,
            self.address() or _("no address: we meet somewhere else"),
            self.cleaned_data["directions"],
        ]
        return [(_("Where"), "\n".join(filter(None, lines)))]
