"""Who edits which site: one group and one collection for each, so that centres stay apart in Wagtail."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class EditorialTeamQuerySet(models.QuerySet):
    def of_centres(self):
        """Teams whose members follow from roles in a municipality. The portal's members are named by hand."""
        return self.filter(site__municipality__isnull=False)

    def with_member(self, user):
        return self.filter(group__user=user)

    def responsible_for(self, thing):
        """The team of the site that a page or an initiative belongs to."""
        if isinstance(thing, Page):
            return self.filter(site=thing.get_site())
        return self.filter(site__municipality=thing.municipality_id)

    def with_parts(self):
        return self.select_related("site__root_page", "group", "collection")


class EditorialTeam(models.Model):
    """The editors of one site: of a centre, or of the region's portal."""

    site = models.OneToOneField(
        "wagtailcore.Site", models.CASCADE, related_name="editorial_team", verbose_name=_("site")
    )
    group = models.OneToOneField(
        "auth.Group", models.PROTECT, related_name="editorial_team", verbose_name=_("group of rights")
    )
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.PROTECT, related_name="editorial_team", verbose_name=_("photos and documents")
    )

    objects = EditorialTeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("editorial team")
        verbose_name_plural = _("editorial teams")

    def __str__(self):
        return self.group.name
