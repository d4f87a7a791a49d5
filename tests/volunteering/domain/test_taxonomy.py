"""The taxonomy that an installation starts with, and what people have made of it since."""

from collections import Counter

import pytest

from volunteering.domain import taxonomy
from volunteering.models import Category

pytestmark = pytest.mark.django_db


def test_every_category_comes_with_its_heading():
    taxonomy.load()

    groups = Counter(Category.objects.values_list("group", flat=True))
    assert groups == {"errands": 5, "company": 5, "home": 8, "letters": 4, "other": 5}


def test_a_heading_that_staff_chose_is_kept():
    taxonomy.load()
    Category.objects.filter(code="pets").update(group=Category.Group.COMPANY)

    added = taxonomy.load()

    assert (added, Category.objects.get(code="pets").group) == (0, "company")
