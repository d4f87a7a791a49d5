"""The worker is killed while it sends an announcement: nobody is forgotten, nobody is told twice."""

import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from notifications import worker
from notifications.models import Event, Notification
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import StandingFactory
from tests.volunteering.domain.killing import run_and_kill
from volunteering import duties
from volunteering.domain import announcements
from volunteering.models import Addressees, Announcement, AnnouncementCount
from volunteering.states import AnnouncementState

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 10
SEND = """
from django.conf import settings
settings.DELIVER_AT_ONCE = 4
from volunteering.tasks import send_announcement
send_announcement.call({pk})
"""


@pytest.fixture
def announcement():
    municipality = MunicipalityFactory(announcements_per_day=1)
    with scope(municipality=municipality):
        StandingFactory.create_batch(CROWD, municipality=municipality)
        author = MembershipFactory(municipality=municipality).user
        draft = announcements.write(
            municipality, actor=author, audience=Addressees.HELPERS, title="Piątek", body="Zamknięte."
        )
        yield announcements.send(draft, actor=author)


@pytest.mark.parametrize(
    ("words", "at", "were_told"),
    # In the middle of the first portion, and of the second; after a commit, before anybody was told of it.
    [
        ('update "volunteering_announcementrecipient"', 1, 0),
        ('insert into "notifications_event"', 2, 4),
        ("notifications_inbox", 1, 4),
    ],
)
def test_a_killed_sending_goes_on_where_it_was(announcement, tmp_path, words, at, were_told):
    if connection.vendor != "sqlite":
        pytest.skip("one shape is enough: the process is started on a database file")

    assert run_and_kill(SEND.format(pk=announcement.pk), words, tmp_path, at=at) == -signal.SIGKILL
    assert Announcement.objects.get().told == were_told

    # A minute later there was no sign of life.
    long_ago = timezone.now() - timedelta(minutes=5)
    Announcement.objects.update(touched_at=long_ago)
    Event.objects.update(created_at=long_ago)
    duties.take_up_announcements_left_behind()
    for _round in range(3):
        worker.run_once()

    sent = Announcement.objects.get()
    assert (sent.state, sent.told, sent.left_out) == (AnnouncementState.SENT, CROWD, 0)
    received = Notification.objects.filter(event__kind="volunteering.announcement_tell").values_list("user", flat=True)
    assert len(received) == len(set(received)) == CROWD
    assert set(AnnouncementCount.objects.values_list("number", flat=True)) == {1}
