"""Forms of the newsletter: signing up, one's choices, and an issue at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import MailboxForm
from accounts.models import Language
from cms.models import Topic
from cms.models.newsletter_issues import LEAD_LIMIT, TITLE_LIMIT
from neighbourhoods.models import Neighbourhood
from volunteering.forms.fields import PlainText


class ChoicesForm(forms.Form):
    """What somebody wants to read about, of where, and in which language."""

    topics = forms.MultipleChoiceField(
        label=_("What do you want to read about?"),
        choices=Topic.choices,
        initial=Topic.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that you want to read about.")},
    )
    neighbourhoods = forms.ModelMultipleChoiceField(
        label=_("Of which neighbourhoods?"),
        help_text=_("Choose none to read of all of them. What concerns everybody always comes."),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        help_text=_("The frame of the letter is in your language; what has no translation comes in Polish."),
        choices=Language.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhoods"].queryset = Neighbourhood.objects.order_by("name")
        if not self.fields["neighbourhoods"].queryset.exists():
            del self.fields["neighbourhoods"]

    @property
    def chosen(self):
        told = self.cleaned_data
        return {
            "topics": told["topics"],
            "neighbourhoods": told.get("neighbourhoods", ()),
            "language": told["language"],
        }


class SignUpForm(ChoicesForm, MailboxForm):
    agreed = forms.BooleanField(error_messages={"required": _("Without your consent we may not write to you.")})
    # Nobody sees it; programs fill in whatever they find.
    website = forms.CharField(required=False, max_length=200, widget=forms.TextInput({"tabindex": "-1"}))
    field_order = ["email", "topics", "neighbourhoods", "language", "agreed"]

    def __init__(self, *args, consent, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = consent
        self.fields["email"].help_text = _(
            "We send a letter there with a link. Nothing else comes before you press it."
        )

    @property
    def is_of_a_program(self):
        return bool(self.data.get("website"))


class IssueForm(forms.Form):
    """An issue: its words, and what goes in. `candidates`: what can be told."""

    title_pl = PlainText(
        label=_("Title"),
        help_text=_("The subject of the letter. Say what is in it, for example: December in the neighbourhood."),
        max_length=TITLE_LIMIT,
        error_messages={"required": _("Give the issue a title: it is the subject of the letter.")},
    )
    lead_pl = PlainText(
        label=_("A few words at the beginning"),
        help_text=_("As you would write to a neighbour. It may stay empty."),
        max_length=LEAD_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    title_en = PlainText(label=_("Title in English"), max_length=TITLE_LIMIT, required=False)
    lead_en = PlainText(
        label=_("The beginning in English"), max_length=LEAD_LIMIT, required=False, widget=forms.Textarea({"rows": 4})
    )
    title_uk = PlainText(label=_("Title in Ukrainian"), max_length=TITLE_LIMIT, required=False)
    lead_uk = PlainText(
        label=_("The beginning in Ukrainian"), max_length=LEAD_LIMIT, required=False, widget=forms.Textarea({"rows": 4})
    )
    items = forms.MultipleChoiceField(
        label=_("What goes in"),
        required=False,
        error_messages={
            "invalid_choice": _("Something you chose is no longer published. Look through the list again.")
        },
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    WORDS = ("title_pl", "lead_pl", "title_en", "lead_en", "title_uk", "lead_uk")

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self.fields["items"].choices = [(it.key, it.title) for it in candidates]

    def clean(self):
        told = super().clean()
        for language in ("en", "uk"):
            if told.get(f"lead_{language}") and not told.get(f"title_{language}"):
                self.add_error(f"title_{language}", _("The beginning in this language needs its title, too."))
        if not self.errors and not told["items"] and not told["lead_pl"]:
            self.add_error("items", _("Choose something, or write a few words: this issue says nothing yet."))
        return told

    @property
    def words(self):
        return {name: self.cleaned_data[name] for name in self.WORDS}

    @property
    def chosen(self):
        ticked = set(self.cleaned_data["items"])
        return [candidate for candidate in self.candidates if candidate.key in ticked]

    @property
    def sections(self):
        """Topic → candidates, each with whether it is ticked; empty topics too, for “nothing new”."""
        ticked = set(self["items"].value() or [])
        rows = [(it, it.key in ticked) for it in self.candidates]
        return [(topic.label, [row for row in rows if row[0].topic == topic]) for topic in Topic]

    @property
    def has_other_languages(self):
        """Whether the fields in other languages are to be seen at once."""
        return any(self[name].value() or self[name].errors for name in self.WORDS[2:])
