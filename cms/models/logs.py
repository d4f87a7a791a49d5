"""What was done to initiatives in the CMS. A log of its own, because Wagtail's shows all rows of a type to everybody
who may change one of them, whichever gmina they belong to."""

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_scopes import get_scope
from wagtail.models import BaseLogEntry
from wagtail.models.audit_log import BaseLogEntryManager

from neighbourhoods.models import Municipality
from volunteering.models import Initiative


class InitiativeLogEntryManager(BaseLogEntryManager):
    def log_action(self, instance, action, **kwargs):
        kwargs.update(initiative=instance, municipality_id=instance.municipality_id)
        return super().log_action(instance, action, **kwargs)

    def viewable_by_user(self, user):
        """The rows of the gmina whose host the person is on, for whoever may change initiatives there."""
        municipality = get_scope().get("municipality")
        if municipality is None or not user.has_perm("volunteering.change_initiative"):
            return self.none()
        return self.filter(municipality=municipality)

    def for_instance(self, instance):
        return self.filter(initiative=instance)


class InitiativeLogEntry(BaseLogEntry):
    initiative = models.ForeignKey(Initiative, models.DO_NOTHING, db_constraint=False, related_name="+")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")

    objects = InitiativeLogEntryManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ["-timestamp", "-id"]
        verbose_name = _("log entry of an initiative")
        verbose_name_plural = _("log entries of initiatives")

    def __str__(self):
        return f"{self.action} {self.initiative_id}"

    @cached_property
    def object_id(self):
        return self.initiative_id
