"""The front page of a centre."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import HomeBlock
from cms.models.base import Lead, SitePage
from cms.models.events import EventPage
from cms.models.news import NewsPage
from cms.models.people import next_drop_ins
from volunteering.models import Meeting

NEWS_ON_HOME = 3
EVENTS_ON_HOME = 3
MEETINGS_ON_HOME = 6
DAYS_ON_HOME = 7
# What a front page shows whose editors have chosen nothing, and how each section looks.
DEFAULT_SECTIONS = ("doors", "week", "events", "people", "news", "places", "newsletter")
SECTIONS = {
    "doors": "cms/home/doors.html",
    "week": "cms/home/week.html",
    "events": "cms/home/events.html",
    "news": "cms/home/news.html",
    "people": "cms/home/people.html",
    "places": "cms/home/places.html",
    "newsletter": "cms/home/newsletter.html",
    "links": "cms/home/links.html",
    "pages": "cms/home/pages.html",
    "words": "cms/home/words.html",
}


class HomePage(Lead, SitePage):
    """A centre's front page: the two doors, what happens this week, news, the phone."""

    heading = models.CharField(
        _("greeting"),
        max_length=120,
        blank=True,
        help_text=_("Stands above the two doors: I need help, I want to help."),
    )
    sections = StreamField(
        HomeBlock(),
        verbose_name=_("sections"),
        blank=True,
        help_text=_(
            "Leave empty for the usual order: doors, this week, events, drop-in hours, news, neighbourhoods, "
            "newsletter."
        ),
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.StandardPage",
        "cms.NewsIndexPage",
        "cms.NeighbourhoodPage",
        "cms.ServiceIndexPage",
        "cms.ProgrammePage",
        "cms.EventIndexPage",
        "cms.CallIndexPage",
        "cms.AccessibilityStatementPage",
        "cms.EasyReadPage",
        "cms.ProtectionStandardsPage",
        "cms.PrivacyPage",
        "cms.TermsPage",
        "cms.ContactPage",
        "cms.PeoplePage",
        "cms.DocumentsPage",
        "cms.FaqPage",
    ]
    template = "cms/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("heading"), *Lead.lead_panels, FieldPanel("sections")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        sections = [(block.block_type, block.value) for block in self.sections]
        sections = sections or [(name, None) for name in DEFAULT_SECTIONS]
        shown = {name for name, _value in sections}
        # Lists are asked for by the sections that show them: what is not shown costs nothing.
        return {
            **super().get_context(request, *args, **kwargs),
            "sections": [(SECTIONS[name], value) for name, value in sections],
            "meetings": Meeting.objects.public().within(DAYS_ON_HOME).with_details()[:MEETINGS_ON_HOME],
            "events": EventPage.objects.coming_below(self)[:EVENTS_ON_HOME],
            "news": NewsPage.objects.latest_below(self)[:NEWS_ON_HOME],
            "drop_ins": next_drop_ins(self) if "people" in shown else [],
        }
