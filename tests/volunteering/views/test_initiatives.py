"""Initiatives as residents see them: the list with its filters, and the page in all its states."""

from datetime import timedelta

import pytest
from django_scopes import scope

from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory, OrganisationFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory, ParticipationFactory

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


def test_page_shows_what_was_called_off_and_why(page, municipality):
    off = MeetingFactory(
        initiative=InitiativeFactory(municipality=municipality), cancelled=True, reason="Zalało świetlicę."
    )

    text = page.get(address(off)).text

    assert "Zalało świetlicę." in text
    assert "zapisy" not in text


def test_page_of_a_closed_group_says_neither_when_nor_where(page, municipality):
    closed = MeetingFactory(
        initiative=InitiativeFactory(municipality=municipality, closed=True), place="Piwnica pod Gruszą"
    )
    ParticipationFactory(meeting=closed)

    text = page.get(address(closed)).text

    assert "Piwnica pod Gruszą" not in text
    assert f"spotkanie-{closed.pk}" not in text


def test_page_of_a_closed_group_is_the_same_for_who_belongs_to_it(page, person, municipality):
    initiative = InitiativeFactory(municipality=municipality, closed=True)
    meeting = MeetingFactory(initiative=initiative)
    ParticipationFactory(meeting=meeting, user=person)

    assert page.get(address(meeting)).context["meetings"] == []


def test_page_of_a_closed_group_that_is_over_tells_what_came_of_it(page, municipality):
    group = GroupFactory(closed=True, initiative__municipality=municipality, initiative__finished=True)

    assert 'id="wyniki"' in page.get(group.initiative.get_absolute_url()).text


def test_page_of_what_is_over_tells_what_came_of_it(page, municipality):
    initiative = InitiativeFactory(municipality=municipality, finished=True)
    meeting = MeetingFactory(initiative=initiative)

    response = page.get(address(meeting))

    assert response.context["results"].held == 0
    assert response.context["meetings"] == []
    assert page.post(address(meeting, "zapisz")).status_code in {302, 404}


def test_page_of_what_is_not_published_does_not_exist(page, municipality):
    hidden = InitiativeFactory(municipality=municipality, unpublished=True)
    proposed = InitiativeFactory(municipality=municipality, lifecycle__state="proposed")

    assert [page.get(f"/inicjatywy/{it.slug}/").status_code for it in (hidden, proposed)] == [404, 404]


def test_page_stays_when_its_partner_is_removed(page, municipality):
    partner = OrganisationFactory(municipality=municipality, name="Stowarzyszenie Nieistniejące")
    initiative = InitiativeFactory(municipality=municipality, organisation=partner)
    partner.delete()

    response = page.get(f"/inicjatywy/{initiative.slug}/")

    assert response.status_code == 200
    assert "Nieistniejące" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_database_equally_often(page, person, municipality, count, django_assert_num_queries):
    initiative = InitiativeFactory(municipality=municipality)
    for _number in range(count):
        meeting = MeetingFactory(initiative=initiative, places=1, taken=1)
        ParticipationFactory(meeting=meeting, user=person, state="waiting", turn=1)
    page.get(address(meeting))

    with django_assert_num_queries(13):
        page.get(address(meeting))
