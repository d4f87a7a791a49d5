"""What is taken off uploads: tags, which all sites share and which would tell what others keep; and from photos
everything but the picture itself, such as the notes of the camera, which may say where somebody lives."""

import struct
from contextlib import suppress
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.filetypes import check_document

QUALITY = 90
MEGAPIXEL = 1_000_000
# What Pillow raises over bytes that are no whole picture.
DAMAGES = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)


class WithoutTags:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("tags", None)


class PhotoField(WagtailImageField):
    """Wagtail's field decodes a whole photo before it counts its pixels, and fails on one that was cut off."""

    def to_python(self, data):
        try:
            return super().to_python(data)
        except DAMAGES as error:
            raise damaged() from error

    def check_image_pixel_size(self, file):
        """Reads the size off the head of the file: what is too large is not decoded first."""
        if not self.is_small_enough(file):
            raise ValidationError(
                _("This photo is too large: at most %(limit)s megapixels can be sent. Make it smaller first.")
                % {"limit": round(self.max_image_pixels / MEGAPIXEL)}
            )

    def is_small_enough(self, file):
        try:
            with Image.open(file) as picture:
                width, height = picture.size
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return False
        finally:
            file.seek(0)
        return width * height <= self.max_image_pixels


class PhotoForm(WithoutTags, BaseImageForm):
    HELP = {
        "title": gettext_lazy("For you, to find it again. Readers do not see it."),
        "description": gettext_lazy("What the photo shows, in one sentence, for people who cannot see it."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if given := self.fields.get("file"):
            self.fields["file"] = PhotoField(label=given.label, required=given.required, widget=given.widget)
        for name, words in self.HELP.items():
            if name in self.fields:
                self.fields[name].help_text = words

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
    except DAMAGES as error:
        raise damaged() from error
    return ContentFile(drawn.getvalue(), name=file.name)


def damaged():
    return ValidationError(
        _("This photo is damaged or was not sent in full. Open it in a photo programme, save it again, and retry.")
    )


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
