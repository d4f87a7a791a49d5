"""What is taken off uploads: tags, which all sites share and which would tell what others keep; and from photos
everything but the picture itself, such as the notes of the camera, which may say where somebody lives."""

from contextlib import suppress
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from cms.filetypes import check_document

QUALITY = 90


class WithoutTags:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("tags", None)


class PhotoForm(WithoutTags, BaseImageForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        return without_notes(file) if "file" in self.changed_data else file


class DocumentForm(WithoutTags, BaseDocumentForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            check_document(file)
        return file


def without_notes(file):
    """The same picture, drawn anew: upright, in its format, in the colours of screens, and with nothing else in it.

    Raises ValidationError where the picture cannot be drawn: it was cut off, or is no picture after all.
    """
    try:
        with Image.open(file) as picture:
            kind = picture.format
            upright = in_screen_colours(ImageOps.exif_transpose(picture))
            upright.info = {}
            drawn = BytesIO()
            upright.save(drawn, kind, quality=QUALITY)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("This photo is damaged or was not sent in full. Open it in a photo programme, save it again, and retry.")
        ) from error
    return ContentFile(drawn.getvalue(), name=file.name)


def in_screen_colours(picture):
    """The first frame as RGB, with its transparency where it has one. A colour profile is applied and then left out:
    it may hold anything."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        with suppress(ImageCms.PyCMSError, OSError):
            return ImageCms.profileToProfile(
                picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
