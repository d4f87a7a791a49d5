"""Ordinary pages of words."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.search import index

from cms.models.base import Body, Lead, SitePage


class StandardPage(Lead, Body, SitePage):
    """An ordinary page of words: about us, contact, privacy, accessibility, anything else."""

    parent_page_types = ["cms.HomePage", "cms.PortalPage", "cms.StandardPage"]
    subpage_types = [
        "cms.StandardPage",
        "cms.DocumentsPage",
        "cms.FaqPage",
    ]
    template = "cms/standard_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels, *Body.body_panels]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def get_context(self, request, *args, **kwargs):
        subpages = StandardPage.objects.live().child_of(self).defer_streamfields()
        return {**super().get_context(request, *args, **kwargs), "subpages": subpages}
