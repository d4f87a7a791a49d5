"""Digests: what a day or a week brought, once, at the reader's hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.models import Event, Notification
from notifications.words import words
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import (
    AlertFactory,
    FollowFactory,
    HelpRequestFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    MeetingFactory,
    StandingFactory,
    VisitFactory,
    WatchFactory,
)
from tests.volunteering.domain.conftest import NOW
from volunteering import duties
from volunteering.domain import digests, follows
from volunteering.models import Digest, HelpRequest, Initiative, Meeting, News, Rhythm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WARSAW = ZoneInfo("Europe/Warsaw")
# NOW is Wednesday noon; digests come at 18:00.
TONIGHT = datetime(2027, 4, 21, 18, tzinfo=WARSAW)
MONDAY = datetime(2027, 4, 26, 18, tzinfo=WARSAW)


@pytest.fixture
def initiative(municipality):
    return InitiativeFactory(municipality=municipality)


@pytest.fixture
def make_follower(municipality, initiative):
    """Makes a person who follows the initiative, once a day unless told otherwise."""

    def make_follower(rhythm=Rhythm.DAILY):
        person = UserFactory()
        follows.follow(person, municipality=municipality, initiative=initiative, rhythm=rhythm)
        return person

    return make_follower


@pytest.fixture
def make_news(municipality, initiative):
    """News of a meeting in ten days, planned now."""

    def make_news(**facts):
        meeting = MeetingFactory(**{"initiative": initiative, "starts_at": NOW + timedelta(days=10), **facts})
        return News.objects.create(municipality=municipality, meeting=meeting)

    return make_news


@pytest.fixture
def send(clock, django_capture_on_commit_callbacks):
    """The worker's duty at a moment; returns what it told: pairs of a person and keys of news."""

    def send(moment):
        clock.move_to(moment)
        before = Event.objects.filter(kind="volunteering.digest").count()
        with django_capture_on_commit_callbacks(execute=True):
            duties.send_digests()
        events = Event.objects.filter(kind="volunteering.digest").order_by("pk")[before:]
        return [(event.data["user"], event.data["news"]) for event in events]

    return send


@pytest.mark.postgres
def test_a_digest_comes_at_the_hour_and_once(make_follower, make_news, clock, send):
    person = make_follower()
    clock.shift(60)
    first, second = make_news(), make_news()

    assert send(TONIGHT - timedelta(seconds=1)) == []
    assert send(TONIGHT) == [(person.pk, [first.pk, second.pk])]
    assert send(TONIGHT) == []
    assert send(TONIGHT + timedelta(days=1)) == []
    assert list(Notification.objects.values_list("user", flat=True)) == [person.pk]


def test_where_nothing_is_new_nothing_comes(make_follower, send):
    make_follower()

    assert send(TONIGHT) == []
    assert Digest.objects.get().next_at == TONIGHT + timedelta(days=1)


def test_the_weekly_one_comes_on_monday(make_follower, make_news, clock, send):
    person = make_follower(Rhythm.WEEKLY)
    clock.shift(60)
    item = make_news()

    assert send(TONIGHT) == []
    assert send(MONDAY - timedelta(days=1)) == []
    assert send(MONDAY) == [(person.pk, [item.pk])]
    assert send(MONDAY + timedelta(days=7)) == []


def test_a_worker_that_stood_still_sends_one_digest_and_leaves_nothing_out(make_follower, make_news, clock, send):
    daily, weekly = make_follower(), make_follower(Rhythm.WEEKLY)
    clock.shift(60)
    first = make_news()
    clock.shift(2 * 86_400)
    second = make_news()

    # Tuesday: the Monday was missed.
    assert send(MONDAY + timedelta(hours=20)) == [
        (daily.pk, [first.pk, second.pk]),
        (weekly.pk, [first.pk, second.pk]),
    ]


def test_what_two_wishes_ask_for_is_told_once_by_the_faster(municipality, make_follower, make_news, clock, send):
    person = make_follower()
    follows.follow(person, municipality=municipality, kind=kind_of_it(), rhythm=Rhythm.WEEKLY)
    clock.shift(60)
    item = make_news()

    assert send(TONIGHT) == [(person.pk, [item.pk])]
    assert send(MONDAY) == []


def kind_of_it():
    return Initiative.objects.get().kind


def test_what_was_told_at_once_is_not_told_in_a_digest(municipality, make_follower, make_news, clock, send):
    person = make_follower(Rhythm.LIVE)
    follows.follow(person, municipality=municipality, kind=kind_of_it(), rhythm=Rhythm.DAILY)
    clock.shift(60)
    make_news()

    assert send(TONIGHT) == []


@pytest.mark.parametrize("facts", [{"state": "cancelled"}, {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}])
def test_what_is_over_or_off_by_then_is_left_out(make_follower, make_news, clock, send, facts):
    make_follower()
    clock.shift(60)
    item = make_news()
    Meeting.objects.filter(pk=item.meeting_id).update(**facts)

    assert send(TONIGHT) == []


def test_what_was_there_before_the_wish_is_not_told(make_follower, make_news, clock, send):
    make_news()
    clock.shift(60)
    make_follower()

    assert send(TONIGHT) == []


def test_watched_requests_come_in_the_digest_of_who_may_hear_of_them(
    municipality, neighbourhood, shopping, clock, send
):
    standings = StandingFactory.create_batch(3, municipality=municipality)
    told, asked, former = (standing.volunteer for standing in standings)
    for person in (told, asked, former):
        follows.watch(person, municipality=municipality, category=shopping, rhythm=Rhythm.DAILY)
    clock.shift(60)
    visit = VisitFactory(
        help_request=HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping)
    )
    item = News.objects.create(municipality=municipality, help_request=visit.help_request)
    AlertFactory(visit=visit, volunteer=asked)
    type(standings[2]).objects.filter(pk=standings[2].pk).update(state="suspended")

    assert send(TONIGHT) == [(told.pk, [item.pk])]
    HelpRequest.objects.update(state="cancelled")
    [event] = Event.objects.filter(kind="volunteering.digest")
    assert words(event, told, "en").body == "All of it is over by now."


def test_words_of_a_digest(make_follower, make_news, initiative, clock, send):
    person = make_follower()
    clock.shift(60)
    make_news()
    send(TONIGHT)

    text = words(Event.objects.get(kind="volunteering.digest"), person, "en")

    assert text.title == "1 piece of news in what you follow"
    assert text.paragraphs == [f"Meeting: {initiative.title}, Saturday, 1 May 2027, 12:00."]
    assert text.path == "/moje/obserwowane/"


# When -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Clocks go forward on 28 March 2027 and back on 31 October: 18:00 stays 18:00.
        (datetime(2027, 3, 27, 18, tzinfo=WARSAW), datetime(2027, 3, 28, 16, tzinfo=UTC)),
        (datetime(2027, 10, 30, 18, tzinfo=WARSAW), datetime(2027, 10, 31, 17, tzinfo=UTC)),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 17, tzinfo=UTC)),
        # In the hour that comes twice, both times.
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), datetime(2027, 10, 31, 17, tzinfo=UTC)),
        (datetime(2027, 4, 21, 15, 59, 59, tzinfo=UTC), datetime(2027, 4, 21, 16, tzinfo=UTC)),
        (datetime(2027, 4, 21, 16, tzinfo=UTC), datetime(2027, 4, 22, 16, tzinfo=UTC)),
    ],
)
def test_the_next_digest_keeps_its_local_hour(now, expected):
    assert digests.next_tick(now, 18) == expected


@pytest.mark.parametrize(
    ("now", "rhythm", "expected"),
    [
        (TONIGHT, Rhythm.DAILY, TONIGHT),
        (TONIGHT - timedelta(seconds=1), Rhythm.DAILY, TONIGHT - timedelta(days=1)),
        (TONIGHT, Rhythm.WEEKLY, MONDAY - timedelta(days=7)),
        (MONDAY, Rhythm.WEEKLY, MONDAY),
        (MONDAY - timedelta(seconds=1), Rhythm.WEEKLY, MONDAY - timedelta(days=7)),
        # The Monday after clocks went back, seen on the Tuesday.
        (
            datetime(2027, 11, 2, 9, tzinfo=UTC),
            Rhythm.WEEKLY,
            datetime(2027, 11, 1, 17, tzinfo=UTC),
        ),
    ],
)
def test_the_last_time_at_which_a_rhythm_was_due(now, rhythm, expected):
    assert digests.last_tick(now, 18, rhythm) == expected


def test_a_digest_of_the_day_on_which_clocks_change_comes_once(municipality, initiative, clock, send):
    clock.move_to(datetime(2027, 10, 30, 12, tzinfo=WARSAW))
    person = UserFactory()
    follows.follow(person, municipality=municipality, initiative=initiative, rhythm=Rhythm.DAILY)
    clock.shift(60)
    meeting = MeetingFactory(initiative=initiative, starts_at=datetime(2027, 11, 20, 12, tzinfo=WARSAW))
    News.objects.create(municipality=municipality, meeting=meeting)

    hours = [datetime(2027, 10, 30, 15, 30, tzinfo=UTC) + timedelta(hours=hour) for hour in range(30)]

    assert sum(len(send(hour)) for hour in hours) == 1


# How much it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 20])
def test_the_questions_grow_with_the_news_and_not_with_the_people(
    make_follower, make_news, clock, django_assert_num_queries, count
):
    for _number in range(count):
        make_follower()
    clock.shift(60)
    make_news()
    clock.move_to(TONIGHT)
    due = list(Digest.objects.due(TONIGHT))

    with django_assert_num_queries(9):
        told = digests.gathered(due, TONIGHT)

    assert len(told) == count


def test_a_kind_of_nobody_tells_nobody(municipality, make_news, clock, send):
    FollowFactory(municipality=municipality, kind=InitiativeKindFactory(), daily=True)
    WatchFactory(municipality=municipality, category=HelpRequestFactory(municipality=municipality).category)
    make_news()

    assert send(TONIGHT) == []
