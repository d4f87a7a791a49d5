"""The databases of the suite itself: a test that commits leaves nothing behind, and takes nothing away."""

import pytest
from django.db import connection
from wagtail.models import Page, Site

from accounts.models import User

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("_round", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_committing_test_starts_from_a_migrated_database(_round):
    assert (Page.objects.count(), Site.objects.count(), User.objects.count()) == (2, 1, 0)

    User.objects.create_user("left@example.com")
    Page.objects.all().delete()

    assert not connection.in_atomic_block


@pytest.mark.django_db
def test_ordinary_test_finds_what_migrations_made():
    assert (Page.objects.count(), Site.objects.count(), User.objects.count()) == (2, 1, 0)
