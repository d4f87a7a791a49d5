"""Standards of the protection of minors: in full, and short for children themselves.

Act of 13 May 2016, art. 22c: published on the site in both versions, reviewed at least every two years with written
conclusions.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms.blocks import PARAGRAPH_FEATURES
from cms.models.accessibility import has_words
from cms.models.base import Lead, SitePage
from cms.models.easy_read import PART_FEATURES
from cms.models.reviews import Reviewed

YEARS_BETWEEN_REVIEWS = 2
# Addresses below the page: one version alone, to be printed and put up on the wall.
SHEETS = {"dla-dzieci": "short", "pelne": "full"}


class ProtectionStandardsPage(Reviewed, Lead, SitePage):
    REMIND_BEFORE = timedelta(days=60)

    short = RichTextField(
        _("short version for children and young people"),
        features=PART_FEATURES,
        help_text=_("What nobody may do to you, what you may say no to, and whom you can tell. In simple words."),
    )
    full = RichTextField(_("full version"), features=PART_FEATURES)
    approved_on = models.DateField(_("in force since"), null=True)
    approved_by = models.CharField(
        _("approved by"), max_length=200, blank=True, help_text=_("For example: order no. 12/2026 of the director")
    )
    reviewed_on = models.DateField(
        _("last reviewed on"),
        null=True,
        blank=True,
        help_text=_("Leave empty until the first review. The law wants one at least every two years; we remind you."),
    )
    conclusions = RichTextField(
        _("conclusions of the last review"), features=PARAGRAPH_FEATURES, blank=True, help_text=_("In writing.")
    )
    responsible = models.CharField(
        _("whom to tell when a child may be harmed"),
        max_length=200,
        help_text=_("Name or post, with a phone number that a child can ring."),
    )

    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = []
    max_count_per_parent = 1
    template = "cms/protection_standards_page.html"
    content_panels = [
        *Page.content_panels,
        *Lead.lead_panels,
        FieldPanel("responsible"),
        FieldPanel("short"),
        FieldPanel("full"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("approved_on"), FieldPanel("reviewed_on")]),
                FieldPanel("approved_by"),
                FieldPanel("conclusions"),
            ],
            heading=_("Approval and review"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("short"), index.SearchField("full")]

    class Meta:
        verbose_name = _("standards of the protection of minors")
        verbose_name_plural = _("standards of the protection of minors")

    def next_review(self):
        seen = self.reviewed_on or self.approved_on
        return same_day(seen, years=YEARS_BETWEEN_REVIEWS) if seen else None

    def check_complete(self):
        super().check_complete()
        problems = {
            name: _("Both versions have to be there: write this one as well.")
            for name in ("short", "full")
            if not has_words(getattr(self, name))
        }
        if self.approved_on and self.reviewed_on and self.reviewed_on < self.approved_on:
            problems["reviewed_on"] = _("They cannot have been reviewed before they were in force.")
        if self.reviewed_on and self.reviewed_on > timezone.localdate():
            problems["reviewed_on"] = _("This day is still to come.")
        if self.reviewed_on and not has_words(self.conclusions):
            problems["conclusions"] = _("A review ends with written conclusions. Add them here.")
        if problems:
            raise ValidationError(problems)

    def route(self, request, path_components):
        if len(path_components) == 1 and self.live and path_components[0] in SHEETS:
            return RouteResult(self, kwargs={"sheet": SHEETS[path_components[0]]})
        return super().route(request, path_components)

    def get_context(self, request, *args, sheet="", **kwargs):
        return {
            **super().get_context(request, *args, **kwargs),
            "sheet": sheet,
            "sheet_addresses": {name: f"{self.get_url(request)}{slug}/" for slug, name in SHEETS.items()},
        }


def same_day(day, *, years):
    """The same day some years later; 28 February for the 29th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
