"""What the engine knows of a need and of a helper. Distances are metres, times are minutes on one running count."""

from dataclasses import asdict, dataclass, fields
from math import isfinite

from volunteering.matching.errors import BadNumber

Interval = tuple[float, float]


def check_numbers(what: str, *numbers: float) -> None:
    """Raises BadNumber unless all numbers are finite and not below zero."""
    for number in numbers:
        if not (isfinite(number) and number >= 0):
            raise BadNumber(f"{what}: {number}")


def check_intervals(what: str, *intervals: Interval) -> None:
    """Raises BadNumber unless all intervals have finite ends and none ends before it starts."""
    for first, last in intervals:
        if not (isfinite(first) and isfinite(last) and first <= last):
            raise BadNumber(f"{what}: {first} to {last}")


@dataclass(frozen=True)
class Need:
    """One occasion on which help is needed.

    `minutes`: None where the helper is needed during the whole `span`, otherwise how long the help takes somewhere
    inside it. `languages`: in which the person can be spoken with, the best one first; empty where it does not matter.
    """

    key: int
    category: int
    span: Interval
    minutes: float | None = None
    required_skills: frozenset[int] = frozenset()
    helpful_skills: frozenset[int] = frozenset()
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_intervals("span", self.span)
        check_numbers("minutes", self.minutes or 0.0)


@dataclass(frozen=True)
class Helper:
    """One person as seen from one need.

    `metres`: distance to the need, None where the home is not known. `free`: the hours of the week that the person
    gives, near the need's span. `busy`: promises to others. `full`: weeks with as many tasks as the person wants.
    `tasks`: in the need's week. `idle_days`: since last asked or last promised, None for never. `asked`: how often in
    the last four weeks. `answered`: said yes or no to this very need already.
    """

    key: int
    categories: frozenset[int] = frozenset()
    skills: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    metres: float | None = None
    radius: float = 0.0
    free: tuple[Interval, ...] = ()
    busy: tuple[Interval, ...] = ()
    full: tuple[Interval, ...] = ()
    tasks: int = 0
    tasks_per_week: int = 1
    helped_before: int = 0
    idle_days: float | None = None
    asked: int = 0
    active: bool = True
    paused: bool = False
    blocked: bool = False
    answered: bool = False

    def __post_init__(self) -> None:
        check_numbers("metres", self.metres or 0.0)
        check_numbers("radius", self.radius)
        check_numbers("tasks", self.tasks, self.tasks_per_week, self.helped_before, self.asked)
        check_numbers("idle days", self.idle_days or 0.0)
        check_intervals("free", *self.free)
        check_intervals("busy", *self.busy)
        check_intervals("full", *self.full)


@dataclass(frozen=True)
class Weights:
    """How much each part of the score counts; and the scales of those parts that have one."""

    nearness: float = 3.0
    skill: float = 2.0
    language: float = 1.0
    time: float = 1.0
    continuity: float = 2.0
    fairness: float = 2.0
    load: float = 1.0
    # Metres at which nearness has fallen to a half.
    half_distance: float = 2000.0
    # Minutes of free time beyond the need that are as good as any more.
    ample_minutes: float = 120.0
    # Days after which a person counts as not asked for long.
    rested_days: float = 14.0
    # Alerts in four weeks that are as many as any more.
    many_alerts: float = 63.0

    def __post_init__(self) -> None:
        check_numbers("weights", *asdict(self).values())
        if not all((self.half_distance, self.ample_minutes, self.rested_days, self.many_alerts)):
            raise BadNumber("a scale of zero")
        if not self.total:
            raise BadNumber("all weights are zero")

    @property
    def total(self) -> float:
        return float(sum(getattr(self, part.name) for part in fields(Parts)))


@dataclass(frozen=True)
class Parts:
    """Every part of a score, each in [0, 1], 1 being best."""

    nearness: float
    skill: float
    language: float
    time: float
    continuity: float
    fairness: float
    load: float


@dataclass(frozen=True)
class Suggestion:
    """A helper who could come, how well that would be, and why."""

    key: int
    score: float
    parts: Parts
