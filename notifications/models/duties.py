"""When each of the worker's regular duties ran."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DutyQuerySet(models.QuerySet):
    def free(self):
        """Not in the hands of a worker (or of one that died), and not resting after a failure."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=timezone.now()))

    def due(self, every):
        return self.filter(Q(ran_at=None) | Q(ran_at__lte=timezone.now() - every))

    def telling(self, heartbeat):
        """What says how the worker is: its heartbeat, and the duties that fail."""
        return self.filter(Q(name=heartbeat) | ~Q(error=""))


class Duty(models.Model):
    """The lease and the last run of one of the worker's duties: it runs in one worker at a time and catches up."""

    name = models.CharField(_("name"), max_length=80, primary_key=True)
    ran_at = models.DateTimeField(_("last run"), null=True, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")

    def __str__(self):
        return self.name
