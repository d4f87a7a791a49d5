"""Who registered for events. Plain tables, never registered in Wagtail: people are no content. They hang on the site
and not on a municipality, because the portal, which has none, invites to information meetings, too."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from cms.states import HOLDING, LIVE, RegistrationState, SignUp


class EventRegisterQuerySet(models.QuerySet):
    def at(self, site):
        return self.filter(site=site)

    def of_event(self, page):
        """The register of a page's event, shared by all its translations."""
        return self.filter(translation_key=page.translation_key).select_related("page")

    def taken(self, page):
        """How many places of this event are taken."""
        return self.filter(translation_key=page.translation_key).values_list("taken", flat=True).first() or 0

    def attach_to(self, pages):
        """Gives each of these event pages its `register`, None where there is none yet. One query."""
        pages = list(pages)
        found = {
            register.translation_key: register
            for register in self.filter(translation_key__in=[page.translation_key for page in pages])
        }
        for page in pages:
            page.register = found.get(page.translation_key)
            if page.register is not None:
                page.register.page = page
        return pages

    def with_page(self):
        return self.select_related("page", "site")

    def for_desk(self):
        """With how many wait, and how many were asked to say yes."""
        counts = {
            name: models.Count("registrations", filter=Q(registrations__state=state))
            for name, state in (
                ("joined", RegistrationState.JOINED),
                ("offered", RegistrationState.OFFERED),
                ("waiting", RegistrationState.WAITING),
            )
        }
        return self.with_page().annotate(**counts)

    def coming(self):
        return self.filter(page__ends_at__gt=timezone.now()).order_by("page__starts_at", "pk")

    def past(self):
        return self.filter(page__ends_at__lte=timezone.now()).order_by("-page__starts_at", "-pk")

    def worth_listing(self):
        """Where there is anybody to look after: events without registration have no list."""
        return self.filter(Q(page__registration="open") | Q(registrations__isnull=False)).distinct()


class EventRegister(models.Model):
    """What is live of one event, whatever the number of its translations: how many places are taken, and what those who
    registered were last told of time and place."""

    site = models.ForeignKey("wagtailcore.Site", models.CASCADE, related_name="+", verbose_name=_("site"))
    translation_key = models.UUIDField(_("event"), unique=True, editable=False)
    # The translation that decides time, places and all that is shared: the Polish one where there is one.
    page = models.ForeignKey("cms.EventPage", models.CASCADE, related_name="registers", verbose_name=_("page"))
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0)
    told_start = models.DateTimeField(_("beginning as people know it"))
    told_end = models.DateTimeField(_("end as people know it"))
    told_place = models.CharField(_("place as people know it"), max_length=200, blank=True)
    told_url = models.URLField(_("online address as people know it"), blank=True)
    told_called_off = models.BooleanField(_("people know that it is called off"), default=False)
    # Raised with every change that people are told of: calendars replace what they have (RFC 5545).
    sequence = models.PositiveIntegerField(_("number of changes"), default=0)

    objects = EventRegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("register of an event")
        verbose_name_plural = _("registers of events")
        constraints = [
            models.CheckConstraint(
                condition=Q(places=None) | Q(taken__lte=F("places")), name="event_taken_within_places"
            )
        ]

    def __str__(self):
        return str(self.page)

    def get_absolute_url(self):
        return reverse("cms:sign_up", args=[self.pk])

    @property
    def municipality(self):
        """The gmina of the site; None on the portal."""
        return getattr(self.site, "municipality", None)

    @property
    def free_places(self):
        """How many may still register; None where places are not counted."""
        return None if self.places is None else self.places - self.taken

    @property
    def status(self):
        """Where things stand: a value of `SignUp`."""
        page, now = self.page, timezone.now()
        if page.called_off:
            return SignUp.CALLED_OFF
        if page.ends_at <= now:
            return SignUp.PAST
        if not page.takes_registrations:
            return SignUp.NONE
        if page.starts_at <= now or (page.deadline and page.deadline <= now):
            return SignUp.CLOSED
        if self.free_places is None or self.free_places > 0:
            return SignUp.OPEN
        return SignUp.WAITING if page.waiting_list else SignUp.FULL


class RegistrationQuerySet(models.QuerySet):
    def live(self):
        return self.filter(state__in=LIVE)

    def of(self, user):
        return self.filter(user=user)

    def waiting(self):
        """The waiting list, in order."""
        return self.filter(state=RegistrationState.WAITING).order_by("queued_at", "pk")

    def offered(self):
        return self.filter(state=RegistrationState.OFFERED).order_by("offered_until", "pk")

    def lapsed(self, now):
        """Offers that nobody took up in time."""
        return self.offered().filter(offered_until__lte=now)

    def of_register(self, register):
        return self.filter(register=register)

    def with_people(self):
        return self.select_related("user")

    def with_events(self):
        return self.select_related("register__page", "register__site")

    def for_person(self, user, site):
        """What a person registered for on this site and what is still to come, the soonest first."""
        ahead = self.of(user).live().filter(register__site=site, register__page__ends_at__gt=timezone.now())
        return ahead.with_events().order_by("register__page__starts_at", "pk")

    def for_pages(self, pages):
        """Of the coming events that these pages and those below them decide."""
        below = Q(pk__in=[])
        for page in pages:
            below |= Q(register__page__path__startswith=page.path)
        return self.filter(below, register__page__ends_at__gt=timezone.now())

    def ended_before(self, moment):
        return self.filter(register__page__ends_at__lt=moment)


class Registration(models.Model):
    """One person at one event: with an account, or taken down by staff from the phone."""

    register = models.ForeignKey(EventRegister, models.CASCADE, related_name="registrations", verbose_name=_("event"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="event_registrations",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    needs = models.CharField(_("what the person needs in order to take part"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RegistrationState)
    queued_at = models.DateTimeField(_("registered at"), default=timezone.now)
    offered_until = models.DateTimeField(_("must say yes until"), null=True, blank=True)
    changed_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration for an event")
        verbose_name_plural = _("registrations for events")
        constraints = [
            models.UniqueConstraint("register", "user", name="one_registration_per_person"),
            models.UniqueConstraint(
                "register", "name", "phone", condition=Q(user=None), name="one_registration_per_caller"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name=""), name="a_registered_person_has_a_name"
            ),
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.OFFERED, offered_until__isnull=False)
                | (~Q(state=RegistrationState.OFFERED) & Q(offered_until=None)),
                name="an_offered_place_has_a_deadline",
            ),
        ]
        indexes = [
            models.Index(fields=["register", "state", "queued_at"], name="event_waiting_list"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="event_offers_to_lapse"),
        ]

    def __str__(self):
        return f"{self.register_id}: {self.user_id or self.name}"

    @property
    def person_name(self):
        """The name on the list: of the account, or as it was given on the phone."""
        return str(self.user) if self.user_id else self.name

    @property
    def holds_place(self):
        return self.state in HOLDING

    @property
    def is_live(self):
        return self.state in LIVE
