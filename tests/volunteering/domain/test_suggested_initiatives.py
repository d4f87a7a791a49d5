"""Which initiatives answer a need, and which requests an initiative could answer."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.utils import translation
from django_scopes import scope

from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AudienceFactory,
    CategoryFactory,
    HelpRequestFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    MeetingFactory,
    VisitFactory,
)
from tests.volunteering.domain.conftest import NOW
from volunteering.domain.suggestions import initiatives_for, initiatives_for_request, requests_for
from volunteering.models import HelpRequest, Initiative, Joining

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def cafe():
    return InitiativeKindFactory(code="repair_cafe")


@pytest.fixture
def repairs(cafe):
    return CategoryFactory(answered_by=[cafe])


@pytest.fixture
def make(municipality, cafe):
    """Makes a repair café for the whole municipality; `meeting`: facts of its one meeting."""

    def make(*, meeting=None, audiences=(), **facts):
        initiative = InitiativeFactory(**{"municipality": municipality, "kind": cafe, **facts})
        if audiences:
            initiative.audiences = audiences
            initiative.save()
        if meeting is not None:
            MeetingFactory(initiative=initiative, **meeting)
        return initiative

    return make


@pytest.fixture
def make_request(municipality, neighbourhood, repairs):
    """Makes a listed request for repairs, with one visit ahead."""

    def make_request(**facts):
        facts = {"municipality": municipality, "neighbourhood": neighbourhood, "category": repairs, **facts}
        help_request = HelpRequestFactory(**facts)
        VisitFactory(help_request=help_request)
        return help_request

    return make_request


@pytest.fixture
def elsewhere(neighbourhood):
    """Another neighbourhood, some four kilometres to the north."""
    return NeighbourhoodFactory(municipality=neighbourhood.municipality, latitude=neighbourhood.latitude + 0.036)


@pytest.fixture
def far_away(neighbourhood):
    return NeighbourhoodFactory(municipality=neighbourhood.municipality, latitude=neighbourhood.latitude + 0.11)


def sentences(suggested):
    return [str(reason) for reason in suggested.reasons]


# Which are proposed ---------------------------------------------------------------------------------------------------


def test_the_nearer_comes_first(make, neighbourhood, elsewhere, repairs):
    other = make(neighbourhoods=[elsewhere])
    everywhere = make()
    here = make(neighbourhoods=[elsewhere, neighbourhood])

    assert [it.initiative for it in initiatives_for(repairs, neighbourhood)] == [here, everywhere, other]


def test_the_next_meeting_and_the_same_words_decide_among_the_near_ones(make, neighbourhood, repairs):
    never = make()
    later = make(meeting={"starts_at": NOW + timedelta(days=9)})
    sooner = make(meeting={"starts_at": NOW + timedelta(days=1)})
    same_words = make(meeting={"starts_at": NOW + timedelta(days=1)}, title="Naprawiamy tostery")

    found = initiatives_for(repairs, neighbourhood, "Zepsuł mi się toster, NAPRAWIĆ?", limit=10)

    assert [it.initiative for it in found] == [same_words, sooner, later, never]
    assert [it.meeting and it.meeting.starts_at for it in found] == [
        NOW + timedelta(days=1),
        NOW + timedelta(days=1),
        NOW + timedelta(days=9),
        None,
    ]


def test_equals_come_by_age(make, neighbourhood, repairs):
    first, second = make(), make()

    assert [it.initiative for it in initiatives_for(repairs, neighbourhood)] == [first, second]


def test_whose_audience_the_person_belongs_to_comes_first(make, neighbourhood, repairs):
    for_carers = make(audiences=[AudienceFactory(code="carers")])
    for_seniors = make(audiences=[AudienceFactory(code="seniors")])

    assert [it.initiative for it in initiatives_for(repairs, neighbourhood, "Mam 80 lat")] == [for_seniors, for_carers]
    assert [it.initiative for it in initiatives_for(repairs, neighbourhood, "")] == [for_carers, for_seniors]


def test_a_group_for_young_people_is_not_proposed_to_an_old_person(make, neighbourhood, repairs):
    young = AudienceFactory(code="young")
    make(audiences=[young])
    for_all = make(audiences=[young, AudienceFactory(code="everyone")])

    assert [it.initiative for it in initiatives_for(repairs, neighbourhood, "dla babci")] == [for_all]


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"finished": True}, {"closed": True}, {"lifecycle": None}])
def test_what_nobody_can_join_is_not_proposed(make, neighbourhood, repairs, facts):
    make(**facts)

    assert initiatives_for(repairs, neighbourhood) == []


def test_other_kinds_other_municipalities_and_what_is_too_far_are_not_proposed(make, neighbourhood, far_away, repairs):
    make(kind=InitiativeKindFactory())
    make(municipality=MunicipalityFactory())
    make(neighbourhoods=[far_away])

    assert initiatives_for(repairs, neighbourhood) == []


@pytest.mark.parametrize(
    "meeting",
    [
        {"places": 4, "taken": 4},
        {"sign_up_until": NOW - timedelta(minutes=1)},
    ],
)
def test_where_no_coming_meeting_can_be_joined_nothing_is_proposed(make, neighbourhood, repairs, meeting):
    make(meeting=meeting)

    assert initiatives_for(repairs, neighbourhood) == []


def test_a_full_meeting_is_passed_over_for_the_next_one_with_a_place(make, neighbourhood, repairs):
    initiative = make(meeting={"starts_at": NOW + timedelta(days=1), "places": 4, "taken": 4})
    free = MeetingFactory(initiative=initiative, starts_at=NOW + timedelta(days=8), places=4, taken=3)

    [suggested] = initiatives_for(repairs, neighbourhood)

    assert suggested.meeting == free


@pytest.mark.parametrize(
    "meeting",
    [None, {"cancelled": True}, {"starts_at": NOW - timedelta(days=2)}, {"starts_at": NOW - timedelta(hours=1)}],
)
def test_without_a_coming_meeting_it_is_proposed_all_the_same(make, neighbourhood, repairs, meeting):
    make(meeting=meeting)

    [suggested] = initiatives_for(repairs, neighbourhood)

    assert suggested.meeting is None
    assert sentences(suggested) == ["It is for all residents.", "No meeting is planned yet: please ring and ask."]


# In which words -------------------------------------------------------------------------------------------------------


def test_reasons_of_a_meeting_in_the_neighbourhood(make, neighbourhood, repairs):
    make(neighbourhoods=[neighbourhood], meeting={"starts_at": NOW + timedelta(days=1), "places": 5, "taken": 3})

    [suggested] = initiatives_for(repairs, neighbourhood)

    assert sentences(suggested) == ["It meets in your neighbourhood on Thursday.", "There are 2 free places."]
    assert suggested.staff_reasons == ["It meets in the same neighbourhood.", "There are 2 free places."]


def test_the_weekday_is_the_local_one(make, neighbourhood, repairs):
    # 23:30 UTC on a Thursday is Friday in Warsaw.
    make(neighbourhoods=[neighbourhood], meeting={"starts_at": datetime(2027, 4, 22, 23, 30, tzinfo=UTC)})

    [suggested] = initiatives_for(repairs, neighbourhood)

    assert sentences(suggested)[0] == "It meets in your neighbourhood on Friday."


def test_a_weekday_is_not_named_of_a_later_week(make, neighbourhood, repairs):
    make(neighbourhoods=[neighbourhood], meeting={"starts_at": NOW + timedelta(days=7)})

    [suggested] = initiatives_for(repairs, neighbourhood)

    assert sentences(suggested) == ["It is in your neighbourhood.", "There is room for everybody."]


def test_a_meeting_in_another_neighbourhood_is_not_said_to_be_here(make, neighbourhood, elsewhere, repairs):
    make(neighbourhoods=[neighbourhood, elsewhere], meeting={"neighbourhood": elsewhere})

    [suggested] = initiatives_for(repairs, neighbourhood)

    assert sentences(suggested)[0] == "It is in your neighbourhood."


def test_reasons_of_what_is_elsewhere_by_a_word_and_about_the_same(make, neighbourhood, elsewhere, repairs):
    make(neighbourhoods=[elsewhere], joining=Joining.REQUEST, title="Tostery", meeting={})

    [suggested] = initiatives_for(repairs, neighbourhood, "toster")

    assert sentences(suggested) == [
        "It is in another neighbourhood, about 5 km away.",
        "You ask for something that is spoken of there.",
        "Please ring first: the leader would like to talk with you.",
    ]


# The mirror -----------------------------------------------------------------------------------------------------------


def test_an_initiative_could_answer_listed_requests_only(make, make_request, far_away):
    initiative = make(neighbourhoods=[make_request().neighbourhood])
    first, second = HelpRequest.objects.get(), make_request()
    make_request(category=CategoryFactory())
    make_request(protected=True)
    make_request(awaiting_review=True)
    make_request(filled=True)
    make_request(neighbourhood=far_away)
    HelpRequestFactory(municipality=first.municipality, category=first.category)  # no visit ahead

    assert requests_for(initiative) == [second.pk, first.pk]


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"finished": True}, {"closed": True}])
def test_what_nobody_can_join_answers_nothing(make, make_request, facts):
    make_request()

    assert requests_for(make(**facts)) == []


def test_requests_of_another_municipality_are_not_counted(make, repairs):
    other = HelpRequestFactory(category=repairs)
    VisitFactory(help_request=other)

    assert requests_for(make()) == []


def test_a_request_is_counted_exactly_where_the_initiative_is_proposed_for_it(
    municipality, neighbourhood, elsewhere, far_away, cafe
):
    random = Random(3)
    kinds = [cafe, InitiativeKindFactory()]
    categories = [CategoryFactory(answered_by=kinds), CategoryFactory(answered_by=kinds[:1]), CategoryFactory()]
    audiences = [AudienceFactory(code=code) for code in ("seniors", "young", "everyone")]
    places = [neighbourhood, elsewhere, far_away]
    for _number in range(40):
        initiative = InitiativeFactory(
            municipality=municipality,
            kind=random.choice(kinds),
            joining=random.choice(Joining.values),
            live=random.random() < 0.9,
            neighbourhoods=random.sample(places, random.randint(0, 2)),
        )
        initiative.audiences = random.sample(audiences, random.randint(0, 2))
        initiative.save()
        for _meeting in range(random.randint(0, 2)):
            MeetingFactory(initiative=initiative, places=4, taken=random.choice([0, 4]))
    for _number in range(40):
        VisitFactory(
            help_request=HelpRequestFactory(
                municipality=municipality,
                category=random.choice(categories),
                neighbourhood=random.choice(places),
                words=random.choice(["dla babci", "dla licealisty", "toster", ""]),
                protected=random.random() < 0.2,
            )
        )

    forwards = {
        (help_request.pk, suggested.initiative.pk)
        for help_request in HelpRequest.objects.listed().with_card()
        for suggested in initiatives_for_request(help_request, limit=None)
    }
    backwards = {(key, initiative.pk) for initiative in Initiative.objects.all() for key in requests_for(initiative)}

    assert backwards == forwards
    assert len(forwards) > 50


# How much it asks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_initiatives_for_asks_a_constant_number_of_questions(
    make, neighbourhood, repairs, django_assert_num_queries, count
):
    for _count in range(count):
        make(neighbourhoods=[neighbourhood], meeting={})

    with django_assert_num_queries(5):
        found = initiatives_for(repairs, neighbourhood, "cokolwiek")
        [sentences(it) + it.staff_reasons for it in found]

    assert len(found) == count


@pytest.mark.parametrize("count", [1, 3])
def test_requests_for_asks_a_constant_number_of_questions(
    make, make_request, neighbourhood, django_assert_num_queries, count
):
    initiative = make(neighbourhoods=[neighbourhood], meeting={})
    for _count in range(count):
        make_request()

    with django_assert_num_queries(6):
        found = requests_for(initiative)

    assert len(found) == count


def test_no_scope_of_another_municipality_changes_what_is_found(make, make_request, repairs, neighbourhood):
    initiative, help_request = make(), make_request()

    with scope(municipality=neighbourhood.municipality):
        assert [it.initiative for it in initiatives_for_request(help_request)] == [initiative]
