"""What somebody without an account tells to sign up for a meeting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteering.forms.fields import PlainText


class NewcomerForm(forms.Form):
    name = PlainText(
        label=_("Your first name and surname"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We will send a code there, and word if the meeting moves. Nobody else sees it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write the whole e-mail address, for example anna@example.com."),
        },
    )
    # What was agreed to: a place in the queue is not pressed on somebody who wanted a free place.
    waits = forms.BooleanField(required=False, widget=forms.HiddenInput)
