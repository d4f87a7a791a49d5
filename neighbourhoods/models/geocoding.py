"""How the processes of an installation share one geocoder."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GeocoderTurn(models.Model):
    """From when on the next question to an outside geocoder is allowed. One row for each geocoder."""

    geocoder = models.CharField(_("geocoder"), max_length=20, unique=True)
    next_at = models.DateTimeField(_("next question from"), default=timezone.now)

    class Meta:
        verbose_name = _("turn at the geocoder")
        verbose_name_plural = _("turns at the geocoder")

    def __str__(self):
        return self.geocoder
