"""The pages of a centre's site and of the region's portal. Words only: nothing about people's cases lives here."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.editing import SitePageForm, refuse_reserved
from cms.figures import public_figures
from cms.languages import languages_of
from cms.trees import DEPTH_OF_HOME, DEPTH_OF_ROOT
from neighbourhoods.models import Municipality, Neighbourhood
from volunteering.models import Initiative, Meeting

NEWS_ON_A_PAGE = 10
NEWS_ON_HOME = 3
MEETINGS_ON_HOME = 6
DAYS_ON_HOME = 7
DAYS_ON_PLACE = 28


class SitePage(Page):
    """What all our pages share: breadcrumbs, links between translations, the addresses of the language switch."""

    base_form_class = SitePageForm
    # A public site: what may not be read by everybody does not belong here. (The form would name all groups, too.)
    private_page_options = []

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        refuse_reserved(self.slug)

    def get_context(self, request, *args, **kwargs):
        ancestors = list(self.get_ancestors().filter(depth__gt=DEPTH_OF_ROOT)) if self.depth > DEPTH_OF_HOME else []
        languages = languages_of(self, ancestors, request)
        return {
            **super().get_context(request, *args, **kwargs),
            "ancestors": ancestors,
            "page_languages": languages,
            "translated_addresses": {language.code: language.url for language in languages},
        }


class Lead(models.Model):
    """One or two sentences under the title, shown in lists as well."""

    lead = models.TextField(_("in one or two sentences"), max_length=400, blank=True)

    lead_panels = [FieldPanel("lead")]

    class Meta:
        abstract = True


class Body(models.Model):
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    body_panels = [FieldPanel("body")]

    class Meta:
        abstract = True


class HomePage(Lead, SitePage):  # noqa: DJ008 -- a page has its __str__ from Wagtail
    """A centre's front page: the two doors, what happens this week, news, the phone."""

    heading = models.CharField(
        _("greeting"),
        max_length=120,
        blank=True,
        help_text=_("Stands above the two doors: I need help, I want to help."),
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.StandardPage", "cms.NewsIndexPage", "cms.NeighbourhoodPage"]
    template = "cms/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("heading"), *Lead.lead_panels]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        return {
            **super().get_context(request, *args, **kwargs),
            "meetings": Meeting.objects.public().within(DAYS_ON_HOME).with_details()[:MEETINGS_ON_HOME],
            "news": NewsPage.objects.latest_below(self)[:NEWS_ON_HOME],
            "news_index": NewsIndexPage.objects.live().child_of(self).first(),
            "places": NeighbourhoodPage.objects.live().child_of(self).order_by("title").defer_streamfields(),
        }


class StandardPage(Lead, Body, SitePage):  # noqa: DJ008 -- a page has its __str__ from Wagtail
    """An ordinary page of words: about us, contact, privacy, accessibility, anything else."""

    parent_page_types = ["cms.HomePage", "cms.PortalPage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]
    template = "cms/standard_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels, *Body.body_panels]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def get_context(self, request, *args, **kwargs):
        subpages = StandardPage.objects.live().child_of(self).defer_streamfields()
        return {**super().get_context(request, *args, **kwargs), "subpages": subpages}


class NewsQuerySet(PageQuerySet):
    def about(self, neighbourhood):
        return self.filter(neighbourhood=neighbourhood)

    def latest_below(self, page):
        """Published news of one site in one language, newest first, ready for a list: pictures in one query, without
        the body."""
        news = self.live().descendant_of(page).order_by("-date", "-pk")
        return news.defer_streamfields().select_related("image").prefetch_related("image__renditions")


class NewsIndexPage(Lead, SitePage):  # noqa: DJ008 -- a page has its __str__ from Wagtail
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


class NewsPage(Lead, Body, SitePage):  # noqa: DJ008 -- a page has its __str__ from Wagtail
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
        FieldPanel("date"),
        *Lead.lead_panels,
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_description")], heading=_("Photo")),
        FieldPanel("neighbourhood"),
        *Body.body_panels,
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    def clean(self):
        super().clean()
        if self.image_id and not self.image_description:
            raise ValidationError({"image_description": _("Say what the photo shows.")})


class NeighbourhoodPage(Lead, Body, SitePage):  # noqa: DJ008 -- a page has its __str__ from Wagtail
    """One district, estate or village: what happens there, who needs help (as a number), news of the place."""

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.SET_NULL, null=True, related_name="+", verbose_name=_("neighbourhood")
    )

    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    template = "cms/neighbourhood_page.html"
    content_panels = [*Page.content_panels, FieldPanel("neighbourhood"), *Lead.lead_panels, *Body.body_panels]

    class Meta:
        verbose_name = _("page of a neighbourhood")
        verbose_name_plural = _("pages of neighbourhoods")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        place = self.neighbourhood
        if place is None:
            return {**context, "initiatives": [], "meetings": [], "news": [], "open_requests": 0}
        meetings = Meeting.objects.public().within(DAYS_ON_PLACE)
        return {
            **context,
            "initiatives": Initiative.objects.published().in_neighbourhood(place).with_details(),
            "meetings": meetings.in_neighbourhood(place).with_details()[:MEETINGS_ON_HOME],
            "news": NewsPage.objects.about(place).latest_below(self.get_parent())[:NEWS_ON_HOME],
            "open_requests": place.help_requests.listed().count(),
        }


class PortalPage(Lead, Body, SitePage):  # noqa: DJ008 -- a page has its __str__ from Wagtail
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
            "centres": Municipality.objects.select_related("site"),
            "figures": public_figures(),
            "news": NewsPage.objects.latest_below(self)[:NEWS_ON_HOME],
            "news_index": NewsIndexPage.objects.live().child_of(self).first(),
        }
