"""The worker is killed in the middle of a wave, by a real kill -9 in a process of its own: nothing is lost, nothing is
doubled."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
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
from volunteering.models import Alert, DailyCount, Search

pytestmark = pytest.mark.django_db(transaction=True)

# Runs the worker's duty and dies at the moment when the first statement with these words would be sent.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from volunteering.domain import waves

def wrapper(execute, sql, *rest):
    if sys.argv[1] in sql.lower():
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *rest)

with connection.execute_wrapper(wrapper):
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


def run_and_kill(words, directory):
    """The exit code of a worker's process that is killed at these words of SQL."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENV_FILE": "",
        "OGNIWO_DEMO": "1",
        "SECRET_KEY": "only-for-tests",
        "VAR_DIR": str(directory),
    }
    command = [sys.executable, "-c", KILLED, words]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env={**inherited, **environment}, check=False, timeout=120)
    return done.returncode


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

    assert run_and_kill(words, tmp_path) == -signal.SIGKILL
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
