"""The worker is killed in the middle of a wave, by a real kill -9 in a process of its own: nothing is lost, nothing is
doubled."""

import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from notifications import worker
from notifications.models import Event, Notification
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    HelpRequestFactory,
    StandingFactory,
    VisitFactory,
    VolunteerProfileFactory,
)
from tests.volunteering.domain.killing import run_and_kill
from volunteering.models import Alert, DailyCount, Search

pytestmark = pytest.mark.django_db(transaction=True)

WORK = """
from volunteering.domain import waves
waves.take_due_steps()
"""


@pytest.fixture
def visit():
    """A search that is due, and five people who fit."""
    municipality = MunicipalityFactory(alert_count=3, quiet_from=0, quiet_until=0)
    with scope(municipality=municipality):
        place, shopping = NeighbourhoodFactory(municipality=municipality), CategoryFactory()
        for _person in range(5):
            profile = VolunteerProfileFactory(home_neighbourhood=place, categories=[shopping])
            StandingFactory(municipality=municipality, volunteer=profile.user)
        asked = HelpRequestFactory(municipality=municipality, neighbourhood=place, category=shopping)
        starts_at = timezone.now() + timedelta(days=3)
        visit = VisitFactory(help_request=asked, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        Search.objects.create(visit=visit, next_at=timezone.now())
        yield visit


@pytest.mark.parametrize(
    ("words", "were_written"),
    # In the middle of the wave; before the last of its statements; after the commit, before anybody was told of it.
    [
        ('insert into "volunteering_alert"', 0),
        ('update "volunteering_search"', 0),
        ("notifications_inbox", 3),
    ],
)
def test_a_killed_wave_is_sent_once_and_whole(visit, tmp_path, words, were_written):
    if connection.vendor != "sqlite":
        pytest.skip("one shape is enough: the process is started on a database file")

    assert run_and_kill(WORK, words, tmp_path) == -signal.SIGKILL
    assert Alert.objects.count() == were_written

    # What is only just written may still be in other hands: the worker leaves it alone for a moment.
    Event.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    for _round in range(3):
        worker.run_once()

    told = list(Alert.objects.values_list("volunteer", flat=True))
    assert len(told) == len(set(told)) == 3
    assert set(DailyCount.objects.values_list("volunteer", "alerts")) == {(person, 1) for person in told}
    received = Notification.objects.filter(event__kind="volunteering.visit_alert").values_list("user", flat=True)
    assert sorted(received) == sorted(told)
    assert Search.objects.get().wave == 1
