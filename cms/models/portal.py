"""The front page of the bare host."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.figures import public_figures
from cms.models.base import Body, Lead, SitePage
from cms.models.news import NewsIndexPage, NewsPage
from neighbourhoods.models import Municipality

NEWS_ON_PORTAL = 3


class PortalPage(Lead, Body, SitePage):
    """The front page of the bare host: a region's list of centres, its public figures and its own words."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.StandardPage", "cms.NewsIndexPage"]
    template = "cms/portal_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels, *Body.body_panels]

    class Meta:
        verbose_name = _("portal page")
        verbose_name_plural = _("portal pages")

    def get_context(self, request, *args, **kwargs):
        return {
            **super().get_context(request, *args, **kwargs),
            "centres": Municipality.objects.with_site().opened(),
            "figures": public_figures(),
            "news": NewsPage.objects.latest_below(self)[:NEWS_ON_PORTAL],
            "news_index": NewsIndexPage.objects.live().child_of(self).first(),
        }
