"""What somebody has to look at with their own eyes before a site opens, and who did."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models.places import Municipality


class ConfirmationQuerySet(models.QuerySet):
    def by_code(self):
        return {confirmation.code: confirmation for confirmation in self.select_related("confirmed_by")}


class Confirmation(models.Model):
    """Somebody said that a thing no program can judge is right: `code` is that of the check (`readiness.Check`)."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="confirmations", verbose_name=_("municipality")
    )
    code = models.SlugField(_("what"), max_length=40)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), default=timezone.now)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(ConfirmationQuerySet)
    )

    class Meta:
        verbose_name = _("confirmation before opening")
        verbose_name_plural = _("confirmations before opening")
        constraints = [models.UniqueConstraint("municipality", "code", name="confirmed_once")]

    def __str__(self):
        return self.code
