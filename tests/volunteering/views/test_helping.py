"""Offering help: the questions, the helper's own page, breaks and duty."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scope

from accounts.models import Consent
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from volunteering.models import Standing, VolunteerProfile
from volunteering.states import StandingState

pytestmark = pytest.mark.django_db

WEEK = {"rano_4": "on", "popoludnie_4": "on", "tasks_per_week": "2"}


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory()
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def page(client, municipality, person):
    """The client of a signed-in person on the municipality's own host."""
    client.force_login(person)
    client.defaults["HTTP_HOST"] = municipality.site.hostname
    return client


def make_helper(person, municipality, **profile):
    place = NeighbourhoodFactory(municipality=municipality)
    StandingFactory(municipality=municipality, volunteer=person)
    return VolunteerProfileFactory(user=person, home_neighbourhood=place, **profile)


def test_door_tells_strangers_what_helping_means(client, municipality):
    response = client.get("/pomagam/", headers={"host": municipality.site.hostname})

    assert response.status_code == 200
    assert "sessionid" not in response.cookies
    assert not response.context.get("promises")


def test_door_leads_newcomers_to_the_first_question(page):
    response = page.get("/pomagam/", follow=True)

    assert response.redirect_chain[-1][0] == "/pomagam/zgloszenie/co/"


def test_questions_lead_to_a_standing_that_waits_for_a_talk(page, person, municipality):
    category = CategoryFactory()
    place = NeighbourhoodFactory(municipality=municipality)

    page.post("/pomagam/zgloszenie/co/", {"categories": [category.pk]})
    page.post("/pomagam/zgloszenie/gdzie/", {"home_neighbourhood": place.pk, "radius": "3000"})
    page.post("/pomagam/zgloszenie/kiedy/", WEEK)
    response = page.post(
        "/pomagam/zgloszenie/zasady/", {"languages": ["pl"], "is_adult": "on", "rules": "on"}, follow=True
    )

    profile = VolunteerProfile.objects.get(user=person)
    assert Standing.objects.get(volunteer=person).state == StandingState.APPLIED
    assert list(profile.categories.all()) == [category]
    assert profile.availability == [0, 0, 0, 0, sum(1 << hour for hour in range(7, 17)), 0, 0]
    assert person.consents.get().kind == Consent.Kind.VOLUNTEER_RULES
    assert response.redirect_chain[-1][0] == "/pomagam/"


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("co", {}),
        ("co", {"categories": ["999999"]}),
        ("co", {"categories": ["\x00"]}),
        ("gdzie", {"radius": "3000"}),
        ("gdzie", {"home_neighbourhood": "1", "radius": "-5"}),
        ("kiedy", {"tasks_per_week": "2"}),
        ("kiedy", {**WEEK, "tasks_per_week": "10000000000"}),
        ("zasady", {"languages": ["pl"], "is_adult": "on"}),
        ("zasady", {"languages": ["pl"], "rules": "on"}),
        ("zasady", {"languages": ["xx"], "rules": "on", "is_adult": "on", "about": "a" * 100_000}),
    ],
)
def test_question_with_a_bad_answer_is_asked_again(page, municipality, step, answers):
    response = page.post(f"/pomagam/zgloszenie/{step}/", answers)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Standing.objects.exists()


def test_question_refuses_a_neighbourhood_of_another_municipality(page):
    foreign = NeighbourhoodFactory(municipality=MunicipalityFactory())

    response = page.post("/pomagam/zgloszenie/gdzie/", {"home_neighbourhood": foreign.pk, "radius": "3000"})

    assert "home_neighbourhood" in response.context["form"].errors


def test_question_refuses_a_closed_category(page):
    closed = CategoryFactory(with_minors=True)

    response = page.post("/pomagam/zgloszenie/co/", {"categories": [closed.pk]})

    assert "categories" in response.context["form"].errors


def test_question_that_does_not_exist_is_not_found(page):
    assert page.get("/pomagam/zgloszenie/dlaczego/").status_code == 404


def test_questions_need_a_signed_in_person(client, municipality):
    response = client.get("/pomagam/zgloszenie/co/", headers={"host": municipality.site.hostname})

    assert response.status_code == 302


def test_overview_of_somebody_waiting_shows_no_requests(page, person, municipality):
    place = NeighbourhoodFactory(municipality=municipality)
    category = CategoryFactory()
    VolunteerProfileFactory(user=person, home_neighbourhood=place, categories=[category])
    StandingFactory(municipality=municipality, volunteer=person, applied=True)
    VisitFactory(help_request=HelpRequestFactory(municipality=municipality, category=category, neighbourhood=place))

    response = page.get("/pomagam/")

    assert response.context["suggested"] == []


def test_overview_shows_what_fits_and_what_was_promised(page, person, municipality):
    category = CategoryFactory()
    profile = make_helper(person, municipality, categories=[category])
    fitting = VisitFactory(
        help_request=HelpRequestFactory(
            municipality=municipality, category=category, neighbourhood=profile.home_neighbourhood
        )
    )
    promised = CommitmentFactory(
        volunteer=person,
        visit=VisitFactory(
            help_request=HelpRequestFactory(municipality=municipality),
            starts_at=fitting.ends_at,
        ),
    )

    response = page.get("/pomagam/")

    assert [found.visit for found in response.context["suggested"]] == [fitting]
    assert response.context["promises"] == [promised]


@pytest.mark.parametrize("count", [1, 3])
def test_overview_asks_the_database_equally_often(page, person, municipality, count, django_assert_num_queries):
    category = CategoryFactory()
    profile = make_helper(person, municipality, categories=[category])
    for _number in range(count):
        VisitFactory(
            help_request=HelpRequestFactory(
                municipality=municipality, category=category, neighbourhood=profile.home_neighbourhood
            )
        )
        CommitmentFactory(
            volunteer=person,
            done=True,
            visit=VisitFactory(help_request=HelpRequestFactory(municipality=municipality)),
        )
    page.get("/pomagam/")

    with django_assert_num_queries(24):
        page.get("/pomagam/")


def test_pause_stops_requests_and_ends_them(page, person, municipality):
    make_helper(person, municipality)

    page.post("/pomagam/przerwa/", {"paused_until": "14"})
    paused = VolunteerProfile.objects.get(user=person).paused_until
    page.post("/pomagam/przerwa/", {"paused_until": "0"})

    assert paused == timezone.localdate() + timedelta(days=14)
    assert VolunteerProfile.objects.get(user=person).paused_until is None


def test_pause_of_nonsense_changes_nothing(page, person, municipality):
    make_helper(person, municipality)

    page.post("/pomagam/przerwa/", {"paused_until": "9999"})

    assert VolunteerProfile.objects.get(user=person).paused_until is None


def test_duty_lasts_until_the_evening(page, person, municipality, time_machine_at_noon):
    make_helper(person, municipality)

    page.post("/pomagam/dyzur/", {"on": "1"})

    until = timezone.localtime(VolunteerProfile.objects.get(user=person).on_duty_until)
    assert (until.date(), until.hour) == (timezone.localdate(), 21)


@pytest.fixture
def time_machine_at_noon():
    with time_machine.travel("2026-11-27 11:00+00:00", tick=False):
        yield


@pytest.mark.parametrize("path", ["/pomagam/przerwa/", "/pomagam/dyzur/"])
def test_switches_do_not_answer_to_get(page, path):
    assert page.get(path).status_code == 405
