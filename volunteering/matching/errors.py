"""What the engine refuses to calculate with."""


class MatchingError(ValueError):
    """Numbers that cannot be a question to the engine. The message names the first offender in plain English.

    `rule`: a code of the broken rule, for callers that tell people in their own words; `visit` and `helper`: indices of
    those concerned, None where the rule is not about one.
    """

    def __init__(self, message: str, *, rule: str = "bad_input", visit: int | None = None, helper: int | None = None):
        super().__init__(message)
        self.rule = rule
        self.visit = visit
        self.helper = helper


class BadNumber(MatchingError):
    """NaN, an infinity or a number below zero where a plain one is needed: an order built on it would be chance."""
