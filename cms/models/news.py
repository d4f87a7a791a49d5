"""News of a centre, or of the portal."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.models.base import Body, Lead, SitePage
from cms.models.search import SearchGroup
from neighbourhoods.models import Neighbourhood

NEWS_ON_A_PAGE = 10


class NewsQuerySet(PageQuerySet):
    def about(self, neighbourhood):
        return self.filter(neighbourhood=neighbourhood)

    def latest_below(self, page):
        """Published news of one site in one language, newest first, ready for a list: pictures in one query, without
        the body."""
        news = self.live().descendant_of(page).order_by("-date", "-pk")
        return news.defer_streamfields().select_related("image").prefetch_related("image__renditions")


class NewsIndexPage(Lead, SitePage):
    """All news, newest first."""

    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = ["cms.NewsPage"]
    max_count_per_parent = 1
    template = "cms/news_index_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels]

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def get_context(self, request, *args, **kwargs):
        sheet = Paginator(NewsPage.objects.latest_below(self), NEWS_ON_A_PAGE).get_page(request.GET.get("strona"))
        return {
            **super().get_context(request, *args, **kwargs),
            "sheet": sheet,
            "previous_url": f"?strona={sheet.previous_page_number()}" if sheet.has_previous() else "",
            "next_url": f"?strona={sheet.next_page_number()}" if sheet.has_next() else "",
        }


class NewsPage(Lead, Body, SitePage):
    date = models.DateField(_("date"), default=timezone.localdate)
    image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    image_description = models.CharField(
        _("what the photo shows"),
        max_length=200,
        blank=True,
        help_text=_("One sentence for people who cannot see the photo."),
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
        help_text=_("Choose one if the news is about one place only: it will also stand on that place’s page."),
    )

    objects = PageManager.from_queryset(NewsQuerySet)()

    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types = []
    template = "cms/news_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("date", help_text=_("Stands with the news; the newest comes first. For example 24.04.2027.")),
        *Lead.lead_panels,
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_description")], heading=_("Photo")),
        FieldPanel("neighbourhood"),
        *Body.body_panels,
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    search_group = SearchGroup.NEWS

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    def clean(self):
        super().clean()
        if self.image_id and not self.image_description:
            raise ValidationError({"image_description": _("Say what the photo shows.")})

    @property
    def search_date(self):
        return self.date
