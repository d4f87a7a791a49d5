"""Announcements when several press, send or stop at the same moment, on either database."""

import pytest
from django_scopes import scope

from notifications import delivery
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MembershipFactory, MunicipalityFactory
from tests.factories.volunteering import AnnouncementFactory, StandingFactory
from tests.races import at_once
from volunteering.domain import announcement_work, announcements
from volunteering.errors import Refused
from volunteering.models import Addressees, Announcement, AnnouncementCount, AnnouncementRecipient
from volunteering.states import AnnouncementState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CROWD = 24
PORTION = 5
WORDS = {"title": "W piątek zamknięte", "body": "Do zobaczenia."}


@pytest.fixture(autouse=True)
def small_portions(settings):
    settings.DELIVER_AT_ONCE = PORTION


@pytest.fixture
def municipality():
    municipality = MunicipalityFactory(announcements_per_day=1)
    with scope(municipality=municipality):
        yield municipality


@pytest.fixture
def crowd(municipality):
    people = UserFactory.create_batch(CROWD)
    for person in people:
        StandingFactory(municipality=municipality, volunteer=person)
    return people


@pytest.fixture
def author(municipality):
    return MembershipFactory(municipality=municipality).user


def begin(municipality, author):
    draft = announcements.write(municipality, actor=author, audience=Addressees.HELPERS, **WORDS)
    return announcements.send(draft, actor=author)


def heard(announcement):
    """Keys of the people in whose inboxes it is, one entry for each time."""
    Event.objects.undelivered().update(not_before=announcement.sending_at)
    delivery.deliver_left_over()
    found = Notification.objects.filter(event__kind="volunteering.announcement_tell")
    return sorted(found.filter(event__subject_id=announcement.pk).values_list("user_id", flat=True))


def keys(people):
    return sorted(person.pk for person in people)


def test_workers_on_one_announcement_tell_everybody_once(municipality, crowd, author):
    announcement = begin(municipality, author)

    answers = at_once([lambda: announcement_work.send_out(announcement.pk)] * 4)

    assert answers == [None] * 4
    sent = Announcement.objects.get(pk=announcement.pk)
    assert (sent.state, sent.told, sent.left_out) == (AnnouncementState.SENT, CROWD, 0)
    assert heard(announcement) == keys(crowd)
    assert Event.objects.filter(kind="volunteering.announcement_complete").count() == 1


def test_two_announcements_at_once_keep_the_cap(municipality, crowd, author):
    both = [begin(municipality, author) for _ in range(2)]

    answers = at_once([lambda it=it: announcement_work.send_out(it.pk) for it in both])

    assert answers == [None, None]
    assert sorted(heard(both[0]) + heard(both[1])) == keys(crowd)
    assert set(AnnouncementCount.objects.values_list("number", flat=True)) == {1}


def test_stopping_meets_sending(municipality, crowd, author):
    """Whichever comes first: whoever is marked as told was told, and after the stop nobody is."""
    announcement = begin(municipality, author)
    acts = [
        lambda: announcement_work.send_out(announcement.pk),
        lambda: announcements.cancel(announcement, actor=author),
    ]

    answers = at_once(acts)

    after = Announcement.objects.get(pk=announcement.pk)
    told = AnnouncementRecipient.objects.of(announcement).told()
    assert after.told == told.count() == len(heard(announcement))
    if after.state == AnnouncementState.SENT:
        assert any(isinstance(answer, Refused) for answer in answers)
        assert after.told == CROWD
    else:
        assert after.state == AnnouncementState.CANCELLED
        assert after.told % PORTION in {0, CROWD % PORTION}


def test_sent_by_two_it_is_sent_once(municipality, crowd, author):
    draft = AnnouncementFactory(municipality=municipality, author=author)

    answers = at_once([lambda: announcements.send(draft, actor=author)] * 2)

    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert AnnouncementRecipient.objects.of(draft).count() == CROWD


def test_approved_by_two_it_is_sent_once(municipality, crowd, author):
    waiting = AnnouncementFactory(municipality=municipality, author=author, waiting=True)
    colleagues = [MembershipFactory(municipality=municipality, coordinator=True).user for _ in range(2)]

    answers = at_once([lambda it=it: announcements.approve(waiting, actor=it) for it in colleagues])

    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert Event.objects.filter(kind="volunteering.announcement_approve").count() == 1
