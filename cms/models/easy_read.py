"""What the centre does, for everybody: as text, in easy words, and in Polish Sign Language.

Act of 19 July 2019 on accessibility, art. 6(3): machine-readable text, a recording in sign language, easy-to-read text.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import PARAGRAPH_FEATURES
from cms.filetypes import FILM_EXTENSIONS
from cms.models.accessibility import has_words
from cms.models.base import Lead, SitePage

# The page has main headings of its own above these texts.
PART_FEATURES = ["h3", *PARAGRAPH_FEATURES]


class EasyReadPage(Lead, SitePage):
    """The three ways of saying what the centre does."""

    easy_text = RichTextField(
        _("easy-to-read text"),
        features=PART_FEATURES,
        help_text=_(
            "One thought in a sentence, one sentence in a line. Everyday words, no abbreviations. Have it read by "
            "somebody with an intellectual disability before you publish it."
        ),
    )
    film = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("film in sign language, as a file"),
        help_text=_("MP4 or WebM. It is played from this site: nobody else learns who watches it."),
    )
    film_url = models.URLField(
        _("film in sign language, elsewhere"),
        blank=True,
        help_text=_("Its address, if the film is kept on another site. It is shown as an ordinary link."),
    )
    text = RichTextField(
        _("text for everybody and for screen readers"),
        features=PART_FEATURES,
        help_text=_("What the centre does, for whom, where and how to reach it, in whole sentences."),
    )

    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = []
    max_count_per_parent = 1
    template = "cms/easy_read_page.html"
    content_panels = [
        *Page.content_panels,
        *Lead.lead_panels,
        FieldPanel("easy_text"),
        MultiFieldPanel([FieldPanel("film"), FieldPanel("film_url")], heading=_("Polish Sign Language")),
        FieldPanel("text"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("easy_text"), index.SearchField("text")]

    class Meta:
        verbose_name = _("what we do, for everybody")
        verbose_name_plural = _("pages about what we do, for everybody")

    def check_complete(self):
        super().check_complete()
        problems = {
            name: _("The law wants this text. Write at least a few sentences.")
            for name in ("easy_text", "text")
            if not has_words(getattr(self, name))
        }
        if self.film and self.film.file_extension not in FILM_EXTENSIONS:
            problems["film"] = _("This is no film. Choose an MP4 or WebM file.")
        if self.film and self.film_url:
            problems["film_url"] = _("Give the film once: as a file, or by its address.")
        if problems:
            raise ValidationError(problems)
