"""Who is the help for, and how many helpers does it take?"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from volunteering.forms.asking.step import Step

MOST_PEOPLE = 20


class Whom(Step):
    name = "whom"
    slug = "dla-kogo"
    title = gettext_lazy("Who is the help for?")

    whom = forms.ChoiceField(
        label=gettext_lazy("The help is"),
        choices=[("me", gettext_lazy("for me")), ("other", gettext_lazy("for somebody close to me"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("If it is for somebody else, we will first ring to ask whether they agree."),
        error_messages={
            "required": gettext_lazy("Choose one of the answers."),
            "invalid_choice": gettext_lazy("Choose one of the answers."),
        },
    )
    people = forms.IntegerField(
        label=gettext_lazy("How many helpers are needed?"),
        help_text=gettext_lazy("Usually one. Two or more to carry furniture, for example."),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Write how many helpers are needed; usually 1."),
            "invalid": gettext_lazy("Write a number, for example 1."),
            "min_value": gettext_lazy("At least one helper is needed."),
            "max_value": gettext_lazy("Do you need more than %(limit_value)d people? Please ring us."),
        },
    )

    def summary(self):
        people = self.cleaned_data["people"]
        helpers = ngettext("%(count)d helper", "%(count)d helpers", people) % {"count": people}
        return [(_("For whom"), f"{dict(self.fields['whom'].choices)[self.cleaned_data['whom']]}\n{helpers}")]
