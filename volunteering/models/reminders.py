"""Who was reminded of which visit, and for which time: what happens once happens once, however often the job runs."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from volunteering.models.commitments import Commitment


class Reminder(models.Model):
    """One person was reminded of one commitment at this time. Moved, it has another time, and is reminded of again."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reminders", verbose_name=_("commitment"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    starts_at = models.DateTimeField(_("time of the visit"))
    created_at = models.DateTimeField(_("reminded"), default=timezone.now)

    objects = ScopedManager(municipality="commitment__visit__help_request__municipality")

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint("commitment", "user", "starts_at", name="one_reminder_per_person_and_time")
        ]

    def __str__(self):
        return f"{self.commitment_id}/{self.user_id}"
