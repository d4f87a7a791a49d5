"""Whom to ring in a crisis: what a new site begins with, and what readers see.

112 is no part of this: it stands in the template, so that nothing that is edited can take it away.
"""

import re
from dataclasses import dataclass

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

# Number and sentence (a message of the catalogue), as people should read them.
DEFAULTS = (
    ("800 70 2222", gettext_noop("support in a mental crisis, day and night")),
    ("800 120 002", gettext_noop("violence at home (Blue Line)")),
    ("116 111", gettext_noop("for children and young people")),
)
EMERGENCY = "112"
TYPED = re.compile(r"\+?[0-9][0-9 -]{1,18}")
COUNTRY = "PL"


@dataclass(frozen=True)
class Line:
    """One number as a page shows it. `language` is that of the sentence."""

    phone: str
    text: str
    language: str

    @property
    def address(self):
        """What dials it. Short and free numbers do not exist with a country's code before them."""
        return f"tel:{digits(self.phone)}"


def digits(phone):
    return re.sub(r"[ -]", "", phone)


def check_number(phone):
    """Refuses what nobody can dial in Poland: it must be a whole number, or a short one such as 116 123."""
    if not TYPED.fullmatch(phone) or not exists(phonenumbers.parse(phone, COUNTRY)):
        raise ValidationError(_("Write a number that can be dialled, for example 116 123 or 800 70 2222."))


def exists(number):
    is_short = not number.italian_leading_zero and phonenumbers.is_valid_short_number_for_region(number, COUNTRY)
    return is_short or phonenumbers.is_valid_number(number)


def defaults_in(language):
    with override(language):
        return [Line(phone, _(text), language) for phone, text in DEFAULTS]


def lines_in(language, rows):
    """What a reader sees of these rows, in Polish where the own language is missing; the defaults where there are
    none."""
    return [line_in(language, row) for row in rows] or defaults_in(language)


def line_in(language, row):
    text = getattr(row, f"text_{language}", "")
    return Line(row.phone, text or row.text_pl, language if text else settings.LANGUAGE_CODE)


def first_lines():
    """The defaults as fields of `CrisisLine`, with the sentence in every language."""
    told = {code: defaults_in(code) for code, _name in settings.LANGUAGES}
    return [
        {"phone": phone, **{f"text_{code}": lines[place].text for code, lines in told.items()}}
        for place, (phone, _text) in enumerate(DEFAULTS)
    ]
