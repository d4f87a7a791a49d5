"""Strategies and short-hands for the engine's tests: no database here."""

from hypothesis import strategies as st

from volunteering.matching.types import Helper, Need

HOUR = 60.0
DAY = 24 * HOUR
# A need on the second day, from 10:00 to 12:00.
SPAN = (DAY + 10 * HOUR, DAY + 12 * HOUR)

codes = st.integers(1, 4)
sets_of_codes = st.frozensets(codes, max_size=4)
languages = st.sampled_from(["pl", "uk", "en"])
distances = st.floats(0, 60_000)
moments = st.floats(0, 3 * DAY)
intervals = st.tuples(moments, st.floats(0, 2 * DAY)).map(lambda pair: (pair[0], pair[0] + pair[1]))
calendars = st.lists(intervals, max_size=4).map(tuple)

needs = st.builds(
    Need,
    key=st.just(1),
    category=codes,
    span=intervals,
    minutes=st.none() | st.floats(15, 12 * HOUR),
    required_skills=sets_of_codes,
    helpful_skills=sets_of_codes,
    languages=st.lists(languages, unique=True, max_size=3).map(tuple),
)

helpers = st.builds(
    Helper,
    key=st.integers(1, 10**6),
    categories=sets_of_codes,
    skills=sets_of_codes,
    languages=st.frozensets(languages),
    metres=st.none() | distances,
    radius=distances,
    free=calendars,
    busy=calendars,
    full=calendars,
    tasks=st.integers(0, 10),
    tasks_per_week=st.integers(0, 10),
    helped_before=st.integers(0, 2000),
    idle_days=st.none() | st.floats(0, 1000),
    asked=st.integers(0, 200),
    active=st.booleans(),
    paused=st.booleans(),
    blocked=st.booleans(),
    answered=st.booleans(),
)


def a_need(**facts):
    """Help of two hours with category 1."""
    return Need(**{"key": 1, "category": 1, "span": SPAN, **facts})


def a_helper(**facts):
    """Somebody who could come: free for three days, one kilometre away."""
    fitting = {"key": 1, "categories": frozenset({1}), "metres": 1000.0, "radius": 3000.0, "free": ((0.0, 3 * DAY),)}
    return Helper(**{**fitting, **facts})


# A need and helpers of whom most could come: what `helpers` draws is nearly always refused.
fitting_helpers = st.builds(
    a_helper,
    key=st.integers(1, 10**6),
    metres=st.floats(0, 3000),
    skills=sets_of_codes,
    languages=st.frozensets(languages),
    tasks=st.integers(0, 10),
    tasks_per_week=st.integers(1, 10),
    helped_before=st.integers(0, 5),
    idle_days=st.none() | st.floats(0, 100),
    asked=st.integers(0, 100),
    paused=st.sampled_from([False, False, False, True]),
)
