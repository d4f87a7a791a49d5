"""Who gets the newsletter of a centre: people with an account or without. Plain rows of one gmina, never in Wagtail,
and shown to nobody: the desk sees how many there are."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from accounts.models import Language
from cms.states import LeftWhy, SubscriberState
from neighbourhoods.models import Municipality, Neighbourhood


class Topic(models.TextChoices):
    """What the newsletter tells of, in the order in which it does."""

    NEWS = "news", _("News of the centre")
    INITIATIVES = "initiatives", _("Initiatives of neighbours")
    EVENTS = "events", _("Events and information meetings")
    SERVICES = "services", _("New services")
    CALLS = "calls", _("Calls for partners")


def folded(address):
    """An e-mail address as it is kept and compared."""
    return address.strip().lower()


def fingerprint_of(address):
    """What is left of an address when it is erased: it can be recognised, but not read."""
    return salted_hmac("cms.newsletter", folded(address), algorithm="sha256").hexdigest()


class SubscriberQuerySet(models.QuerySet):
    def at_address(self, address):
        return self.filter(Q(address=folded(address)) | Q(fingerprint=fingerprint_of(address)))

    def confirmed(self):
        return self.filter(state=SubscriberState.CONFIRMED)

    def pending_since_before(self, moment):
        return self.filter(state=SubscriberState.PENDING, asked_at__lt=moment)

    def left_before(self, moment):
        return self.filter(state=SubscriberState.LEFT, left_at__lt=moment)


class Subscriber(models.Model):
    """One address at one centre. What was agreed to, when and in which words stays with it as the proof; of who has
    left, the address goes and its fingerprint stays for a while, so that nobody adds them again by mistake."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="+", db_index=False, verbose_name=_("municipality")
    )
    address = models.EmailField(_("e-mail address"), blank=True)
    fingerprint = models.CharField(_("fingerprint of the address"), max_length=64)
    # Named in the signed links of letters.
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.POLISH)
    topics = models.JSONField(_("topics"), default=list)
    neighbourhoods = models.ManyToManyField(
        Neighbourhood, blank=True, related_name="+", verbose_name=_("neighbourhoods")
    )
    state = models.CharField(_("state"), max_length=9, choices=SubscriberState, default=SubscriberState.PENDING)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_why = models.CharField(_("why left"), max_length=10, choices=LeftWhy, blank=True)
    consent_words = models.TextField(_("what was agreed to"), blank=True)
    privacy_version = models.CharField(_("version of the privacy notice"), max_length=20, blank=True)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(SubscriberQuerySet)
    )

    class Meta:
        verbose_name = _("subscriber of the newsletter")
        verbose_name_plural = _("subscribers of the newsletter")
        constraints = [
            models.UniqueConstraint("municipality", "fingerprint", name="one_subscriber_per_fingerprint"),
            models.UniqueConstraint(
                "municipality", "address", condition=~Q(address=""), name="one_subscriber_per_address"
            ),
            models.CheckConstraint(condition=Q(address=Lower(F("address"))), name="subscriber_address_is_folded"),
            models.CheckConstraint(condition=Q(state__in=SubscriberState.values), name="subscriber_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=SubscriberState.LEFT, left_at__isnull=False)
                | (~Q(state=SubscriberState.LEFT) & ~Q(address="")),
                name="only_who_left_has_no_address",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubscriberState.CONFIRMED) | (Q(confirmed_at__isnull=False) & ~Q(consent_words="")),
                name="a_subscriber_has_agreed",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "id"], name="subscribers_by_state")]

    def __str__(self):
        return f"{self.municipality_id}/{self.pk}: {self.state}"
