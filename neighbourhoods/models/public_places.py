"""Places that everybody may enter: the part of the asset map that people keep up by hand. Never anybody's home."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from phonenumber_field.modelfields import PhoneNumberField

from neighbourhoods.models.places import Municipality, Neighbourhood, Organisation


class PlaceKind(models.TextChoices):
    LIBRARY = "library", _("library")
    CLUB = "club", _("club or community centre")
    SCHOOL = "school", _("school or kindergarten")
    PARISH = "parish", _("parish")
    OUTDOORS = "outdoors", _("park, playground, garden")
    SPORT = "sport", _("sports")
    CULTURE = "culture", _("culture")
    HEALTH = "health", _("health")
    OFFICE = "office", _("office, advice")
    SHARING = "sharing", _("give-away shelf, fridge, workshop")
    OTHER = "other", _("another place")


class StepFree(models.TextChoices):
    UNKNOWN = "unknown", _("we do not know yet")
    YES = "yes", _("yes")
    HELP = "help", _("with a helping hand")
    NO = "no", _("no, there are steps")


class PublicPlaceQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def of_organisation(self, organisation):
        return self.published().filter(organisation=organisation)

    def at_address(self, address):
        return self.filter(address=address)

    def with_details(self):
        return self.select_related("neighbourhood", "organisation")


class PublicPlace(models.Model):
    """A place with an open door: what is there, when, and whether one gets in without steps."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="public_places", verbose_name=_("municipality")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PlaceKind)
    name = models.CharField(_("name"), max_length=120)
    words = models.CharField(_("what is there"), max_length=400, blank=True)
    # Empty: for the whole municipality, or of a neighbourhood that is no more.
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="public_places",
        verbose_name=_("neighbourhood"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    opening_hours = models.CharField(_("when it is open"), max_length=200, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    website = models.URLField(_("website"), blank=True)
    step_free = models.CharField(_("without steps"), max_length=7, choices=StepFree, default=StepFree.UNKNOWN)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="places", verbose_name=_("who runs it")
    )
    is_published = models.BooleanField(_("public"), default=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(PublicPlaceQuerySet)
    )

    class Meta:
        verbose_name = _("public place")
        verbose_name_plural = _("public places")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PlaceKind.values), name="place_kind_is_known"),
            models.CheckConstraint(condition=models.Q(step_free__in=StepFree.values), name="step_free_is_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_public_place_has_a_name"),
            models.UniqueConstraint("municipality", "name", "address", name="one_public_place_per_name_and_address"),
        ]

    def __str__(self):
        return self.name
