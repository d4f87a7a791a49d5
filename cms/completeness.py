"""What a page must say before residents may read it. A draft is saved with gaps; publishing refuses them in words.

The form of the CMS says it beside the fields. But publishing has more doors (a workflow, several pages at once, the
schedule), and all of them pass `publish` of the page: the last check stands there, and `cms.views.gate` answers it.
"""

import logging
from html import unescape

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags

from cms.editing import SitePageForm

logger = logging.getLogger(__name__)
# How Wagtail's schedule publishes.
SCHEDULED = "wagtail.publish.scheduled"


class Incomplete(ValidationError):
    """A page that was to be published does not say all it must: `page`, and a sentence for each gap."""

    def __init__(self, page, sentences):
        super().__init__([str(sentence) for sentence in sentences])
        self.page = page


def is_blank(value):
    """Whether a field says nothing. The editor of rich text leaves empty paragraphs behind."""
    if isinstance(value, str):
        return not unescape(strip_tags(value)).strip()
    if isinstance(value, models.Manager):
        return not value.exists()
    return not value


class CompletePage(models.Model):
    """Mixin of page types, stated before SitePage."""

    # Field → what to add, as a sentence to the editor.
    NEEDED = {}

    class Meta:
        abstract = True

    def gaps(self):
        """Fields that say nothing although they must, each with the sentence that says what to add."""
        return {name: sentence for name, sentence in self.NEEDED.items() if is_blank(getattr(self, name))}

    def publish(self, revision, *args, log_action=True, **kwargs):
        page = revision.as_object()
        gaps = page.gaps()
        if gaps and log_action == SCHEDULED:
            # It was complete when it was given its hour, and lost something since (a term of the taxonomy was deleted).
            # Nobody is there to be told, and an error here would hold up everything else that is due, at all centres.
            logger.warning("page %s stays a draft at its hour, it lacks %s", page.pk, ", ".join(gaps))
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            return None
        if gaps:
            raise Incomplete(page, gaps.values())
        return super().publish(revision, *args, log_action=log_action, **kwargs)


class CompletePageForm(SitePageForm):
    """Says what is missing beside the field, as soon as somebody wants to publish."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, sentence in self.needed.items():
            self.fields[name].error_messages["required"] = sentence

    @property
    def needed(self):
        return {name: sentence for name, sentence in self.instance.NEEDED.items() if name in self.fields}

    def clean(self):
        cleaned = super().clean()
        if not self.is_deferred_validation:
            for name, sentence in self.needed.items():
                if name not in self.errors and is_blank(cleaned.get(name)):
                    self.add_error(name, sentence)
        return cleaned
