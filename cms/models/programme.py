"""The social services programme: a local law whose content art. 5(3) of the CUS Act prescribes in twelve points."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.completeness import CompletePage, CompletePageForm
from cms.models.base import Lead, SitePage
from cms.programme_points import POINTS

FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


@dataclass(frozen=True)
class Part:
    """One point of the programme, as readers see it."""

    anchor: str
    heading: str
    words: str


class ProgrammeQuerySet(PageQuerySet):
    def defer_rich_text(self):
        """For lists, which show no word of the programme itself."""
        return self.defer(*(point.field for point in POINTS))


def statutory(field):
    point = next(point for point in POINTS if point.field == field)
    return RichTextField(point.heading, features=FEATURES, help_text=point.law)


class ProgrammePage(CompletePage, Lead, SitePage):
    adopted_on = models.DateField(
        _("adopted on"),
        null=True,
        blank=True,
        help_text=_("The day on which the council adopted it. Leave empty while it is a draft: the page says so."),
    )
    resolution = models.CharField(
        _("number of the resolution"), max_length=80, blank=True, help_text=_("For example: PR.0007.15.2026")
    )
    document = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the programme as a file"),
        help_text=_("The resolution with its annex, best as a PDF that a screen reader can read."),
    )
    bip_url = models.URLField(
        _("address in BIP"),
        blank=True,
        help_text=_("Art. 5(5) of the CUS Act: the programme is made available in the Public Information Bulletin."),
    )
    name_and_aim = statutory("name_and_aim")
    period = statutory("period")
    needs = statutory("needs")
    people = statutory("people")
    services = statutory("services")
    qualifying = statutory("qualifying")
    fees = statutory("fees")
    proof = statutory("proof")
    personal_data = statutory("personal_data")
    organisation = statutory("organisation")
    monitoring = statutory("monitoring")
    budget = statutory("budget")

    objects = PageManager.from_queryset(ProgrammeQuerySet)()

    NEEDED = {point.field: point.gap for point in POINTS}

    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    template = "cms/programme_page.html"
    base_form_class = CompletePageForm
    content_panels = [
        HelpPanel(
            _(
                "You can save a draft at any time. To publish, all twelve points of art. 5(3) of the CUS Act must be "
                "filled in. Under each field stands what the Act asks for."
            )
        ),
        *Page.content_panels,
        *Lead.lead_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("adopted_on"), FieldPanel("resolution")]),
                FieldPanel("document"),
                FieldPanel("bip_url"),
            ],
            heading=_("The resolution"),
        ),
        *(FieldPanel(point.field, heading=point.numbered) for point in POINTS),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("services")]

    class Meta:
        verbose_name = _("social services programme")
        verbose_name_plural = _("social services programmes")

    @property
    def parts(self):
        return [Part(point.anchor, point.heading, getattr(self, point.field)) for point in POINTS]
