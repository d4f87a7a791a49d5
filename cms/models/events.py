"""Events and information meetings of a centre, or of the portal. Who registered stands in `registrations`."""

from datetime import UTC, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms.models.base import Body, Lead, SitePage
from cms.models.event_list import EventList
from cms.models.registrations import EventRegister
from cms.models.search import SearchGroup
from neighbourhoods.models import Neighbourhood
from volunteering.models import Audience

MOST_HOURS = 168
# The audience that the packaged taxonomy begins with.
EVERYONE = "everyone"
LONGEST = timedelta(days=31)
# Of all translations of an event one decides these: people register for one and the same thing.
SHARED = (
    "starts_at",
    "ends_at",
    "neighbourhood_id",
    "online_url",
    "registration",
    "deadline",
    "places",
    "waiting_list",
    "hours_to_confirm",
    "asks_needs",
    "called_off",
)


class Registering(models.TextChoices):
    NONE = "none", _("nobody has to register")
    OPEN = "open", _("people register here or by phone")


class EventQuerySet(PageQuerySet):
    def below(self, page):
        """Published events of one site in one language."""
        return self.live().descendant_of(page)

    def coming(self):
        """Not over yet, the soonest first. Those called off are among them: somebody may be about to set out."""
        return self.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def past(self):
        """Over, the latest first."""
        return self.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")

    def coming_below(self, page):
        """What front pages show: the next events of one site in one language, ready for a list."""
        return self.below(page).coming().for_list()

    def in_language(self, page, language):
        """The published translation of an event into this language, else the page itself."""
        if page.locale.language_code == language:
            return page
        return self.live().filter(translation_key=page.translation_key, locale__language_code=language).first() or page

    def for_list(self):
        return self.defer_streamfields().select_related("neighbourhood")

    def in_month(self, first_day):
        """Events that begin in the local month of this day."""
        start = datetime.combine(first_day.replace(day=1), time(), tzinfo=timezone.get_default_timezone())
        end = start + relativedelta(months=1)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def in_neighbourhood(self, neighbourhood):
        return self.filter(neighbourhood=neighbourhood)

    def about(self, neighbourhood):
        """Events in this neighbourhood, and those that name none: they are for the whole gmina."""
        return self.filter(Q(neighbourhood=neighbourhood) | Q(neighbourhood=None))

    def for_audience(self, audience):
        """Events for these people, and those for everybody."""
        return self.filter(
            pk__in=self.model.objects.filter(
                Q(audiences=audience) | Q(audiences=None) | Q(audiences__code=EVERYONE)
            ).values("pk")
        )


def in_utc(moment):
    """Moments of one zone are compared by their wall time: in the hour that comes twice, the later one would not be
    later."""
    return moment and moment.astimezone(UTC)


class EventIndexPage(Lead, SitePage):
    """All events of a site: what is to come, and an archive."""

    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = ["cms.EventPage"]
    max_count_per_parent = 1
    template = "cms/event_index_page.html"
    content_panels = [*Page.content_panels, *Lead.lead_panels]

    class Meta:
        verbose_name = _("list of events")
        verbose_name_plural = _("lists of events")

    def get_context(self, request, *args, **kwargs):
        found = EventList(EventPage.objects.below(self), request.GET)
        EventRegister.objects.attach_to(found.sheet.object_list)
        return {**super().get_context(request, *args, **kwargs), "list": found}


class EventPage(Lead, Body, SitePage):
    """One event or information meeting: when, where, for whom, and whether one registers."""

    starts_at = models.DateTimeField(
        _("begins"), help_text=_("Day and hour as on the clock at the place, for example 24.04.2027 10:00.")
    )
    ends_at = models.DateTimeField(
        _("ends"), help_text=_("If you do not know exactly, write what people can count on.")
    )
    place = models.CharField(
        _("place"),
        max_length=200,
        blank=True,
        help_text=_("Name and address, and how to get in, for example: Library, ul. Markowa 20, room 3, lift inside."),
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
        help_text=_("Leave empty if the event is for everybody in the municipality."),
    )
    online_url = models.URLField(
        _("address of the online meeting"),
        blank=True,
        help_text=_("If people register, only those who have a place see it. Otherwise it stands on the page."),
    )
    audiences = ParentalManyToManyField(
        Audience,
        blank=True,
        related_name="+",
        verbose_name=_("for whom"),
        help_text=_("Tick nothing if everybody may come. Residents find events by this."),
    )
    for_whom = models.CharField(
        _("for whom, in your own words"),
        max_length=200,
        blank=True,
        help_text=_("For example: staff of municipalities that want to open a centre."),
    )
    organiser = models.CharField(
        _("who organises it"), max_length=160, blank=True, help_text=_("Leave empty if it is you.")
    )
    contact_phone = PhoneNumberField(
        _("phone for questions"), blank=True, help_text=_("Leave empty to show the phone of the centre.")
    )
    contact_email = models.EmailField(_("e-mail for questions"), blank=True)
    registration = models.CharField(
        _("registration"),
        max_length=6,
        choices=Registering,
        default=Registering.NONE,
        help_text=_("What people must do to come."),
    )
    deadline = models.DateTimeField(
        _("registration ends"),
        null=True,
        blank=True,
        help_text=_("Leave empty if people may register until it begins. By phone you can add people later, too."),
    )
    places = models.PositiveSmallIntegerField(
        _("number of places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty if there is room for everybody."),
    )
    waiting_list = models.BooleanField(
        _("waiting list"),
        default=True,
        help_text=_("When somebody signs off, the first person who waits is offered the place."),
    )
    hours_to_confirm = models.PositiveSmallIntegerField(
        _("hours to accept an offered place"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        help_text=_("Whoever says nothing for so long loses the offer, and the next person is asked."),
    )
    asks_needs = models.BooleanField(
        _("ask what people need in order to take part"),
        default=True,
        help_text=_(
            "For example a sign language interpreter or a place for a wheelchair. Illnesses are not asked for."
        ),
    )
    called_off = models.BooleanField(
        _("called off"),
        default=False,
        help_text=_("Tick and publish: the page says so, and everybody who registered is told at once."),
    )
    called_off_note = models.CharField(
        _("what to tell people"),
        max_length=200,
        blank=True,
        help_text=_("Why, and whether there will be another date."),
    )

    objects = PageManager.from_queryset(EventQuerySet)()

    parent_page_types = ["cms.EventIndexPage"]
    subpage_types = []
    template = "cms/event_page.html"
    content_panels = [
        *Page.content_panels,
        *Lead.lead_panels,
        MultiFieldPanel([FieldPanel("called_off"), FieldPanel("called_off_note")], heading=_("Called off?")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])],
            heading=_("When"),
            help_text=_("If you change it after publishing, everybody who registered is told."),
        ),
        MultiFieldPanel(
            [FieldPanel("place"), FieldPanel("neighbourhood"), FieldPanel("online_url")],
            heading=_("Where"),
            help_text=_("Give a place, or the address of an online meeting, or both."),
        ),
        MultiFieldPanel([FieldPanel("audiences"), FieldPanel("for_whom")], heading=_("For whom")),
        MultiFieldPanel(
            [
                FieldPanel("registration"),
                FieldPanel("deadline"),
                FieldPanel("places"),
                FieldPanel("waiting_list"),
                FieldPanel("hours_to_confirm"),
                FieldPanel("asks_needs"),
            ],
            heading=_("Registration"),
            help_text=_("Who has registered is shown outside the CMS, on the page “Events” of the desk."),
        ),
        MultiFieldPanel(
            [FieldPanel("organiser"), FieldPanel("contact_phone"), FieldPanel("contact_email")],
            heading=_("Organiser and questions"),
        ),
        *Body.body_panels,
    ]
    search_group = SearchGroup.EVENTS
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
        index.SearchField("place"),
        index.FilterField("starts_at"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="event_calendar")]

    @property
    def search_date(self):
        return timezone.localtime(self.starts_at).date()

    def search_words(self):
        return f"{super().search_words()} {self.place} {self.for_whom} {self.organiser}"

    def clean(self):
        super().clean()
        problems = {}
        starts_at, ends_at, deadline = map(in_utc, (self.starts_at, self.ends_at, self.deadline))
        if starts_at and ends_at and not starts_at < ends_at <= starts_at + LONGEST:
            problems["ends_at"] = _("An event ends after it begins, within a month at most.")
        if deadline and starts_at and deadline > starts_at:
            problems["deadline"] = _("Registration ends before the event begins.")
        if not self.place and not self.online_url:
            problems["place"] = _("Say where it takes place, or give the address of the online meeting.")
        if self.takes_registrations and self.places and (taken := EventRegister.objects.taken(self)) > self.places:
            problems["places"] = _("%(taken)d people have a place already. Please talk with some of them first.") % {
                "taken": taken
            }
        if problems:
            raise ValidationError(problems)

    @property
    def takes_registrations(self):
        return self.registration == Registering.OPEN

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def shows_online_url(self):
        """The address of an online meeting is for everybody only where nobody registers: others could come in, too."""
        return bool(self.online_url) and not self.takes_registrations

    def get_context(self, request, *args, **kwargs):
        register = EventRegister.objects.of_event(self).first()
        return {
            **super().get_context(request, *args, **kwargs),
            "register": register,
            "structured_data": self.structured_data(self.get_full_url(request)),
        }

    def structured_data(self, url):
        """The event in the words of schema.org, for search engines."""
        place = {"@type": "Place", "name": self.place, "address": self.place}
        online = {"@type": "VirtualLocation", "url": self.online_url if self.shows_online_url else url}
        modes = [("Offline", place)] if self.place else []
        modes += [("Online", online)] if self.online_url else []
        return {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": self.title,
            "description": self.lead,
            "url": url,
            "startDate": timezone.localtime(self.starts_at).isoformat(),
            "endDate": timezone.localtime(self.ends_at).isoformat(),
            "eventStatus": f"https://schema.org/Event{'Cancelled' if self.called_off else 'Scheduled'}",
            "eventAttendanceMode": "https://schema.org/{}EventAttendanceMode".format(
                "Mixed" if len(modes) > 1 else modes[0][0] if modes else "Offline"
            ),
            "location": [location for _mode, location in modes],
            "organizer": {"@type": "Organization", "name": self.organiser or self.get_site().site_name},
            "inLanguage": self.locale.language_code,
            "isAccessibleForFree": True,
        }
