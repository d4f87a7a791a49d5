"""The steps of a search: when the next ones are told, how far, within caps and quiet hours; full, and free again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from neighbourhoods.models import Municipality
from notifications.models import Event
from tests.factories.volunteering import VisitFactory
from tests.volunteering.domain.conftest import NOW
from tests.volunteering.domain.searching import events, minutes_until_next, pass_time, search, tell_only, told
from volunteering.domain import alerts, commitments, help_requests, waves
from volunteering.models import Alert, DailyCount, Search, VolunteerProfile
from volunteering.states import SearchState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


# The steps of a search ------------------------------------------------------------------------------------------------


def test_when_a_wave_has_had_its_time_the_next_ones_are_told(clock, municipality, visit, helpers):
    tell_only(municipality, 2)
    waves.start(visit)

    assert (search().wave, minutes_until_next()) == (1, 60)
    assert (pass_time(clock, minutes=59), len(told())) == (0, 2)
    assert (pass_time(clock, minutes=1), len(told())) == (1, 4)
    assert (pass_time(clock, minutes=60), len(told())) == (1, 5)
    assert (search().wave, Alert.objects.get(volunteer=helpers[4]).wave) == (3, 3)


def test_when_everybody_was_told_the_search_says_so(clock, visit, helpers):
    waves.start(visit)
    assert search().state == SearchState.RUNNING

    pass_time(clock, minutes=60)

    assert (search().state, minutes_until_next()) == (SearchState.EXHAUSTED, 60)
    assert len(events("volunteering.search_exhaust")) == 1
    assert list(Search.objects.exhausted()) == [search()]


def test_where_nobody_fits_the_search_is_at_its_end_at_once(visit):
    waves.start(visit)

    assert (search().state, search().wave) == (SearchState.EXHAUSTED, 0)


def test_when_the_last_one_declines_staff_hear_of_it_at_once(visit, make_helper):
    person = make_helper().user
    [alert] = waves.start(visit)

    waves.decline(alert, actor=person)

    assert search().state == SearchState.EXHAUSTED


def test_nobody_farther_is_told_before_their_wave(clock, visit, make_helper):
    near = make_helper().user
    far = make_helper(home_cell=visit.help_request.cell + 10, radius=20_000).user
    waves.start(visit)

    assert told() == [near.pk]
    pass_time(clock, minutes=60)
    assert told() == [near.pk, far.pk]


def test_where_nobody_lives_near_the_search_goes_farther_at_once(visit, make_helper):
    far = make_helper(home_cell=visit.help_request.cell + 20, radius=20_000).user

    [alert] = waves.start(visit)

    assert (alert.volunteer, alert.wave, search().wave) == (far, 3, 3)


def test_nobody_is_told_beyond_their_own_radius(clock, visit, make_helper):
    make_helper(home_cell=visit.help_request.cell + 10, radius=2000)

    waves.start(visit)
    pass_time(clock, hours=20)

    assert told() == []


@pytest.fixture
def for_today(visit):
    """Help is needed today at six, and it is noon."""
    visit.starts_at, visit.ends_at = NOW + timedelta(hours=6), NOW + timedelta(hours=7)
    visit.save()
    return visit


def test_for_today_people_on_duty_are_told_first(clock, for_today, make_helper):
    nearest = make_helper().user
    on_duty = make_helper(
        home_cell=for_today.help_request.cell + 10, radius=20_000, on_duty_until=NOW + timedelta(hours=9)
    ).user

    [first] = waves.start(for_today)
    assert (first.volunteer, minutes_until_next()) == (on_duty, 10)
    waves.decline(first, actor=on_duty)

    assert told() == [on_duty.pk, nearest.pk]


def test_for_another_day_being_on_duty_does_not_count(visit, helpers, municipality):
    tell_only(municipality, 1)
    VolunteerProfile.objects.filter(user=helpers[3]).update(on_duty_until=NOW + timedelta(hours=9))

    waves.start(visit)

    assert told() == [helpers[0].pk]


def quiet_at_night(municipality):
    Municipality.objects.filter(pk=municipality.pk).update(quiet_from=21, quiet_until=7)


def test_in_quiet_hours_the_wave_waits_for_the_morning(clock, municipality, visit, helpers):
    quiet_at_night(municipality)
    clock.move_to(datetime(2027, 4, 21, 20, tzinfo=UTC))

    assert waves.start(visit) == []
    assert search().next_at == datetime(2027, 4, 22, 5, tzinfo=UTC)
    clock.move_to(search().next_at)
    waves.take_due_steps()

    assert len(told()) == 5


def test_in_quiet_hours_a_decline_is_passed_on_in_the_morning(clock, municipality, visit, helpers):
    tell_only(municipality, 1)
    quiet_at_night(municipality)
    clock.move_to(datetime(2027, 4, 21, 18, 30, tzinfo=UTC))
    [alert] = waves.start(visit)
    clock.move_to(datetime(2027, 4, 21, 19, 30, tzinfo=UTC))

    waves.decline(alert, actor=helpers[0])

    assert (len(told()), search().next_at) == (1, datetime(2027, 4, 22, 5, tzinfo=UTC))


def test_in_quiet_hours_people_on_duty_hear_of_what_is_needed_that_day(clock, municipality, visit, helpers):
    quiet_at_night(municipality)
    clock.move_to(datetime(2027, 4, 21, 19, 30, tzinfo=UTC))
    visit.starts_at, visit.ends_at = datetime(2027, 4, 21, 21, tzinfo=UTC), datetime(2027, 4, 21, 22, tzinfo=UTC)
    visit.save()

    assert waves.start(visit) == []
    VolunteerProfile.objects.filter(user=helpers[2]).update(on_duty_until=datetime(2027, 4, 21, 22, tzinfo=UTC))
    pass_time(clock, minutes=10)

    assert told() == [helpers[2].pk]


def test_nobody_gets_more_alerts_than_the_cap_of_the_day(clock, municipality, visit, helpers):
    Municipality.objects.filter(pk=municipality.pk).update(alerts_per_day=2)
    others = [VisitFactory(help_request=visit.help_request, starts_at=visit.starts_at) for _number in range(2)]

    assert [len(waves.start(it)) for it in (visit, *others)] == [5, 5, 0]
    capped = Search.objects.get(visit=others[1])
    assert (capped.state, capped.next_at) == (SearchState.RUNNING, datetime(2027, 4, 21, 22, tzinfo=UTC))
    clock.move_to(capped.next_at)
    waves.take_due_steps()
    assert Alert.objects.filter(visit=others[1]).count() == 5


def test_the_cap_counts_alerts_of_other_municipalities(municipality, visit, helpers):
    DailyCount.objects.create(volunteer=helpers[0], day=date(2027, 4, 21), alerts=6)

    waves.start(visit)

    assert told() == [helper.pk for helper in helpers[1:]]


def test_what_is_rolled_back_tells_nobody(visit, helpers):
    with transaction.atomic():
        waves.start(visit)
        transaction.set_rollback(True)

    counts = [model.objects.count() for model in (Alert, Search, DailyCount, Event)]
    assert counts == [0, 0, 0, 0]


def test_one_failing_step_does_not_hold_up_the_others(clock, visit, helpers, monkeypatch, logged_errors):
    other = VisitFactory(help_request=visit.help_request, starts_at=visit.starts_at)
    for it in (visit, other):
        Search.objects.create(visit=it, next_at=timezone.now())
    real = waves.alerts.still_to_ask

    def fail_once(looked_at):
        if looked_at.pk == visit.pk:
            raise LookupError
        return real(looked_at)

    monkeypatch.setattr(waves.alerts, "still_to_ask", fail_once)

    assert waves.take_due_steps() == 1
    assert Search.objects.get(visit=visit).next_at == timezone.now() + waves.REST_AFTER_FAILURE
    assert len(logged_errors) == 1
    monkeypatch.undo()
    assert pass_time(clock, minutes=5) == 1


# Ask me again ---------------------------------------------------------------------------------------------------------


def test_who_wishes_so_is_asked_again_when_nobody_new_is_left(clock, municipality, visit, helpers):
    tell_only(municipality, 2)
    [first, _second] = waves.start(visit)

    waves.decline(first, actor=helpers[0], again=True)
    assert (Alert.objects.get(pk=first.pk).answer, len(told())) == (Alert.Answer.LATER, 3)
    for _wave in range(2):
        pass_time(clock, minutes=60)

    again = Alert.objects.get(pk=first.pk)
    assert (again.answer, again.times, len(told())) == (Alert.Answer.NONE, 2, 5)
    assert set(Alert.objects.exclude(pk=first.pk).values_list("times", flat=True)) == {1}


def test_nobody_is_asked_again_without_end(clock, visit, make_helper):
    person = make_helper().user
    waves.start(visit)
    for _wave in range(5):
        alert = Alert.objects.get()
        if alert.answer == Alert.Answer.NONE:
            waves.decline(alert, actor=person, again=True)
        pass_time(clock, minutes=60)

    assert Alert.objects.get().times == alerts.MOST_TIMES
    assert search().state == SearchState.EXHAUSTED


def test_who_said_later_may_still_say_no(visit, make_helper):
    person = make_helper().user
    [alert] = waves.start(visit)

    waves.decline(alert, actor=person, again=True)
    waves.decline(alert, actor=person)

    assert Alert.objects.get().answer == Alert.Answer.DECLINED


# Full, and free again -------------------------------------------------------------------------------------------------


def test_when_somebody_is_found_the_search_stops_and_thanks_the_rest(clock, municipality, visit, helpers):
    tell_only(municipality, 3)
    [_first, second, _third] = waves.start(visit)
    waves.decline(second, actor=helpers[1])

    commitments.take(visit, actor=helpers[0])

    [thanks] = events("volunteering.search_thank")
    thanked = Alert.objects.filter(pk__in=thanks.data["alerts"]).values_list("volunteer", flat=True)
    assert set(thanked) == {helpers[2].pk, helpers[3].pk}
    assert search().state == SearchState.FULL
    assert pass_time(clock, hours=9) == 0


def test_while_places_are_left_the_search_goes_on(visit, helpers):
    visit.places = 2
    visit.save()
    waves.start(visit)

    commitments.take(visit, actor=helpers[0])

    assert search().state == SearchState.RUNNING
    assert events("volunteering.search_thank") == []


@pytest.mark.parametrize("verb", ["withdraw", "release", "decline"])
def test_when_a_place_is_free_again_others_are_told_and_nobody_twice(clock, municipality, visit, helpers, verb):
    tell_only(municipality, 2)
    waves.start(visit)
    promise = commitments.take(visit, actor=helpers[0])
    clock.shift(timedelta(hours=3))

    getattr(commitments, verb)(promise, actor=helpers[0])

    assert told() == [helper.pk for helper in helpers[:4]]
    assert (search().state, search().wave, minutes_until_next()) == (SearchState.RUNNING, 2, 60)
    assert set(Alert.objects.values_list("times", flat=True)) == {1}


def test_nobody_is_thanked_twice(municipality, visit, helpers, clock):
    tell_only(municipality, 2)
    waves.start(visit)
    promise = commitments.take(visit, actor=helpers[0])
    clock.shift(timedelta(hours=3))
    commitments.withdraw(promise, actor=helpers[0])

    commitments.take(visit, actor=helpers[2])

    keys = [pk for event in events("volunteering.search_thank") for pk in event.data["alerts"]]
    assert len(keys) == len(set(keys)) == 2


def test_with_the_request_the_search_ends(visit, helpers):
    waves.start(visit)

    help_requests.cancel(visit.help_request, actor=None)

    assert (search().state, search().next_at) == (SearchState.OVER, None)


def test_a_search_whose_time_has_come_too_late_is_over(clock, visit, helpers):
    waves.start(visit)
    clock.move_to(visit.starts_at)

    waves.take_due_steps()

    assert search().state == SearchState.OVER
