"""Public holidays in Poland, by the act of 18 January 1951 on days free from work. Pure. Fourteen days that one act
names are less than a package of all countries; Easter comes from `dateutil`."""

from datetime import timedelta

from dateutil.easter import easter
from django.utils.translation import gettext_lazy as _

FIXED = {
    (1, 1): _("New Year’s Day"),
    (1, 6): _("Epiphany"),
    (5, 1): _("Labour Day"),
    (5, 3): _("Constitution Day"),
    (8, 15): _("Assumption of Mary"),
    (11, 1): _("All Saints’ Day"),
    (11, 11): _("Independence Day"),
    (12, 24): _("Christmas Eve"),
    (12, 25): _("Christmas Day"),
    (12, 26): _("Second day of Christmas"),
}
# Days after Easter Sunday.
MOVING = {
    0: _("Easter Sunday"),
    1: _("Easter Monday"),
    49: _("Pentecost"),
    60: _("Corpus Christi"),
}
# Free from work by the act of 6 December 2024.
CHRISTMAS_EVE, CHRISTMAS_EVE_SINCE = (12, 24), 2025
# So far goes the calendar of Easter, further than anybody plans.
FIRST_YEAR, LAST_YEAR = 1951, 4099


def holiday_on(day):
    """The name of the public holiday that this day is; "" for all others."""
    date = (day.month, day.day)
    if date == CHRISTMAS_EVE and day.year < CHRISTMAS_EVE_SINCE:
        return ""
    return FIXED.get(date) or _moving(day)


def _moving(day):
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    sunday = easter(day.year)
    return next((name for days, name in MOVING.items() if day == sunday + timedelta(days=days)), "")
