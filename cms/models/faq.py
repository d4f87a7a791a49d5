"""Questions and answers."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import QuestionGroupsBlock
from cms.models.base import Lead, SitePage


class FaqPage(Lead, SitePage):
    """What people ask most, answered in a few sentences."""

    groups = StreamField(
        QuestionGroupsBlock(),
        verbose_name=_("groups of questions"),
        blank=True,
        help_text=_("Write the question as people ask it on the phone, and answer it in the first sentence."),
    )

    parent_page_types = ["cms.HomePage", "cms.PortalPage", "cms.StandardPage"]
    subpage_types = []
    template = "cms/faq_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels, FieldPanel("groups")]

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("pages of questions and answers")
