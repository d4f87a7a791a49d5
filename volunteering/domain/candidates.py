"""The nearest people whom a need can be put to: right kind of help, language, free hours and skills, not on a break,
and the need within their own radius. Promises, weekly limits and blocks are the engine's: it looks at those found here.

Raw SQL, because the order of the tables and one scan of the index for every row of the grid must be fixed: left to
themselves both databases read far more (PostgreSQL, given a plain join, the whole index). Nothing but the index
`reach_near` is read. Distances are computed from the same numbers everywhere, in the same order of operations, so that
both databases, `distances.metres_from` and a search through everybody agree to the last bit.
"""

from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from volunteering.domain import calendar, windows
from volunteering.domain.distances import rows_within
from volunteering.domain.facts import languages_for, span_of
from volunteering.domain.reach import language_bits, skill_bits
from volunteering.models import Commitment, Skill
from volunteering.models.volunteers import WEEK, WIDEST_RADIUS
from volunteering.states import CommitmentState

# Metres. In a town the first circle usually holds enough; a smaller one costs the same and seldom does. Each further
# one is half as large again in area: little is read in vain. Beyond the last nobody's own radius reaches.
CIRCLES = (7000, 8600, 10_500, 13_000, 16_000, 20_000, 24_500, 30_000, 37_000, WIDEST_RADIUS)
# Around an empty circle nobody looks in one less than so many times as wide.
EMPTY = 4


@dataclass(frozen=True)
class Wanted:
    """What is asked of people. `languages`, `skills`: bits as in `reach`; one of the languages, all of the skills.
    `municipality`: only its active helpers, None for everybody."""

    category: int
    cell: int
    window: windows.Window
    languages: int
    today: date
    skills: int = 0
    municipality: int | None = None


class Candidate(NamedTuple):
    volunteer: int
    metres: float


def wanted_for(visit):
    """What a visit, loaded with its request, asks of people. One query."""
    required = Skill.objects.filter(required_by=visit.help_request.category_id).values_list("pk", flat=True)
    return wanted_among(visit, required, timezone.now())


def wanted_among(visit, required_skills, now):
    """The same where the skills that its category requires are known. No query."""
    help_request = visit.help_request
    span = span_of(visit, now)
    return Wanted(
        category=help_request.category_id,
        cell=help_request.cell,
        window=windows.somewhere_in(*span, visit.minutes) if visit.is_flexible else windows.during(*span),
        languages=language_bits(languages_for(help_request)),
        today=calendar.today(now),
        skills=skill_bits(required_skills),
        municipality=help_request.municipality_id,
    )


def nearest(wanted, count):
    """The nearest `count` candidates, in order; at equal distance by key. At most one query a circle."""
    search, found, hoped_for = _Search(wanted, count), [], 0
    with connection.cursor() as cursor:
        for metres in CIRCLES:
            if metres >= min(hoped_for, CIRCLES[-1]):
                found = search.within(cursor, metres)
                if len(found) == count:
                    break
                hoped_for = _circle_for(count, metres, len(found))
    return _candidates(found)


def _circle_for(count, metres, found):
    """How wide a circle is likely to hold so many, twice as many to be sure, when this one held so few."""
    return metres * (sqrt(2 * count / found) if found else EMPTY)


def everybody(wanted):
    """All candidates, in order. One query."""
    with connection.cursor() as cursor:
        return _candidates(_Search(wanted).within(cursor, CIRCLES[-1]))


def _candidates(rows):
    return [Candidate(volunteer, sqrt(square)) for volunteer, square in rows]


def helped_before(requester):
    """Keys of those who have been with this person, near or far: whoever picks by nearness must not forget them. Of
    somebody without an account, None, nothing is remembered."""
    if requester is None:
        return set()
    done = Commitment.objects.filter(visit__help_request__requester=requester, state=CommitmentState.DONE)
    return set(done.values_list("volunteer", flat=True))


# The query ------------------------------------------------------------------------------------------------------------

SQUARE = "area.north + area.east * ((reach.cell - area.origin) * (reach.cell - area.origin))"

SQLITE = """
with area(low, high, origin, north, east) as (values {rows})
select volunteer, square
from (
    select reach.volunteer, {square} as square
    from area cross join volunteering_reach as reach
    where reach.category_id = %s and reach.cell between area.low and area.high and {tests}
)
"""

# The lateral scan behind its fence (`offset 0`) is what keeps PostgreSQL from reading the whole index.
POSTGRESQL = """
select volunteer, square
from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::float8[], %s::float8[])
    as area(low, high, origin, north, east)
cross join lateral (
    select reach.volunteer, {square} as square
    from volunteering_reach as reach
    where reach.category_id = %s and reach.cell between area.low and area.high and {tests}
    offset 0
) as near
"""

ACTIVE = """
where exists (
    select 1 from volunteering_standing as standing join accounts_user as person on person.id = standing.volunteer_id
    where standing.municipality_id = %s and standing.volunteer_id = volunteer
    and standing.state = 'active' and person.is_active
)
"""

ORDER = "order by square, volunteer"


class _Search:
    """One need, put to the index. Its conditions are written once, however many circles are asked."""

    def __init__(self, wanted, count=None):
        tests = _tests(wanted)
        self.cell = wanted.cell
        self.tests = " and ".join(test for test, _values in tests)
        self.values = [wanted.category, *(value for _test, values in tests for value in values)]
        self.end = ORDER
        if wanted.municipality is not None:
            self.end, self.values = ACTIVE + ORDER, [*self.values, wanted.municipality]
        if count is not None:
            self.end, self.values = f"{self.end} limit %s", [*self.values, count]

    def within(self, cursor, metres):
        """(volunteer, square of metres) in a circle around the need, in order. All of the circle's cells are scanned,
        and no other. No number stands in the text: it is the same for most needs, and SQLite compiles it once."""
        columns = rows_within(self.cell, metres)
        if connection.vendor == "postgresql":
            statement = POSTGRESQL.format(square=SQUARE, tests=self.tests)
            # Arrays as PostgreSQL writes them: the driver takes longer over a list than the search over the index.
            area = [f"{{{str(column)[1:-1]}}}" for column in columns]
        else:
            marks = ", ".join(["(%s, %s, %s, %s, %s)"] * len(columns[0]))
            statement = SQLITE.format(rows=marks, square=SQUARE, tests=self.tests)
            area = [value for row in zip(*columns, strict=True) for value in row]
        cursor.execute(statement + self.end, [*area, *self.values])
        return cursor.fetchall()


def _tests(wanted):
    """Conditions on an entry of the index, each with its values: the cheap ones that most people fail come first."""
    tests = _hours(wanted.window)
    tests.append((f"{SQUARE} <= reach.radius * reach.radius", []))
    tests.append(("reach.languages & %s <> 0", [wanted.languages]))
    if wanted.skills:
        tests.append(("reach.skills & %s = %s", [wanted.skills, wanted.skills]))
    today = connection.ops.adapt_datefield_value(wanted.today)
    tests.append(("(reach.paused_until is null or reach.paused_until < %s)", [today]))
    return tests


def _hours(window):
    """Whether somebody is free then."""
    whole = [(f"reach.{WEEK[day]} & %s = %s", [hours, hours]) for day, hours in enumerate(window.whole) if hours]
    if window.runs is None:
        return whole
    if not window.runs:
        return [("false", [])]
    runs = " or ".join(_run(run) for run in window.runs)
    return [*whole, (f"({runs})", [run.starts for run in window.runs])]


def _run(run):
    """A bit that is left in the hours and in the same hours moved by 1, 2 … is the first of so many in a row."""
    moved = " & ".join(f"(reach.{WEEK[run.weekday]} >> {hour})" for hour in range(run.length))
    return f"({moved} & %s) <> 0"
