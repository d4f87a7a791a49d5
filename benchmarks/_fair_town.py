"""A town for the year of `fair`: who helps, who asks, and how people answer. Everything from one seed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from neighbourhoods.cells import ROW, cell_at
from volunteering.domain import calendar

# The town has 10 km from end to end; most people live around two centres.
MIDDLE = cell_at(50.2806, 18.8592)
CENTRES = ((0, 0), (6, 5))
EDGE = 10
CATEGORIES = 10
START = datetime(2027, 1, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def hours(first, last):
    return sum(1 << hour for hour in range(first, last))


MORNING, AFTERNOON, EVENING = hours(8, 13), hours(12, 17), hours(16, 21)
# What the weeks of people look like: how many have such a one, when they are free on workdays, when at weekends.
WEEKS = {
    "retired": (25, MORNING | AFTERNOON, AFTERNOON),
    "mornings": (15, MORNING, 0),
    "after work": (35, EVENING, AFTERNOON),
    "weekends": (20, 0, MORNING | AFTERNOON),
    "one day": (5, 0, 0),
}
# From which hour help is needed, and how often.
BEGINNINGS = dict(zip(range(8, 20), (2, 4, 5, 4, 3, 3, 3, 3, 4, 4, 2, 1), strict=True))


@dataclass
class Person:
    """A helper. `keenness`: how likely they say yes; `pauses`: breaks, as pairs of moments."""

    pk: int
    cell: int
    radius: int
    categories: frozenset
    skills: frozenset
    availability: tuple
    tasks_per_week: int
    keenness: float
    pauses: list
    joined_at: datetime
    on_duty: frozenset = frozenset()
    # What the year makes of them.
    alerts: list = field(default_factory=list)
    fits: list = field(default_factory=list)
    promises: list = field(default_factory=list)
    last_at: datetime | None = None
    helped: dict = field(default_factory=dict)
    today: tuple = (None, 0)


@dataclass
class Occasion:
    """One visit that needs one helper. `resident`: key of who asks."""

    pk: int
    resident: int
    cell: int
    category: int
    helpful: frozenset
    published_at: datetime
    starts_at: datetime
    ends_at: datetime
    minutes: int
    is_flexible: bool
    told: set = field(default_factory=set)
    wave: int = 0
    taker: Person | None = None


def home(random):
    row, column = random.choice(CENTRES) if random.random() < 0.7 else (0, 0)
    spread = 3 if random.random() < 0.6 else EDGE / 2
    row += max(-EDGE, min(EDGE, round(random.gauss(0, spread))))
    column += max(-EDGE, min(EDGE, round(random.gauss(0, spread))))
    return MIDDLE + row * ROW + column


def people(random, count, days):
    return [person(random, pk, days) for pk in range(1, count + 1)]


def person(random, pk, days):
    [kind] = random.choices(list(WEEKS), weights=[week[0] for week in WEEKS.values()])
    _many, workday, weekend = WEEKS[kind]
    week = [workday] * 5 + [weekend] * 2
    if kind == "one day":
        week[random.randrange(7)] = random.choice((MORNING, AFTERNOON, EVENING))
    pauses = []
    if random.random() < 0.4:
        begins = START + DAY * random.randrange(days)
        pauses.append((begins, begins + DAY * random.randint(7, 42)))
    return Person(
        pk=pk,
        cell=home(random),
        radius=random.choice((2000, 3000, 3000, 5000, 5000, 8000, 12_000)),
        categories=frozenset(random.sample(range(CATEGORIES), random.randint(2, 6))),
        skills=frozenset(random.sample(range(6), random.randint(0, 3))),
        availability=tuple(week),
        tasks_per_week=random.choice((1, 2, 2, 3, 4)),
        keenness=random.choice((0.03, 0.08, 0.15, 0.3)),
        pauses=pauses,
        joined_at=START if random.random() < 0.8 else START + DAY * random.randrange(days),
        on_duty=frozenset(random.sample(range(7), 1)) if random.random() < 0.04 else frozenset(),
    )


def occasions(random, count, days):
    """Requests in the order of publishing. One resident in ten makes most of them: there is somebody to help again."""
    residents = [(key, home(random), random.randrange(CATEGORIES)) for key in range(max(1, count // 10))]
    made = []
    for pk in range(1, count + 1):
        resident = residents[min(int(random.expovariate(3 / len(residents))), len(residents) - 1)]
        published_at = START + DAY * random.randrange(days) + timedelta(minutes=random.randrange(14 * 60))
        made.append(_occasion(random, pk, resident, published_at))
    return sorted(made, key=lambda it: (it.published_at, it.pk))


def _occasion(random, pk, resident, published_at):
    key, cell, usual = resident
    is_flexible = random.random() < 0.3
    minutes = random.choice((60, 60, 90, 120))
    starts_at = _beginning(random, published_at)
    length = DAY * random.randint(2, 6) if is_flexible else timedelta(minutes=minutes)
    return Occasion(
        pk=pk,
        resident=key,
        cell=cell,
        category=usual if random.random() < 0.7 else random.randrange(CATEGORIES),
        helpful=frozenset({random.randrange(6)}) if random.random() < 0.3 else frozenset(),
        published_at=published_at,
        starts_at=starts_at,
        ends_at=starts_at + length,
        minutes=minutes,
        is_flexible=is_flexible,
    )


def _beginning(random, published_at):
    [days] = random.choices((0, 1, 2, 5, 9), weights=(10, 20, 25, 30, 15))
    [hour] = random.choices(list(BEGINNINGS), weights=BEGINNINGS.values())
    day = published_at.astimezone(calendar.ZONE).date() + DAY * days
    beginning = datetime.combine(day, time(hour), tzinfo=calendar.ZONE).astimezone(UTC)
    return max(beginning, published_at + timedelta(hours=1))
