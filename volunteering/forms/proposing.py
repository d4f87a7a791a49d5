"""The form with which a resident proposes an initiative, and the words that go with it later."""

from django import forms
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Neighbourhood
from volunteering.domain.proposals import Idea
from volunteering.forms.fields import OwnMailbox, OwnName, PlainText
from volunteering.models import PROPOSAL_MESSAGE_LIMIT, PROPOSAL_WORDS_LIMIT, Leading


class IdeaForm(forms.Form):
    """What, where, when, who runs it; for whoever is not signed in also a name and where the code goes."""

    title = PlainText(
        label=_("What would you like to happen?"),
        help_text=_("A few words, for example: board games for neighbours of all ages."),
        max_length=120,
        error_messages={"required": _("Write in a few words what you would like to happen.")},
    )
    words = PlainText(
        label=_("Tell us more"),
        help_text=_("What would people do there? What is needed for it?"),
        max_length=PROPOSAL_WORDS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    place = PlainText(
        label=_("Where?"),
        help_text=_("A library, a school, a courtyard. If you do not know, leave it empty."),
        max_length=160,
        required=False,
    )
    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Neighbourhood.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("Anywhere"),
    )
    time = PlainText(
        label=_("When, roughly?"),
        help_text=_("For example: once a week in the evening, or one Saturday in May."),
        max_length=160,
        required=False,
    )
    leading = forms.ChoiceField(
        label=_("Who would run it?"),
        choices=Leading.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the answers. An idea is enough."),
            "invalid_choice": _("Choose one of the answers. An idea is enough."),
        },
    )
    name = OwnName()
    email = OwnMailbox(
        missing=_("Write your e-mail address, so that we can answer you."),
        help_text=_("We will send a code there, and news of your idea. Nobody else sees it."),
    )

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = Neighbourhood.objects.all()
        if user is not None:
            del self.fields["name"], self.fields["email"]

    def idea(self):
        answers = self.cleaned_data
        return Idea(**{name: answers[name] for name in Idea.__dataclass_fields__})

    def kept(self):
        """The answers as the session keeps them until the code is typed in: strings that the same form reads again."""
        return {name: self.data.get(name, "") for name in self.fields}


class MessageForm(forms.Form):
    text = PlainText(
        label=_("Your answer"),
        max_length=PROPOSAL_MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your answer.")},
    )
