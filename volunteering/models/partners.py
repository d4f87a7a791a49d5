"""The words of partners about themselves: a public version, and beside it one that the centre has not read yet."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager
from phonenumber_field.modelfields import PhoneNumberField

from neighbourhoods.models import Neighbourhood, Organisation, OrganisationState
from volunteering.models.taxonomy import ServiceArea
from volunteering.states import ProfileStage

PROFILE_WORDS_LIMIT = 3000


class PartnerKind(models.TextChoices):
    ASSOCIATION = "association", _("association")
    FOUNDATION = "foundation", _("foundation")
    CIRCLE = "circle", _("village circle or club")
    PARISH = "parish", _("parish or church organisation")
    SCHOOL = "school", _("school or kindergarten")
    COOPERATIVE = "cooperative", _("social cooperative")
    PUBLIC = "public", _("public institution")
    OTHER = "other", _("another organisation")


class PartnerProfileQuerySet(models.QuerySet):
    def public(self):
        """What everybody can read: of partners that are neither without a page nor hidden."""
        return self.filter(stage=ProfileStage.PUBLIC, organisation__state=OrganisationState.PUBLISHED)

    def approved(self):
        """The version that is or would be public, of hidden partners too."""
        return self.filter(stage=ProfileStage.PUBLIC)

    def pending(self):
        """Versions that are not public: waiting for the centre, or sent back by it."""
        return self.exclude(stage=ProfileStage.PUBLIC)

    def to_read(self):
        return self.filter(stage=ProfileStage.PROPOSED)

    def of_organisation(self, organisation):
        return self.filter(organisation=organisation)

    def with_details(self):
        return self.select_related("organisation__municipality", "image").prefetch_related("areas", "neighbourhoods")


class PartnerProfile(models.Model):
    """One version of what a partner says of itself. Written by `domain.partners` alone."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="profiles", verbose_name=_("partner organisation")
    )
    stage = models.CharField(_("stage"), max_length=8, choices=ProfileStage, default=ProfileStage.PROPOSED)
    kind = models.CharField(_("kind"), max_length=11, choices=PartnerKind, default=PartnerKind.ASSOCIATION)
    summary = models.CharField(_("in one sentence"), max_length=250)
    words = models.TextField(_("what it does"), max_length=PROFILE_WORDS_LIMIT, blank=True)
    areas = models.ManyToManyField(ServiceArea, blank=True, related_name="+", verbose_name=_("areas of the CUS Act"))
    neighbourhoods = models.ManyToManyField(
        Neighbourhood, blank=True, related_name="+", verbose_name=_("neighbourhoods")
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    krs = models.CharField(
        _("KRS number"), max_length=10, blank=True, validators=[RegexValidator(r"^\d{10}$", _("Ten digits."))]
    )
    is_public_benefit = models.BooleanField(_("public benefit organisation (OPP)"), default=False)
    image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo or logo")
    )
    image_description = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    # Why the centre has sent it back.
    answer = models.CharField(_("answer of the centre"), max_length=500, blank=True)

    # Whoever wrote it is nobody's business in the CMS.
    wagtail_reference_index_ignore = True

    objects = ScopedManager(
        municipality="organisation__municipality",
        _manager_class=models.Manager.from_queryset(PartnerProfileQuerySet),
    )

    class Meta:
        verbose_name = _("profile of a partner")
        verbose_name_plural = _("profiles of partners")
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=ProfileStage.values), name="profile_stage_is_known"),
            models.UniqueConstraint(
                "organisation", condition=Q(stage=ProfileStage.PUBLIC), name="one_public_profile_per_partner"
            ),
            models.UniqueConstraint(
                "organisation", condition=~Q(stage=ProfileStage.PUBLIC), name="one_pending_profile_per_partner"
            ),
            models.CheckConstraint(
                condition=Q(Q(stage=ProfileStage.RETURNED), ~Q(answer=""))
                | Q(~Q(stage=ProfileStage.RETURNED), answer=""),
                name="a_returned_profile_says_why",
            ),
            models.CheckConstraint(
                condition=Q(is_public_benefit=False) | ~Q(krs=""), name="public_benefit_has_a_krs_number"
            ),
            models.CheckConstraint(
                condition=Q(image=None) | ~Q(image_description=""), name="a_profile_photo_has_words"
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="a_profile_says_something"),
        ]

    def __str__(self):
        return f"{self.organisation_id}: {self.stage}"
