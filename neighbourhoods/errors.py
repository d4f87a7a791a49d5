"""What this app says when something cannot be done: always a sentence that a person can read."""

from django.utils.translation import gettext as _


class Erased(Exception):
    """The exact home is no longer kept: erased after the visit, or with the person."""

    def __init__(self):
        self.reasons = (_("The address is no longer kept here."),)
        super().__init__(*self.reasons)
