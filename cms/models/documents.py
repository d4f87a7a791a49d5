"""Documents to download, in groups."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import DocumentGroupsBlock
from cms.models.base import Lead, SitePage


class DocumentsPage(Lead, SitePage):
    """Forms, rules, programmes and reports, each with its kind, size and date."""

    groups = StreamField(
        DocumentGroupsBlock(),
        verbose_name=_("groups of documents"),
        blank=True,
        help_text=_("One group for each thing that people come for, the most wanted first."),
    )

    parent_page_types = ["cms.HomePage", "cms.PortalPage", "cms.StandardPage"]
    subpage_types = []
    template = "cms/documents_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels, FieldPanel("groups")]

    class Meta:
        verbose_name = _("documents to download")
        verbose_name_plural = _("pages of documents")
