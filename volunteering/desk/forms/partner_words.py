"""The words of an initiative, as staff of a partner write them: no editor of the CMS is needed."""

from django import forms
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Neighbourhood
from volunteering.desk.forms.partners import PhotoFields
from volunteering.domain.partner_words import Words
from volunteering.domain.words import gives_away
from volunteering.forms.fields import PlainText
from volunteering.models import Audience, InitiativeKind, Joining
from volunteering.plain_words import as_text

BODY_LIMIT = 6000


class WordsForm(PhotoFields):
    """`image`: the photo that the newest draft has. `seen`: the draft that the writer had before them."""

    title = PlainText(label=_("Title"), max_length=120)
    summary = PlainText(label=_("In one sentence"), help_text=_("Stands in lists and on the poster."), max_length=250)
    body = PlainText(
        label=_("Description"),
        help_text=_("An empty line begins a new paragraph; a line that begins with “- ” becomes an item of a list."),
        max_length=BODY_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
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
    neighbourhoods = forms.ModelMultipleChoiceField(
        label=_("Where"),
        help_text=_("Choose none if it is for the whole municipality."),
        queryset=Neighbourhood.objects.none(),
        to_field_name="slug",
        required=False,
        widget=CheckboxSelectMultiple,
    )
    joining = forms.ChoiceField(
        label=_("Who may join"),
        help_text=_("A closed group is opened together with the centre."),
        choices=[choice for choice in Joining.choices if choice[0] != Joining.CLOSED],
        initial=Joining.OPEN,
    )
    results = PlainText(
        label=_("What came of it"),
        help_text=_("To be told after the end: how many came, what was made."),
        max_length=BODY_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["title", "summary", "body", "kind", "audiences", "neighbourhoods", "joining", "photo"]

    def __init__(self, *args, is_new, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhoods"].queryset = Neighbourhood.objects.all()
        # Who may join is settled at the beginning; later the centre changes it. Results are told of what took place.
        del self.fields["results" if is_new else "joining"]

    def clean(self):
        answers = super().clean()
        for name in ("title", "summary"):
            if gives_away(answers.get(name) or "") & {"phone", "email"}:
                self.add_error(name, _("Leave phone numbers and e-mail addresses out of these words."))
        return answers

    def words(self, new_photo):
        answers = self.cleaned_data
        return Words(
            title=answers["title"],
            summary=answers["summary"],
            body=answers["body"],
            kind=answers["kind"],
            audiences=list(answers["audiences"]),
            neighbourhoods=list(answers["neighbourhoods"]),
            results=answers.get("results", ""),
            image=new_photo,
            image_description=answers["image_description"],
        )

    @staticmethod
    def initial_of(draft):
        return {
            "title": draft.title,
            "summary": draft.summary,
            "body": as_text(draft.body),
            "results": as_text(draft.results),
            "kind": draft.kind.code,
            "audiences": [audience.code for audience in draft.audiences.all()],
            "neighbourhoods": [place.slug for place in draft.neighbourhoods.all()],
            "image_description": draft.image_description,
            "seen": draft.latest_revision_id,
        }
