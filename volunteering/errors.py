"""What a verb of this app says when it may not act: always a sentence that a person can read."""


class Refused(Exception):
    """A verb that may not be done now. `reasons` are sentences in the reader's language, the weightiest first."""

    def __init__(self, *reasons):
        super().__init__(*reasons)
        self.reasons = reasons

    def __str__(self):
        return " ".join(str(reason) for reason in self.reasons)


class TransitionError(Refused):
    """The thing is in a state from which this verb does not lead on."""
