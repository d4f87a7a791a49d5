"""Near me: what is listed around a helper's home, by bands of distance, and what of it they have time for.

Distances are those between centres of cells, told as bands only. Which cells hold anything, and how much, comes from
the counts that are kept with the public list: the same numbers choose the rows and stand beside the filters.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neighbourhoods.cells import BANDS, distance_band
from volunteering.domain import calendar, suggestions
from volunteering.domain.calendar import ZONE
from volunteering.domain.distances import metres_between, metres_from
from volunteering.domain.reasons import Reason
from volunteering.matching import feasibility
from volunteering.models import HelpRequest, ListingCount, Visit

# A visit whose hour is free may last for months: beyond so many days any part of the day comes in it.
DAYS = 8

# Why a request is not for this helper, in words to them. Of blocks nobody is told: those requests are not shown.
WHY_NOT = {
    feasibility.PAUSED: _("You are taking a break."),
    feasibility.ANSWERED: _("You have already answered."),
    feasibility.WRONG_CATEGORY: _("You did not choose this kind of help."),
    feasibility.MISSING_SKILL: _("It takes a skill that you did not name."),
    feasibility.LANGUAGE: _("It takes a language that you did not name."),
    feasibility.TOO_FAR: _("It is farther than you want to go."),
    feasibility.NOT_FREE: _("You are not free then."),
    feasibility.OVERLAP: _("You have another task then."),
    feasibility.WEEKLY_LIMIT: _("You have as many tasks that week as you wanted."),
}


class Spot(NamedTuple):
    """Listed requests of one kind in one cell: how many, and how far from home they are."""

    category: int
    neighbourhood: int
    cell: int
    number: int
    metres: float
    band: int


class Around:
    """What is listed around one home. One query."""

    def __init__(self, profile, municipality):
        counts = ListingCount.objects.filter(municipality=municipality)
        rows = list(counts.totals("category_id", "neighbourhood_id", "cell"))
        ways = metres_from(profile.home_cell, [cell for _kind, _place, cell, _number in rows]).tolist()
        self.radius = profile.radius
        self.spots = [
            Spot(*row, metres, distance_band(metres_between(profile.home_cell, row[2])))
            for row, metres in zip(rows, ways, strict=True)
        ]

    def within(self, band=None, *, category=None, neighbourhood=None):
        """The spots of a band and all nearer ones; without a band, as far as the helper wants to go."""
        return [
            spot
            for spot in self.spots
            if (spot.metres <= self.radius if band is None else spot.band <= band)
            and category in {None, spot.category}
            and neighbourhood in {None, spot.neighbourhood}
        ]

    def cells(self, band=None):
        """Lists of cells by band."""
        cells = defaultdict(set)
        for spot in self.within(band):
            cells[spot.band].add(spot.cell)
        return {band: sorted(cells[band]) for band in sorted(cells)}

    def by_category(self, band=None, neighbourhood=None):
        return _sums(self.within(band, neighbourhood=neighbourhood), "category")

    def by_neighbourhood(self, band=None, category=None):
        return _sums(self.within(band, category=category), "neighbourhood")

    def by_band(self, category=None, neighbourhood=None):
        """How many requests there are up to each band."""
        chosen = self.within(BANDS[-1], category=category, neighbourhood=neighbourhood)
        return {band: sum(spot.number for spot in chosen if spot.band <= band) for band in BANDS}


def _sums(spots, name):
    sums = Counter()
    for spot in spots:
        sums[getattr(spot, name)] += spot.number
    return sums


# Which visits -----------------------------------------------------------------------------------------------------


class Day(models.TextChoices):
    """When a visit begins or, where its hour is free, can be made."""

    TODAY = "dzis", _("today")
    TOMORROW = "jutro", _("tomorrow")
    WEEKEND = "weekend", _("this weekend")
    WEEK = "tydzien", _("within 7 days")
    LATER = "pozniej", pgettext_lazy("when", "later than that")


class Part(models.TextChoices):
    """A part of the day."""

    MORNING = "rano", _("in the morning (until 12:00)")
    AFTERNOON = "popoludnie", _("in the afternoon (12:00–17:00)")
    EVENING = "wieczor", _("in the evening (from 17:00)")


HOURS = {Part.MORNING: (0, 12), Part.AFTERNOON: (12, 17), Part.EVENING: (17, 24)}


def visits(day="", part="", *, now):
    """Open visits that begin on these days and in this part of the day; where the helper picks the hour, those that can
    be made then."""
    start, end = _days(day, now)
    found = Visit.objects.to_be_taken().filter(ends_at__gt=start)
    if end is not None:
        found = found.filter(starts_at__lt=end)
    return found.filter(_in_part(part, start, end)) if part else found


def _days(day, now):
    """From when until when the days last; None where they have no end."""
    today = calendar.today(now)
    saturday = today + timedelta(days=max(0, 5 - today.weekday()))
    return {
        "": (now, None),
        Day.TODAY: (now, _midnight(today, 1)),
        Day.TOMORROW: (_midnight(today, 1), _midnight(today, 2)),
        Day.WEEKEND: (max(now, _midnight(saturday)), _midnight(today, 7 - today.weekday())),
        Day.WEEK: (now, _midnight(today, 7)),
        Day.LATER: (_midnight(today, 7), None),
    }[day]


def _in_part(part, start, end):
    first, last = HOURS[part]
    set_hours = Q(is_flexible=False, starts_at__hour__gte=first, starts_at__hour__lt=last, starts_at__gte=start)
    free_hours = Q(pk__in=[])
    for number in range(DAYS):
        begins, ends = _part_of(start.astimezone(ZONE).date() + timedelta(days=number), first, last)
        begins, ends = max(begins, start), ends if end is None else min(ends, end)
        if begins < ends:
            free_hours |= Q(starts_at__lt=ends, ends_at__gt=begins)
    if end is None:
        free_hours |= Q(ends_at__gt=ends)
    return set_hours | (Q(is_flexible=True) & free_hours)


def _part_of(day, first, last):
    """The hours of a part of one day in which a helper may come."""
    first, last = max(first, calendar.DAYTIME[0]), min(last, calendar.DAYTIME[-1] + 1)
    return tuple(datetime.combine(day, time(hour), tzinfo=ZONE) for hour in (first, last))


def _midnight(day, later=0):
    return datetime.combine(day + timedelta(days=later), time(0), tzinfo=ZONE)


# What of it is for this helper --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Near:
    """A listed request near a helper: the visit to think of first, how many other times there are, why it suits them,
    or why it does not. `band`: metres."""

    help_request: HelpRequest
    visit: Visit
    others: int
    band: int
    fits: bool
    reasons: tuple[Reason, ...] = ()
    why_not: str = ""


def listed(volunteer, cells, wanted):
    """Listed requests in these cells (`Around.cells`) of others than the helper, with one of the wanted visits."""
    return HelpRequest.objects.open().not_asked_by(volunteer).in_cells(cells).with_visits(wanted).with_card()


def look(profile, help_requests):
    """`Near` for each of these requests, by key; those that the helper is not to see are left out. 11 queries."""
    pairs = [(help_request, visit) for help_request in help_requests for visit in help_request.open_visits]
    looked = suggestions.look_at_each(profile, [visit for _request, visit in pairs])
    found = {}
    for help_request in help_requests:
        near = _near(help_request, looked)
        if near is not None:
            found[help_request.pk] = near
    return found


def _near(help_request, looked):
    if not help_request.open_visits:
        return None
    # The first that fits, or else the first of all.
    visit = min(help_request.open_visits, key=lambda visit: bool(looked[visit.pk][0]))
    obstacles, suggested = looked[visit.pk]
    if feasibility.BLOCKED in obstacles:
        return None
    return Near(
        help_request=help_request,
        visit=visit,
        others=len(help_request.open_visits) - 1,
        band=suggested.band_metres,
        fits=not obstacles,
        reasons=() if obstacles else tuple(suggested.reasons),
        why_not=next((WHY_NOT[code] for code in obstacles if code in WHY_NOT), ""),
    )
