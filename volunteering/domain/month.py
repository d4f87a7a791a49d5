"""A month of meetings: the grid of its weeks, and what is on each of its days."""

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

from django.utils import timezone

# Nobody plans further.
MONTHS_AHEAD = 12
NAME = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Day:
    date: date
    is_in_month: bool
    meetings: list = field(default_factory=list)


@dataclass(frozen=True)
class Month:
    """A month of local days."""

    first: date

    @classmethod
    def read(cls, text, *, today):
        """The month that an address names (2027-04), as far as the calendar reaches; else the present one."""
        match = NAME.fullmatch(text or "")
        present = cls(today.replace(day=1))
        if not match or not 1 <= int(match[2]) <= 12 or not 1 <= int(match[1]) <= 9999:
            return present
        asked = cls(date(int(match[1]), int(match[2]), 1))
        return asked if 0 <= asked.months_after(present) <= MONTHS_AHEAD else present

    def months_after(self, other):
        return (self.first.year - other.first.year) * 12 + self.first.month - other.first.month

    @property
    def name(self):
        """As it stands in addresses."""
        return f"{self.first:%Y-%m}"

    @cached_property
    def next(self):
        return Month(_first(self.first.year, self.first.month + 1))

    @cached_property
    def previous(self):
        return Month(_first(self.first.year, self.first.month - 1))

    @property
    def span(self):
        """The moments between which it lies on local clocks."""
        return _midnight(self.first), _midnight(self.next.first)

    def weeks(self, meetings):
        """Weeks from Monday to Sunday, with the meetings of each day in their order."""
        by_day = days_of(meetings)
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[Day(day, day.month == self.first.month, by_day.get(day, [])) for day in week] for week in weeks]


def days_of(meetings):
    """Meetings by the local day on which they begin."""
    found = defaultdict(list)
    for meeting in meetings:
        found[timezone.localtime(meeting.starts_at).date()].append(meeting)
    return dict(found)


def agenda(meetings):
    """Days on which something is, with their meetings."""
    return [Day(day, is_in_month=True, meetings=there) for day, there in sorted(days_of(meetings).items())]


def _first(year, month):
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
