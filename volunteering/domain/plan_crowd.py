"""Everybody who helps in a municipality, as arrays out of the read model `Reach`: who could come to a visit, looked at
all at once. What is left, a small part of them, the engine looks at one by one (`plan_question`)."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from volunteering.domain import calendar
from volunteering.domain.candidates import wanted_among
from volunteering.domain.distances import metres_from
from volunteering.models import Category, Reach, Standing
from volunteering.models.volunteers import WEEK

COLUMNS = ("category", "volunteer", "cell", *WEEK, "radius", "languages", "skills", "paused_until")


class Sieved(NamedTuple):
    """How many people have the skills, and how many of them live near enough; keys of those among them whose weekly
    hours fit and who are not on a break. Promises, limits, blocks and answers are the engine's."""

    skilled: int
    near: int
    people: list


class Crowd:
    """The active helpers of a municipality who want to do what these visits (with their requests) need. Two queries."""

    def __init__(self, municipality, visits, now):
        self.now = now
        self.today = calendar.today(now)
        categories = {visit.help_request.category_id for visit in visits}
        self.required = defaultdict(list)
        for category, skill in Category.required_skills.through.objects.filter(category__in=categories).values_list(
            "category_id", "skill_id"
        ):
            self.required[category].append(skill)
        self.rows = {
            category: np.array(rows, dtype=np.int64) for category, rows in self._load(municipality, categories)
        }

    def _load(self, municipality, categories):
        active = Standing.objects.active().filter(municipality=municipality).values("volunteer")
        entries = Reach.objects.filter(category__in=categories, volunteer__in=active).order_by("category", "volunteer")
        rows = defaultdict(list)
        for category, *numbers, paused_until in entries.values_list(*COLUMNS):
            rows[category].append((*numbers, paused_until is not None and paused_until >= self.today))
        return rows.items()

    def sieve(self, visit):
        """Who could come, as far as numbers alone can tell."""
        help_request = visit.help_request
        rows = self.rows.get(help_request.category_id)
        if rows is None:
            return Sieved(0, 0, [])
        wanted = wanted_among(visit, self.required[help_request.category_id], self.now)
        volunteer, cell, *week, radius, languages, skills, is_paused = rows.T
        is_skilled = (languages & wanted.languages != 0) & (skills & wanted.skills == wanted.skills)
        if help_request.requester_id is not None:
            is_skilled &= volunteer != help_request.requester_id
        is_near = is_skilled & (metres_from(help_request.cell, cell) <= radius)
        is_free = is_near & (is_paused == 0) & _has_time(wanted.window, week)
        return Sieved(int(is_skilled.sum()), int(is_near.sum()), volunteer[is_free].tolist())


def _has_time(window, week):
    """Whose weekly hours fit: what `candidates` asks of a row of the index, of all rows at once."""
    fits = np.ones(len(week[0]), dtype=np.bool_)
    for day, hours in enumerate(window.whole):
        if hours:
            fits &= week[day] & hours == hours
    if window.runs is None:
        return fits
    has_run = np.zeros(len(week[0]), dtype=np.bool_)
    for run in window.runs:
        moved = week[run.weekday] & run.starts
        for hour in range(1, run.length):
            moved = moved & (week[run.weekday] >> hour)
        has_run |= moved != 0
    return fits & has_run
