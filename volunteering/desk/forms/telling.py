"""The button that sends failed news again."""

from django import forms


class AgainForm(forms.Form):
    """Names one row of the table of failures."""

    channel = forms.CharField(max_length=8, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
