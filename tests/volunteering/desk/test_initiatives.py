"""Initiatives at the desk: where they stand, and planning their meetings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import CategoryFactory, InitiativeFactory, MeetingFactory, VisitFactory
from tests.volunteering.desk.conftest import NASTY
from volunteering.models import Lifecycle, Meeting
from volunteering.states import LIFECYCLE, LifecycleState

pytestmark = pytest.mark.django_db

REFUSED = [(verb, state) for verb in LIFECYCLE for state in LifecycleState if state not in LIFECYCLE[verb].sources]


@pytest.fixture
def make_initiative(municipality):
    def make(**facts):
        return InitiativeFactory(municipality=municipality, **facts)

    return make


@pytest.fixture
def initiative(make_initiative):
    return make_initiative()


@pytest.fixture
def planned(neighbourhood):
    day = timezone.localdate() + timedelta(days=7)
    return {
        "day": day.isoformat(),
        "at": "17:00",
        "minutes": "120",
        "place": "Dom Sąsiedzki",
        "neighbourhood": neighbourhood.slug,
        "places": "12",
        "sign_up_hours": "24",
        "repeat": "weekly",
        "times": "3",
    }


def page_of(initiative):
    return reverse("desk:initiative", args=[initiative.slug])


def plan(client, initiative, answers):
    return client.post(reverse("desk:meeting_plan", args=[initiative.slug]), answers)


def listed(client, query=""):
    return list(client.get(f"/biurko/inicjatywy/?{query}").context["page"].rows)


def test_the_list_shows_drafts_and_finished_ones_too(organiser, make_initiative):
    mine = [make_initiative(), make_initiative(unpublished=True), make_initiative(finished=True)]
    mine.append(make_initiative(lifecycle=None))
    InitiativeFactory(municipality=MunicipalityFactory())

    assert set(listed(organiser)) == set(mine)


def test_the_soonest_meeting_comes_first(organiser, make_initiative):
    never, later, soon = make_initiative(), make_initiative(), make_initiative()
    MeetingFactory(initiative=later, starts_at=timezone.now() + timedelta(days=9))
    MeetingFactory(initiative=soon, starts_at=timezone.now() + timedelta(days=1))

    assert listed(organiser) == [soon, later, never]


@pytest.mark.parametrize("state", LifecycleState)
def test_the_list_is_narrowed_by_state(organiser, make_initiative, state):
    initiatives = {it: make_initiative(lifecycle__state=it) for it in LifecycleState}

    assert listed(organiser, f"stan={state}") == [initiatives[state]]


@pytest.mark.parametrize("value", NASTY)
def test_no_filter_breaks_the_list(organiser, initiative, value):
    for fields in (["slowa"], ["stan"], ["stan", "after", "before"]):
        assert organiser.get("/biurko/inicjatywy/", dict.fromkeys(fields, value)).status_code == 200


def test_an_empty_list_says_so(organiser):
    assert 'class="empty"' in organiser.get("/biurko/inicjatywy/").text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_list(organiser, make_initiative, frame, django_assert_num_queries, count):
    for _ in range(count):
        MeetingFactory(initiative=make_initiative())

    with django_assert_num_queries(frame + 2):
        organiser.get("/biurko/inicjatywy/")


@pytest.fixture(params=[1, 3])
def busy(request, initiative, neighbourhood):
    """An initiative with one and with three meetings ahead and behind."""
    for number in range(request.param):
        for direction in (1, -1):
            starts_at = timezone.now() + direction * timedelta(days=1 + number)
            MeetingFactory(initiative=initiative, starts_at=starts_at, neighbourhood=neighbourhood)
    return initiative


def test_queries_do_not_grow_with_the_meetings(organiser, busy, frame, django_assert_num_queries):
    organiser.get(page_of(busy))

    with django_assert_num_queries(frame + 12):
        organiser.get(page_of(busy))


def test_the_page_of_a_foreign_initiative_is_not_found(organiser):
    elsewhere = InitiativeFactory(municipality=MunicipalityFactory())

    assert organiser.get(page_of(elsewhere)).status_code == 404


@pytest.mark.parametrize("verb", LIFECYCLE)
def test_staff_decide_where_it_stands(organiser, make_initiative, verb):
    initiative = make_initiative(lifecycle__state=LIFECYCLE[verb].sources[0])

    response = organiser.post(reverse(f"desk:initiative_{verb}", args=[initiative.slug]))

    assert response.url == page_of(initiative)
    assert Lifecycle.objects.get().state == LIFECYCLE[verb].target


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_what_cannot_be_done_is_said(organiser, make_initiative, verb, state):
    initiative = make_initiative(lifecycle__state=state)

    response = organiser.post(reverse(f"desk:initiative_{verb}", args=[initiative.slug]))

    assert response.status_code == 409
    assert 'role="alert"' in response.text
    assert Lifecycle.objects.get().state == state


# Planning -------------------------------------------------------------------------------------------------------------


def test_a_series_is_planned_at_once(organiser, initiative, planned, neighbourhood):
    response = plan(organiser, initiative, planned)

    meetings = list(Meeting.objects.order_by("starts_at"))
    assert response.url == page_of(initiative)
    assert [timezone.localtime(it.starts_at).strftime("%H:%M") for it in meetings] == ["17:00"] * 3
    assert {(it.place, it.places, it.neighbourhood) for it in meetings} == {("Dom Sąsiedzki", 12, neighbourhood)}


def test_the_next_meeting_is_offered_like_the_last(organiser, initiative, planned):
    plan(organiser, initiative, planned)

    initial = organiser.get(reverse("desk:meeting_plan", args=[initiative.slug])).context["form"].initial

    assert (initial["place"], initial["minutes"], initial["places"]) == ("Dom Sąsiedzki", 120, 12)
    assert "day" not in initial


@pytest.mark.parametrize("name", ["day", "at", "minutes", "place", "repeat", "times"])
def test_what_is_missing_is_asked(organiser, initiative, planned, name):
    response = plan(organiser, initiative, planned | {name: ""})

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {name}
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("name", ["neighbourhood", "places", "sign_up_hours"])
def test_the_rest_may_be_left_out(organiser, initiative, planned, name):
    assert plan(organiser, initiative, planned | {name: ""}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": "10"},
        {"places": "0"},
        {"times": "27"},
        {"times": "1"},
        {"repeat": "daily"},
        {"neighbourhood": "atlantis"},
        {"sign_up_hours": "-1"},
    ],
)
def test_what_cannot_be_is_asked_again(organiser, initiative, planned, wrong):
    response = plan(organiser, initiative, planned | wrong)

    assert response.status_code == 200
    assert set(response.context["form"].errors) == set(wrong)


@pytest.mark.parametrize(
    "wrong", [{"day": "2020-01-01"}, {"day": "9999-12-31"}, {"day": "0001-01-01"}, {"day": "2000-03-26", "at": "2:30"}]
)
def test_a_time_that_cannot_be_is_refused_and_stays_typed(organiser, initiative, planned, wrong):
    response = plan(organiser, initiative, planned | wrong)

    assert response.status_code == 409
    assert 'role="alert"' in response.text
    assert wrong["day"] in response.text
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize(
    "names",
    [["day", "at", "minutes", "place", "neighbourhood", "places", "sign_up_hours", "weeks"], ["place"]],
    ids=["all", "place"],
)
def test_no_answer_breaks_the_plan(organiser, initiative, planned, names, value):
    assert plan(organiser, initiative, planned | dict.fromkeys(names, value)).status_code in {200, 302}


# Which requests it could answer ---------------------------------------------------------------------------------------


@pytest.fixture
def answering(make_initiative, make_request):
    """An initiative, and an open request that it could answer."""
    initiative = make_initiative()
    category = CategoryFactory(answered_by=[initiative.kind])
    help_request = make_request(category=category)
    VisitFactory(help_request=help_request)
    return initiative, help_request


def test_the_page_counts_the_requests_that_it_could_answer_and_leads_to_them(organiser, answering, make_request):
    initiative, help_request = answering
    other = make_request()
    VisitFactory(help_request=other)

    page = organiser.get(page_of(initiative)).text
    found = organiser.get(f"/biurko/prosby/?inicjatywa={initiative.slug}").context["page"].rows

    assert "Ta inicjatywa może pomóc w 1 otwartej prośbie." in page
    assert f"/biurko/prosby/?inicjatywa={initiative.slug}" in page
    assert list(found) == [help_request]


def test_an_initiative_that_answers_nothing_says_so(organiser, initiative):
    page = organiser.get(page_of(initiative)).text

    assert "Teraz nie ma otwartej prośby, w której może pomóc." in page
    assert "?inicjatywa=" not in page


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"finished": True}, {"closed": True}])
def test_what_residents_cannot_join_leads_nowhere(organiser, make_initiative, make_request, facts):
    initiative = make_initiative(**facts)
    VisitFactory(help_request=make_request(category=CategoryFactory(answered_by=[initiative.kind])))

    assert "?inicjatywa=" not in organiser.get(page_of(initiative)).text


def test_the_list_does_not_know_initiatives_of_others(organiser, answering):
    other = InitiativeFactory(municipality=MunicipalityFactory())

    response = organiser.get(f"/biurko/prosby/?inicjatywa={other.slug}")

    assert response.status_code == 200
    assert other.title not in response.text


def test_a_request_at_the_desk_says_why_an_initiative_may_help(organiser, answering):
    _initiative, help_request = answering

    page = organiser.get(f"/biurko/prosby/{help_request.reference}/").text

    assert "Nie ma jeszcze terminu spotkania." in page.replace("\xa0", " ")
    assert "zadzwoń i zapytaj" not in page
