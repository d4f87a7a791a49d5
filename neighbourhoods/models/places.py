"""Where: municipalities, their neighbourhoods and partners, and who belongs to them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from phonenumber_field.modelfields import PhoneNumberField


class Moderation(models.TextChoices):
    BEFORE = "before", _("staff read every request before it is published")
    FLAGGED = "flagged", _("staff read requests of flagged categories first")
    AFTER = "after", _("requests are published at once and read afterwards")


WEIGHTS = tuple(
    f"weight_{part}" for part in ("nearness", "skill", "language", "time", "continuity", "fairness", "load")
)
HEAVIEST = 10


def weight(label, usual):
    return models.PositiveSmallIntegerField(label, default=usual, validators=[MaxValueValidator(HEAVIEST)])


class MunicipalityQuerySet(models.QuerySet):
    def with_site(self):
        return self.select_related("site")

    def at_host(self, host):
        """The municipality whose site has this host name (lower case, no port); None where it is nobody's."""
        return self.with_site().filter(site__hostname=host).first()

    def opened(self):
        """Those whose site the public can visit."""
        return self.filter(opened_at__isnull=False)


class Municipality(models.Model):
    """A gmina with its centre (CUS): the tenant. Its rules live here, its looks in the CMS."""

    site = models.OneToOneField(
        "wagtailcore.Site", models.PROTECT, related_name="municipality", verbose_name=_("address of the site")
    )
    name = models.CharField(_("name"), max_length=80)
    locative = models.CharField(_("name as in “in …”"), max_length=80, help_text=_("w Rudzie Śląskiej"))
    slug = models.SlugField(_("short name"), unique=True)
    code = models.CharField(
        _("code in references"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,3}$")],
        help_text=_("Two or three capital letters: RS in RS-7K4M."),
    )
    terc = models.CharField(_("TERC code"), max_length=7, unique=True)
    centre_name = models.CharField(_("name of the centre"), max_length=160)
    phone = PhoneNumberField(_("phone of the centre"))
    email = models.EmailField(_("e-mail of the centre"), blank=True)
    address = models.CharField(_("address of the centre"), max_length=200, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), validators=[MinValueValidator(48), MaxValueValidator(56)])
    longitude = models.FloatField(_("longitude"), validators=[MinValueValidator(13), MaxValueValidator(25)])
    default_radius = models.PositiveIntegerField(_("usual radius of help (metres)"), default=3000)

    moderation = models.CharField(_("moderation"), max_length=8, choices=Moderation, default=Moderation.BEFORE)
    consent_for_all = models.BooleanField(
        _("ask the resident to accept every helper"),
        default=False,
        help_text=_("Help at home always asks her, whatever is set here."),
    )
    consent_hours = models.PositiveSmallIntegerField(_("hours to accept a helper"), default=24)
    alert_count = models.PositiveSmallIntegerField(_("people told of a new request at once"), default=12)
    # Waves: after so many minutes without anybody the next people are told.
    wave_minutes_today = models.PositiveSmallIntegerField(_("minutes between waves for today"), default=10)
    wave_minutes_soon = models.PositiveSmallIntegerField(_("minutes between waves within 48 hours"), default=60)
    wave_minutes_later = models.PositiveSmallIntegerField(_("minutes between later waves"), default=360)
    alerts_per_day = models.PositiveSmallIntegerField(_("most alerts a person gets in a day"), default=6)
    # Whole hours of the local clock; two equal ones mean that there are no quiet hours.
    quiet_from = models.PositiveSmallIntegerField(_("quiet hours from"), default=21, validators=[MaxValueValidator(23)])
    quiet_until = models.PositiveSmallIntegerField(
        _("quiet hours until"), default=7, validators=[MaxValueValidator(23)]
    )
    # How much each part of the score of a helper counts (`volunteering.matching.types.Weights`).
    weight_nearness = weight(_("weight of nearness"), 3)
    weight_skill = weight(_("weight of skills"), 2)
    weight_language = weight(_("weight of the language"), 1)
    weight_time = weight(_("weight of ample time"), 1)
    weight_continuity = weight(_("weight of having helped before"), 2)
    weight_fairness = weight(_("weight of taking turns"), 2)
    weight_load = weight(_("weight of few tasks in the week"), 1)
    # Text messages cost money: so many parts (of 160 characters at most) a month; 0: none.
    sms_per_month = models.PositiveIntegerField(_("most parts of text messages in a month"), default=500)
    takes_per_week = models.PositiveSmallIntegerField(_("most requests one person may take in a week"), default=10)
    address_hours_before = models.PositiveSmallIntegerField(_("address shown … hours before the visit"), default=48)
    address_hours_after = models.PositiveSmallIntegerField(_("address erased … hours after the visit"), default=24)
    # Announcements: who is written to above this number is decided by two people.
    approval_above = models.PositiveIntegerField(
        _("announcements to more people are approved by a second person"), default=200
    )
    announcements_per_day = models.PositiveSmallIntegerField(_("most announcements a person gets in a day"), default=3)
    # A free place at a meeting is offered to whoever waits for it; who does not confirm in so many hours loses it.
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to confirm a place that became free"), default=24, validators=[MinValueValidator(1)]
    )
    words_days = models.PositiveSmallIntegerField(_("words of a closed request erased after … days"), default=90)
    opened_at = models.DateTimeField(
        _("site open since"),
        null=True,
        blank=True,
        default=timezone.now,
        help_text=_("Empty: the site is in preparation, and only its staff see it."),
    )
    # Raised by every change that a public page shows: all caches of all processes forget at once.
    content_version = models.PositiveBigIntegerField(default=1, editable=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]
        constraints = [
            # A score out of nothing would be chance.
            models.CheckConstraint(
                condition=models.Q(*((f"{name}__gt", 0) for name in WEIGHTS), _connector=models.Q.OR),
                name="something_counts_in_matching",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def in_preparation(self):
        """Whether only staff may see the site."""
        return self.opened_at is None

    @property
    def origin(self):
        """Scheme, host and port of this centre's own site, for links in mails."""
        port = self.site.port
        default = 443 if settings.SCHEME == "https" else 80
        return f"{settings.SCHEME}://{self.site.hostname}{'' if port == default else f':{port}'}"


class Network(models.Model):
    """A named set of municipalities with a lead body, such as a region's ROPS project."""

    name = models.CharField(_("name"), max_length=120)
    lead = models.CharField(_("lead body"), max_length=160, blank=True)
    municipalities = models.ManyToManyField(Municipality, related_name="networks", verbose_name=_("municipalities"))
    observers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="observed_networks", verbose_name=_("observers")
    )

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def __str__(self):
        return self.name


class Neighbourhood(models.Model):
    """A district, housing estate or village (sołectwo): customary, no legal meaning assumed."""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        ESTATE = "estate", _("housing estate")
        VILLAGE = "village", _("village")

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="neighbourhoods", verbose_name=_("municipality")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name"))
    locative = models.CharField(_("name as in “in …”"), max_length=80)
    latitude = models.FloatField(_("latitude of the centre"))
    longitude = models.FloatField(_("longitude of the centre"))
    precision = models.PositiveIntegerField(_("precision of the centre (metres)"), default=300)
    outline = models.JSONField(_("outline (GeoJSON)"), null=True, blank=True)

    objects = ScopedManager(municipality="municipality")

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ["name"]
        constraints = [models.UniqueConstraint("municipality", "slug", name="one_neighbourhood_per_slug")]

    def __str__(self):
        return self.name


class OrganisationState(models.TextChoices):
    DRAFT = "draft", _("no profile yet")
    PUBLISHED = "published", _("public")
    HIDDEN = "hidden", _("hidden by the centre")


class OrganisationQuerySet(models.QuerySet):
    def published(self):
        """Those whose profile everybody can read."""
        return self.filter(state=OrganisationState.PUBLISHED)

    def among(self, keys):
        return self.filter(pk__in=keys)


class Organisation(models.Model):
    """A partner of the centre: an NGO, a parish, a school, a village circle. Its words stand in a profile of their own
    (`volunteering.PartnerProfile`); phone and e-mail here are how the centre reaches it, and nobody else reads them."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="organisations", verbose_name=_("municipality")
    )
    name = models.CharField(_("name"), max_length=160)
    # The end of the address of its profile; given once, so that links stay.
    slug = models.SlugField(_("address"), max_length=120, blank=True, default="")
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    can_host_volunteers = models.BooleanField(
        _("may host volunteers"),
        default=False,
        help_text=_("Only bodies named in art. 42(1) of the Volunteering Act may sign agreements with volunteers."),
    )
    state = models.CharField(_("state"), max_length=9, choices=OrganisationState, default=OrganisationState.DRAFT)
    hidden_because = models.CharField(_("why it is hidden"), max_length=300, blank=True, default="")

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(OrganisationQuerySet)
    )

    class Meta:
        verbose_name = _("partner organisation")
        verbose_name_plural = _("partner organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "municipality", "slug", condition=~models.Q(slug=""), name="one_partner_per_address"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OrganisationState.values), name="organisation_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(models.Q(state="hidden"), ~models.Q(hidden_because=""))
                | models.Q(~models.Q(state="hidden"), hidden_because=""),
                name="hiding_a_partner_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | ~models.Q(slug=""), name="a_public_partner_has_an_address"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_published(self):
        return self.state == OrganisationState.PUBLISHED

    @property
    def is_hidden(self):
        """The centre has hidden it: nobody outside reads of it, not even its name."""
        return self.state == OrganisationState.HIDDEN


class Role(models.TextChoices):
    ORGANISER = "organiser", _("local community organiser (OSL)")
    COORDINATOR = "volunteer_coordinator", _("volunteer coordinator")
    EDITOR = "editor", _("editor")
    DIRECTOR = "director", _("director")
    PARTNER = "partner", _("partner")


# Whoever works with cases: sees requests and volunteers at the desk.
CASE_ROLES = (Role.ORGANISER, Role.COORDINATOR)


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_at=None, user__is_active=True)

    def of_case_workers(self):
        return self.active().filter(role__in=CASE_ROLES)

    def of_organisers(self):
        return self.active().filter(role=Role.ORGANISER)

    def of_organisation(self, organisation):
        """The people who work for a partner now."""
        return self.active().filter(organisation=organisation).select_related("user").order_by("started_at", "pk")


class Membership(models.Model):
    """That a person works for a centre, and as what."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="memberships", verbose_name=_("municipality")
    )
    role = models.CharField(_("role"), max_length=24, choices=Role)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("partner")
    )
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(MembershipQuerySet)
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                "user", "municipality", "role", condition=models.Q(ended_at=None), name="one_live_membership_per_role"
            ),
            models.CheckConstraint(
                condition=models.Q(role="partner", organisation__isnull=False)
                | (~models.Q(role="partner") & models.Q(organisation=None)),
                name="partners_belong_to_an_organisation",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"


class GeocodedAddress(models.Model):
    """What a geocoder once answered: outside services are asked once for each address. `query` is a keyed hash, so that
    this table is no list of the addresses of people who asked for help."""

    query = models.CharField(_("query"), max_length=300)
    geocoder = models.CharField(_("geocoder"), max_length=20)
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    precision = models.PositiveIntegerField(_("precision (metres)"), null=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("geocoded address")
        verbose_name_plural = _("geocoded addresses")
        constraints = [models.UniqueConstraint("query", "geocoder", name="one_answer_per_query")]

    def __str__(self):
        return self.query
