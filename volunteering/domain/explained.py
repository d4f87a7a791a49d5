"""Two worked examples of matching, computed by the engine itself: what `manage.py explain_matching` prints and
docs/matching.md shows. The people are made up, and nothing is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from volunteering.domain import schedule
from volunteering.matching.feasibility import obstacles
from volunteering.matching.rank import DEFAULT_WEIGHTS, suggest
from volunteering.matching.types import Helper, Need

HOUR = 60.0
DAY = 24 * HOUR
SHOPPING, ESCORT = 1, 2
CAR = 1
# Friday at 10:00, in minutes since Monday 0:00.
FRIDAY_TEN = 4 * DAY + 10 * HOUR
PARTS = ("nearness", "skill", "language", "time", "continuity", "fairness", "load")


@dataclass(frozen=True)
class Told:
    """What the choice of a wave reads of a suggestion."""

    key: int
    metres: float
    waited_days: float
    asked: int
    helped_before: int

    @property
    def volunteer(self):
        return SimpleNamespace(pk=self.key)


def free_on_friday(first, last):
    return ((4 * DAY + first * HOUR, 4 * DAY + last * HOUR),)


def helper(key, **facts):
    usual = {
        "categories": frozenset({SHOPPING, ESCORT}),
        "languages": frozenset({"pl"}),
        "radius": 3000.0,
        "free": free_on_friday(8, 14),
        "tasks_per_week": 2,
        "idle_days": 30.0,
    }
    return Helper(key=key, **{**usual, **facts})


def lines() -> Iterator[str]:
    """Both examples, line by line."""
    yield from _first()
    yield ""
    yield from _second()


def _first():
    yield "EXAMPLE 1. Shopping for somebody who speaks Ukrainian best, on Friday 10:00-11:00."
    need = Need(key=1, category=SHOPPING, span=(FRIDAY_TEN, FRIDAY_TEN + HOUR), languages=("uk", "pl"))
    people = {
        "Anna": helper(1, metres=400.0, idle_days=2.0, asked=3),
        "Bohdan": helper(2, metres=1800.0, languages=frozenset({"pl", "uk"})),
        "Celina": helper(3, metres=2600.0, helped_before=2, tasks=1),
        "Darek": helper(4, metres=3400.0),
        "Ewa": helper(5, metres=300.0, free=free_on_friday(16, 20)),
        "Filip": helper(6, metres=700.0, busy=((FRIDAY_TEN - HOUR, FRIDAY_TEN + 30.0),)),
    }
    yield from _table(need, people)


def _second():
    yield "EXAMPLE 2. Escort to the doctor, on Friday 10:00-12:00; a car helps. Three people are asked at once."
    need = Need(
        key=2, category=ESCORT, span=(FRIDAY_TEN, FRIDAY_TEN + 2 * HOUR), helpful_skills=frozenset({CAR}),
        languages=("pl",),
    )  # fmt: skip
    people = {
        "Grzegorz": helper(1, metres=600.0, skills=frozenset({CAR}), idle_days=1.0, asked=7),
        "Halina": helper(2, metres=900.0, idle_days=6.0, asked=2),
        "Irek": helper(3, metres=1500.0, idle_days=9.0, asked=1),
        "Jola": helper(4, metres=5200.0, radius=8000.0, idle_days=41.0),
    }
    yield from _table(need, people)
    yield "first wave, within 3 km: " + ", ".join(_wave(need, people, schedule.Rules(count=3)))


def _table(need, people):
    names = {it.key: name for name, it in people.items()}
    yield f"{'':<10}{'score':>7}" + "".join(f"{part:>12}" for part in PARTS)
    yield f"{'weight':<10}{'':>7}" + "".join(f"{getattr(DEFAULT_WEIGHTS, part):>12.0f}" for part in PARTS)
    for it in suggest(need, people.values()):
        yield f"{names[it.key]:<10}{it.score:>7.3f}" + "".join(f"{getattr(it.parts, part):>12.3f}" for part in PARTS)
    for name, it in people.items():
        if codes := obstacles(need, it):
            yield f"{name:<10}  left out: {', '.join(codes)}"


def _wave(need, people, rules):
    names = {it.key: name for name, it in people.items()}
    known = {it.key: it for it in people.values()}
    found = [_told(known[it.key]) for it in suggest(need, people.values())]
    return [names[it.key] for it in schedule.pick(found, wave=1, rules=rules)[1]]


def _told(it):
    return Told(it.key, it.metres, it.idle_days, it.asked, it.helped_before)
