"""What staff do about a search: go on, stop, start again, ask by hand; and a long run of everything."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from neighbourhoods.models import Municipality
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import (
    AlertFactory,
    VisitFactory,
)
from tests.volunteering.domain.searching import events, pass_time, search, tell_only, told
from volunteering.domain import commitments, invitations, waves
from volunteering.errors import Refused
from volunteering.models import Alert, DailyCount, HelpRequest, Search
from volunteering.states import RequestState, SearchState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


# Staff ----------------------------------------------------------------------------------------------------------------


def test_what_staff_stop_stays_stopped(clock, municipality, visit, helpers):
    tell_only(municipality, 1)
    person = UserFactory()
    [alert] = waves.start(visit)

    waves.stop(visit, actor=person)
    waves.decline(alert, actor=helpers[0])
    promise = commitments.take(visit, actor=helpers[4])
    assert search().state == SearchState.FULL

    assert (told(), pass_time(clock, hours=5)) == ([helpers[0].pk], 0)
    assert promise.visit_id == visit.pk


def test_stopped_waves_do_not_resume_by_themselves(municipality, visit, helpers):
    tell_only(municipality, 1)
    visit.places = 2
    visit.save()
    waves.start(visit)
    promise = commitments.take(visit, actor=helpers[4])
    waves.stop(visit, actor=None)

    commitments.withdraw(promise, actor=helpers[4])

    assert (search().state, told()) == (SearchState.STOPPED, [helpers[0].pk])


def test_staff_start_again_what_they_stopped(municipality, visit, helpers):
    tell_only(municipality, 2)
    waves.start(visit)
    waves.stop(visit, actor=None)

    step = waves.start_again(visit, actor=None)

    assert (step.search.state, len(step.told), len(told())) == (SearchState.RUNNING, 2, 4)


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("advance", SearchState.STOPPED),
        ("stop", SearchState.STOPPED),
        ("stop", SearchState.OVER),
        ("start_again", SearchState.RUNNING),
    ],
)
def test_staff_read_why_a_search_does_not_move(visit, helpers, verb, state):
    next_at = timezone.now() if state == SearchState.RUNNING else None
    Search.objects.create(visit=visit, state=state, next_at=next_at)

    with pytest.raises(Refused):
        getattr(waves, verb)(visit, actor=None)

    assert (search().state, told()) == (state, [])


@pytest.mark.parametrize("verb", [waves.advance, waves.stop, waves.start_again])
@pytest.mark.parametrize("facts", [{"protected": True}, {"state": RequestState.CLOSED}])
def test_nothing_moves_where_nobody_may_be_told(visit, helpers, verb, facts):
    HelpRequest.objects.filter(pk=visit.help_request.pk).update(**facts)

    with pytest.raises(Refused):
        verb(visit, actor=None)

    assert not Search.objects.exists()


# By hand --------------------------------------------------------------------------------------------------------------


def test_staff_invite_somebody_whom_no_wave_would_ask(visit, make_helper):
    person, staff = (
        make_helper(availability=[0] * 7, radius=0, home_cell=visit.help_request.cell + 9).user,
        UserFactory(),
    )

    alert = invitations.invite(visit, volunteer=person, actor=staff)

    assert (alert.volunteer, alert.invited_by, alert.wave) == (person, staff, 1)
    [event] = events()
    assert (event.actor, event.data["invited"]) == (staff, True)
    assert DailyCount.objects.get().alerts == 1


def test_an_invitation_counts_and_is_not_repeated_by_waves(visit, helpers):
    invitations.invite(visit, volunteer=helpers[4], actor=None)

    waves.start(visit)

    assert told() == [helpers[4].pk, *(helper.pk for helper in helpers[:4])]


def test_nobody_is_invited_twice(visit, helpers):
    invitations.invite(visit, volunteer=helpers[0], actor=None)

    with pytest.raises(Refused):
        invitations.invite(visit, volunteer=helpers[0], actor=None)

    assert len(told()) == 1


@pytest.mark.parametrize("standing", [None, {"suspended": True}, {"applied": True}])
def test_only_active_helpers_are_invited(visit, make_helper, standing):
    person = make_helper(standing=standing).user

    with pytest.raises(Refused):
        invitations.invite(visit, volunteer=person, actor=None)


def test_who_declined_is_not_invited(visit, helpers):
    AlertFactory(visit=visit, volunteer=helpers[0], declined=True)

    with pytest.raises(Refused):
        invitations.invite(visit, volunteer=helpers[0], actor=None)


def test_neither_strangers_nor_the_resident_herself_are_invited(visit):
    for person in (UserFactory(), visit.help_request.requester):
        with pytest.raises(Refused):
            invitations.invite(visit, volunteer=person, actor=None)


@pytest.mark.parametrize("facts", [{"protected": True}, {"state": RequestState.CLOSED}])
def test_nobody_is_invited_where_nobody_may_be_told(visit, helpers, facts):
    HelpRequest.objects.filter(pk=visit.help_request.pk).update(**facts)

    with pytest.raises(Refused):
        invitations.invite(visit, volunteer=helpers[0], actor=None)

    assert told() == []


# A long run -----------------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_over_a_week_nobody_is_told_twice_or_beyond_the_cap_or_in_quiet_hours(
    clock, municipality, visit, make_helper, seed
):
    """Requests come at any hour, helpers answer as they like, the worker comes now and then."""
    random = Random(seed)
    Municipality.objects.filter(pk=municipality.pk).update(
        alerts_per_day=2, alert_count=2, quiet_from=21, quiet_until=7
    )
    make_crowd = [make_helper(radius=20_000, tasks_per_week=20).user for _number in range(6)]
    log = []
    for _hour in range(40):
        clock.shift(timedelta(minutes=random.randint(20, 240)))
        if random.random() < 0.4:
            starts_at = timezone.now() + timedelta(hours=random.randint(2, 70))
            waves.start(VisitFactory(help_request=visit.help_request, starts_at=starts_at))
        waves.take_due_steps()
        for alert in Alert.objects.filter(answer="").order_by("pk"):
            if random.random() < 0.2:
                waves.decline(alert, actor=alert.volunteer)
    for event in events():
        log += [(pk, event.created_at) for pk in event.data["alerts"]]

    whom = dict(Alert.objects.values_list("pk", "volunteer"))
    days = Counter((whom[pk], timezone.localdate(at)) for pk, at in log)
    assert len(log) > len(make_crowd)
    assert len({pk for pk, _at in log}) == len(log)
    assert max(days.values()) <= 2
    assert all(7 <= timezone.localtime(at).hour < 21 for _pk, at in log)
