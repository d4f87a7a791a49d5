"""What the verbs say when they may not act, and what happens when a letter cannot leave."""


class Refused(Exception):
    """A verb that may not be done now. `reasons` are sentences in the reader's language, the weightiest first."""

    def __init__(self, *reasons):
        super().__init__(*reasons)
        self.reasons = reasons

    def __str__(self):
        return " ".join(str(reason) for reason in self.reasons)


class MailNotSent(Exception):
    """The mail server did not take a code: the page says so instead of promising a letter."""
