"""How to reach the centre."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms.blocks import PARAGRAPH_FEATURES
from cms.models.base import Body, Lead, SitePage


class ContactPage(Lead, Body, SitePage):
    """Phone first, then where and when, how to get there, and the way to the form for opinions."""

    phone = PhoneNumberField(
        _("phone"), blank=True, help_text=_("Leave empty to show the phone of the centre from the settings.")
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Leave empty to show that of the centre."))
    address = models.CharField(
        _("address"), max_length=200, blank=True, help_text=_("Leave empty to show that of the centre.")
    )
    hours = models.TextField(
        _("opening hours"),
        max_length=500,
        blank=True,
        help_text=_("A line for each day or group of days. Leave empty to show those of the centre."),
    )
    directions = RichTextField(
        _("how to get there"),
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text=_("Bus and tram stops, parking, the entrance without steps, the lift, where to ring the bell."),
    )
    map_url = models.URLField(
        _("address of a map"),
        blank=True,
        help_text=_("An extra for those who like maps: everything needed must stand in the words above."),
    )

    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = []
    max_count_per_parent = 1
    template = "cms/contact_page.html"
    content_panels = [
        *Page.content_panels,
        *Lead.lead_panels,
        MultiFieldPanel(
            [FieldPanel("phone"), FieldPanel("email"), FieldPanel("address"), FieldPanel("hours")],
            heading=_("Phone, address, hours"),
        ),
        MultiFieldPanel([FieldPanel("directions"), FieldPanel("map_url")], heading=_("How to get there")),
        *Body.body_panels,
    ]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    def search_words(self):
        return f"{self.address} {self.hours} {super().search_words()}"

    @property
    def lines_of_hours(self):
        return [line.strip() for line in self.hours.splitlines() if line.strip()]
