"""Initiatives as residents see them: the list with its filters, the page, signing up and off."""

from datetime import timedelta

import pytest
from django_scopes import scope

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory
from volunteering.models import Joining, Participation
from volunteering.states import ParticipationState

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def page(client, municipality):
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


@pytest.fixture
def person(page):
    person = UserFactory()
    page.force_login(person)
    return person


@pytest.fixture
def meeting(municipality):
    return MeetingFactory(initiative=InitiativeFactory(municipality=municipality), places=2)


def address(meeting, act=""):
    path = f"/inicjatywy/{meeting.initiative.slug}/"
    return f"{path}spotkania/{meeting.pk}/{act}/" if act else path


def test_list_shows_what_is_published_the_soonest_first(page, municipality):
    later, sooner = InitiativeFactory.create_batch(2, municipality=municipality)
    idle = InitiativeFactory(municipality=municipality)
    InitiativeFactory(municipality=municipality, unpublished=True)
    InitiativeFactory(municipality=MunicipalityFactory())
    first = MeetingFactory(initiative=sooner)
    MeetingFactory(initiative=later, starts_at=first.starts_at + timedelta(days=3))

    response = page.get("/inicjatywy/")

    assert response.context["page"].rows == [sooner, later, idle]


def test_list_filters_by_place_and_folded_words(page, municipality):
    place = NeighbourhoodFactory(municipality=municipality)
    found = InitiativeFactory(municipality=municipality, title="Żółty ogród", neighbourhoods=[place])
    InitiativeFactory(municipality=municipality, neighbourhoods=[place])
    InitiativeFactory(municipality=municipality, title="Żółty ogród gdzie indziej")

    response = page.get("/inicjatywy/", {"gdzie": place.slug, "slowa": "zolty"})

    assert response.context["page"].rows == [found]


@pytest.mark.parametrize(
    "query", [{"gdzie": "obca"}, {"rodzaj": "\x00"}, {"slowa": "a" * 100_000}, {"after": "bzdura"}, {"before": "W10="}]
)
def test_list_survives_any_query(page, municipality, query):
    assert page.get("/inicjatywy/", query).status_code == 200


def test_list_says_when_nothing_fits(page, municipality):
    response = page.get("/inicjatywy/", {"slowa": "nigdzie"})

    assert response.context["page"].rows == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_equally_often(page, municipality, count, django_assert_num_queries):
    for _number in range(count):
        MeetingFactory(initiative=InitiativeFactory(municipality=municipality))
    page.get("/inicjatywy/", {"slowa": "inicjatywa"})

    with django_assert_num_queries(11):
        page.get("/inicjatywy/")


def test_page_of_another_municipality_does_not_exist(page, municipality):
    foreign = InitiativeFactory(municipality=MunicipalityFactory())

    assert page.get(f"/inicjatywy/{foreign.slug}/").status_code == 404


def test_page_offers_strangers_to_sign_in(page, meeting):
    response = page.get(address(meeting))

    assert response.status_code == 200
    assert "sessionid" not in response.cookies


def test_joining_takes_a_place_and_leaving_gives_it_back(page, person, meeting):
    page.post(address(meeting, "zapisz"))
    meeting.refresh_from_db()
    joined = (meeting.taken, Participation.objects.get().state)
    page.post(address(meeting, "wypisz"))
    meeting.refresh_from_db()

    assert joined == (1, ParticipationState.JOINED)
    assert (meeting.taken, Participation.objects.get().state) == (0, ParticipationState.LEFT)


def test_joining_twice_takes_one_place(page, person, meeting):
    page.post(address(meeting, "zapisz"))
    page.post(address(meeting, "zapisz"))

    meeting.refresh_from_db()
    assert meeting.taken == 1


def test_joining_a_full_meeting_is_refused_with_a_sentence(page, person, municipality):
    full = MeetingFactory(initiative=InitiativeFactory(municipality=municipality), places=1, taken=1)

    response = page.post(address(full, "zapisz"))

    assert response.status_code == 409
    assert response.context["refusals"]


def test_joining_a_closed_group_is_refused(page, person, municipality):
    closed = MeetingFactory(initiative=InitiativeFactory(municipality=municipality, joining=Joining.CLOSED))

    response = page.post(address(closed, "zapisz"))

    assert response.status_code == 409
    assert not Participation.objects.exists()


def test_joining_needs_an_account(page, meeting):
    response = page.post(address(meeting, "zapisz"))

    assert response.status_code == 302
    assert not Participation.objects.exists()


def test_joining_a_meeting_of_another_municipality_does_not_exist(page, person):
    foreign = MeetingFactory(initiative=InitiativeFactory(municipality=MunicipalityFactory()))

    assert page.post(address(foreign, "zapisz")).status_code == 404


def test_leaving_for_somebody_else_does_not_exist(page, person, meeting):
    ParticipationFactory(meeting=meeting)

    assert page.post(address(meeting, "wypisz")).status_code == 404


@pytest.mark.parametrize("act", ["zapisz", "wypisz"])
def test_acts_do_not_answer_to_get(page, person, meeting, act):
    assert page.get(address(meeting, act)).status_code == 405
