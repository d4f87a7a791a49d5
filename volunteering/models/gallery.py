"""What an initiative shows and hands out: photos and files. They are parts of its words: drafts hold them too."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from volunteering.models.initiatives import Initiative


class InitiativePhotoQuerySet(models.QuerySet):
    def with_images(self):
        return self.select_related("image").prefetch_related("image__renditions")


class InitiativePhoto(Orderable):
    """A photo of what happened, with words for people who cannot see it."""

    initiative = ParentalKey(Initiative, on_delete=models.CASCADE, related_name="photos", verbose_name=_("initiative"))
    image = models.ForeignKey(
        "wagtailimages.Image", on_delete=models.CASCADE, related_name="+", verbose_name=_("photo")
    )
    description = models.CharField(
        _("what the photo shows"), max_length=200, help_text=_("One sentence for people who cannot see the photo.")
    )

    objects = InitiativePhotoQuerySet.as_manager()

    panels = [FieldPanel("image"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        verbose_name = _("photo of an initiative")
        verbose_name_plural = _("photos of an initiative")

    def __str__(self):
        return self.description


class InitiativeMaterialQuerySet(models.QuerySet):
    def with_documents(self):
        return self.select_related("document")


class InitiativeMaterial(Orderable):
    """A file to take along: rules of a game, a recipe, a consent of parents."""

    initiative = ParentalKey(
        Initiative, on_delete=models.CASCADE, related_name="materials", verbose_name=_("initiative")
    )
    document = models.ForeignKey(
        "wagtaildocs.Document", on_delete=models.CASCADE, related_name="+", verbose_name=_("document")
    )
    title = models.CharField(
        _("what it is"), max_length=160, help_text=_("For example: Consent of a parent, to be printed")
    )

    objects = InitiativeMaterialQuerySet.as_manager()

    panels = [FieldPanel("document"), FieldPanel("title")]

    class Meta(Orderable.Meta):
        verbose_name = _("material of an initiative")
        verbose_name_plural = _("materials of an initiative")

    def __str__(self):
        return self.title
