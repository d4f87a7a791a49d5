"""Texts that people agree to: privacy notice, terms of use, rules for helpers. Each has numbered versions; a consent
names the one that was read, and every one of them stays readable at its own address."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from accounts.models import Consent
from cms.blocks import PARAGRAPH_FEATURES
from cms.models.base import Lead, SitePage
from cms.trees import DEPTH_OF_HOME

LONG_TEXT_FEATURES = ["h2", "h3", *PARAGRAPH_FEATURES]
VERSIONS_BELOW = "wersja"
# More than a small integer can hold: an address may name any number.
MOST_VERSIONS = 32_767


class TextVersionQuerySet(models.QuerySet):
    def of_page(self, page):
        return self.filter(page=page).order_by("-number")

    def below(self, pages):
        """Versions of these pages and of all below them."""
        found = models.Q(pk__in=[])
        for page in pages:
            found |= models.Q(page__path__startswith=page.path)
        return self.filter(found)

    def in_force(self, kind, site):
        """The newest version of a text on a site, in Polish: translations have the same number."""
        return self.filter(kind=kind, site=site, is_original=True, page__live=True).order_by("-number")


class TextVersion(models.Model):
    """One version of one text in one language. The words are those of the revision that was published last under this
    number: a spelling mistake that is put right makes no new version, and the page's history knows both."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page"))
    site = models.ForeignKey("wagtailcore.Site", models.CASCADE, related_name="+", verbose_name=_("site"))
    kind = models.CharField(_("kind"), max_length=20, choices=Consent.Kind)
    number = models.PositiveSmallIntegerField(_("number"))
    # What consents name, for example RS-2.
    version = models.CharField(_("version of the text"), max_length=20)
    is_original = models.BooleanField(_("in Polish"))
    since = models.DateTimeField(_("in force since"), default=timezone.now)
    # Wagtail's `purge_revisions` leaves what is protected.
    revision = models.ForeignKey("wagtailcore.Revision", models.PROTECT, related_name="+", verbose_name=_("words"))

    objects = TextVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a text")
        verbose_name_plural = _("versions of texts")
        constraints = [
            models.UniqueConstraint("page", "number", name="one_text_per_version"),
            models.UniqueConstraint(
                "site", "kind", "number", condition=models.Q(is_original=True), name="one_original_per_version"
            ),
        ]

    def __str__(self):
        return self.version


class VersionedText(Lead, SitePage):
    """A text that people agree to. `consent_kind` says which."""

    text = RichTextField(_("text"), features=LONG_TEXT_FEATURES)
    changes_agreement = models.BooleanField(
        _("this changes what people agreed to"),
        default=False,
        help_text=_(
            "Tick it when the meaning changes, not for a corrected mistake. The text then gets a new number, the old "
            "one stays readable, and everybody is asked to agree again when they next sign in."
        ),
    )

    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = []
    content_panels = [
        *Page.content_panels,
        *Lead.lead_panels,
        FieldPanel("text"),
        MultiFieldPanel([FieldPanel("changes_agreement")], heading=_("Version")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("text")]

    class Meta:
        abstract = True

    @property
    def consent_kind(self):
        raise NotImplementedError

    def check_complete(self):
        super().check_complete()
        if self.changes_agreement and self.locale_id and self.is_translation:
            raise ValidationError(
                {"changes_agreement": _("The Polish page gives the number. Publish the change there first.")}
            )

    @property
    def is_translation(self):
        return not self.locale.is_default

    def route(self, request, path_components):
        """Below the page stand its versions: /regulamin/wersja/1/."""
        match path_components:
            case [below, number] if below == VERSIONS_BELOW and self.live and number.isdecimal():
                version = TextVersion.objects.of_page(self).filter(number=min(int(number), MOST_VERSIONS)).first()
                if version is not None:
                    return RouteResult(self, kwargs={"version": version})
        return super().route(request, path_components)

    def get_context(self, request, *args, version=None, **kwargs):
        versions = list(TextVersion.objects.of_page(self)) if self.pk else []
        shown = version or (versions[0] if versions else None)
        old = version is not None and version != versions[0]
        return {
            **super().get_context(request, *args, **kwargs),
            "versions": versions,
            "version": shown,
            "is_old": old,
            "words": version.revision.as_object() if old else self,
            "versions_address": f"{self.get_url(request)}{VERSIONS_BELOW}/" if self.pk else "",
        }


class PrivacyPage(VersionedText):
    max_count_per_parent = 1
    template = "cms/text_page.html"
    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = []
    consent_kind = Consent.Kind.PRIVACY

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")


class TermsPage(VersionedText):
    """The terms of use of a site, or its rules for helpers."""

    kind = models.CharField(
        _("what people agree to here"),
        max_length=20,
        choices=[choice for choice in Consent.Kind.choices if choice[0] != Consent.Kind.PRIVACY],
        default=Consent.Kind.TERMS,
    )

    template = "cms/text_page.html"
    parent_page_types = ["cms.HomePage", "cms.PortalPage"]
    subpage_types = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        *VersionedText.content_panels[len(Page.content_panels) :],
    ]

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")

    @property
    def consent_kind(self):
        return Consent.Kind(self.kind)

    def check_complete(self):
        super().check_complete()
        if self.depth is None or self.depth <= DEPTH_OF_HOME:
            return
        others = TermsPage.objects.child_of(self.get_parent()).exclude(pk=self.pk)
        if others.filter(kind=self.kind).exists():
            raise ValidationError({"kind": _("This site has a page for it already: change that one.")})
