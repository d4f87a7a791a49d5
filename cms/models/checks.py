"""When services were checked last, and when it is time again: live data of the staff, no words of a page."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality


class ServiceCheckQuerySet(models.QuerySet):
    def of(self, page):
        """That of a service; None before it was published for the first time."""
        return self.filter(service=page.translation_key).first()

    def due(self, today):
        return self.filter(due_on__lte=today)

    def to_remind(self, today):
        return self.due(today).filter(reminded_at=None)

    def of_services(self, pages):
        """Those of these pages, the longest due first."""
        return self.filter(service__in=pages.order_by().values("translation_key")).order_by("due_on", "pk")


class ServiceCheck(models.Model):
    """That somebody looked whether a service is described rightly. One for a service in all its languages."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="service_checks", verbose_name=_("municipality")
    )
    # The key that a page shares with its translations: it outlives every single one of them.
    service = models.UUIDField(_("service"), unique=True)
    checked_on = models.DateField(_("checked on"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by whom")
    )
    due_on = models.DateField(_("to be checked again on"), db_index=True)
    # Set with the one reminder; emptied by the next check.
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(ServiceCheckQuerySet)
    )

    class Meta:
        verbose_name = _("check of a service")
        verbose_name_plural = _("checks of services")
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("checked_on")), name="services_are_due_after_their_check")
        ]

    def __str__(self):
        return f"{self.service}: {self.checked_on}"

    def is_due(self, today):
        return self.due_on <= today
