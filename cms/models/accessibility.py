"""The accessibility statement in the shape that Polish law prescribes: fixed identifiers, titles and sentences.

Act of 4 April 2019 on digital accessibility, arts. 10-12 and 18; "Warunki techniczne publikacji i struktura dokumentu
elektronicznego deklaracji dostępności", version 2.0 of 31 July 2024. The sentences stand in the template, in the
language of the page; an editor fills in facts.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms.blocks import PARAGRAPH_FEATURES
from cms.legal_forms import StatementForm
from cms.models.base import SitePage
from cms.models.reviews import Reviewed

REVIEW_MONTH, REVIEW_DAY = 3, 31


class Conformity(models.TextChoices):
    FULL = "full", _("compliant")
    PARTIAL = "partial", _("partially compliant")
    NONE = "none", _("not compliant")


class Assessment(models.TextChoices):
    SELF = "self", _("assessed by ourselves")
    EXTERNAL = "external", _("assessed by somebody from outside")


class AccessibilityStatementPage(Reviewed, SitePage):
    """The accessibility statement of one site in one language."""

    entity = models.CharField(
        _("name of the body"), max_length=200, help_text=_("Whose site this is, in full: the centre’s whole name.")
    )
    site_address = models.URLField(_("address of the site"), help_text=_("For example https://cus.gmina.pl/"))
    # Dates may be missing in drafts only: forms and `full_clean()` ask for them.
    published_on = models.DateField(
        _("site published on"), null=True, help_text=_("The day on which this site was opened.")
    )
    updated_on = models.DateField(
        _("last important change of the site"),
        null=True,
        help_text=_("New looks, a new order of pages or a new way of publishing; not every news item."),
    )
    conformity = models.CharField(
        _("how far the site complies"),
        max_length=10,
        choices=Conformity,
        help_text=_("The sentence that the law prescribes is written for you."),
    )
    failings = RichTextField(
        _("what does not comply yet"),
        features=PARAGRAPH_FEATURES,
        blank=True,
        help_text=_("One point for each thing: what it is, why, and by when it will be put right."),
    )
    exempt = RichTextField(
        _("what the law leaves out"),
        features=PARAGRAPH_FEATURES,
        blank=True,
        help_text=_("For example maps, where the same information stands beside them as a list."),
    )
    prepared_on = models.DateField(_("statement prepared on"), null=True)
    reviewed_on = models.DateField(
        _("statement last reviewed on"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty until the first review. The law wants one by 31 March of every year, and at once after "
            "changes that matter; we remind you."
        ),
    )
    assessment = models.CharField(_("how it was assessed"), max_length=10, choices=Assessment, default=Assessment.SELF)
    assessor = models.CharField(
        _("who assessed it"),
        max_length=200,
        blank=True,
        help_text=_("The name of the firm or body, if not yourselves."),
    )
    shortcuts = RichTextField(
        _("keyboard shortcuts of the site"),
        features=PARAGRAPH_FEATURES,
        blank=True,
        help_text=_("Only those that are not usual in browsers. Leave empty if there are none: the site brings none."),
    )
    contact = models.CharField(
        _("person or unit to turn to"), max_length=200, help_text=_("Who looks after accessibility at your centre.")
    )
    email = models.EmailField(_("e-mail"))
    phone = PhoneNumberField(_("phone"))
    procedure = RichTextField(
        _("requests and complaints, in other words"),
        features=PARAGRAPH_FEATURES,
        blank=True,
        help_text=_("Leave empty to show the usual description. What you write here takes its place."),
    )
    architecture = RichTextField(
        _("accessibility of the building"),
        features=PARAGRAPH_FEATURES,
        help_text=_("Entrances, stairs, lift, toilet, parking, guide dogs: of each building that people come to."),
    )
    architecture_url = models.URLField(
        _("address of a longer description of the building"), blank=True, help_text=_("Leave empty if there is none.")
    )
    communication = RichTextField(
        _("accessibility of information and talk"),
        features=PARAGRAPH_FEATURES,
        help_text=_("Sign language interpreter, induction loop, easy-to-read texts: what there is and how to get it."),
    )
    apps = RichTextField(
        _("mobile applications"),
        features=PARAGRAPH_FEATURES,
        blank=True,
        help_text=_("With the addresses to download them. Leave empty if the centre has none."),
    )

    base_form_class = StatementForm
    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = []
    max_count_per_parent = 1
    template = "cms/accessibility_statement_page.html"
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("entity"),
                FieldPanel("site_address"),
                FieldRowPanel([FieldPanel("published_on"), FieldPanel("updated_on")]),
            ],
            heading=_("What it is about"),
        ),
        MultiFieldPanel(
            [FieldPanel("conformity"), FieldPanel("failings"), FieldPanel("exempt")],
            heading=_("State of digital accessibility"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("prepared_on"), FieldPanel("reviewed_on")]),
                FieldPanel("assessment"),
                FieldPanel("assessor"),
                FieldPanel("shortcuts"),
            ],
            heading=_("Preparation and review"),
        ),
        MultiFieldPanel(
            [FieldPanel("contact"), FieldPanel("email"), FieldPanel("phone"), FieldPanel("procedure")],
            heading=_("Contact, requests and complaints"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("apps"),
                FieldPanel("architecture"),
                FieldPanel("architecture_url"),
                FieldPanel("communication"),
            ],
            heading=_("Other information"),
        ),
    ]

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")

    def next_review(self):
        """The next 31 March after the year in which somebody last looked through it."""
        seen = self.reviewed_on or self.prepared_on
        return date(seen.year + 1, REVIEW_MONTH, REVIEW_DAY) if seen else None

    def check_complete(self):
        super().check_complete()
        problems = {**self._missing(), **self._wrong_dates()}
        if problems:
            raise ValidationError(problems)

    def _missing(self):
        problems = {}
        if self.conformity in {Conformity.PARTIAL, Conformity.NONE} and not (
            has_words(self.failings) or has_words(self.exempt)
        ):
            problems["failings"] = _("Say what does not comply, or below what the law leaves out.")
        if self.conformity == Conformity.FULL and has_words(self.failings):
            problems["conformity"] = _("You name things that do not comply: choose “partially compliant”.")
        if self.assessment == Assessment.EXTERNAL and not self.assessor:
            problems["assessor"] = _("Say who assessed the site.")
        for name in ("architecture", "communication"):
            if not has_words(getattr(self, name)):
                problems[name] = _("The law wants this described. If there is nothing, say so.")
        return problems

    def _wrong_dates(self):
        problems, tomorrow = {}, timezone.localdate() + timedelta(days=1)
        for name in ("published_on", "updated_on", "prepared_on", "reviewed_on"):
            if (day := getattr(self, name)) and day >= tomorrow:
                problems[name] = _("This day is still to come.")
        if self.published_on and self.updated_on and self.updated_on < self.published_on:
            problems["updated_on"] = _("The site cannot have been changed before it was published.")
        if self.prepared_on and self.reviewed_on and self.reviewed_on < self.prepared_on:
            problems["reviewed_on"] = _("The statement cannot have been reviewed before it was prepared.")
        return problems


def has_words(rich_text):
    """Whether rich text says anything: an emptied editor leaves an empty paragraph behind."""
    return bool(strip_tags(rich_text or "").replace("&nbsp;", " ").strip())
