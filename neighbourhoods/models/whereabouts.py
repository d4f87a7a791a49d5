"""The exact homes of people. A module of its own, so that a contract can keep list code away from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from phonenumber_field.modelfields import PhoneNumberField

from neighbourhoods.models.places import Municipality


class Whereabouts(models.Model):
    """An exact home: whose, where, which phone. Read through `neighbourhoods.domain.whereabouts` only, which keeps
    the audit trail; code that makes lists may not import this model (a contract guards it)."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    person_name = models.CharField(_("name"), max_length=80)
    phone = PhoneNumberField(_("phone"), blank=True)
    address = models.CharField(_("street, house and flat number"), max_length=200, blank=True)
    directions = models.CharField(_("how to get in"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    precision = models.PositiveIntegerField(_("precision (metres)"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = ScopedManager(municipality="municipality")

    class Meta:
        verbose_name = _("whereabouts")
        verbose_name_plural = _("whereabouts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="a_point_has_both_coordinates",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(person_name="", phone="", address="", directions="", latitude=None),
                name="erased_whereabouts_are_empty",
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"
