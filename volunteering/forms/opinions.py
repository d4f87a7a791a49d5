"""The form for opinions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteering.folding import clean
from volunteering.models.opinions import LONGEST_OPINION


class OpinionForm(forms.Form):
    words = forms.CharField(
        label=_("Your opinion"),
        help_text=_("Write as you would say it. Leave out illnesses, addresses and names of other people."),
        max_length=LONGEST_OPINION,
        widget=forms.Textarea({"rows": 7}),
        error_messages={"required": _("Write what you think: a sentence is enough.")},
    )
    email = forms.EmailField(
        label=_("E-mail, if you want an answer"),
        help_text=_("We use it for the answer alone and erase it a month later."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    # Nobody sees it; programs fill in whatever they find.
    website = forms.CharField(required=False, max_length=200, widget=forms.TextInput({"tabindex": "-1"}))

    def clean_words(self):
        words = clean(self.cleaned_data["words"]).strip()
        if not words:
            raise forms.ValidationError(self.fields["words"].error_messages["required"])
        return words

    @property
    def is_of_a_program(self):
        return bool(self.data.get("website"))
