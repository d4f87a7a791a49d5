"""What every page of ours shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageViewRestriction

from cms.blocks import BodyBlock
from cms.editing import SitePageForm, refuse_reserved
from cms.languages import canonical, languages_of, newer_polish
from cms.models.search import SearchGroup
from cms.trees import DEPTH_OF_HOME, DEPTH_OF_ROOT


class SitePage(Page):
    """What all our pages share: breadcrumbs, links between translations, the addresses of the language switch."""

    base_form_class = SitePageForm
    # A public site: what may not be read by everybody does not belong here. (The form would name all groups, too.)
    private_page_options = []
    # Set by the form for as long as it saves a draft.
    is_draft_being_saved = False
    # How the search shows a page (`cms.domain.search_index`): among what, and how old; None where age says nothing.
    search_group = SearchGroup.PAGES
    search_date = None

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        refuse_reserved(self.slug)
        if not self.is_draft_being_saved:
            self.check_complete()

    def check_complete(self):
        """Raises ValidationError, field by field, for what is missing before residents may read the page. Drafts are
        kept without it."""

    def search_words(self):
        """What a page is found by beside its title and lead: all the words of its blocks and long texts. A type that
        keeps words elsewhere (in rows, in plain fields) adds them."""
        texts = [field for field in self._meta.get_fields() if isinstance(field, StreamField | RichTextField)]
        return " ".join(
            words for field in texts for words in field.get_searchable_content(field.value_from_object(self))
        )

    def get_view_restrictions(self):
        """Asked before a page is shown. There are none (see `private_page_options`) unless somebody wrote one into the
        database: one query for the page and all above it, where Wagtail takes two. A page that repeats another one is
        asked about at its own place."""
        lengths = range(self.steplen, len(self.path) + 1, self.steplen)
        return PageViewRestriction.objects.filter(page__path__in=[self.path[:length] for length in lengths])

    def get_context(self, request, *args, **kwargs):
        ancestors = list(self.get_ancestors().filter(depth__gt=DEPTH_OF_ROOT)) if self.depth > DEPTH_OF_HOME else []
        languages = languages_of(self, ancestors, request)
        return {
            **super().get_context(request, *args, **kwargs),
            "ancestors": ancestors,
            "page_languages": languages,
            "newer_polish": newer_polish(self, languages),
            "canonical": canonical(self, request),
            "translated_addresses": {language.code: language.url for language in languages},
        }


class Lead(models.Model):
    """One or two sentences under the title, shown in lists as well."""

    lead = models.TextField(_("in one or two sentences"), max_length=400, blank=True)

    # Said by the panel: help texts of models stand in migrations.
    lead_panels = [
        FieldPanel(
            "lead",
            help_text=_("Stands under the title and in lists. Say what matters most, as you would say it aloud."),
        )
    ]

    class Meta:
        abstract = True


class Body(models.Model):
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    body_panels = [
        FieldPanel(
            "body",
            help_text=_("Press the plus and choose: a paragraph, a photo, links. The eye shows what each looks like."),
        )
    ]

    class Meta:
        abstract = True
