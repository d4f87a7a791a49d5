"""The front page of the bare host."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.figures import public_figures
from cms.models.base import Body, Lead, SitePage
from cms.models.calls import CallPage
from cms.models.events import EventIndexPage, EventPage
from cms.models.news import NewsIndexPage, NewsPage
from neighbourhoods.models import Municipality
from volunteering.views.neighbourhood_map import drawn

NEWS_ON_PORTAL = 3
EVENTS_ON_PORTAL = 3
CALLS_ON_PORTAL = 3


class PortalPage(Lead, Body, SitePage):
    """The front page of the bare host: a region's list of centres, its public figures and its own words."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.StandardPage",
        "cms.NewsIndexPage",
        "cms.EventIndexPage",
        "cms.CallIndexPage",
        "cms.AccessibilityStatementPage",
        "cms.EasyReadPage",
        "cms.ProtectionStandardsPage",
        "cms.PrivacyPage",
        "cms.TermsPage",
        "cms.ContactPage",
        "cms.DocumentsPage",
        "cms.FaqPage",
    ]
    template = "cms/portal_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels, *Body.body_panels]

    class Meta:
        verbose_name = _("portal page")
        verbose_name_plural = _("portal pages")

    def get_context(self, request, *args, **kwargs):
        centres = list(Municipality.objects.with_site().opened())
        return {
            **super().get_context(request, *args, **kwargs),
            "centres": centres,
            "map": map_of(centres),
            "figures": public_figures(),
            "events": EventPage.objects.coming_below(self)[:EVENTS_ON_PORTAL],
            "event_index": EventIndexPage.objects.live().child_of(self).first(),
            "calls": CallPage.objects.below(self).open()[:CALLS_ON_PORTAL],
            "news": NewsPage.objects.latest_below(self)[:NEWS_ON_PORTAL],
            "news_index": NewsIndexPage.objects.live().child_of(self).first(),
        }


def map_of(centres):
    """A drawing of where the centres are, of those that say so; it shows nothing that the list does not. One alone
    needs no map."""
    places = [{"neighbourhood": centre, "number": 0} for centre in centres]
    return drawn(places) if len(places) > 1 else None
