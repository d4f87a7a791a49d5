"""News: who is told of a new request, an initiative, a meeting; and who must not be."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import translation
from django_scopes import scope, scopes_disabled

from notifications import delivery
from notifications.models import Event, Notification
from notifications.words import words
from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    AlertFactory,
    BlockFactory,
    CategoryFactory,
    CommitmentFactory,
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
from volunteering.domain import help_requests, lifecycles, meetings, news
from volunteering.domain.series import Repeat
from volunteering.domain.words import fold
from volunteering.models import Around, Follow, News, Times, Watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FRIDAY = datetime(2027, 4, 23, 8, tzinfo=UTC)


@pytest.fixture
def watcher(municipality):
    return StandingFactory(municipality=municipality).volunteer


@pytest.fixture
def things(shopping, neighbourhood, elsewhere):
    """What a watch may name: as in the request, or otherwise."""
    return {
        "category": {"same": shopping, "other": CategoryFactory()},
        "neighbourhood": {"same": neighbourhood, "other": elsewhere},
    }


@pytest.fixture
def make_watch(municipality, watcher):
    def make_watch(**facts):
        return WatchFactory(**{"user": watcher, "municipality": municipality, **facts})

    return make_watch


@pytest.fixture
def make_news(municipality, neighbourhood, shopping):
    """News of a listed request with one visit on Friday; `visit`: facts of that."""

    def make_news(*, visit=(), words="Chodzi o leki dla żółwia.", **facts):
        facts = {"municipality": municipality, "neighbourhood": neighbourhood, "category": shopping, **facts}
        help_request = HelpRequestFactory(
            words=words, search_text=fold(f"{facts['category'].name_pl} {words}"), **facts
        )
        VisitFactory(**{"help_request": help_request, "starts_at": FRIDAY, **dict(visit)})
        return News.objects.create(municipality=municipality, help_request=help_request, created_at=NOW)

    return make_news


@pytest.fixture
def make_follow(municipality):
    def make_follow(**facts):
        return FollowFactory(**{"municipality": municipality, **facts}).user.pk

    return make_follow


# Requests that are watched --------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(municipality, neighbourhood):
    """Some four kilometres away."""
    return NeighbourhoodFactory(municipality=municipality, latitude=neighbourhood.latitude + 0.036)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("wish", "is_told"),
    [
        ({"category": "same"}, True),
        ({"category": "other"}, False),
        ({"neighbourhood": "same"}, True),
        ({"neighbourhood": "other"}, False),
        ({"neighbourhood": "other", "around": Around.NEAR}, False),
        ({"neighbourhood": "other", "around": Around.FAR}, True),
        ({"category": "same", "neighbourhood": "same"}, True),
        ({"category": "same", "neighbourhood": "other"}, False),
        ({"category": "other", "neighbourhood": "same"}, False),
        ({"category": "same", "neighbourhood": "other", "around": Around.FAR}, True),
        ({"category": "other", "neighbourhood": "other", "around": Around.FAR}, False),
        ({"category": "same", "words": "zolw"}, True),
        ({"category": "same", "words": "zolw leki"}, True),
        ({"category": "same", "words": "zolw pies"}, False),
        ({"category": "same", "times": Times.WEEKDAYS}, True),
        ({"category": "same", "times": Times.WEEKENDS}, False),
    ],
)
def test_who_watches_such_requests_is_told(make_watch, make_news, things, wish, is_told):
    make_watch(**{name: things[name][value] if name in things else value for name, value in wish.items()})

    assert bool(news.told_at_once(make_news())) == is_told


@pytest.mark.parametrize(
    ("visit", "times"),
    [
        # Saturday 23:30 to Sunday 0:30 in Warsaw.
        ({"starts_at": datetime(2027, 4, 24, 21, 30, tzinfo=UTC)}, {Times.WEEKENDS}),
        # Friday 22:30 UTC is Saturday in Warsaw.
        ({"starts_at": datetime(2027, 4, 23, 22, 30, tzinfo=UTC)}, {Times.WEEKENDS}),
        ({"starts_at": FRIDAY, "flexible": True}, {Times.WEEKDAYS, Times.WEEKENDS}),
        # The night on which clocks go back: 25 hours from Saturday to Sunday.
        ({"starts_at": datetime(2027, 10, 30, 22, 30, tzinfo=UTC)}, {Times.WEEKENDS}),
    ],
)
def test_days_are_local_days(make_watch, make_news, shopping, visit, times):
    item = make_news(visit=visit)
    for wish in (Times.WEEKDAYS, Times.WEEKENDS):
        make_watch(category=shopping, times=wish)

    assert {wish.times for wishes in news.wished(item).values() for wish in wishes} == times


@pytest.mark.parametrize("facts", [{"protected": True}, {"awaiting_review": True}, {"filled": True}, {"done": True}])
def test_what_is_not_listed_is_told_to_nobody(make_watch, make_news, shopping, facts):
    make_watch(category=shopping)

    assert news.wished(make_news(**facts)) == {}


def test_a_request_whose_visits_are_over_is_told_to_nobody(make_watch, make_news, shopping):
    make_watch(category=shopping)

    assert news.wished(make_news(visit={"starts_at": NOW - timedelta(days=1)})) == {}


@pytest.mark.parametrize("trait", ["applied", "met", "suspended", "ended"])
def test_who_does_not_help_any_more_is_not_told(municipality, make_watch, make_news, shopping, trait):
    make_watch(user=StandingFactory(municipality=municipality, **{trait: True}).volunteer, category=shopping)

    assert news.wished(make_news()) == {}


def test_a_closed_account_is_not_told(make_watch, make_news, watcher, shopping):
    make_watch(category=shopping)
    type(watcher).objects.update(is_active=False)

    assert news.wished(make_news()) == {}


def test_nobody_is_told_of_their_own_request_nor_of_their_own_act(make_watch, make_news, watcher, shopping):
    make_watch(category=shopping)
    published = make_news()
    published.by = watcher

    assert news.wished(make_news(requester=watcher)) == {}
    assert news.wished(published) == {}


@pytest.mark.parametrize("sides", [("by", "against"), ("against", "by")])
def test_two_who_are_not_to_meet_hear_nothing_of_each_other(make_watch, make_news, shopping, sides):
    watch, item = make_watch(category=shopping), make_news()
    people = (watch.user, item.help_request.requester)
    BlockFactory(municipality=watch.municipality, **dict(zip(sides, people, strict=True)))

    assert news.wished(item) == {}


def test_a_request_taken_down_on_the_phone_is_told_too(make_watch, make_news, watcher, shopping):
    make_watch(category=shopping)

    assert news.told_at_once(make_news(by_phone=True)) == {watcher.pk}


def test_whom_a_wave_has_asked_or_who_comes_is_not_told_again(make_watch, make_news, watcher, shopping):
    make_watch(category=shopping)
    asked, promised = make_news(), make_news()
    AlertFactory(visit=asked.help_request.visits.get(), volunteer=watcher)
    CommitmentFactory(visit=promised.help_request.visits.get(), volunteer=watcher)

    assert news.wished(asked) == {}
    assert news.wished(promised) == {}


def test_words_that_are_held_back_are_not_found_by_watching(make_watch, make_news, watcher, shopping):
    make_watch(category=shopping, words="zolw")
    make_watch(category=shopping, words="zakupy")

    found = news.wished(make_news(words_held_back=True))

    assert [wish.words for wish in found[watcher.pk]] == ["zakupy"]


def test_requests_elsewhere_and_from_before_the_wish_are_not_told(make_watch, make_news, shopping):
    make_watch(category=shopping, created_at=NOW + timedelta(seconds=1))
    with scopes_disabled():
        other = MunicipalityFactory()
        WatchFactory(user=StandingFactory(municipality=other).volunteer, municipality=other, category=shopping, slot=1)

    assert news.wished(make_news()) == {}


# From the verb to the inbox -------------------------------------------------------------------------------------------


@pytest.fixture
def publish(municipality, neighbourhood, shopping, django_capture_on_commit_callbacks):
    def publish(**facts):
        help_request = HelpRequestFactory(
            awaiting_review=True, municipality=municipality, neighbourhood=neighbourhood, category=shopping, **facts
        )
        VisitFactory(help_request=help_request, starts_at=FRIDAY)
        with django_capture_on_commit_callbacks(execute=True):
            return help_requests.publish(help_request, actor=UserFactory())

    return publish


def told(kind):
    return list(Notification.objects.filter(event__kind=kind).values_list("user", flat=True))


def test_publishing_tells_those_who_watch(make_watch, watcher, shopping, publish):
    make_watch(category=shopping)

    publish()

    assert told("volunteering.news_request") == [watcher.pk]


def test_publishing_a_protected_request_writes_no_news(make_watch, shopping, publish):
    make_watch(category=shopping)

    publish(protected=True)

    assert not News.objects.exists()
    assert told("volunteering.news_request") == []


def test_whom_the_first_wave_asks_hears_once(make_helper, make_watch, shopping, publish):
    helper = make_helper().user
    make_watch(user=helper, category=shopping)

    publish()

    assert told("volunteering.visit_alert") == [helper.pk]
    assert told("volunteering.news_request") == []


@pytest.mark.postgres
def test_delivered_twice_it_is_told_once(make_watch, watcher, shopping, publish):
    make_watch(category=shopping)
    publish()
    event = Event.objects.get(kind="volunteering.news_request")

    Event.objects.filter(pk=event.pk).update(delivered_at=None)
    delivery.deliver(event.pk)
    with transaction.atomic():
        news.of_request(event.subject.help_request, by=None)

    assert told("volunteering.news_request") == [watcher.pk]
    assert Event.objects.filter(kind="volunteering.news_request").count() == 1


def test_a_word_says_no_more_than_the_list(make_watch, watcher, neighbourhood, shopping, publish):
    make_watch(category=shopping)
    help_request = publish(words="Kanarek w słowach")
    event = Event.objects.get(kind="volunteering.news_request")

    with translation.override("en"):
        text = words(event, watcher, "en")

    assert text.title == f"You watch such requests: Shopping – {neighbourhood.name}"
    assert text.body == "Somebody is needed this week. You have promised nothing: have a look whether it suits you."
    assert text.path == help_request.get_absolute_url()
    assert "Kanarek" not in json.dumps(event.data) + text.title + text.body


def test_a_reopened_request_is_not_told_again(make_watch, watcher, shopping, publish):
    make_watch(category=shopping)
    help_request = publish()
    type(help_request).objects.update(state="filled")

    with transaction.atomic():
        help_requests.settle(type(help_request).objects.get())

    assert told("volunteering.news_request") == [watcher.pk]


# Initiatives and meetings ---------------------------------------------------------------------------------------------


@pytest.fixture
def initiative(municipality, neighbourhood):
    return InitiativeFactory(municipality=municipality, neighbourhoods=[neighbourhood])


def announce(initiative):
    news.announce(initiative.lifecycle)
    return News.objects.filter(initiative=initiative).first()


def test_a_new_initiative_is_told_to_those_who_follow_its_place_or_kind(
    initiative, make_follow, neighbourhood, elsewhere
):
    told = {make_follow(neighbourhood=neighbourhood), make_follow(kind=initiative.kind)}
    make_follow(neighbourhood=elsewhere)
    make_follow(kind=InitiativeKindFactory())

    assert news.told_at_once(announce(initiative)) == told


def test_what_names_no_place_is_of_all_places(municipality, make_follow, neighbourhood, elsewhere):
    told = {make_follow(neighbourhood=neighbourhood), make_follow(neighbourhood=elsewhere)}

    assert news.told_at_once(announce(InitiativeFactory(municipality=municipality))) == told


@pytest.mark.parametrize("facts", [{"unpublished": True}, {"finished": True}, {"closed": True}])
def test_what_cannot_be_read_or_joined_is_not_announced(municipality, facts):
    assert announce(InitiativeFactory(municipality=municipality, **facts)) is None


def test_an_initiative_is_announced_once_in_its_life(initiative, django_capture_on_commit_callbacks, make_follow):
    person = make_follow(kind=initiative.kind)

    for _time in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            duties.tell_of_new_initiatives()
    with django_capture_on_commit_callbacks(execute=True):
        lifecycles.finish(initiative, actor=None)
        lifecycles.start(initiative, actor=None)
        duties.tell_of_new_initiatives()

    assert told("volunteering.news_initiative") == [person]


def test_a_series_of_meetings_is_told_once(initiative, make_follow, django_capture_on_commit_callbacks):
    people = {make_follow(initiative=initiative), make_follow(kind=initiative.kind)}
    leader = make_follow(initiative=initiative)

    with django_capture_on_commit_callbacks(execute=True):
        meetings.plan(
            initiative,
            actor=Follow.objects.get(user=leader).user,
            day=FRIDAY.date(),
            at=FRIDAY.time(),
            minutes=60,
            place="świetlica",
            repeat=Repeat.WEEKLY,
            times=5,
        )

    assert sorted(told("volunteering.news_meeting")) == sorted(people)


def test_a_meeting_is_of_the_place_where_it_is(initiative, make_follow, neighbourhood, elsewhere, municipality):
    make_follow(neighbourhood=neighbourhood)
    there = make_follow(neighbourhood=elsewhere)
    meeting = MeetingFactory(initiative=initiative, neighbourhood=elsewhere)

    item = News.objects.create(municipality=municipality, meeting=meeting, created_at=NOW)

    assert news.told_at_once(item) == {there}


@pytest.mark.parametrize("facts", [{"cancelled": True}, {"starts_at": NOW - timedelta(days=1)}])
def test_meetings_that_are_off_or_over_are_not_told(initiative, make_follow, municipality, facts):
    make_follow(initiative=initiative)
    meeting = MeetingFactory(initiative=initiative, **facts)

    assert news.wished(News.objects.create(municipality=municipality, meeting=meeting)) == {}


def test_meetings_of_a_closed_group_are_not_news(municipality):
    with transaction.atomic():
        news.of_meetings(
            [MeetingFactory(initiative=InitiativeFactory(municipality=municipality, closed=True))], by=None
        )

    assert not News.objects.exists()


def test_words_of_initiatives_and_meetings(initiative, municipality, make_follow):
    person = Follow.objects.get(user=make_follow(initiative=initiative)).user
    with transaction.atomic():
        announce(initiative)
        news.of_meetings([MeetingFactory(initiative=initiative)], by=None)

    texts = [words(event, person, "en") for event in Event.objects.filter(kind__contains="news_").order_by("pk")]

    assert [text.title for text in texts] == [
        f"New in what you follow: {initiative.title}",
        f"A meeting is planned: {initiative.title}",
    ]
    assert {text.path for text in texts} == {initiative.get_absolute_url()}


# How much it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 30])
def test_who_is_told_is_asked_in_a_constant_number_of_questions(
    make_watch, make_news, shopping, django_assert_num_queries, count
):
    for _number in range(count):
        watch = make_watch(user=UserFactory(), category=shopping)
        StandingFactory(municipality=watch.municipality, volunteer=watch.user)
    item = News.objects.with_things().get(pk=make_news().pk)

    with django_assert_num_queries(4):
        found = news.told_at_once(item)

    assert len(found) == count


def test_watches_are_looked_up_in_their_index(make_news):
    """No row of a watch is read that does not name the kind or the place, or any."""
    item = make_news()

    plan = news.watches_for(item).explain()

    assert "watch_lookup" in plan
    assert "SCAN volunteering_watch" not in plan
    assert "Seq Scan on volunteering_watch" not in plan


def test_news_are_forgotten_when_no_digest_reaches_them(make_news, clock):
    make_news()
    clock.move_to(NOW + timedelta(days=91))
    kept = make_news()
    News.objects.filter(pk=kept.pk).update(created_at=NOW + timedelta(days=90))

    duties.forget_old_news()

    assert list(News.objects.all()) == [kept]


def test_a_scope_of_another_municipality_finds_no_news(make_news):
    make_news()

    with scope(municipality=MunicipalityFactory()):
        assert not News.objects.exists()
        assert not Watch.objects.exists()
