"""Tags and filters that every template may use without loading them: Polish typography, dates, phones, where we are."""

import re
from datetime import datetime
from functools import lru_cache

import phonenumbers
from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

POLAND = 48
NBSP = "\u00a0"
# A word of one letter before a space: "i", "w", "z", "o", "u", "a" in Polish, "в", "з", "й" in Ukrainian.
LONE_LETTER = re.compile(r"(?<![\w'’.-])([^\W\d_])[ \n]+(?=\S)")
HTML_TAG = re.compile(r"(<[^>]*>)")


# --- Words ------------------------------------------------------------------------------------------------------------


@register.filter(is_safe=True)
def nbsp(text):
    """The text with its one-letter words bound to the next one, so that no line ends in "w" or "i". Text that is
    marked safe keeps its HTML tags as they are."""
    if not isinstance(text, SafeData):
        return LONE_LETTER.sub(rf"\1{NBSP}", str(text))
    parts = HTML_TAG.split(text)
    parts[::2] = [LONE_LETTER.sub(rf"\1{NBSP}", part) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 -- it was safe before and only spaces changed


def spoken(word):
    """A word as groups of four, with a gap between them that only the eye sees: copied text stays as it was."""
    groups = ((word[start : start + 4],) for start in range(4, len(word), 4))
    return format_html("{}{}", word[:4], format_html_join("", '<span class="reference__next">{}</span>', groups))


@register.filter
@stringfilter
def reference(text):
    """A reference as people read it out: RS-7K4M; words longer than four letters come in groups of four."""
    words = format_html_join("-", "{}", ((spoken(word),) for word in text.split("-")))
    return format_html('<span class="reference">{}</span>', words)


# --- Days and hours ---------------------------------------------------------------------------------------------------


def local(moment):
    """A moment on the clocks of the municipality; a bare date stays a date."""
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment


def weekday(date):
    """The name of the weekday as it stands within a sentence: only English writes it with a capital letter."""
    name = date_format(date, "l")
    return name if get_language() == "en" else name.lower()


@register.filter
def day(date):
    """24 kwietnia 2027 (24 April 2027, 24 квітня 2027)."""
    return date_format(local(date), "j E Y") if date else ""


@register.filter
def long_day(date):
    """piątek, 27 listopada 2026."""
    if not date:
        return ""
    date = local(date)
    return long_day_in(get_language(), date.year, date.month, date.day)


# Lists name the same few days over and over, and a date is put into words slowly.
@lru_cache(maxsize=1000)
def long_day_in(language, *parts):
    date = datetime(*parts)  # noqa: DTZ001 -- a day, no moment
    return f"{weekday(date)}, {day(date)}"


@register.filter
def clock(moment):
    """15:30. The hour that comes twice in an October night says which of the two is meant."""
    if not moment:
        return ""
    moment = local(moment)
    hour = f"{moment.hour}:{moment.minute:02}"
    if not isinstance(moment, datetime) or not comes_twice(moment):
        return hour
    return _("%(hour)s summer time") % {"hour": hour} if moment.dst() else _("%(hour)s winter time") % {"hour": hour}


def comes_twice(moment):
    """Whether the clocks show this hour a second time, because they are set back that night."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


@register.filter
def when(start, end=None):
    """From one moment to another in local time: "piątek, 27 listopada 2026, 15:30–16:30"; over midnight both days are
    named. Without an end, the start alone."""
    if not start:
        return ""
    # Compared before they are put on local clocks: there, the hour that comes twice would be equal to itself.
    has_length = end and end != start
    start, end = local(start), local(end)
    beginning = f"{long_day(start)}, {clock(start)}"
    if not has_length:
        return beginning
    if end.date() == start.date():
        return f"{beginning}–{clock(end)}"
    return f"{beginning} – {long_day(end)}, {clock(end)}"


# --- Phones -----------------------------------------------------------------------------------------------------------


# Taking a number apart is slow, and the centre's own stands on every page several times.
@lru_cache(maxsize=500)
def written(text):
    """How a number is read out and how it is dialled; as it stands and nothing where it is no number."""
    try:
        number = phonenumbers.parse(text, "PL")
    except phonenumbers.NumberParseException:
        return text, ""
    styles = phonenumbers.PhoneNumberFormat
    style = styles.NATIONAL if number.country_code == POLAND else styles.INTERNATIONAL
    dialled = phonenumbers.format_number(number, styles.E164)
    return phonenumbers.format_number(number, style), f"tel:{dialled}"


def text_of(number):
    """A number as text that `written` can keep: fields of models give an object of their own."""
    if isinstance(number, phonenumbers.PhoneNumber) and number.national_number:
        zeros = "0" * (number.number_of_leading_zeros or 1) if number.italian_leading_zero else ""
        return f"+{number.country_code}{zeros}{number.national_number}"
    return str(number or "")


@register.filter
def phone(number):
    """A Polish number as it is read out: 32 244 00 00 or 512 345 678; another country's with its code."""
    return written(text_of(number))[0]


@register.filter
def unbroken(text):
    """The text with all its words bound together: a phone number on a narrow button stays on one line."""
    return str(text).replace(" ", NBSP)


@register.filter
def tel(number):
    """The address that dials a number: tel:+48322440000."""
    return written(text_of(number))[1]


# --- Where we are -----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def current(context, address, other_than=None):
    """` aria-current="page"` for a link to this very page, ` aria-current="true"` for one to the part of the site it
    belongs to. `other_than` names an address below it that has a link of its own."""
    path = context["request"].path if "request" in context else ""
    if path == address:
        return mark_safe(' aria-current="page"')
    if address != "/" and path.startswith(address) and not (other_than and path.startswith(other_than)):
        return mark_safe(' aria-current="true"')
    return ""


@register.simple_tag(takes_context=True)
def home_address(context):
    """Address of the site's home in the language of this page's address."""
    prefix = getattr(context.get("request"), "language_prefix", "")
    return f"/{prefix}/" if prefix else "/"


@register.simple_tag(takes_context=True)
def words_of_address(context):
    """The words in the address of a page that is not there: what its visitor may be looking for."""
    path = getattr(context.get("request"), "path", "")
    return " ".join(re.findall(r"[^\W\d_]{3,}", path.rstrip("/").rsplit("/", 1)[-1]))[:80]


@register.filter
def first_control(field):
    """The id of the control that a link to a form field must reach: the first of a group, else the field's own."""
    if field.use_fieldset and (not field.id_for_label or hasattr(field.field.widget, "widgets")):
        return f"{field.auto_id}_0"
    return field.id_for_label


@register.filter
def input_type(field):
    """What kind of input a form field is; "" for those that are none (a text area, a list to choose from)."""
    return getattr(field.field.widget, "input_type", "")
