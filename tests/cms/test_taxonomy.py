"""The taxonomy is edited by the platform's own people; what is said of a category there is what residents find."""

import pytest

from tests.factories.volunteering import CategoryFactory
from volunteering.models import Category

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wagtails_templates")]


@pytest.fixture
def category(db):
    return CategoryFactory(code="pets", group=Category.Group.HOME)


@pytest.fixture
def platform(browse, portal, superuser):
    return browse(user=superuser)


def sent(category, **changes):
    names = {name: getattr(category, name) for name in ("code", "position", "name_pl", "name_en", "name_uk")}
    return {**names, "is_open": "on", "group": category.group, **changes}


def test_the_heading_of_a_category_is_chosen_from_a_list(platform, category):
    form = platform.get(f"/cms/categories/edit/{category.pk}/").context["form"]

    assert [value for value, _label in form.fields["group"].choices] == Category.Group.values


def test_a_category_is_put_under_another_heading(platform, category):
    platform.post(f"/cms/categories/edit/{category.pk}/", sent(category, group="company"))

    category.refresh_from_db()
    assert category.group == Category.Group.COMPANY


def test_a_heading_that_does_not_exist_is_refused(platform, category):
    response = platform.post(f"/cms/categories/edit/{category.pk}/", sent(category, group="gone"))

    category.refresh_from_db()
    assert "group" in response.context["form"].errors
    assert category.group == Category.Group.HOME


def test_categories_are_listed_with_their_headings(platform, category):
    assert str(Category.Group.HOME.label) in platform.get("/cms/categories/").text
