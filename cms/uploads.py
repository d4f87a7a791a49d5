"""Forms of photos and documents without tags: tags are shared by all sites, so they would tell what others keep."""

from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm


class WithoutTags:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("tags", None)


class PhotoForm(WithoutTags, BaseImageForm):
    pass


class DocumentForm(WithoutTags, BaseDocumentForm):
    pass
