"""A search that has asked everybody goes on looking: somebody new, a break that is over, a promise given back."""

from datetime import date, datetime, timedelta

import pytest

from tests.factories.volunteering import CategoryFactory, CommitmentFactory, VisitFactory
from tests.volunteering.domain.conftest import NOW
from tests.volunteering.domain.searching import events, pass_time, search, told
from volunteering.domain import commitments, profiles, standings, waves
from volunteering.domain.calendar import ZONE
from volunteering.models import Alert, Reach, Standing, VolunteerProfile
from volunteering.states import SearchState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


def test_an_exhausted_search_looks_again_every_hour_and_says_nothing_new(clock, visit, helpers):
    waves.start(visit)

    steps = [pass_time(clock, minutes=60) for _hour in range(5)]

    assert (steps, len(told())) == ([1] * 5, 5)
    assert len(events("volunteering.search_exhaust")) == 1
    assert search().state == SearchState.EXHAUSTED


def test_of_a_later_visit_it_looks_again_once_a_day(clock, visit):
    visit.starts_at, visit.ends_at = NOW + timedelta(days=6), NOW + timedelta(days=6, hours=1)
    visit.save()

    waves.start(visit)

    assert search().next_at == datetime(2027, 4, 22, tzinfo=ZONE)


def test_whose_break_is_over_is_asked(clock, visit, make_helper):
    visit.starts_at, visit.ends_at = NOW + timedelta(days=6), NOW + timedelta(days=6, hours=1)
    visit.save()
    person = make_helper(paused_until=date(2027, 4, 22)).user
    waves.start(visit)

    steps = [pass_time(clock, hours=24), len(told()), pass_time(clock, hours=24)]

    assert (steps, told()) == ([1, 0, 1], [person.pk])
    assert search().state == SearchState.RUNNING


def test_who_is_free_again_is_asked(clock, visit, make_helper):
    person = make_helper().user
    other = VisitFactory(starts_at=visit.starts_at, ends_at=visit.ends_at)
    promise = CommitmentFactory(volunteer=person, visit=other, starts_at=visit.starts_at, ends_at=visit.ends_at)
    waves.start(visit)
    promise.delete()

    pass_time(clock, minutes=60)

    assert told() == [person.pk]


@pytest.mark.parametrize("way", ["profile", "standing"])
def test_somebody_new_is_asked_within_seconds_and_nobody_twice(clock, visit, make_helper, helpers, way):
    waves.start(visit)
    pass_time(clock, minutes=60)
    profile = make_helper(standing={"suspended": True} if way == "standing" else {}, paused_until=date(2027, 5, 1))

    if way == "standing":
        VolunteerProfile.objects.filter(pk=profile.pk).update(paused_until=None)
        Reach.objects.filter(profile=profile).update(paused_until=None)
        standings.activate(Standing.objects.get(volunteer=profile.user), actor=None)
    else:
        profiles.save_profile(profile, paused_until=None)

    assert pass_time(clock, seconds=5) == 1
    assert told() == [*[helper.pk for helper in helpers], profile.user_id]
    assert set(Alert.objects.values_list("times", flat=True)) == {1}


def test_a_profile_that_does_not_fit_wakes_nobody(clock, visit, make_helper):
    waves.start(visit)
    elsewhere, otherwise = make_helper(standing=None), make_helper(categories=[CategoryFactory()])

    for profile in (elsewhere, otherwise):
        profiles.save_profile(profile, radius=9000)

    assert pass_time(clock, seconds=5) == 0


def test_what_staff_have_stopped_is_not_woken(clock, visit, make_helper, helpers):
    waves.start(visit)
    waves.stop(visit, actor=None)

    profiles.save_profile(make_helper(), radius=9000)

    assert pass_time(clock, hours=30) == 0


def test_all_who_have_not_answered_are_thanked_also_those_asked_before_the_end(clock, visit, make_helper, helpers):
    waves.start(visit)
    pass_time(clock, minutes=60)
    newcomer = make_helper()
    profiles.save_profile(newcomer, radius=9000)
    pass_time(clock, seconds=5)

    commitments.take(visit, actor=newcomer.user)

    [thanks] = events("volunteering.search_thank")
    assert len(thanks.data["alerts"]) == 5


def test_when_it_is_too_late_nobody_looks_any_more(clock, visit):
    clock.move_to(visit.starts_at - timedelta(minutes=30))

    waves.start(visit)

    assert (search().state, search().next_at) == (SearchState.EXHAUSTED, None)
