"""Who could help, which visits suit a helper, why not, and which initiatives answer: the door to matching."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from neighbourhoods.cells import CELL_LAT, CELL_LON, ROW, cell_at, centre
from neighbourhoods.models.whereabouts import Whereabouts
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AlertFactory,
    BlockFactory,
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    MeetingFactory,
    SkillFactory,
    StandingFactory,
    VisitFactory,
)
from tests.volunteering.domain.conftest import NOW
from volunteering.domain.distances import metres_between
from volunteering.domain.suggestions import (
    helpers_for,
    initiatives_for,
    requests_for,
    visits_for,
    why_not,
    why_not_each,
)
from volunteering.models import VolunteerProfile
from volunteering.states import CommitmentState, RequestState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WARSAW = ZoneInfo("Europe/Warsaw")
# Friday, 10:00 in Warsaw.
FRIDAY = datetime(2027, 4, 23, 10, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def make_visit(municipality, neighbourhood, shopping):
    """Makes a visit of two hours on Friday at 10:00, in the middle of the neighbourhood. `asks`: facts about its
    request."""

    def make(*, asks=(), **facts):
        asks = {"municipality": municipality, "neighbourhood": neighbourhood, "category": shopping, **dict(asks)}
        return VisitFactory(help_request=HelpRequestFactory(**asks), **{"starts_at": FRIDAY, "minutes": 120, **facts})

    return make


def hours(weekday, *free):
    availability = [0] * 7
    availability[weekday] = sum(1 << hour for hour in free)
    return availability


def people(suggested):
    return [it.volunteer for it in suggested]


def sentences(suggested):
    return [str(reason) for reason in suggested.reasons]


# Who could help -------------------------------------------------------------------------------------------------------


def test_a_helper_who_fits_is_suggested_with_reasons(make_helper, make_visit):
    visit, profile = make_visit(), make_helper()

    [suggested] = helpers_for(visit)

    assert (suggested.volunteer, suggested.visit, suggested.band_metres) == (profile.user, visit, 500)
    assert set(suggested.parts) == {"nearness", "skill", "language", "time", "continuity", "fairness", "load"}
    assert 0 < suggested.score <= 1
    assert sentences(suggested) == [
        "You chose this kind of help: Shopping.",
        "You are free on Friday, 10:00–12:00.",
        "You live close by (up to 500 m).",
    ]
    assert suggested.staff_reasons == [
        "Chose this kind of help.",
        "Is free at that time.",
        "Lives up to 500 m away.",
        "Has not been asked for a while.",
    ]


def test_reasons_are_put_into_words_when_they_are_read(make_helper, make_visit):
    make_helper()
    [suggested] = helpers_for(make_visit())

    with translation.override("uk"):
        assert "Покупки" in str(suggested.reasons[0])


def test_nobody_is_nobody(make_visit):
    assert helpers_for(make_visit()) == []


NOT_SUITED = {
    "applied": {"standing": {"applied": True}},
    "met": {"standing": {"met": True}},
    "suspended": {"standing": {"suspended": True}},
    "ended": {"standing": {"ended": True}},
    "without a standing": {"standing": None},
    "account closed": {"user__is_active": False},
    "other category": {"categories": []},
    "never free": {"never_free": True},
    "free on another day": {"availability": hours(3, *range(24))},
    "free for a part only": {"availability": hours(4, 10)},
    "paused": {"paused_until": date(2027, 4, 30)},
    "paused until today": {"paused_until": date(2027, 4, 21)},
    "other language": {"languages": ["uk", "en"]},
    "without a home": {"without_home": True},
}


@pytest.mark.parametrize("name", NOT_SUITED)
def test_who_does_not_suit_is_not_suggested(make_helper, make_visit, name):
    visit, profile = make_visit(), make_helper(**NOT_SUITED[name])

    assert helpers_for(visit) == []
    assert visits_for(profile.user, visit.help_request.municipality) == []
    assert why_not(visit, profile.user) != []


SUITED = {
    "free exactly then": {"availability": hours(4, 10, 11)},
    "pause is over": {"paused_until": date(2027, 4, 20)},
    "no language named": {"languages": []},
    "more languages": {"languages": ["en", "pl"]},
    "radius of nothing, same cell": {"radius": 0},
}


@pytest.mark.parametrize("name", SUITED)
def test_who_suits_is_suggested(make_helper, make_visit, name):
    visit, profile = make_visit(), make_helper(**SUITED[name])

    assert people(helpers_for(visit)) == [profile.user]
    assert [it.visit for it in visits_for(profile.user, visit.help_request.municipality)] == [visit]
    assert why_not(visit, profile.user) == []


def test_a_standing_elsewhere_is_none_here(make_helper, make_visit):
    profile = make_helper(standing=None)
    StandingFactory(volunteer=profile.user)

    assert helpers_for(make_visit()) == []


def test_each_ones_own_radius_decides(make_helper, make_visit):
    visit = make_visit()
    near, far = (cell_at(50.2806 + north, 18.8592) for north in (0.018, 0.036))
    makes_it = make_helper(home_cell=near, radius=2500)
    make_helper(home_cell=near, radius=1500)
    comes_far = make_helper(home_cell=far, radius=4500)
    make_helper(home_cell=far, radius=3900)

    assert people(helpers_for(visit)) == [makes_it.user, comes_far.user]


@pytest.mark.postgres
def test_the_scan_of_blocks_leaves_nobody_out(make_helper, make_visit):
    visit, random = make_visit(), Random(2027)
    for _count in range(40):
        home = cell_at(50.2806 + random.uniform(-0.1, 0.1), 18.8592 + random.uniform(-0.15, 0.15))
        make_helper(home_cell=home, radius=random.choice([0, 700, 2000, 6000, 15_000]))

    found = {it.volunteer.pk for it in helpers_for(visit)}

    everybody = VolunteerProfile.objects.values_list("user", "home_cell", "radius")
    within = {user for user, cell, radius in everybody if metres_between(cell, visit.help_request.cell) <= radius}
    assert found == within
    assert 5 < len(found) < 35


def test_a_radius_of_nothing_reaches_no_neighbouring_cell(make_helper, make_visit):
    visit = make_visit()
    make_helper(home_cell=visit.help_request.cell + 1, radius=0)

    assert helpers_for(visit) == []


@pytest.mark.parametrize(
    ("cells", "band", "sentence"),
    [
        (0, 500, "You live close by (up to 500 m)."),
        (1, 500, "You live close by (up to 500 m)."),
        (2, 1000, "You live close by (up to 1 km)."),
        (6, 3000, "You live close by (up to 3 km)."),
        (9, 5000, "It is up to 5 km from you."),
    ],
)
def test_distance_is_told_as_a_band(make_helper, make_visit, cells, band, sentence):
    visit = make_visit()
    make_helper(home_cell=visit.help_request.cell + cells * ROW, radius=10_000)

    [suggested] = helpers_for(visit)

    assert suggested.band_metres == band
    assert sentences(suggested)[2] == sentence


def test_required_skills_must_all_be_there(municipality, neighbourhood, make_helper, make_visit):
    licence, car = SkillFactory(), SkillFactory()
    transport = CategoryFactory(required_skills=[licence, car])
    visit = make_visit(asks={"category": transport})
    make_helper(categories=[transport], skills=[licence])
    driver = make_helper(categories=[transport], skills=[licence, car])

    [suggested] = helpers_for(visit)

    assert suggested.volunteer == driver.user
    assert "You have a skill that helps here." in sentences(suggested)


def test_helpful_skills_come_first(make_helper, make_visit):
    car = SkillFactory()
    category = CategoryFactory(helpful_skills=[car])
    walker, driver = make_helper(categories=[category]), make_helper(categories=[category], skills=[car])

    found = helpers_for(make_visit(asks={"category": category}))

    assert people(found) == [driver.user, walker.user]
    assert "You have a skill that helps here." not in sentences(found[1])


def test_a_request_in_ukrainian_goes_to_those_who_speak_it_first(make_helper, make_visit):
    polish, both, english = (make_helper(languages=spoken) for spoken in (["pl"], ["pl", "uk"], ["en"]))

    found = helpers_for(make_visit(asks={"language": "uk"}))

    assert people(found) == [both.user, polish.user]
    assert "You speak Ukrainian." in sentences(found[0])
    assert "You speak Ukrainian." not in sentences(found[1])
    assert english.user not in people(found)


@pytest.mark.parametrize("state", ["proposed", "accepted", "arrived"])
def test_a_promise_at_that_time_is_in_the_way(make_helper, make_visit, state):
    visit, profile = make_visit(), make_helper()
    CommitmentFactory(
        volunteer=profile.user,
        visit=make_visit(),
        state=CommitmentState(state),
        starts_at=FRIDAY + timedelta(minutes=119),
        ends_at=FRIDAY + timedelta(hours=3),
    )

    assert helpers_for(visit) == []
    assert why_not(visit, profile.user) == ["This person has another task then."]


@pytest.mark.parametrize("state", ["declined", "withdrawn", "released", "no_show"])
def test_a_promise_that_is_off_is_not_in_the_way(make_helper, make_visit, state):
    profile = make_helper()
    CommitmentFactory(volunteer=profile.user, visit=make_visit(), state=CommitmentState(state), starts_at=FRIDAY)

    assert people(helpers_for(make_visit())) == [profile.user]


def test_touching_ends_do_not_overlap(make_helper, make_visit):
    profile = make_helper()
    for start, end in ((-1, 0), (2, 3)):
        CommitmentFactory(
            volunteer=profile.user,
            visit=make_visit(),
            starts_at=FRIDAY + timedelta(hours=start),
            ends_at=FRIDAY + timedelta(hours=end),
        )

    assert people(helpers_for(make_visit())) == [profile.user]


def test_a_promise_in_another_municipality_counts(make_helper, make_visit):
    profile = make_helper()
    CommitmentFactory(volunteer=profile.user, starts_at=FRIDAY, ends_at=FRIDAY + timedelta(hours=1))

    assert helpers_for(make_visit()) == []


@pytest.mark.parametrize(
    ("starts", "is_full"),
    [
        (datetime(2027, 4, 19, 0, tzinfo=WARSAW), True),
        (datetime(2027, 4, 25, 23, tzinfo=WARSAW), True),
        (datetime(2027, 4, 18, 23, tzinfo=WARSAW), False),
        (datetime(2027, 4, 26, 0, tzinfo=WARSAW), False),
    ],
)
def test_the_weekly_limit_counts_local_weeks(make_helper, make_visit, starts, is_full):
    visit, profile = make_visit(), make_helper(tasks_per_week=1)
    CommitmentFactory(
        volunteer=profile.user, visit=make_visit(), done=True, starts_at=starts, ends_at=starts + timedelta(minutes=30)
    )

    assert people(helpers_for(visit)) == ([] if is_full else [profile.user])
    assert why_not(visit, profile.user) == (
        ["This person has as many tasks that week as they want."] if is_full else []
    )


def test_below_the_weekly_limit_there_is_room(make_helper, make_visit):
    profile = make_helper(tasks_per_week=2)
    CommitmentFactory(
        volunteer=profile.user,
        visit=make_visit(),
        starts_at=FRIDAY - timedelta(days=2, hours=3),
        ends_at=FRIDAY - timedelta(days=2),
    )

    [suggested] = helpers_for(make_visit())

    assert suggested.parts["load"] == 0.5


@pytest.mark.parametrize("wish_of", ["helper", "resident"])
def test_people_who_do_not_want_each_other_are_not_brought_together(make_helper, make_visit, wish_of):
    visit, profile = make_visit(), make_helper()
    pair = [profile.user, visit.help_request.requester]
    by, against = pair if wish_of == "helper" else reversed(pair)
    BlockFactory(municipality=visit.help_request.municipality, by=by, against=against)

    assert helpers_for(visit) == []
    assert visits_for(profile.user, visit.help_request.municipality) == []
    assert why_not(visit, profile.user) == ["These two people are not brought together."]


def test_a_block_between_others_is_not_in_the_way(make_helper, make_visit):
    visit, profile = make_visit(), make_helper()
    BlockFactory(by=profile.user)
    BlockFactory(by=visit.help_request.requester)

    assert people(helpers_for(visit)) == [profile.user]


def test_nobody_helps_themselves(make_helper, make_visit):
    profile = make_helper()
    visit = make_visit(asks={"requester": profile.user})

    assert helpers_for(visit) == []
    assert visits_for(profile.user, visit.help_request.municipality) == []
    assert why_not(visit, profile.user) == ["This is this person’s own request."]


def test_a_request_from_the_phone_has_helpers_too(make_helper, make_visit):
    profile = make_helper()

    assert people(helpers_for(make_visit(asks={"by_phone": True}))) == [profile.user]


@pytest.mark.parametrize("state", list(CommitmentState))
def test_who_answered_this_visit_before_is_not_suggested_again(make_helper, make_visit, state):
    visit, profile = make_visit(), make_helper()
    facts = {"done": True} if state == CommitmentState.DONE else {"state": state}
    CommitmentFactory(volunteer=profile.user, visit=visit, **facts)

    assert helpers_for(visit) == []


def test_who_declined_is_not_suggested_again(make_helper, make_visit):
    visit, profile = make_visit(), make_helper()
    AlertFactory(visit=visit, volunteer=profile.user, declined=True)

    assert helpers_for(visit) == []
    assert why_not(visit, profile.user) == ["This person has already given an answer about this visit."]
    assert people(helpers_for(make_visit())) == [profile.user]


def test_an_unanswered_alert_is_not_in_the_way(make_helper, make_visit):
    visit, profile = make_visit(), make_helper()
    AlertFactory(visit=visit, volunteer=profile.user)

    assert people(helpers_for(visit)) == [profile.user]


def test_protected_requests_are_never_suggested(make_helper, make_visit):
    visit, profile = make_visit(asks={"protected": True}), make_helper()

    assert helpers_for(visit) == []
    assert visits_for(profile.user, visit.help_request.municipality) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_at": NOW - timedelta(hours=1)},
        {"starts_at": NOW},
        {"starts_at": NOW - timedelta(days=30)},
        {"flexible": True, "starts_at": NOW - timedelta(days=7)},
    ],
)
def test_nobody_is_suggested_for_what_is_too_late(make_helper, make_visit, facts):
    visit, profile = make_visit(**facts), make_helper()

    assert helpers_for(visit) == []
    assert visits_for(profile.user, visit.help_request.municipality) == []


def test_who_helped_this_person_before_comes_first_and_only_staff_read_why(make_helper, make_visit):
    visit = make_visit()
    stranger, known = make_helper(), make_helper()
    before = make_visit(asks={"requester": visit.help_request.requester}, starts_at=FRIDAY - timedelta(days=28))
    CommitmentFactory(volunteer=known.user, visit=before, done=True, taken_at=NOW - timedelta(days=28))

    found = helpers_for(visit)

    assert people(found) == [known.user, stranger.user]
    assert found[0].parts["continuity"] == 0.5
    assert "Has helped this person before." in found[0].staff_reasons
    assert not [sentence for sentence in sentences(found[0]) if "before" in sentence or not sentence]


def test_who_was_asked_lately_comes_later(make_helper, make_visit):
    asked, rested = make_helper(), make_helper()
    AlertFactory(visit=make_visit(), volunteer=asked.user, created_at=NOW - timedelta(days=7))

    found = helpers_for(make_visit())

    assert people(found) == [rested.user, asked.user]
    # Seven of fourteen days of rest, and one alert in four weeks.
    assert [it.parts["fairness"] for it in found] == [1, pytest.approx((7 / 14 + 5 / 6) / 2)]


def test_the_municipality_says_what_counts(make_helper, make_visit, municipality):
    visit = make_visit()
    near, rested = make_helper(home_cell=visit.help_request.cell), make_helper(home_cell=visit.help_request.cell + 5)
    AlertFactory(visit=make_visit(), volunteer=near.user, created_at=NOW - timedelta(days=1))
    municipality.weight_nearness, municipality.weight_fairness = 10, 0
    municipality.save()
    assert people(helpers_for(visit)) == [near.user, rested.user]

    municipality.weight_nearness, municipality.weight_fairness = 0, 10
    municipality.save()

    assert people(helpers_for(visit)) == [rested.user, near.user]


def test_equally_good_helpers_come_in_a_steady_order(make_helper, make_visit):
    profiles = [make_helper() for _count in range(4)]

    assert people(helpers_for(make_visit())) == [profile.user for profile in profiles]


def test_limit_takes_the_best(make_helper, make_visit):
    visit = make_visit()
    make_helper(home_cell=visit.help_request.cell + 3 * ROW)
    nearest = make_helper()

    assert people(helpers_for(visit, limit=1)) == [nearest.user]


def test_a_visit_not_yet_published_has_suggestions_for_the_desk(make_helper, make_visit):
    profile = make_helper()

    assert people(helpers_for(make_visit(asks={"awaiting_review": True}))) == [profile.user]


# Time -----------------------------------------------------------------------------------------------------------------


def test_a_visit_over_midnight_needs_both_days(make_helper, make_visit):
    visit = make_visit(starts_at=datetime(2027, 4, 23, 23, tzinfo=WARSAW), minutes=180)
    late, early = hours(4, 23), hours(5, 0, 1)
    make_helper(availability=late)
    make_helper(availability=early)
    both = make_helper(availability=[one | other for one, other in zip(late, early, strict=True)])

    [suggested] = helpers_for(visit)

    assert suggested.volunteer == both.user
    assert sentences(suggested)[1] == "You are free on Friday, 23:00–2:00."


NIGHTS = {
    # 2:00 to 3:00 is left out: 1:00 to 4:00 lasts two hours.
    "to summer": (datetime(2027, 3, 28, 0, tzinfo=UTC), 120, hours(6, 1, 3), hours(6, 1, 2)),
    # 2:00 to 3:00 comes twice: 1:00 to 4:00 lasts four hours.
    "to winter": (datetime(2027, 10, 30, 23, tzinfo=UTC), 240, hours(6, 1, 2, 3), hours(6, 1, 2)),
}


@pytest.mark.parametrize("night", NIGHTS)
def test_nights_when_clocks_change(clock, make_helper, make_visit, night):
    starts, minutes, enough, too_little = NIGHTS[night]
    clock.move_to(starts - timedelta(days=3))
    visit = make_visit(starts_at=starts, minutes=minutes)
    fits = make_helper(availability=enough)
    make_helper(availability=too_little)

    [suggested] = helpers_for(visit)

    assert suggested.volunteer == fits.user
    assert sentences(suggested)[1] == "You are free on Sunday, 1:00–4:00."


def test_a_flexible_visit_needs_a_gap_long_enough(make_helper, make_visit):
    visit = make_visit(flexible=True, minutes=120)
    fits = make_helper(availability=hours(1, 8, 9))
    make_helper(availability=hours(1, 8, 10, 12))

    [suggested] = helpers_for(visit)

    assert suggested.volunteer == fits.user
    assert sentences(suggested)[1] == "You have enough free time in those days."


def test_a_flexible_visit_takes_place_in_daytime(make_helper, make_visit):
    visit = make_visit(flexible=True, minutes=60)
    make_helper(availability=[sum(1 << hour for hour in (5, 6, 21, 22, 23))] * 7)
    early, late = make_helper(availability=hours(0, 7)), make_helper(availability=hours(0, 20))

    assert set(people(helpers_for(visit))) == {early.user, late.user}


def test_a_flexible_visit_lies_within_its_days(make_helper, make_visit):
    visit = make_visit(starts_at=FRIDAY, ends_at=FRIDAY + timedelta(days=1), is_flexible=True, minutes=60)
    make_helper(availability=hours(3, *range(24)))
    make_helper(availability=hours(4, 8, 9))
    make_helper(availability=hours(5, 10, 11))
    fits = make_helper(availability=hours(5, 9))

    assert people(helpers_for(visit)) == [fits.user]


def test_what_is_over_of_a_flexible_visit_no_longer_counts(clock, make_helper, make_visit):
    visit = make_visit(starts_at=FRIDAY, ends_at=FRIDAY + timedelta(days=2), is_flexible=True, minutes=60)
    make_helper(availability=hours(4, *range(24)))
    clock.move_to(FRIDAY + timedelta(hours=13, minutes=30))

    assert helpers_for(visit) == []


def test_a_flexible_visit_moves_around_promises_and_full_weeks(make_helper, make_visit):
    visit = make_visit(flexible=True, minutes=60)
    profile = make_helper(
        availability=[sum(1 << hour for hour in (9, 10))] + [0] * 3 + [1 << 11] + [0] * 2, tasks_per_week=1
    )
    monday = datetime(2027, 4, 26, 9, tzinfo=WARSAW)

    CommitmentFactory(
        volunteer=profile.user,
        visit=make_visit(),
        starts_at=FRIDAY - timedelta(days=2),
        ends_at=FRIDAY - timedelta(days=1),
    )
    this_week_is_full = people(helpers_for(visit))
    CommitmentFactory(volunteer=profile.user, visit=make_visit(), starts_at=monday, ends_at=monday + timedelta(hours=1))

    assert this_week_is_full == [profile.user]
    assert why_not(visit, profile.user) == ["This person has as many tasks that week as they want."]


# What strangers may know ----------------------------------------------------------------------------------------------


def as_bytes(suggestions):
    return json.dumps(
        [
            [
                it.volunteer.pk,
                it.visit.pk,
                it.score,
                it.parts,
                it.band_metres,
                [reason.as_json for reason in it.all_reasons],
                sentences(it),
                it.staff_reasons,
            ]
            for it in suggestions
        ]
    ).encode()


def test_two_homes_in_one_cell_cannot_be_told_apart(make_helper, make_visit, municipality):
    visit = make_visit()
    home, cell = visit.help_request.whereabouts, visit.help_request.cell
    profiles = [make_helper(home_cell=cell + steps * ROW, radius=5000) for steps in (0, 1, 4, 9)]
    middle = centre(cell)
    answers = set()

    for north, east in [(0, 0), (-0.49, -0.49), (0.49, 0.49), (0.3, -0.2)]:
        point = (middle[0] + north * CELL_LAT, middle[1] + east * CELL_LON)
        Whereabouts.objects.filter(pk=home.pk).update(latitude=point[0], longitude=point[1], precision=10)
        assert cell_at(*point) == cell
        mirrored = [visits_for(profile.user, municipality) for profile in profiles]
        answers.add(as_bytes([*helpers_for(visit), *[it for found in mirrored for it in found]]))

    assert len(answers) == 1
    assert len(json.loads(answers.pop())) == 8


def test_exact_homes_are_never_asked_for(make_helper, make_visit, municipality, django_assert_max_num_queries):
    visit, profile = make_visit(), make_helper()

    with django_assert_max_num_queries(60) as queries:
        helpers_for(visit)
        visits_for(profile.user, municipality)
        why_not(visit, profile.user)

    assert [query["sql"] for query in queries.captured_queries if 'whereabouts".' in query["sql"]] == []


# The mirror -----------------------------------------------------------------------------------------------------------


def test_the_mirror_shows_the_same_scores_and_reasons(make_helper, make_visit, municipality):
    car = SkillFactory()
    escort = CategoryFactory(helpful_skills=[car])
    profiles = [
        make_helper(categories=[escort], skills=[car], languages=["pl", "uk"]),
        make_helper(categories=[escort], availability=hours(4, 9, 10, 11), tasks_per_week=5),
        make_helper(categories=[escort], radius=8000),
    ]
    visits = [
        make_visit(asks={"category": escort, "language": "uk"}),
        make_visit(asks={"category": escort}, flexible=True),
    ]
    AlertFactory(visit=visits[0], volunteer=profiles[0].user, created_at=NOW - timedelta(days=3))
    CommitmentFactory(
        volunteer=profiles[1].user,
        visit=make_visit(),
        starts_at=FRIDAY - timedelta(days=3),
        ends_at=FRIDAY - timedelta(days=2),
    )

    from_visits = {(it.volunteer.pk, it.visit.pk): as_bytes([it]) for visit in visits for it in helpers_for(visit)}
    from_people = {
        (it.volunteer.pk, it.visit.pk): as_bytes([it])
        for profile in profiles
        for it in visits_for(profile.user, municipality)
    }

    assert from_visits == from_people
    assert len(from_visits) == 6


def test_visits_come_with_the_best_first_and_then_the_soonest(make_helper, make_visit, municipality):
    profile = make_helper(radius=10_000)
    far = make_visit(asks={"cell": cell_at(50.31, 18.8592)})
    later, sooner = make_visit(starts_at=FRIDAY + timedelta(days=7)), make_visit()

    assert [it.visit for it in visits_for(profile.user, municipality)] == [sooner, later, far]
    assert [it.visit for it in visits_for(profile.user, municipality, limit=1)] == [sooner]


@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.OPEN])
def test_only_open_requests_are_shown_to_helpers(make_helper, make_visit, municipality, state):
    make_visit(asks={"state": state, "case_number": "1"})

    assert visits_for(make_helper().user, municipality) == []


@pytest.mark.parametrize("trait", ["full", "done", "cancelled"])
def test_only_open_visits_are_shown_to_helpers(make_helper, make_visit, municipality, trait):
    make_visit(**{trait: True})

    assert visits_for(make_helper().user, municipality) == []


def test_visits_of_another_municipality_are_not_shown(make_helper, make_visit, municipality):
    other = MunicipalityFactory()
    profile = make_helper()
    make_visit(asks={"municipality": other, "neighbourhood": NeighbourhoodFactory(municipality=other)})

    assert visits_for(profile.user, municipality) == []
    assert visits_for(profile.user, other) == []


def test_who_has_no_profile_has_no_visits(make_visit, municipality):
    visit, person = make_visit(), UserFactory()

    assert visits_for(person, municipality) == []
    assert why_not(visit, person) == ["This person has not said yet how they want to help."]


def test_why_not_names_everything_in_the_way(make_visit, make_helper):
    visit = make_visit()
    profile = make_helper(standing={"suspended": True}, categories=[], never_free=True, paused_until=date(2027, 5, 1))

    assert why_not(visit, profile.user) == [
        "This person is not an active helper here.",
        "This person is taking a break from helping.",
        "This person did not choose this kind of help.",
        "This person is not free then.",
    ]


# Queries --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_helpers_for_asks_a_constant_number_of_questions(make_helper, make_visit, django_assert_num_queries, count):
    visit = make_visit()
    for _count in range(count):
        profile = make_helper(skills=[SkillFactory()])
        CommitmentFactory(
            volunteer=profile.user,
            visit=make_visit(),
            starts_at=FRIDAY - timedelta(days=2),
            ends_at=FRIDAY - timedelta(days=1),
        )

    with django_assert_num_queries(15):
        found = helpers_for(visit)
        [sentences(it) for it in found]

    assert len(found) == count


@pytest.mark.parametrize("count", [1, 3])
def test_visits_for_asks_a_constant_number_of_questions(
    make_helper, make_visit, municipality, django_assert_num_queries, count
):
    profile = make_helper(skills=[SkillFactory()])
    for _count in range(count):
        make_visit()

    with django_assert_num_queries(13):
        found = visits_for(profile.user, municipality)
        [sentences(it) for it in found]

    assert len(found) == count


@pytest.mark.parametrize("count", [1, 3])
def test_why_not_asks_a_constant_number_of_questions(make_helper, make_visit, django_assert_num_queries, count):
    visit, people = make_visit(), [make_helper(never_free=True).user for _count in range(count)]

    with django_assert_num_queries(13):
        against = why_not_each(visit, people)

    assert against == {person.pk: ["This person is not free then."] for person in people}


def test_why_not_of_people_with_nothing_in_common(make_helper, make_visit):
    visit, fitting, stranger = make_visit(), make_helper().user, UserFactory()
    own = visit.help_request.requester

    assert why_not_each(visit, [fitting, stranger, own]) == {
        fitting.pk: [],
        stranger.pk: ["This person has not said yet how they want to help."],
        own.pk: ["This is this person’s own request."],
    }
    assert why_not_each(visit, []) == {}


# Which initiatives answer this ----------------------------------------------------------------------------------------


@pytest.fixture
def cafe():
    return InitiativeKindFactory(code="repair_cafe")


@pytest.fixture
def repairs(cafe):
    return CategoryFactory(answered_by=[cafe])


def test_initiatives_of_the_neighbourhood_come_first(municipality, neighbourhood, cafe, repairs):
    elsewhere = InitiativeFactory(
        municipality=municipality, kind=cafe, neighbourhoods=[NeighbourhoodFactory(municipality=municipality)]
    )
    everywhere = InitiativeFactory(municipality=municipality, kind=cafe)
    here = InitiativeFactory(municipality=municipality, kind=cafe, neighbourhoods=[neighbourhood])

    found = initiatives_for(repairs, neighbourhood)

    assert [it.initiative for it in found] == [here, everywhere, elsewhere]
    assert [str(it.reason) for it in found] == [
        "It meets in your neighbourhood.",
        "It is for all residents.",
        "It meets in another part of the municipality.",
    ]


def test_among_the_near_ones_the_same_words_and_then_the_next_meeting_decide(
    municipality, neighbourhood, cafe, repairs
):
    never = InitiativeFactory(municipality=municipality, kind=cafe)
    later, sooner = InitiativeFactory.create_batch(2, municipality=municipality, kind=cafe)
    same_words = InitiativeFactory(municipality=municipality, kind=cafe, title="Naprawiamy tostery")
    for initiative, days in ((later, 9), (sooner, 3), (sooner, 1)):
        MeetingFactory(initiative=initiative, starts_at=NOW + timedelta(days=days))

    found = initiatives_for(repairs, neighbourhood, "Zepsuł mi się toster, NAPRAWIĆ?", limit=10)

    assert [it.initiative for it in found] == [same_words, sooner, later, never]
    assert [it.meeting and it.meeting.starts_at for it in found] == [
        None,
        NOW + timedelta(days=1),
        NOW + timedelta(days=9),
        None,
    ]


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"finished": True}, {"closed": True}, {"kind": None}])
def test_what_nobody_can_join_is_not_proposed(municipality, neighbourhood, cafe, repairs, facts):
    facts = {"kind": cafe, **facts}
    InitiativeFactory(municipality=municipality, **{**facts, "kind": facts["kind"] or InitiativeKindFactory()})

    assert initiatives_for(repairs, neighbourhood) == []


@pytest.mark.parametrize("facts", [{"cancelled": True}, {"starts_at": NOW - timedelta(days=2)}])
def test_meetings_that_are_off_or_over_are_not_told(municipality, neighbourhood, cafe, repairs, facts):
    MeetingFactory(initiative=InitiativeFactory(municipality=municipality, kind=cafe), **facts)

    [suggested] = initiatives_for(repairs, neighbourhood)

    assert suggested.meeting is None


def test_initiatives_of_another_municipality_are_not_proposed(neighbourhood, cafe, repairs):
    InitiativeFactory(kind=cafe)

    assert initiatives_for(repairs, neighbourhood) == []


@pytest.mark.parametrize("count", [1, 3])
def test_initiatives_for_asks_a_constant_number_of_questions(
    neighbourhood, cafe, repairs, django_assert_num_queries, count
):
    for _count in range(count):
        initiative = InitiativeFactory(
            municipality=neighbourhood.municipality, kind=cafe, neighbourhoods=[neighbourhood]
        )
        MeetingFactory(initiative=initiative)

    with django_assert_num_queries(4):
        found = initiatives_for(repairs, neighbourhood, "cokolwiek")

    assert len(found) == count


def test_requests_for_counts_what_an_initiative_may_answer(municipality, neighbourhood, cafe, repairs, make_visit):
    initiative = InitiativeFactory(municipality=municipality, kind=cafe, neighbourhoods=[neighbourhood])
    make_visit(asks={"category": repairs})
    make_visit(asks={"category": repairs})
    make_visit()
    make_visit(asks={"category": repairs, "protected": True})
    make_visit(asks={"category": repairs, "awaiting_review": True})
    make_visit(asks={"category": repairs, "neighbourhood": NeighbourhoodFactory(municipality=municipality)})

    assert requests_for(initiative) == 2


def test_an_initiative_for_all_answers_every_neighbourhood(
    municipality, cafe, repairs, make_visit, django_assert_num_queries
):
    initiative = InitiativeFactory(municipality=municipality, kind=cafe)
    make_visit(asks={"category": repairs, "neighbourhood": NeighbourhoodFactory(municipality=municipality)})

    with django_assert_num_queries(2):
        assert requests_for(initiative) == 1
