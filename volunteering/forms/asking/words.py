"""What is to be done? Contact details in the words are noticed here."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volunteering.domain import words as wording
from volunteering.forms.asking.step import Step
from volunteering.forms.fields import PlainText
from volunteering.models import WORDS_LIMIT


class Words(Step):
    name = "words"
    slug = "opis"
    title = gettext_lazy("What is to be done?")
    hint = gettext_lazy("A sentence or two is enough.")

    words = PlainText(
        label=title,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Write in a few words what is to be done."),
            "max_length": gettext_lazy(
                "That is too long. Shorten it to %(limit_value)d characters; now it has %(show_value)d."
            ),
        },
    )

    # What stands in the words that only the helper may learn; a set of "email", "phone", "address".
    gives_away = frozenset()

    def clean_words(self):
        """Contact details are asked about once: cut them, leave them (staff read such words first) or change them."""
        text = self.cleaned_data["words"]
        if "cut" in self.data:
            text = wording.cut(text)
        elif "keep" not in self.data:
            self.gives_away = wording.gives_away(text)
        return text

    def summary(self):
        return [(_("What is to be done"), self.cleaned_data["words"])]
