"""Puts events into words: late, in the reader's language, the shared part once for all readers of a batch."""

import logging
from collections import defaultdict
from dataclasses import dataclass

from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django_scopes import scope

from notifications.models import Notification, find_model
from notifications.registry import NOTICES

log = logging.getLogger(__name__)

TITLE_LIMIT = 200


@dataclass(frozen=True)
class Words:
    """What one person reads of one event. `path` leads to its page on the site of the event's municipality."""

    title: str
    body: str
    path: str

    @property
    def paragraphs(self):
        return [" ".join(part.split()) for part in self.body.split("\n\n") if part.strip()]


class Wording:
    """The words of a batch of events for a group of readers.

    Subjects are loaded with one query for each kind of notice, and what no reader has to themselves is rendered once
    for each event and language. A notice that fails for one reader is logged, and that reader gets general words.
    """

    def __init__(self, events, readers):
        self.readers = {reader.pk: reader for reader in readers}
        self.shared = {}
        self.contexts = {}
        self.personal = {}
        self._prepare(events)

    def words(self, event, reader, language):
        """Words of one event for one of the readers, in this language."""
        if event.pk in self.personal and not self.is_personal(event, reader) and (event.pk, language) in self.shared:
            return self.shared[event.pk, language]
        notice = NOTICES.get(event.kind)
        with translation.override(language):
            if notice is None or event.subject is None:
                return gone()
            try:
                with scope(municipality=event.municipality_id):
                    return self._words(notice, event, reader, language)
            except Exception:
                log.exception("Event %s (%s) could not be put into words", event.pk, event.kind)
                return general()

    def is_personal(self, event, reader):
        """Whether this reader's words differ from what all others read. Asked after `words()`."""
        return reader.pk in self.personal.get(event.pk, {})

    def personal_readers(self, event):
        """Ids of the readers whose words differ from what all others read; of all of them where that cannot be said."""
        notice = NOTICES.get(event.kind)
        if notice is None or event.subject is None:
            return set()
        try:
            with scope(municipality=event.municipality_id):
                self._set_out(notice, event)
            return set(self.personal[event.pk])
        except Exception:
            log.exception("Event %s (%s) could not be put into words", event.pk, event.kind)
            return set(self.readers)

    def _prepare(self, events):
        kinds = defaultdict(list)
        for event in {event.pk: event for event in events}.values():
            if notice := NOTICES.get(event.kind):
                kinds[notice].append(event)
        for notice, same_kind in kinds.items():
            load_subjects(same_kind, notice.related)
            municipalities = defaultdict(list)
            for event in same_kind:
                if event.subject is not None:
                    municipalities[event.municipality_id].append(event)
            for municipality_id, together in municipalities.items():
                self._prepare_together(notice, municipality_id, together)

    def _prepare_together(self, notice, municipality_id, events):
        try:
            with scope(municipality=municipality_id):
                notice.prepare(events, list(self.readers))
        except Exception:
            log.exception("Events of kind %s could not be prepared", notice.kind)

    def _set_out(self, notice, event):
        """Everything that goes into the words of this event, for all readers at once."""
        if event.pk not in self.personal:
            self.contexts[event.pk] = {"event": event, "subject": event.subject, **notice.context(event)}
            self.personal[event.pk] = notice.personal(event, list(self.readers))

    def _words(self, notice, event, reader, language):
        self._set_out(notice, event)
        own = self.personal[event.pk].get(reader.pk)
        if own is not None:
            return render(notice, event, {**self.contexts[event.pk], "reader": reader, **own})
        if (event.pk, language) not in self.shared:
            self.shared[event.pk, language] = render(notice, event, self.contexts[event.pk])
        return self.shared[event.pk, language]


def words(told, reader, language=None):
    """Words of one notification or event for one reader, in their language or in the one given."""
    event = told.event if isinstance(told, Notification) else told
    return Wording([event], [reader]).words(event, reader, language or reader.language)


def load_subjects(events, related=()):
    """Sets `subject` of events of one kind with one query for each type of subject, outside any scope."""
    types = defaultdict(list)
    for event in events:
        if "subject" not in event.__dict__:
            types[event.subject_type].append(event)
    for label, same_type in types.items():
        model = find_model(label)
        rows = {}
        if model is not None:
            subjects = model._base_manager.all()
            if related:
                subjects = subjects.select_related(*related)
            rows = subjects.in_bulk({event.subject_id for event in same_type})
        for event in same_type:
            event.subject = rows.get(event.subject_id)


def render(notice, event, values):
    """One notice as words in the active language. Plain text: a name with an apostrophe stays as it was written."""
    text = get_template(notice.template).template.render(Context(values, autoescape=False))
    title, _line_end, body = text.strip().partition("\n")
    return Words(Truncator(" ".join(title.split())).chars(TITLE_LIMIT), body.strip(), own_path(notice.url(event)))


def own_path(path):
    """A path of our own site: what begins otherwise could lead anywhere, so it leads to the notices."""
    path = str(path)
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else reverse("notifications:inbox")


def general():
    """Words for a notice that could not be rendered: better than silence."""
    return Words(_("There is news for you"), "", reverse("notifications:inbox"))


def gone():
    """Words for an event whose subject was deleted since."""
    return Words(_("This has been deleted since"), "", reverse("notifications:inbox"))
