"""Numbers for a crisis, kept with the looks of a site."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from cms.crisis import EMERGENCY, check_number, digits


class CrisisLineQuerySet(models.QuerySet):
    def of_site(self, site):
        return self.filter(look__site=site).order_by("sort_order", "pk")


class CrisisLine(Orderable):
    """A number that residents read before they send a request, and for what it is."""

    look = ParentalKey("cms.SiteLook", on_delete=models.CASCADE, related_name="crisis_lines", verbose_name=_("site"))
    phone = models.CharField(
        _("phone"),
        max_length=20,
        validators=[check_number],
        help_text=_("As it is read out, for example 116 123 or 800 70 2222."),
    )
    text_pl = models.CharField(
        _("for what, in Polish"), max_length=120, help_text=_("A few words, for example: violence at home (Blue Line)")
    )
    text_en = models.CharField(_("for what, in English"), max_length=120, blank=True)
    text_uk = models.CharField(_("for what, in Ukrainian"), max_length=120, blank=True)

    objects = CrisisLineQuerySet.as_manager()

    panels = [
        FieldPanel("phone"),
        FieldPanel("text_pl"),
        FieldRowPanel([FieldPanel("text_en"), FieldPanel("text_uk")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("number for a crisis")
        verbose_name_plural = _("numbers for a crisis")

    def __str__(self):
        return f"{self.phone}: {self.text_pl}"

    def clean(self):
        super().clean()
        if digits(self.phone) == EMERGENCY:
            raise ValidationError({"phone": _("112 always stands first: leave it out here.")})
