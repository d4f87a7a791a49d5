"""Helpers' profiles, and the read model that is kept with them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from neighbourhoods.cells import cell_at
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.volunteering import ALWAYS_FREE, CategoryFactory, SkillFactory, VolunteerProfileFactory
from volunteering.domain.profiles import save_profile
from volunteering.models import Reach, VolunteerProfile

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def reach(profile):
    return sorted(Reach.objects.filter(profile=profile).values_list("category", "cell"))


def expected(profile, *categories):
    return sorted((category.pk, profile.home_cell) for category in categories)


def test_a_new_profile_is_written_whole(neighbourhood):
    shopping, walks = CategoryFactory.create_batch(2)
    car = SkillFactory()

    profile = save_profile(
        VolunteerProfile(user=UserFactory()),
        categories=[shopping, walks],
        skills=[car],
        home_neighbourhood=neighbourhood,
        is_adult=True,
        languages=["pl", "uk"],
        availability=ALWAYS_FREE,
        radius=2000,
        tasks_per_week=2,
        about="Chętnie pomogę.",
        paused_until=date(2027, 5, 1),
    )

    profile.refresh_from_db()
    assert (profile.radius, profile.tasks_per_week, profile.languages) == (2000, 2, ["pl", "uk"])
    assert profile.home_cell == cell_at(neighbourhood.latitude, neighbourhood.longitude)
    assert profile.home_neighbourhood == neighbourhood
    assert list(profile.skills.all()) == [car]
    assert reach(profile) == expected(profile, shopping, walks)


def test_what_is_not_said_stays(neighbourhood):
    shopping, car = CategoryFactory(), SkillFactory()
    profile = VolunteerProfileFactory(
        home_neighbourhood=neighbourhood, categories=[shopping], skills=[car], radius=7000, languages=["uk"]
    )

    saved = save_profile(profile, tasks_per_week=5)

    assert (saved.tasks_per_week, saved.radius, saved.languages) == (5, 7000, ["uk"])
    assert (list(saved.categories.all()), list(saved.skills.all())) == ([shopping], [car])
    assert reach(saved) == expected(saved, shopping)


def test_reach_follows_the_categories(neighbourhood):
    kept, dropped, new = CategoryFactory.create_batch(3)
    profile = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[kept, dropped])
    row = Reach.objects.get(profile=profile, category=kept).pk

    save_profile(profile, categories=[kept, new])

    assert reach(profile) == expected(profile, kept, new)
    assert Reach.objects.get(profile=profile, category=kept).pk == row


def test_reach_follows_the_home(municipality, neighbourhood):
    shopping = CategoryFactory()
    profile = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[shopping])
    village = NeighbourhoodFactory(municipality=municipality, latitude=50.4, longitude=19.0)

    moved = save_profile(profile, home_neighbourhood=village)

    assert moved.home_cell == cell_at(50.4, 19.0)
    assert reach(moved) == expected(moved, shopping)
    assert moved.home_cell != profile.home_cell


def test_a_profile_without_a_home_reaches_nobody():
    profile = save_profile(VolunteerProfile(user=UserFactory()), categories=[CategoryFactory()])

    assert (profile.home_cell, reach(profile)) == (None, [])


def test_without_categories_nothing_is_reached(neighbourhood):
    profile = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[CategoryFactory()])

    save_profile(profile, categories=[])

    assert reach(profile) == []


def test_a_street_is_looked_up_and_thrown_away(municipality, neighbourhood):
    wirek = NeighbourhoodFactory(municipality=municipality, name="Wirek", latitude=50.3, longitude=18.9)

    profile = save_profile(
        VolunteerProfile(user=UserFactory()), home_neighbourhood=neighbourhood, street="Zmyślona 3/4, Wirek"
    )

    assert (profile.home_cell, profile.home_neighbourhood) == (cell_at(50.3, 18.9), wirek)
    assert "Zmyślona" not in str(VolunteerProfile.objects.values().get())


def test_other_profiles_are_left_alone(neighbourhood):
    shopping = CategoryFactory()
    other = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[shopping])

    save_profile(VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[shopping]), categories=[])

    assert reach(other) == expected(other, shopping)


@pytest.mark.parametrize("field", ["user", "home_cell", "nonsense", "created_at"])
def test_an_unknown_field_is_a_mistake(neighbourhood, field):
    profile = VolunteerProfileFactory(home_neighbourhood=neighbourhood)

    with pytest.raises(TypeError):
        save_profile(profile, **{field: None})


@pytest.mark.parametrize(
    "fields",
    [
        {"availability": [0] * 6},
        {"availability": [1 << 24] * 7},
        {"availability": "always"},
        {"availability": [-1] * 7},
        {"radius": 50_001},
        {"radius": -1},
        {"tasks_per_week": 0},
        {"tasks_per_week": 21},
    ],
)
def test_values_that_cannot_be_are_refused(neighbourhood, fields):
    profile = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[CategoryFactory()])

    with pytest.raises(ValidationError):
        save_profile(profile, categories=[], **fields)

    assert len(reach(profile)) == 1


def test_a_radius_of_nothing_is_allowed(neighbourhood):
    profile = save_profile(VolunteerProfile(user=UserFactory()), home_neighbourhood=neighbourhood, radius=0)

    assert profile.radius == 0


@pytest.mark.parametrize("count", [1, 3])
def test_saving_asks_a_constant_number_of_questions(neighbourhood, django_assert_num_queries, count):
    profile = VolunteerProfileFactory(home_neighbourhood=neighbourhood)
    categories = CategoryFactory.create_batch(count)

    with django_assert_num_queries(11):
        save_profile(profile, categories=categories, radius=1000)

    assert len(reach(profile)) == count
