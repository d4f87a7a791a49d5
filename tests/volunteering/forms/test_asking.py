"""The first question: kinds of help under the headings that are kept with them."""

import pytest
from django.utils.translation import override

from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import CategoryFactory
from volunteering.forms.asking import What
from volunteering.models import Category

pytestmark = pytest.mark.django_db

Group = Category.Group


def headings():
    """What the page shows: headings in English with the codes below them."""
    with override("en"):
        form = What(municipality=MunicipalityFactory(), answers={})
        return [(str(heading), [category.code for category, _button in rows]) for heading, rows in form.groups()]


def test_kinds_of_help_stand_under_their_headings_in_their_order():
    CategoryFactory(code="walk", group=Group.COMPANY, position=5)
    CategoryFactory(code="reading", group=Group.COMPANY, position=4)
    CategoryFactory(code="shopping", group=Group.ERRANDS, position=9)

    assert headings() == [
        ("Shopping, errands and getting somewhere", ["shopping"]),
        ("Company", ["reading", "walk"]),
    ]


def test_kinds_of_help_added_later_are_something_else():
    Category.objects.create(code="new", name_pl="Nowa", name_en="New", name_uk="Нова")

    assert headings() == [("Something else", ["new"])]


def test_closed_kinds_of_help_are_under_no_heading():
    CategoryFactory(group=Group.HOME, is_open=False)

    assert headings() == []


def test_a_heading_that_is_no_longer_known_hides_nothing_else():
    CategoryFactory(code="shopping", group=Group.ERRANDS)
    CategoryFactory(code="odd", group="gone")

    assert headings() == [("Shopping, errands and getting somewhere", ["shopping"]), ("Something else", ["odd"])]


@pytest.mark.parametrize("count", [1, 3])
def test_headings_cost_one_query(django_assert_num_queries, count):
    municipality = MunicipalityFactory()
    for _ in range(count):
        CategoryFactory(group=Group.HOME)

    with django_assert_num_queries(1):
        list(What(municipality=municipality, answers={}).groups())
