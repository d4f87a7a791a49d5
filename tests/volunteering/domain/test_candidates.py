"""The nearest people out of the index: the same as a look at everybody, on both databases."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from neighbourhoods.cells import LAST_COLUMN, LAST_ROW, ROW, cell_at
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import (
    ALWAYS_FREE,
    NEVER_FREE,
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    SkillFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from tests.volunteering.domain.conftest import NOW
from volunteering.domain import calendar, candidates, reach, suggestions, windows
from volunteering.domain.candidates import Wanted
from volunteering.domain.distances import metres_from
from volunteering.domain.suggestions import helpers_for
from volunteering.matching.feasibility import openings
from volunteering.matching.types import Need
from volunteering.models import Reach, VolunteerProfile

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]

WARSAW = ZoneInfo("Europe/Warsaw")
# Friday, 10:00 in Warsaw.
FRIDAY = datetime(2027, 4, 23, 10, tzinfo=WARSAW)
TODAY = date(2027, 4, 21)
HERE = cell_at(50.2806, 18.8592)
ALWAYS = windows.during(FRIDAY, FRIDAY + timedelta(hours=2))


def wanted(category, **facts):
    return Wanted(**{"category": category.pk, "cell": HERE, "window": ALWAYS, "languages": 1, "today": TODAY, **facts})


def keys(found):
    return [candidate.volunteer for candidate in found]


def person(category, **facts):
    """Key of a new person who could come."""
    return VolunteerProfileFactory(**{"home_cell": HERE, "categories": [category], **facts}).user_id


# Against a look at everybody ------------------------------------------------------------------------------------------


def somebody(random, categories, skills):
    """A person of any kind, near or far; the same cells, radii and hours come up often."""
    blocks = [((1 << length) - 1) << random.randrange(6, 20) for length in (0, 2, 5, 24)]
    return VolunteerProfileFactory(
        categories=random.sample(categories, random.randint(0, 2)),
        skills=random.sample(skills, random.randint(0, 2)),
        languages=random.choice([[], ["pl"], ["uk"], ["pl", "en"], ["de"]]),
        availability=[random.choice(blocks) & ((1 << 24) - 1) for _day in range(7)],
        home_cell=random.choice([None, HERE, *(_cell_near(random) for _choice in range(12))]),
        radius=random.choice([0, 499, 500, 2000, 6000, 20_000, 50_000]),
        paused_until=random.choice([None, None, TODAY, TODAY - timedelta(days=1)]),
    )


def _cell_near(random):
    far = random.choice([2, 10, 60])
    return HERE + random.randint(-far, far) * ROW + random.randint(-far, far)


def any_span(random):
    """(start, end, minutes or None): by day and by night, over midnight, over several days, on nights when clocks
    change."""
    day = random.choice([date(2027, 4, 23), date(2027, 3, 27), date(2027, 10, 30), date(2027, 12, 31)])
    start = datetime.combine(day, datetime.min.time(), WARSAW) + timedelta(minutes=random.randrange(0, 1440, 30))
    start = start.astimezone(UTC)
    if random.random() < 0.5:
        return start, start + timedelta(minutes=random.choice([30, 60, 90, 240, 900])), None
    return start, start + timedelta(hours=random.choice([3, 20, 70, 200])), random.choice([30, 60, 100, 240])


def fits(profile, asked, span, required):
    start, end, minutes = span
    hours = calendar.hours_between(start, end, calendar.HOURS if minutes is None else calendar.DAYTIME)
    need = Need(1, 1, (calendar.minutes_of(start), calendar.minutes_of(end)), minutes)
    return (
        profile.home_cell is not None
        and asked.category in {category.pk for category in profile.categories.all()}
        and required <= {skill.pk for skill in profile.skills.all()}
        and reach.language_bits(profile.languages or ["pl"]) & asked.languages
        and (profile.paused_until is None or profile.paused_until < TODAY)
        and metres_from(asked.cell, [profile.home_cell])[0] <= profile.radius
        and openings(need, calendar.free_time(profile.availability, hours))
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_index_answers_like_a_look_at_everybody(seed):
    random = Random(seed)
    categories, skills = CategoryFactory.create_batch(2), SkillFactory.create_batch(3)
    for _person in range(60):
        somebody(random, categories, skills)
    everybody = VolunteerProfile.objects.prefetch_related("categories", "skills")

    for _need in range(60):
        span = any_span(random)
        start, end, minutes = span
        required = {skill.pk for skill in random.sample(skills, random.choice([0, 0, 1]))}
        asked = wanted(
            random.choice(categories),
            cell=random.choice([HERE, _cell_near(random)]),
            window=windows.during(start, end) if minutes is None else windows.somewhere_in(start, end, minutes),
            languages=random.choice([1, 2, 3]),
            skills=reach.skill_bits(required),
        )
        fitting = [profile for profile in everybody if fits(profile, asked, span, required)]
        ways = {profile.user_id: metres_from(asked.cell, [profile.home_cell])[0] for profile in fitting}
        expected = sorted(ways, key=lambda key: (ways[key], key))

        assert keys(candidates.everybody(asked)) == expected
        assert keys(candidates.nearest(asked, 4)) == expected[:4]
        assert [candidate.metres for candidate in candidates.everybody(asked)] == [ways[key] for key in expected]


# Edges ----------------------------------------------------------------------------------------------------------------


def test_nobody_is_an_empty_answer(shopping):
    assert candidates.nearest(wanted(shopping), 20) == candidates.everybody(wanted(shopping)) == []


def test_circles_grow_until_there_are_enough(shopping, django_assert_num_queries):
    near = [person(shopping, home_cell=HERE + steps * ROW, radius=50_000) for steps in (2, 1, 0)]
    far = [person(shopping, home_cell=HERE + steps * ROW, radius=50_000) for steps in (90, 20)]

    with django_assert_num_queries(1):
        assert keys(candidates.nearest(wanted(shopping), 2)) == near[:0:-1]
    with django_assert_num_queries(2):
        assert keys(candidates.nearest(wanted(shopping), 4)) == [*near[::-1], far[1]]
    with django_assert_num_queries(2):
        assert keys(candidates.nearest(wanted(shopping), 1000)) == [*near[::-1], *far[::-1]]


def test_around_an_empty_circle_a_much_wider_one_follows(shopping, django_assert_num_queries):
    far = person(shopping, home_cell=HERE + 90 * ROW, radius=50_000)

    with django_assert_num_queries(3):
        assert keys(candidates.nearest(wanted(shopping), 1)) == [far]


def test_a_radius_of_nothing_reaches_the_own_cell_only(shopping):
    here = person(shopping, radius=0)
    person(shopping, radius=0, home_cell=HERE + 1)

    assert candidates.everybody(wanted(shopping)) == [(here, 0.0)]


def test_the_widest_radius_reaches_as_far_as_it_says(shopping):
    steps = next(steps for steps in range(90, 120) if metres_from(HERE, [HERE + steps * ROW])[0] > 50_000)
    within = person(shopping, home_cell=HERE + (steps - 1) * ROW, radius=50_000)
    person(shopping, home_cell=HERE + steps * ROW, radius=50_000)

    assert keys(candidates.everybody(wanted(shopping))) == [within]


def test_at_one_distance_the_key_decides(shopping):
    around = [HERE + 3, HERE - 3, HERE - 3, HERE + 3, HERE - 3]
    everybody = [person(shopping, home_cell=cell, radius=2000) for cell in around]

    assert keys(candidates.nearest(wanted(shopping), 3)) == everybody[:3]
    assert keys(candidates.everybody(wanted(shopping))) == everybody


@pytest.mark.parametrize("cell", [25_000 * ROW, 25_000 * ROW + LAST_COLUMN])
def test_at_the_date_line_nobody_is_found_in_the_next_row(shopping, cell):
    here = person(shopping, home_cell=cell, radius=2000)
    # The keys next to the edge belong to other rows, at the other end of the world.
    for beyond in (cell - cell % ROW - ROW + LAST_COLUMN, cell - cell % ROW + ROW):
        person(shopping, home_cell=beyond, radius=0)

    assert keys(candidates.everybody(wanted(shopping, cell=cell))) == [here]


@pytest.mark.parametrize("cell", [0, LAST_COLUMN, LAST_ROW * ROW, LAST_ROW * ROW + LAST_COLUMN])
def test_at_the_corners_of_the_grid_people_are_found(shopping, cell):
    here = person(shopping, home_cell=cell, radius=2000)
    person(shopping, home_cell=HERE, radius=50_000)

    assert keys(candidates.everybody(wanted(shopping, cell=cell))) == [here]


def test_who_is_never_free_is_not_found(shopping):
    person(shopping, availability=NEVER_FREE)

    assert candidates.everybody(wanted(shopping)) == []


def test_when_nobody_can_have_the_time_nobody_is_found(shopping):
    person(shopping)
    night = windows.somewhere_in(FRIDAY + timedelta(hours=12), FRIDAY + timedelta(hours=18), 60)

    assert night.runs == ()
    assert candidates.everybody(wanted(shopping, window=night)) == []


def test_a_category_that_is_gone_has_nobody(shopping):
    person(shopping)
    asked = wanted(shopping)
    shopping.delete()

    assert candidates.everybody(asked) == []


def test_only_active_helpers_of_the_municipality_are_found(shopping, municipality):
    active = person(shopping)
    StandingFactory(municipality=municipality, volunteer_id=active)
    StandingFactory(municipality=municipality, volunteer_id=person(shopping), suspended=True)
    StandingFactory(volunteer_id=person(shopping))
    closed = person(shopping, user__is_active=False)
    StandingFactory(municipality=municipality, volunteer_id=closed)

    assert keys(candidates.everybody(wanted(shopping, municipality=municipality.pk))) == [active]


def test_a_hundred_thousand_candidates_in_one_place(shopping):
    profile = VolunteerProfileFactory(home_cell=HERE, categories=[shopping])
    # Rows of invented people: their profiles would take minutes.
    columns = [field.column for field in Reach._meta.fields if field.column not in ("id", "volunteer", "category_id")]
    categories = CategoryFactory.create_batch(1)
    numbers = "with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 100000)"
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("drop index if exists one_reach_row_per_category")
        cursor.execute(
            f"{numbers} insert into volunteering_reach (volunteer, category_id, {', '.join(columns)}) "  # noqa: S608
            f"select {profile.user_id} + n, {categories[0].pk}, {', '.join(columns)} "
            f"from numbers, volunteering_reach where profile_id = {profile.pk} and category_id = {shopping.pk}"
        )

    found = candidates.nearest(wanted(categories[0]), 200)

    assert keys(found) == [profile.user_id + number for number in range(1, 201)]


# Shortlists -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def visit(municipality, neighbourhood, shopping):
    requester = UserFactory()
    asked = HelpRequestFactory(
        municipality=municipality, neighbourhood=neighbourhood, category=shopping, requester=requester
    )
    return VisitFactory(help_request=asked, starts_at=FRIDAY, minutes=120)


def in_short(suggested):
    return [(it.volunteer.pk, it.score, it.parts, it.band_metres) for it in suggested]


@pytest.mark.parametrize("limit", [0, 1, 3, 8, 50])
def test_a_shortlist_gives_the_same_as_weighing_everybody(monkeypatch, make_helper, visit, limit):
    random = Random(limit)
    for _person in range(30):
        make_helper(
            home_cell=visit.help_request.cell + random.randint(-20, 20) * ROW,
            radius=20_000,
            availability=random.choice([ALWAYS_FREE, NEVER_FREE, windows.during(FRIDAY, FRIDAY).whole]),
        )
    everybody = in_short(helpers_for(visit))
    monkeypatch.setattr(suggestions, "SHORTLISTS", (4, 100))

    assert in_short(helpers_for(visit, limit=limit)) == everybody[:limit]


def test_who_helped_before_is_weighed_however_far_away(monkeypatch, make_helper, visit):
    monkeypatch.setattr(suggestions, "SHORTLISTS", (2,))
    for _person in range(4):
        make_helper(home_cell=visit.help_request.cell + 5 * ROW, radius=20_000)
    known = make_helper(home_cell=visit.help_request.cell + 9 * ROW, radius=20_000)
    before = VisitFactory(help_request=visit.help_request, starts_at=NOW - timedelta(days=30), minutes=60)
    CommitmentFactory(volunteer=known.user, visit=before, done=True, taken_at=NOW - timedelta(days=40))

    assert helpers_for(visit, limit=1)[0].volunteer == known.user


def test_nothing_is_remembered_of_who_has_no_account(visit):
    CommitmentFactory(visit=VisitFactory(help_request=HelpRequestFactory(by_phone=True)), done=True)

    assert candidates.helped_before(None) == set()


def test_the_shortlist_ends_where_nobody_farther_can_score_as_much(
    monkeypatch, make_helper, visit, django_assert_num_queries
):
    monkeypatch.setattr(suggestions, "SHORTLISTS", (2, 3))
    for steps in range(4):
        make_helper(home_cell=visit.help_request.cell + steps * ROW, radius=20_000)

    with django_assert_num_queries(16):
        nearest = helpers_for(visit, limit=1)
    with django_assert_num_queries(29):
        both = helpers_for(visit, limit=2)

    assert in_short(nearest) == in_short(both)[:1]


def test_two_homes_in_one_cell_are_one_home(shopping):
    first, second = person(shopping), person(shopping)

    assert candidates.everybody(wanted(shopping, cell=HERE + 2)) == [
        (first, metres_from(HERE + 2, [HERE])[0]),
        (second, metres_from(HERE + 2, [HERE])[0]),
    ]
