"""Wishing to be told, how often, no longer; the caps and what the database keeps."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope, scopes_disabled

from tests.factories.accounts import UserFactory
from tests.factories.neighbourhoods import MunicipalityFactory, NeighbourhoodFactory
from tests.factories.volunteering import (
    CategoryFactory,
    FollowFactory,
    InitiativeFactory,
    InitiativeKindFactory,
    StandingFactory,
    WatchFactory,
)
from tests.volunteering.domain.conftest import NOW
from volunteering.domain import follows
from volunteering.errors import Refused
from volunteering.models import MOST_FOLLOWS, MOST_WATCHES, Digest, Follow, Rhythm, Watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# 18:00 in Warsaw on the day of NOW.
EVENING = datetime(2027, 4, 21, 16, tzinfo=UTC)


@pytest.fixture
def helper(municipality):
    return StandingFactory(municipality=municipality).volunteer


@pytest.fixture
def person(db):
    return UserFactory()


def test_a_helper_watches_requests_of_a_kind(helper, municipality, shopping):
    watch = follows.watch(helper, municipality=municipality, category=shopping, words="  ŻÓŁW  leków ")

    assert (watch.category, watch.neighbourhood, watch.words) == (shopping, None, "zolw lekow")
    assert (watch.rhythm, watch.slot, watch.created_at) == (Rhythm.LIVE, 1, NOW)


@pytest.mark.postgres
def test_the_same_wish_twice_is_one(helper, municipality, shopping, neighbourhood):
    wish = {"municipality": municipality, "category": shopping}
    first = follows.watch(helper, **wish)
    follows.watch(helper, **wish, neighbourhood=neighbourhood)

    again = follows.watch(helper, **wish, rhythm=Rhythm.DAILY)

    assert (again.pk, again.rhythm) == (first.pk, Rhythm.DAILY)
    assert Watch.objects.count() == 2


@pytest.mark.parametrize("trait", ["applied", "met", "suspended", "ended"])
def test_who_does_not_help_here_watches_nothing(municipality, shopping, trait):
    standing = StandingFactory(municipality=municipality, **{trait: True})

    with pytest.raises(Refused):
        follows.watch(standing.volunteer, municipality=municipality, category=shopping)


def test_a_helper_elsewhere_watches_nothing_here(municipality, shopping):
    with scopes_disabled():
        standing = StandingFactory(municipality=MunicipalityFactory())

    with pytest.raises(Refused):
        follows.watch(standing.volunteer, municipality=municipality, category=shopping)


def test_everything_cannot_be_watched(helper, municipality):
    with pytest.raises(Refused):
        follows.watch(helper, municipality=municipality, words="zakupy")


def test_a_wish_without_a_place_is_around_nothing(helper, municipality, shopping):
    assert follows.watch(helper, municipality=municipality, category=shopping, around=5000).around == 0


def test_nobody_watches_more_than_the_cap(helper, municipality):
    for _number in range(MOST_WATCHES):
        follows.watch(helper, municipality=municipality, category=CategoryFactory())

    with pytest.raises(Refused):
        follows.watch(helper, municipality=municipality, category=CategoryFactory())

    follows.stop(Watch.objects.get(slot=7))
    assert follows.watch(helper, municipality=municipality, category=CategoryFactory()).slot == 7


def test_nobody_follows_more_than_the_cap(person, municipality):
    for _number in range(MOST_FOLLOWS):
        follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())

    with pytest.raises(Refused):
        follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())


@pytest.mark.parametrize("name", ["neighbourhood", "kind", "initiative"])
def test_anybody_follows_a_thing_once(person, municipality, neighbourhood, name):
    thing = {
        "neighbourhood": neighbourhood,
        "kind": InitiativeKindFactory(),
        "initiative": InitiativeFactory(municipality=municipality),
    }[name]

    first = follows.follow(person, municipality=municipality, **{name: thing})
    second = follows.follow(person, municipality=municipality, **{name: thing})

    assert (first.thing, second.pk) == (thing, first.pk)


def test_a_closed_group_is_not_followed(person, municipality):
    with pytest.raises(Refused):
        follows.follow(
            person, municipality=municipality, initiative=InitiativeFactory(municipality=municipality, closed=True)
        )


# The digest -----------------------------------------------------------------------------------------------------------


def test_there_is_a_digest_exactly_while_a_wish_asks_for_one(person, municipality):
    wish = follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())
    other = follows.follow(person, municipality=municipality, kind=InitiativeKindFactory(), rhythm=Rhythm.WEEKLY)
    assert Digest.objects.get().next_at == EVENING

    follows.set_rhythm(wish, rhythm=Rhythm.DAILY)
    follows.stop(other)
    assert Digest.objects.count() == 1

    follows.set_rhythm(wish, rhythm=Rhythm.LIVE)
    assert not Digest.objects.exists()


def test_the_hour_is_the_persons_own(person, municipality):
    follows.follow(person, municipality=municipality, kind=InitiativeKindFactory(), rhythm=Rhythm.DAILY)

    follows.set_hour(person, municipality=municipality, hour=7)

    # 7:00 in Warsaw is over today.
    assert Digest.objects.get().next_at == datetime(2027, 4, 22, 5, tzinfo=UTC)


def test_without_a_digest_an_hour_changes_nothing(person, municipality):
    follows.set_hour(person, municipality=municipality, hour=7)

    assert not Digest.objects.exists()


def test_what_was_told_at_once_is_not_gathered_later(person, municipality, clock):
    wish = follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())
    clock.move_to(EVENING)

    assert follows.set_rhythm(wish, rhythm=Rhythm.DAILY).told_until == EVENING
    clock.shift(60)
    assert follows.set_rhythm(wish, rhythm=Rhythm.WEEKLY).told_until == EVENING


def test_stopping_twice_changes_nothing(person, municipality):
    wish = follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())

    follows.stop(wish)
    follows.stop(wish)

    assert not Follow.objects.exists()


def test_an_erased_account_wishes_nothing_anywhere(person, municipality):
    follows.follow(person, municipality=municipality, kind=InitiativeKindFactory(), rhythm=Rhythm.DAILY)
    with scopes_disabled():
        FollowFactory(user=person, kind=InitiativeKindFactory(), slot=1)
        other = FollowFactory(kind=InitiativeKindFactory(), slot=1)

        follows.forget(person)

        assert list(Follow.objects.all()) == [other]
        assert not Digest.objects.exists()


# What the database keeps ----------------------------------------------------------------------------------------------


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.mark.postgres
def test_wishes_that_cannot_be_are_refused_by_the_database(helper, municipality, shopping, neighbourhood):
    mine = {"user": helper, "municipality": municipality}
    WatchFactory(**mine, category=shopping)
    FollowFactory(**mine, neighbourhood=neighbourhood)
    kind = InitiativeKindFactory()

    refused(lambda: WatchFactory(**mine, category=shopping))
    refused(lambda: WatchFactory(**mine, category=CategoryFactory(), slot=1))
    refused(lambda: WatchFactory(**mine, category=CategoryFactory(), slot=MOST_WATCHES + 1))
    refused(lambda: WatchFactory(**mine, category=CategoryFactory(), slot=0))
    refused(lambda: WatchFactory(**mine, words="zakupy"))
    refused(lambda: WatchFactory(**mine, category=CategoryFactory(), around=2000))
    refused(lambda: WatchFactory(**mine, category=CategoryFactory(), rhythm="hourly"))
    refused(lambda: FollowFactory(**mine))
    refused(lambda: FollowFactory(**mine, neighbourhood=neighbourhood, kind=kind))
    refused(lambda: FollowFactory(**mine, neighbourhood=neighbourhood))
    refused(lambda: FollowFactory(**mine, kind=kind, slot=MOST_FOLLOWS + 1))
    refused(lambda: Digest.objects.create(**mine, next_at=NOW, hour=2))


def test_with_a_thing_its_follows_go_and_with_a_kind_or_place_its_watches(helper, municipality, shopping):
    """A watch whose kind went would otherwise be one of everything."""
    place, kind = NeighbourhoodFactory(municipality=municipality), InitiativeKindFactory()
    mine = {"user": helper, "municipality": municipality}
    WatchFactory(**mine, category=shopping)
    WatchFactory(**mine, category=CategoryFactory(), neighbourhood=place)
    FollowFactory(**mine, neighbourhood=place)
    FollowFactory(**mine, kind=kind)
    FollowFactory(**mine, initiative=InitiativeFactory(municipality=municipality))

    shopping.delete()
    place.delete()
    kind.delete()
    Follow.objects.get().initiative.delete()

    assert not Watch.objects.exists()
    assert not Follow.objects.exists()


def test_wishes_of_another_municipality_are_not_seen(person, municipality):
    follows.follow(person, municipality=municipality, kind=InitiativeKindFactory())

    with scope(municipality=MunicipalityFactory()):
        assert not Follow.objects.of(person).exists()
