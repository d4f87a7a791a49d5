"""What the editor's preview is checked for (axe), with our words for what is wrong."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem

# Rules of axe that an editor can break with words and pictures; the rest is the programme's own business and is tested
# with it.
WORDS = {
    "image-alt": (_("A photo has no description"), _("Say in one sentence what it shows.")),
    "alt-text-quality": (
        _("The description of a photo looks like the name of a file"),
        _("Say in one sentence what the photo shows."),
    ),
    "link-name": (_("A link has no words"), _("Write where it leads.")),
    "empty-heading": (_("A heading is empty"), _("Write the heading, or take it away.")),
    "heading-order": (_("A level of headings is left out"), _("Put a main heading above the lower one.")),
    "p-as-heading": (_("A paragraph plays a heading"), _("Use the block “Heading” instead of bold type.")),
    "list": (_("A list is broken"), _("Make the list anew with the list button.")),
    "duplicate-id": (_("Two parts of the page have the same name"), _("Tell whoever looks after the platform.")),
    "color-contrast": (_("Words can hardly be read on their ground"), _("Choose a stronger colour.")),
    "video-caption": (_("A film has no captions"), _("Add captions, or the same words as text below.")),
}


class ContentChecker(ContentCheckerItem):
    axe_run_only = list(WORDS)
    axe_custom_rules = [rule for rule in ContentCheckerItem.axe_custom_rules if rule["id"] in WORDS]
    axe_messages = {rule: {"error_name": error, "help_text": advice} for rule, (error, advice) in WORDS.items()}


def with_our_checker(items):
    """The items of the user bar, with our checker in the place of Wagtail's."""
    return [
        ContentChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]
