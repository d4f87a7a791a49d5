"""The read model that finds helpers: written with the profile, checked and repaired by commands."""

from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from neighbourhoods.cells import cell_at
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import CategoryFactory, SkillFactory, VolunteerProfileFactory
from volunteering.domain import reach
from volunteering.domain.profiles import save_profile
from volunteering.models import Reach, VolunteerProfile

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def run(command):
    output = StringIO()
    call_command(command, stdout=output)
    return output.getvalue()


@pytest.fixture
def profile(neighbourhood):
    return VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[CategoryFactory()])


def test_a_row_says_all_that_a_query_compares(neighbourhood):
    shopping, car = CategoryFactory(), SkillFactory()

    profile = save_profile(
        VolunteerProfile(user=UserFactory()),
        home_neighbourhood=neighbourhood,
        categories=[shopping],
        skills=[car],
        languages=["uk", "de"],
        availability=[1, 2, 4, 8, 16, 32, 64],
        radius=2500,
        paused_until=date(2027, 5, 1),
    )

    row = Reach.objects.values().get()
    row.pop("id")
    assert row == {
        "category_id": shopping.pk,
        "profile_id": profile.pk,
        "volunteer": profile.user_id,
        "cell": profile.home_cell,
        "monday": 1,
        "tuesday": 2,
        "wednesday": 4,
        "thursday": 8,
        "friday": 16,
        "saturday": 32,
        "sunday": 64,
        "radius": 2500,
        "languages": 2,
        "skills": 1 << car.pk % 63,
        "paused_until": date(2027, 5, 1),
    }


def test_a_row_follows_every_change_and_stays_the_same_row(profile):
    before = Reach.objects.get()
    car = SkillFactory()

    save_profile(profile, skills=[car], radius=9000, languages=["en"], availability=[0] * 7, paused_until=date.max)

    after = Reach.objects.get()
    assert (before.pk, after.pk) == (after.pk, before.pk)
    assert (after.skills, after.radius, after.languages, after.friday) == (1 << car.pk % 63, 9000, 4, 0)
    assert after.paused_until == date.max


def test_who_names_no_language_speaks_polish(profile):
    save_profile(profile, languages=[])

    assert Reach.objects.get().languages == reach.language_bits(["pl"]) == 1


def test_every_language_a_request_can_be_written_in_has_a_bit():
    assert {code for code, _name in settings.LANGUAGES} <= set(reach.LANGUAGES)


def test_skills_beyond_the_bits_share_one():
    assert reach.skill_bits([5, 68]) == reach.skill_bits([5]) == 1 << 5
    assert reach.skill_bits(range(1000)) == (1 << 63) - 1


# The read model as a whole --------------------------------------------------------------------------------------------


def test_check_reach_is_content_with_what_save_profile_wrote(neighbourhood):
    save_profile(VolunteerProfile(user=UserFactory()), home_neighbourhood=neighbourhood, categories=[CategoryFactory()])

    assert "agrees" in run("check_reach")


def test_check_reach_of_nobody_is_content():
    assert "agrees" in run("check_reach")


def test_check_reach_finds_missing_rows(neighbourhood):
    VolunteerProfileFactory(home_neighbourhood=neighbourhood).categories.add(CategoryFactory())

    with pytest.raises(CommandError, match="1 rows missing, 0 wrong, 0 too many"):
        run("check_reach")


def test_check_reach_finds_superfluous_rows(profile):
    profile.categories.clear()

    with pytest.raises(CommandError, match="0 rows missing, 0 wrong, 1 too many"):
        run("check_reach")


@pytest.mark.parametrize("column", reach.COLUMNS)
def test_check_reach_finds_damage_in_every_column(profile, column):
    damage = {"paused_until": date(2027, 5, 1)}.get(column, 5)
    Reach.objects.update(**{column: damage})

    with pytest.raises(CommandError, match="0 rows missing, 1 wrong, 0 too many"):
        run("check_reach")
    assert "1 corrected" in run("rebuild_reach")
    assert "agrees" in run("check_reach")


def test_every_column_is_checked():
    assert {field.name for field in Reach._meta.fields} == {"id", "profile", "category", *reach.COLUMNS}


@pytest.mark.parametrize(
    "change",
    [
        {"availability": [1] * 7},
        {"radius": 1},
        {"languages": ["uk"]},
        {"paused_until": timezone.localdate()},
        {"home_cell": cell_at(50.5, 19.5)},
    ],
)
def test_check_reach_finds_profiles_changed_behind_its_back(profile, change):
    VolunteerProfile.objects.filter(pk=profile.pk).update(**change)

    with pytest.raises(CommandError, match="1 wrong"):
        run("check_reach")


def test_check_reach_finds_skills_added_behind_its_back(profile):
    profile.skills.add(SkillFactory())

    with pytest.raises(CommandError, match="1 wrong"):
        run("check_reach")


def test_rebuild_reach_repairs_everything(neighbourhood):
    shopping = CategoryFactory()
    lacking = VolunteerProfileFactory(home_neighbourhood=neighbourhood)
    lacking.categories.add(shopping)
    moved = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[shopping])
    VolunteerProfile.objects.filter(pk=moved.pk).update(home_cell=cell_at(50.5, 19.5))
    homeless = VolunteerProfileFactory(home_neighbourhood=neighbourhood, categories=[shopping])
    VolunteerProfile.objects.filter(pk=homeless.pk).update(home_cell=None)

    assert "1 rows added, 1 corrected, 1 removed" in run("rebuild_reach")

    assert "agrees" in run("check_reach")
    rows = Reach.objects.values_list("profile", "category", "cell").order_by("profile")
    assert list(rows) == [
        (lacking.pk, shopping.pk, lacking.home_cell),
        (moved.pk, shopping.pk, cell_at(50.5, 19.5)),
    ]
    assert "0 rows added, 0 corrected, 0 removed" in run("rebuild_reach")


def test_rebuild_reach_goes_on_after_the_first_chunk(monkeypatch, neighbourhood):
    shopping = CategoryFactory()
    monkeypatch.setattr("volunteering.domain.reach.CHUNK", 2)
    for profile in VolunteerProfileFactory.create_batch(5, home_neighbourhood=neighbourhood):
        profile.categories.add(shopping)

    assert "5 rows added" in run("rebuild_reach")
    assert "agrees" in run("check_reach")


def test_a_category_takes_its_rows_with_it(profile):
    profile.categories.get().delete()

    assert not Reach.objects.exists()
    assert "agrees" in run("check_reach")
