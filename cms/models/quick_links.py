"""What people look for most often, one step away on the home page."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class QuickLink(Orderable):
    """A page of this site, or an address elsewhere."""

    look = ParentalKey("cms.SiteLook", on_delete=models.CASCADE, related_name="quick_links", verbose_name=_("site"))
    text_pl = models.CharField(
        _("words, in Polish"), max_length=80, help_text=_("Say where it leads, never “click here”.")
    )
    text_en = models.CharField(_("words, in English"), max_length=80, blank=True)
    text_uk = models.CharField(_("words, in Ukrainian"), max_length=80, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page of this site"),
        help_text=_("Readers of another language get its translation, where there is one."),
    )
    url = models.URLField(_("address elsewhere"), blank=True)

    panels = [
        FieldPanel("text_pl"),
        FieldRowPanel([FieldPanel("text_en"), FieldPanel("text_uk")]),
        FieldPanel("page"),
        FieldPanel("url"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("quick link")
        verbose_name_plural = _("quick links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page=None) & ~models.Q(url="") | models.Q(page__isnull=False, url=""),
                name="quick_link_leads_to_one_place",
                violation_error_message=_("Give either a page of this site or an address elsewhere."),
            )
        ]

    def __str__(self):
        return self.text_pl

    def clean(self):
        super().clean()
        if bool(self.page_id) == bool(self.url):
            raise ValidationError({"page": _("Give either a page of this site or an address elsewhere.")})
