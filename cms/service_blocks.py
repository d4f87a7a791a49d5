"""The two lists of a service: how to apply, step by step, and which papers are needed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

NO_STEPS = _("Say how to apply: add at least one step, for example “Ring us or come in”.")


class StepsBlock(blocks.StreamBlock):
    step = blocks.TextBlock(
        label=_("Step"),
        icon="list-ol",
        max_length=400,
        rows=2,
        help_text=_("One thing to do, beginning with a verb: Ring us, Fill in the form, Wait for our call."),
    )

    def clean(self, value):
        if self.required and not self.is_deferred_validation and not value:
            raise blocks.StreamBlockValidationError(non_block_errors=[ValidationError(NO_STEPS)])
        return super().clean(value)


class PaperBlock(blocks.StructBlock):
    text = blocks.CharBlock(
        label=_("What it is"), max_length=200, help_text=_("For example: Application form, or: Identity card, to show")
    )
    document = DocumentChooserBlock(
        label=_("File to download"), required=False, help_text=_("Leave empty if there is nothing to download.")
    )

    class Meta:
        label = _("Document needed")
        icon = "doc-full"


class PapersBlock(blocks.StreamBlock):
    paper = PaperBlock()
