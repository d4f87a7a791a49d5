"""The front page of a centre."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.models.base import Lead, SitePage
from cms.models.events import EventIndexPage, EventPage
from cms.models.news import NewsIndexPage, NewsPage
from cms.models.places import NeighbourhoodPage
from volunteering.models import Meeting

NEWS_ON_HOME = 3
EVENTS_ON_HOME = 3
MEETINGS_ON_HOME = 6
DAYS_ON_HOME = 7


class HomePage(Lead, SitePage):
    """A centre's front page: the two doors, what happens this week, news, the phone."""

    heading = models.CharField(
        _("greeting"),
        max_length=120,
        blank=True,
        help_text=_("Stands above the two doors: I need help, I want to help."),
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.StandardPage",
        "cms.NewsIndexPage",
        "cms.NeighbourhoodPage",
        "cms.EventIndexPage",
        "cms.CallIndexPage",
    ]
    template = "cms/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("heading"), *Lead.lead_panels]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def indexes(self):
        """The lists that the sections of this page lead to, in one query."""
        kinds = {"news_index": NewsIndexPage, "event_index": EventIndexPage}
        found = {page.content_type_id: page for page in self.get_children().live().type(*kinds.values())}
        keys = ContentType.objects.get_for_models(*kinds.values())
        return {name: found.get(keys[kind].pk) for name, kind in kinds.items()}

    def get_context(self, request, *args, **kwargs):
        return {
            **super().get_context(request, *args, **kwargs),
            "meetings": Meeting.objects.public().within(DAYS_ON_HOME).with_details()[:MEETINGS_ON_HOME],
            "events": EventPage.objects.coming_below(self)[:EVENTS_ON_HOME],
            "news": NewsPage.objects.latest_below(self)[:NEWS_ON_HOME],
            **self.indexes(),
            "places": NeighbourhoodPage.objects.live().child_of(self).order_by("title").defer_streamfields(),
        }
