"""What is taken off uploads: tags, which all sites share and which would tell what others keep; and from photos the
margin notes of the camera, which may say where somebody lives."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

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
    pass


def without_notes(file):
    """The same picture, drawn anew: upright, in its format and colours, and with nothing else in it."""
    with Image.open(file) as picture:
        kind, colours = picture.format, picture.info.get("icc_profile")
        upright = ImageOps.exif_transpose(picture)
        upright.info = {}
        drawn = BytesIO()
        upright.save(drawn, kind, quality=QUALITY, icc_profile=colours)
    return ContentFile(drawn.getvalue(), name=file.name)
