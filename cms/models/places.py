"""Pages of neighbourhoods."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.models.base import Body, Lead, SitePage
from cms.models.events import EventPage
from cms.models.news import NewsPage
from cms.models.people import drop_ins_in
from cms.models.search import SearchGroup
from neighbourhoods.models import Neighbourhood
from volunteering.models import Initiative, Meeting

NEWS_ON_PLACE = 3
MEETINGS_ON_PLACE = 6
EVENTS_ON_PLACE = 3
DAYS_ON_PLACE = 28
INITIATIVES_ON_PLACE = 12


class NeighbourhoodPage(Lead, Body, SitePage):
    """One district, estate or village: what happens there, who needs help (as a number), news of the place."""

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.SET_NULL, null=True, related_name="+", verbose_name=_("neighbourhood")
    )

    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    template = "cms/neighbourhood_page.html"
    content_panels = [*Page.content_panels, FieldPanel("neighbourhood"), *Lead.lead_panels, *Body.body_panels]
    search_group = SearchGroup.PLACES

    class Meta:
        verbose_name = _("page of a neighbourhood")
        verbose_name_plural = _("pages of neighbourhoods")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        place = self.neighbourhood
        if place is None:
            nothing = dict.fromkeys(("initiatives", "meetings", "events", "news", "hours"), ())
            return {**context, **nothing, "open_requests": 0}
        meetings = Meeting.objects.public().within(DAYS_ON_PLACE)
        initiatives = Initiative.objects.published().in_neighbourhood(place).with_next_meeting()
        home = self.get_parent()
        return {
            **context,
            # The soonest to meet first; the list has them all, with filters.
            "initiatives": initiatives.with_details().order_by("next_at", "pk")[:INITIATIVES_ON_PLACE],
            "meetings": meetings.in_neighbourhood(place).with_details()[:MEETINGS_ON_PLACE],
            "events": EventPage.objects.coming_below(home).in_neighbourhood(place)[:EVENTS_ON_PLACE],
            "news": NewsPage.objects.about(place).latest_below(home)[:NEWS_ON_PLACE],
            "hours": drop_ins_in(place, home),
            "open_requests": place.help_requests.listed().count(),
        }
