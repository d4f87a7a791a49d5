"""Fields that take what people really type: days and hours in several spellings, words without hidden characters."""

import re
from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteering.domain import words

# The beginnings of month names that tell them apart, folded: Polish, English and Ukrainian, nominative and genitive.
MONTHS = (
    ("sty", "jan", "січ"),
    ("lut", "feb", "лют"),
    ("mar", "бер"),
    ("kwi", "apr", "квіт"),
    ("maj", "may", "трав"),
    ("cze", "jun", "черв"),
    ("lip", "jul", "лип"),
    ("sie", "aug", "серп"),
    ("wrz", "sep", "вер"),
    ("paz", "oct", "жовт"),
    ("lis", "nov", "лист"),
    ("gru", "dec", "груд"),
)
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
# Words for days near by, and how many days they are ahead.
NEAR = {
    "dzis": 0, "dzisiaj": 0, "today": 0, "сьогодні": 0,
    "jutro": 1, "tomorrow": 1, "завтра": 1,
    "pojutrze": 2, "післязавтра": 2,
}  # fmt: skip
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
SPOKEN_DAY = re.compile(r"(\d{1,2})[.\s/-]+(\d{1,2}|[^\W\d]+)\.?(?:[.\s/-]+(\d{4}|\d{2}))?(?:\s*[^\W\d]{1,2})?\.?")
HOUR = re.compile(r"(\d{1,2})(?:\s*[:.,h\s]\s*(\d{2}))?(?:[:.]\d{2})?")
# Nobody types more for a day or an hour; longer input is not even looked at.
LONGEST = 40


def month_number(word):
    """1 to 12 for a month as a number, a Roman number or a word; None for anything else."""
    if word.isdecimal():
        return int(word)
    if word in ROMAN:
        return ROMAN.index(word) + 1
    for number, beginnings in enumerate(MONTHS, start=1):
        if word.startswith(beginnings):
            return number
    return None


def read_day(text, *, today):
    """The day that a person means: 24.4.2027, 24 kwietnia, 24 IV 2027, jutro, 2027-04-24. None where it is no day.

    Without a year the next such day from `today` on is meant.
    """
    text = words.fold(text.strip())[:LONGEST]
    if text in NEAR:
        return today + timedelta(days=NEAR[text])
    if match := ISO_DAY.fullmatch(text):
        return _day(*map(int, match.groups()))
    match = SPOKEN_DAY.fullmatch(text)
    month = month_number(match[2]) if match else None
    if month is None:
        return None
    if match[3]:
        year = int(match[3])
        return _day(year if year > 99 else 2000 + year, month, int(match[1]))
    # Four years, so that 29 February is found too.
    candidates = (_day(year, month, int(match[1])) for year in range(today.year, today.year + 5))
    return next((day for day in candidates if day and day >= today), None)


def read_hour(text):
    """The hour that a person means: 9, 9:30, 9.30, 15:30. None where it is no hour."""
    match = HOUR.fullmatch(text.strip()[:LONGEST])
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


class PlainText(forms.CharField):
    """Words without control characters, halves of surrogates and signs that turn the direction of writing."""

    def to_python(self, value):
        value = super().to_python(value)
        value = words.clean(value)
        if not isinstance(self.widget, forms.Textarea):
            value = " ".join(value.split())
        return value.strip() if self.strip else value


class OwnName(PlainText):
    """What a person without an account says they are called."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Your first name and surname"),
            max_length=80,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Write your name.")},
            **kwargs,
        )


class OwnMailbox(forms.EmailField):
    """Where the code for a person without an account goes. `missing`: what is said where there is none."""

    def __init__(self, *, missing, **kwargs):
        super().__init__(
            label=_("E-mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
            error_messages={
                "required": missing,
                "invalid": _("Write the whole e-mail address, for example anna@example.com."),
            },
            **kwargs,
        )


class Day(forms.DateField):
    """A day. Browsers that know days send 2027-04-24; whatever others send is read as people write it in Poland."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": _("Give a day, for example 24.4.2027.")}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        day = read_day(str(value), today=timezone.localdate())
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class Hour(forms.TimeField):
    """An hour of the day, in local wall time."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})
    default_error_messages = {"invalid": _("Give an hour, for example 9:30.")}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        hour = read_hour(str(value))
        if hour is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return hour
