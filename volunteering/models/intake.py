"""How often requests are sent without an account, so that nobody floods a centre."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality


class IntakeAttemptQuerySet(models.QuerySet):
    def since(self, moment):
        return self.filter(created_at__gt=moment)

    def before(self, moment):
        return self.filter(created_at__lt=moment)

    def from_source(self, source):
        return self.filter(source=source)

    def by_phone_only(self):
        return self.filter(phone_only=True)


class IntakeAttempt(models.Model):
    """That somebody without an account pressed "send". Kept for a day, in the database, so that all processes count
    together. `source` is a keyed digest of the network address: it can be counted, not read."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+", verbose_name=_("municipality"))
    source = models.CharField(_("source"), max_length=32)
    phone_only = models.BooleanField(_("phone only"))
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(IntakeAttemptQuerySet)
    )

    class Meta:
        verbose_name = _("attempt to send a request")
        verbose_name_plural = _("attempts to send a request")
        indexes = [
            models.Index(fields=["municipality", "source", "created_at"], name="intake_by_source"),
            models.Index(fields=["municipality", "phone_only", "created_at"], name="intake_by_kind"),
        ]

    def __str__(self):
        return f"{self.municipality_id} {self.created_at}"
