"""The catalogue of services (art. 13(1)(9) of the CUS Act): who gets what, at which cost, and how to apply."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.catalogue import Catalogue
from cms.completeness import CompletePage
from cms.models.base import Body, Lead, SitePage
from cms.models.checks import ServiceCheck
from cms.models.programme import ProgrammePage
from cms.models.search import SearchGroup
from cms.service_blocks import NO_STEPS, PapersBlock, StepsBlock
from cms.service_data import structured
from cms.service_form import ServicePageForm
from neighbourhoods.models import Neighbourhood, Organisation
from volunteering.folding import clean, fold
from volunteering.models import Audience, ServiceArea

LONGEST_WAIT = 36
MOST_WORDS = 6


class ServiceQuerySet(PageQuerySet):
    def listed_below(self, page):
        """Published services of one catalogue, in the order of the alphabet: what they are found by begins with the
        title, in plain letters."""
        return self.live().descendant_of(page).order_by("search_text", "pk")

    def for_audience(self, audience):
        return self.filter(audiences=audience)

    def in_area(self, area):
        return self.filter(areas=area)

    def provided_by(self, organisation):
        return self.filter(organisation=organisation)

    def available_in(self, neighbourhood):
        """What people of this place can use: services that name it, and those that name none."""
        return self.filter(Q(neighbourhoods=neighbourhood) | Q(neighbourhoods=None))

    def with_words(self, words):
        """Every word occurs, in any order, with or without Polish letters."""
        found = self
        for word in fold(clean(words)).split()[:MOST_WORDS]:
            found = found.filter(search_text__contains=word)
        return found

    def for_list(self):
        return self.defer_streamfields().prefetch_related("audiences", "neighbourhoods")


class ServiceIndexPage(Lead, SitePage):
    """All services, with filters."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ServicePage"]
    max_count_per_parent = 1
    template = "cms/service_index_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels]

    class Meta:
        verbose_name = _("catalogue of services")
        verbose_name_plural = _("catalogues of services")

    def get_context(self, request, *args, **kwargs):
        programmes = ProgrammePage.objects.live().sibling_of(self).order_by("-adopted_on", "pk").defer_rich_text()
        return {
            **super().get_context(request, *args, **kwargs),
            "catalogue": Catalogue(ServicePage.objects.listed_below(self), request.GET),
            "programmes": programmes,
        }


class ServicePage(CompletePage, Body, SitePage):
    """One service. Words and editors' decisions only; when it was checked last is a `ServiceCheck`."""

    lead = models.TextField(
        _("what it is, in one or two sentences"),
        max_length=400,
        help_text=_("Stands under the title and in the list. Say what people get, not what it is based on."),
    )
    audiences = ParentalManyToManyField(Audience, related_name="+", verbose_name=_("for whom"))
    conditions = models.TextField(
        _("who exactly"),
        max_length=600,
        blank=True,
        help_text=_("Conditions, if there are any: age, place, situation. Leave empty if there are none."),
    )
    cost = models.TextField(
        _("cost"),
        max_length=400,
        help_text=_("For example: Free of charge. Or: 12 zł for a meal; nothing up to an income of …"),
    )
    steps = StreamField(
        StepsBlock(),
        verbose_name=_("how to apply, step by step"),
        help_text=_("Begin with the easiest way, for example the phone."),
    )
    papers = StreamField(
        PapersBlock(),
        verbose_name=_("documents needed"),
        blank=True,
        help_text=_("Leave empty if none are needed: the page says so."),
    )
    areas = ParentalManyToManyField(
        ServiceArea,
        blank=True,
        related_name="+",
        verbose_name=_("areas of the CUS Act"),
        help_text=_("One or two are enough. Readers can choose services by them."),
    )
    neighbourhoods = ParentalManyToManyField(
        Neighbourhood,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhoods"),
        help_text=_("Choose none if the service is there for the whole municipality."),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partner that provides it"),
        help_text=_("Leave empty if the centre does it itself, or if the provider is not on the list."),
    )
    provider = models.CharField(
        _("another provider"),
        max_length=160,
        blank=True,
        help_text=_("If it is no partner on the list, for example: City Library, branch 5"),
    )
    contact_name = models.CharField(
        _("whom to ask"),
        max_length=160,
        blank=True,
        help_text=_("An office or a person, for example: Team for seniors"),
    )
    contact_phone = PhoneNumberField(
        _("phone"), blank=True, help_text=_("Leave empty to show the phone of the centre.")
    )
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_place = models.CharField(
        _("where to come"), max_length=200, blank=True, help_text=_("Street, number, floor, room.")
    )
    contact_hours = models.CharField(_("when"), max_length=200, blank=True, help_text=_("Days and hours."))
    keywords = models.CharField(
        _("other words for it"),
        max_length=300,
        blank=True,
        help_text=_("Words that people look for it by and that do not stand above, for example: wheelchair, crutches"),
    )
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who keeps it up to date"),
        help_text=_("Is reminded when it is time to check this page. Residents do not see the name."),
    )
    recheck_months = models.PositiveSmallIntegerField(
        _("check again after … months"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
        help_text=_("Prices and hours change. Once it is time, we remind you."),
    )
    search_text = models.TextField(editable=False, blank=True)

    objects = PageManager.from_queryset(ServiceQuerySet)()

    NEEDED = {
        "lead": _("Say in one or two sentences what the service is."),
        "audiences": _("Say for whom it is: choose at least one group."),
        "cost": _("Say what it costs. If it costs nothing, write: free of charge."),
        "steps": NO_STEPS,
    }

    parent_page_types = ["cms.ServiceIndexPage"]
    subpage_types = []
    template = "cms/service_page.html"
    base_form_class = ServicePageForm
    content_panels = [
        HelpPanel(
            _(
                "You can save a draft at any time. To publish, the page must say what the service is, for whom, what "
                "it costs and how to apply."
            )
        ),
        *Page.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel(
            [FieldPanel("audiences", required_on_save=False), FieldPanel("conditions")], heading=_("For whom")
        ),
        FieldPanel("cost"),
        FieldPanel("steps"),
        FieldPanel("papers"),
        FieldPanel("body", heading=_("More about it"), help_text=_("Whatever else people should know. May be empty.")),
        MultiFieldPanel([FieldPanel("organisation"), FieldPanel("provider")], heading=_("Who provides it")),
        MultiFieldPanel([FieldPanel("areas"), FieldPanel("neighbourhoods")], heading=_("Which area, and where")),
        MultiFieldPanel(
            [
                FieldPanel("contact_name"),
                FieldRowPanel([FieldPanel("contact_phone"), FieldPanel("contact_email")]),
                FieldPanel("contact_place"),
                FieldPanel("contact_hours"),
            ],
            heading=_("Contact"),
        ),
        FieldPanel("keywords"),
        MultiFieldPanel([FieldPanel("keeper"), FieldPanel("recheck_months")], heading=_("Keeping it up to date")),
    ]
    search_group = SearchGroup.SERVICES
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("conditions"),
        index.SearchField("keywords"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.CheckConstraint(
                condition=Q(recheck_months__gte=1, recheck_months__lte=LONGEST_WAIT),
                name="services_are_checked_again",
                violation_error_message=_("A service is checked again after 1 to 36 months."),
            )
        ]

    def search_words(self):
        return f"{super().search_words()} {self.conditions} {self.cost} {self.provider}"

    def save(self, *args, **kwargs):
        """Publishing a draft saves the words behind the back of all verbs: what they are found by is kept here."""
        words = (self.title, self.lead, self.conditions, self.provider, self.keywords)
        self.search_text = fold(" ".join(words))
        super().save(*args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        check = ServiceCheck.objects.of(self)
        return {
            **super().get_context(request, *args, **kwargs),
            "check": check,
            "is_overdue": check is not None and check.is_due(timezone.localdate()),
            "structured_data": structured(self, request),
        }
