"""What people write to each other: words, a photo, and what is wrong."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from volunteering.domain import photos
from volunteering.errors import Refused
from volunteering.forms.fields import PlainText
from volunteering.models import ALT_LIMIT, MESSAGE_LIMIT


class PhotoField(forms.FileField):
    """A photo, drawn anew as soon as it is here: what comes out holds the picture and nothing else."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    default_error_messages = {"empty": _("This file is empty. Choose another one.")}

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return photos.redraw(file)
        except Refused as refusal:
            raise ValidationError(list(refusal.reasons)) from refusal


class SayForm(forms.Form):
    """One message. `key` makes sure that pressing twice says it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = PlainText(
        label=_("Your message"),
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Write something, or add a photo.")},
    )
    photo = PhotoField(
        label=_("A photo"),
        help_text=_("JPEG, PNG or WebP. Where and when it was taken is removed."),
        required=False,
    )
    alt = PlainText(
        label=_("What is in the photo?"),
        help_text=_("For those who cannot see it."),
        max_length=ALT_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        # A photo may speak for itself.
        self.fields["text"].required = not self.files.get("photo")


class ReportForm(forms.Form):
    """What is wrong. Nobody has to say."""

    text = PlainText(
        label=_("What is wrong?"),
        max_length=MESSAGE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
