"""Forms of the pages of notifications."""

from django import forms


class PreferencesForm(forms.Form):
    """Which kinds of notices go by mail: one box for each."""

    def __init__(self, *args, notices, wanted, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = {f"mail_{number}": notice for number, notice in enumerate(notices)}
        for name, notice in self.kinds.items():
            self.fields[name] = forms.BooleanField(label=notice.label, required=False, initial=wanted[notice.kind])

    def wanted(self):
        """Kind → whether its box is ticked."""
        return {notice.kind: self.cleaned_data[name] for name, notice in self.kinds.items()}
