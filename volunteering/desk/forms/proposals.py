"""Forms of the page of a resident's idea."""

from django import forms
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Neighbourhood
from volunteering.desk.forms.requests import ActForm
from volunteering.domain.proposals import Words
from volunteering.domain.words import gives_away
from volunteering.forms.fields import PlainText
from volunteering.models import PROPOSAL_MESSAGE_LIMIT, PROPOSAL_WORDS_LIMIT, Audience, InitiativeKind, Joining


def message(label, help_text, **options):
    return PlainText(
        label=label,
        help_text=help_text,
        max_length=PROPOSAL_MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        **options,
    )


class AskForm(ActForm):
    text = message(
        _("What would you like to know?"),
        _("The resident reads this and answers here."),
        error_messages={"required": _("Write your question.")},
    )


class CloseIdeaForm(ActForm):
    text = message(
        _("Why not this time?"),
        _("The resident reads this. Thank them, say the reason plainly, and what would have to change."),
        error_messages={"required": _("Write why: nobody should be left without an answer.")},
    )


class TakeUpForm(ActForm):
    """The words of the initiative. They go to the CMS, so nothing that leads to the person may stand in them."""

    title = PlainText(label=_("Title"), max_length=120)
    summary = PlainText(label=_("In one sentence"), help_text=_("Stands in lists and on the poster."), max_length=250)
    body = PlainText(
        label=_("Description"),
        max_length=PROPOSAL_WORDS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    kind = forms.ModelChoiceField(
        label=_("Kind"), queryset=InitiativeKind.objects.all(), to_field_name="code", empty_label=_("Choose …")
    )
    audiences = forms.ModelMultipleChoiceField(
        label=_("For whom"),
        queryset=Audience.objects.all(),
        to_field_name="code",
        required=False,
        widget=CheckboxSelectMultiple,
    )
    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Neighbourhood.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("the whole municipality"),
    )
    host = PlainText(
        label=_("Informal group"),
        help_text=_("Who runs it, as everybody will read it. Leave it empty where the centre runs it."),
        max_length=120,
        required=False,
    )
    joining = forms.ChoiceField(label=_("Who may join"), choices=Joining.choices, initial=Joining.OPEN)
    text = message(
        _("A few words to whoever had the idea"),
        _("They are told in any case that their idea is taken up."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = Neighbourhood.objects.all()

    def clean(self):
        answers = super().clean()
        for name in ("title", "summary", "body", "host"):
            # The address of a library may stand there; what leads to a person may not.
            if gives_away(answers.get(name) or "") & {"phone", "email"}:
                self.add_error(
                    name, _("There is a phone number or an e-mail address in these words. Editors would read it.")
                )
        return answers

    def words(self):
        answers = self.cleaned_data
        return Words(
            title=answers["title"],
            summary=answers["summary"],
            body=answers["body"],
            kind=answers["kind"],
            audiences=list(answers["audiences"]),
            neighbourhoods=[answers["neighbourhood"]] if answers["neighbourhood"] else [],
            host=answers["host"],
            joining=answers["joining"],
        )

    @staticmethod
    def initial_of(proposal):
        return {
            "title": proposal.title,
            "body": proposal.words,
            "neighbourhood": proposal.neighbourhood.slug if proposal.neighbourhood else None,
        }
