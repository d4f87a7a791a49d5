"""That somebody looked whether a translation still says what the Polish page says."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TranslationCheck(models.Model):
    """An editor compared a translated page with the Polish one as it was published then, and found it right."""

    page = models.OneToOneField(
        "wagtailcore.Page", models.CASCADE, related_name="translation_check", verbose_name=_("page")
    )
    source_published_at = models.DateTimeField(_("Polish version of"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)

    class Meta:
        verbose_name = _("check of a translation")
        verbose_name_plural = _("checks of translations")

    def __str__(self):
        return f"{self.page_id}: {self.source_published_at:%Y-%m-%d}"
