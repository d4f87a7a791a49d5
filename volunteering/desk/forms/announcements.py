"""Forms of announcements. People and things are named as they stand in addresses: `neighbourhood:wirek`, `visit:17`."""

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neighbourhoods.models import Neighbourhood
from volunteering.desk.forms.requests import ActForm
from volunteering.forms.fields import PlainText
from volunteering.models import Addressees, Announcement, Initiative, Meeting, Visit
from volunteering.models.announcements import BODY_LIMIT, TITLE_LIMIT

KEY_LIMIT = 200
NOTE_LIMIT = 300


def find_addressees(key):
    """Kind of addressees and the thing they belong to, for a key as it stands in an address; None for what is not there
    (any more), or of another centre."""
    kind, _colon, name = key[:KEY_LIMIT].partition(":")
    if kind == Addressees.HELPERS:
        return kind, None
    if kind not in READERS or "\x00" in name:
        return None
    subject = READERS[kind](name)
    return (kind, subject) if subject else None


def _by_slug(queryset, name):
    return queryset.filter(slug=name).first()


def _by_key(queryset, name):
    return queryset.filter(pk=int(name)).first() if name.isascii() and name.isdecimal() and len(name) < 19 else None


READERS = {
    Addressees.NEIGHBOURHOOD: lambda name: _by_slug(Neighbourhood.objects.all(), name),
    Addressees.INITIATIVE: lambda name: _by_slug(Initiative.objects.all(), name),
    Addressees.MEETING: lambda name: _by_key(Meeting.objects.with_details(), name),
    Addressees.VISIT: lambda name: _by_key(Visit.objects.with_details(), name),
}


def key_of(audience, subject):
    """The key of addressees, as `find_addressees` reads it."""
    if subject is None:
        return str(audience)
    name = subject.slug if audience in {Addressees.NEIGHBOURHOOD, Addressees.INITIATIVE} else subject.pk
    return f"{audience}:{name}"


def in_words(audience, subject):
    """To whom, in a few words."""
    if audience == Addressees.HELPERS:
        return _("All active helpers")
    if audience == Addressees.NEIGHBOURHOOD:
        return _("Helpers who live here: %(place)s") % {"place": subject.name}
    if audience == Addressees.INITIATIVE:
        return _("People of the initiative: %(title)s") % {"title": subject.title}
    day = date_format(localtime(subject.starts_at), "j E Y, G:i")
    if audience == Addressees.MEETING:
        return _("Signed up for the meeting: %(title)s, %(day)s") % {"title": subject.initiative.title, "day": day}
    return _("Everybody on the visit: %(what)s, %(day)s") % {"what": subject.help_request.reference, "day": day}


class AnnouncementForm(forms.Form):
    """`to`: to whom. Neighbourhoods and initiatives stand in the list; a meeting or a visit only if one comes from its
    page."""

    to = forms.ChoiceField(
        label=gettext_lazy("To whom"),
        error_messages={
            "required": gettext_lazy("Choose to whom you write."),
            "invalid_choice": gettext_lazy("Choose to whom you write."),
        },
    )
    title = PlainText(
        label=gettext_lazy("Title"), help_text=gettext_lazy("Also the subject of the mail."), max_length=TITLE_LIMIT
    )
    body = PlainText(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Plain text. Leave an empty line between paragraphs. Everybody gets the same words, also by e-mail: no"
            " addresses or phones of residents."
        ),
        max_length=BODY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 9, "autocomplete": "off"}),
    )

    def __init__(self, data=None, *, addressees=None, initial=None):
        """`addressees`: a pair of kind and thing that the list may offer besides what it always does."""
        initial = dict(initial or {})
        if addressees:
            initial["to"] = key_of(*addressees)
        super().__init__(data, initial=initial)
        self.named = find_addressees(data.get("to", "")) if data is not None else addressees
        self.fields["to"].choices = list(self._choices())

    @classmethod
    def of(cls, announcement, data=None):
        """The form of a draft."""
        words = {"title": announcement.title, "body": announcement.body}
        return cls(data, addressees=(announcement.audience, announcement.subject), initial=words)

    def _choices(self):
        kind = self.named[0] if self.named else ""
        if kind in {Addressees.MEETING, Addressees.VISIT}:
            yield key_of(*self.named), in_words(*self.named)
        yield str(Addressees.HELPERS), in_words(Addressees.HELPERS, None)
        places = [(key_of(Addressees.NEIGHBOURHOOD, it), it.name) for it in Neighbourhood.objects.all()]
        if places:
            yield _("Helpers who live in a neighbourhood"), places
        initiatives = Initiative.objects.order_by("title", "pk")
        titles = [(key_of(Addressees.INITIATIVE, it), it.title) for it in initiatives]
        if titles:
            yield _("People of an initiative"), titles

    def clean(self):
        """The details of the verb."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        audience, subject = self.named
        return {"audience": audience, "subject": subject, "title": cleaned["title"], "body": cleaned["body"]}


def unsaved(municipality, author, audience, subject):
    """An announcement that stands for a choice of people, to count them."""
    announcement = Announcement(municipality=municipality, author=author, audience=audience)
    if subject is not None:
        setattr(announcement, audience, subject)
    return announcement


class VersionForm(forms.Form):
    """`version`: of the announcement that the person has read."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class HandBackForm(ActForm):
    note = PlainText(
        label=gettext_lazy("What should be changed?"),
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
