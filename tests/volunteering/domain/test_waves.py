"""Who is told of a visit: the best who were not told yet, each with the reasons; declining passes it on; and the steps
of the search between."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone, translation

from neighbourhoods.models import Municipality
from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import (
    AlertFactory,
    CategoryFactory,
    CommitmentFactory,
    HelpRequestFactory,
    VisitFactory,
)
from tests.volunteering.domain.conftest import NOW
from volunteering.domain import alerts, commitments, help_requests, invitations, waves
from volunteering.errors import Refused
from volunteering.models import Alert, DailyCount, HelpRequest, Search, VolunteerProfile
from volunteering.states import RequestState, SearchState, VisitState

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


@pytest.fixture
def visit(municipality, neighbourhood, shopping):
    return VisitFactory(
        help_request=HelpRequestFactory(municipality=municipality, neighbourhood=neighbourhood, category=shopping),
        starts_at=datetime(2027, 4, 23, 8, tzinfo=UTC),
    )


@pytest.fixture
def helpers(make_helper, visit):
    """Five helpers, the nearest first."""
    cell = visit.help_request.cell
    return [make_helper(home_cell=cell + steps, radius=20_000).user for steps in range(5)]


def tell_only(municipality, count):
    municipality.alert_count = count
    municipality.save(update_fields=["alert_count"])


def told():
    return list(Alert.objects.order_by("pk").values_list("volunteer", flat=True))


def events(kind="volunteering.visit_alert"):
    return list(Event.objects.filter(kind=kind))


def test_the_best_helpers_are_told(municipality, visit, helpers):
    tell_only(municipality, 3)

    written = waves.start(visit)

    assert [alert.volunteer for alert in written] == helpers[:3]
    assert told() == [helper.pk for helper in helpers[:3]]


def test_an_alert_keeps_why(visit, helpers):
    [alert, *_others] = waves.start(visit)

    alert.refresh_from_db()
    assert 0 < alert.score <= 1
    assert set(alert.parts) == {
        "nearness",
        "skill",
        "language",
        "time",
        "continuity",
        "fairness",
        "load",
        "band",
        "reasons",
    }
    assert (alert.parts["band"], alert.wave, alert.answer) == (500, 1, "")
    with translation.override("en"):
        assert [str(reason) for reason in alerts.reasons_of(alert)] == [
            "You chose this kind of help: Shopping.",
            "You are free on Friday, 10:00–11:00.",
            "You live close by (up to 500 m).",
        ]


def test_reasons_of_an_old_form_are_left_out():
    alert = AlertFactory.build(visit=VisitFactory.build(help_request__category=CategoryFactory.build()))
    alert.parts = {"reasons": [{"code": "horoscope"}, {"code": "near", "band": 500}, {}]}

    with translation.override("en"):
        assert [str(reason) for reason in alerts.reasons_of(alert)] == ["You live close by (up to 500 m)."]


def test_one_event_tells_of_all_alerts(municipality, visit, helpers):
    written = waves.start(visit)

    [event] = events()
    assert (event.subject_type, event.subject_id, event.actor) == ("volunteering.visit", visit.pk, None)
    assert event.municipality_id == municipality.pk
    assert event.data == {"alerts": [alert.pk for alert in written], "wave": 1, "radius": 3000}


def test_nobody_is_told_twice(municipality, visit, helpers):
    tell_only(municipality, 2)

    told_by_step = [waves.start(visit), *(waves.advance(visit, actor=None).told for _step in range(3))]

    assert [[alert.volunteer for alert in step] for step in told_by_step] == [
        helpers[:2],
        helpers[2:4],
        helpers[4:],
        [],
    ]
    assert len(events()) == 3


def test_a_search_begins_once(visit, helpers):
    assert len(waves.start(visit)) == 5
    assert waves.start(visit) == []
    assert len(events()) == 1


def test_with_nobody_to_tell_there_is_no_event(visit):
    assert waves.start(visit) == []
    assert events() == []


@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.OPEN])
def test_only_of_open_requests_anybody_is_told(visit, helpers, state):
    visit.help_request.state, visit.help_request.case_number = state, "1"
    visit.help_request.save()

    assert waves.start(visit) == []


@pytest.mark.parametrize("state", [VisitState.FULL, VisitState.DONE, VisitState.MISSED, VisitState.CANCELLED])
def test_only_of_open_visits_anybody_is_told(visit, helpers, state):
    visit.state = state
    visit.save()

    assert waves.start(visit) == []


def test_nobody_is_told_of_a_protected_request(visit, helpers):
    visit.help_request.protected = True
    visit.help_request.save()

    assert waves.start(visit) == []
    assert events() == []


def test_nobody_is_told_of_what_has_begun(clock, visit, helpers):
    clock.move_to(visit.starts_at)

    assert waves.start(visit) == []


def test_the_visit_is_looked_at_as_it_is_now(visit, helpers):
    stale = type(visit).objects.get(pk=visit.pk)
    visit.help_request.state = RequestState.CANCELLED
    visit.help_request.save()

    assert waves.start(stale) == []


@pytest.mark.parametrize("facts", [{"paused_until": date(2027, 5, 1)}, {"standing": {"suspended": True}}])
def test_who_does_not_suit_is_not_told(visit, make_helper, facts):
    make_helper(**facts)

    assert waves.start(visit) == []


# Declining ------------------------------------------------------------------------------------------------------------


def test_declining_passes_on_to_the_next(municipality, visit, helpers):
    tell_only(municipality, 2)
    [first, _second] = waves.start(visit)

    declined = waves.decline(first, actor=helpers[0])

    assert declined.answer == Alert.Answer.DECLINED
    assert told() == [helper.pk for helper in helpers[:3]]
    assert Alert.objects.get(volunteer=helpers[2]).wave == 1


def test_declining_is_written_down(visit, helpers, municipality):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)

    waves.decline(alert, actor=helpers[0])

    [event] = events("volunteering.alert_decline")
    assert (event.actor, event.municipality_id, event.data) == (
        helpers[0],
        municipality.pk,
        {"alert": alert.pk, "again": False},
    )


def test_declining_twice_changes_nothing(visit, helpers):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)

    waves.decline(alert, actor=helpers[0])
    waves.decline(alert, actor=helpers[0])

    assert told() == [helper.pk for helper in helpers[:2]]
    assert len(events("volunteering.alert_decline")) == 1


def test_who_declined_is_never_told_again(visit, helpers):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)
    waves.decline(alert, actor=helpers[0])

    for _step in range(6):
        waves.advance(visit, actor=None)

    assert told() == [helper.pk for helper in helpers]


def test_who_has_taken_the_visit_cannot_decline(visit, helpers):
    alert = AlertFactory(visit=visit, volunteer=helpers[0], taken=True)

    with pytest.raises(Refused):
        waves.decline(alert, actor=helpers[0])

    alert.refresh_from_db()
    assert alert.answer == Alert.Answer.TAKEN
    assert events() == []


def test_declining_what_is_full_tells_nobody_else(visit, helpers):
    tell_only(visit.help_request.municipality, 1)
    [alert] = waves.start(visit)
    visit.state, visit.taken = VisitState.FULL, 1
    visit.save()

    waves.decline(alert, actor=helpers[0])

    assert told() == [helpers[0].pk]
    assert Alert.objects.get().answer == Alert.Answer.DECLINED


def test_declining_as_the_last_one_is_possible(visit, make_helper):
    person = make_helper().user
    [alert] = waves.start(visit)

    waves.decline(alert, actor=person)

    assert told() == [person.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_alerts_ask_a_constant_number_of_questions(visit, make_helper, django_assert_num_queries, count):
    for _count in range(count):
        profile = make_helper()
        CommitmentFactory(volunteer=profile.user, starts_at=NOW - timedelta(days=1), ends_at=NOW - timedelta(hours=20))

    with django_assert_num_queries(28):
        assert len(waves.start(visit)) == count


def test_alerts_of_another_municipality_are_not_counted(visit, helpers):
    AlertFactory(volunteer=helpers[0], visit=VisitFactory(), created_at=NOW - timedelta(days=60))

    assert len(waves.start(visit)) == 5


def test_a_stranger_to_matching_is_not_told(visit):
    UserFactory()

    assert waves.start(visit) == []


# The steps of a search ------------------------------------------------------------------------------------------------


def search():
    return Search.objects.get()


def minutes_until_next():
    return (search().next_at - timezone.now()).total_seconds() / 60


def pass_time(clock, **delta):
    """So much time goes by, and the worker looks what is due. How many steps it took."""
    clock.shift(timedelta(**delta))
    return waves.take_due_steps()


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

    assert (search().state, search().next_at) == (SearchState.EXHAUSTED, None)
    assert len(events("volunteering.search_exhaust")) == 1
    assert list(Search.objects.exhausted()) == [search()]
    assert pass_time(clock, hours=9) == 0


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
