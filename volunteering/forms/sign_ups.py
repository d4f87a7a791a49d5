"""What somebody without an account tells to sign up for a meeting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteering.forms.fields import OwnMailbox, OwnName


class NewcomerForm(forms.Form):
    name = OwnName()
    email = OwnMailbox(
        missing=_("Write your e-mail address."),
        help_text=_("We will send a code there, and word if the meeting moves. Nobody else sees it."),
    )
    # What was agreed to: a place in the queue is not pressed on somebody who wanted a free place.
    waits = forms.BooleanField(required=False, widget=forms.HiddenInput)
