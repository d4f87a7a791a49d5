"""Forms of the plan of the week: buttons that carry what the person has seen."""

from django import forms

from volunteering.models import PlannedPair


class SendForm(forms.Form):
    """`version`: of the plan that the person looked at."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class ChooseForm(forms.Form):
    """`instead`: the pair whose place the helper takes; nobody's where it is empty or gone."""

    instead = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, planned, **kwargs):
        self.planned = planned
        super().__init__(data, **kwargs)

    def clean_instead(self):
        return PlannedPair.objects.of_visit(self.planned).coming().called(self.cleaned_data.get("instead"))
