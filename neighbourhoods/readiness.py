"""What a site needs before it opens to the public, as data. A mechanism only: it knows no single need.

Each app declares its checks in its own `readiness.py`, which is found at start-up:

    @register("phone", _("Phone of the centre"), must=True, order=10)
    def phone(municipality):
        return "" if municipality.phone else _("Nobody can ring you.")

A check returns what is missing, in a sentence, or "" where nothing is. `mend(municipality)` returns the address of the
page where somebody can put it right. A check that only a person can answer is registered with `register_confirmation`:
it is fulfilled by saying so, once, and who said it is written down.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from neighbourhoods.models import Confirmation

CHECKS = {}


@dataclass(frozen=True)
class Check:
    """`must`: the site does not open without it. `order`: place in the list, the most urgent first."""

    code: str
    title: str | Promise
    missing: Callable | None
    mend: Callable | None
    must: bool
    order: int
    # What the person confirms, for checks that nothing but a look can answer.
    statement: str | Promise = ""


@dataclass(frozen=True)
class Finding:
    """The answer of one check for one municipality."""

    check: Check
    missing: str
    mend_url: str
    confirmation: Confirmation | None = None

    @property
    def done(self):
        return not self.missing


def register(code, title, *, mend=None, must=False, order=500):
    """Decorator of a function(municipality) → what is missing, or ""."""

    def decorate(function):
        CHECKS[code] = Check(code, title, function, mend, must, order)
        return function

    return decorate


def register_confirmation(code, title, statement, *, mend=None, must=False, order=500):
    """A check that is fulfilled when somebody confirms `statement`."""
    CHECKS[code] = Check(code, title, None, mend, must, order, statement)


def look(municipality):
    """All findings, the most urgent first. Call inside the scope of the municipality."""
    confirmed = Confirmation.objects.by_code()
    return [
        _find(check, municipality, confirmed)
        for check in sorted(CHECKS.values(), key=lambda check: (check.order, check.code))
    ]


def _find(check, municipality, confirmed):
    mend_url = check.mend(municipality) if check.mend else ""
    if check.missing is not None:
        return Finding(check, str(check.missing(municipality) or ""), mend_url)
    confirmation = confirmed.get(check.code)
    return Finding(check, "" if confirmation else str(check.statement), mend_url, confirmation)


def obstacles(findings):
    """What the site cannot open without."""
    return [finding for finding in findings if finding.check.must and not finding.done]
