"""Meetings: planning one or a series over the nights when clocks change, changing them, calling them off."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from notifications.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.volunteering import InitiativeFactory, MeetingFactory
from volunteering.domain import meetings
from volunteering.domain.series import Repeat
from volunteering.domain.visits import ZONE
from volunteering.errors import Refused
from volunteering.models import Meeting
from volunteering.states import MeetingState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PLACE = {"place": "Dom Sąsiedzki"}


@pytest.fixture
def initiative(municipality):
    return InitiativeFactory(municipality=municipality)


@pytest.fixture
def meeting(initiative):
    return MeetingFactory(initiative=initiative, places=2)


@pytest.fixture
def staff():
    return UserFactory()


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def wall_times(planned):
    return [meeting.starts_at.astimezone(ZONE).strftime("%d.%m %H:%M") for meeting in planned]


# Planning -------------------------------------------------------------------------------------------------------------


def test_a_series_keeps_the_wall_time_over_the_change_of_clocks(initiative, staff):
    planned = meetings.plan(
        initiative, actor=staff, day=date(2027, 10, 21), at=time(17), minutes=90, repeat=Repeat.WEEKLY, times=3, **PLACE
    )

    assert wall_times(planned) == ["21.10 17:00", "28.10 17:00", "04.11 17:00"]
    assert planned[2].starts_at - planned[1].starts_at == timedelta(days=7, hours=1)
    assert {meeting.ends_at - meeting.starts_at for meeting in planned} == {timedelta(minutes=90)}
    assert kinds() == ["volunteering.meeting_plan"] * 3 + ["volunteering.news_meeting"]


@pytest.mark.parametrize(
    ("on_holidays", "expected"),
    [
        (False, ["04.11 17:00", "18.11 17:00", "25.11 17:00"]),
        (True, ["04.11 17:00", "11.11 17:00", "18.11 17:00"]),
    ],
)
def test_a_series_meets_on_holidays_only_where_that_is_wished(initiative, staff, on_holidays, expected):
    series = {"day": date(2027, 11, 4), "repeat": Repeat.WEEKLY, "times": 3, "on_holidays": on_holidays}

    planned = meetings.plan(initiative, actor=staff, at=time(17), minutes=90, **series, **PLACE)

    assert wall_times(planned) == expected


def test_signing_up_ends_so_many_hours_before_each(initiative, staff):
    planned = meetings.plan(
        initiative,
        actor=staff,
        day=date(2027, 5, 4),
        at=time(10),
        minutes=60,
        repeat=Repeat.WEEKLY,
        times=2,
        sign_up_hours=24,
        **PLACE,
    )

    assert [meeting.starts_at - meeting.sign_up_until for meeting in planned] == [timedelta(hours=24)] * 2


@pytest.mark.parametrize(
    ("day", "at", "weeks"),
    [
        (date(2027, 4, 20), time(10), 1),
        (date(2027, 4, 21), time(9), 1),
        (date(2029, 1, 1), time(10), 1),
        (date(9999, 12, 31), time(23), 1),
        (date(9999, 12, 31), time(23), 2),
        (date(1, 1, 1), time(0), 1),
        # Half past two does not exist on the night when summer time begins; as the second of a series neither.
        (date(2028, 3, 26), time(2, 30), 1),
        (date(2028, 3, 19), time(2, 30), 2),
    ],
)
def test_times_that_cannot_be_are_refused(initiative, staff, day, at, weeks):
    repeat = Repeat.WEEKLY if weeks > 1 else Repeat.ONCE

    with pytest.raises(Refused):
        meetings.plan(initiative, actor=staff, day=day, at=at, minutes=60, repeat=repeat, times=weeks, **PLACE)

    assert not Meeting.objects.exists()
    assert kinds() == []


def test_an_hour_that_comes_twice_is_the_first_one(initiative, staff):
    [planned] = meetings.plan(initiative, actor=staff, day=date(2027, 10, 31), at=time(2, 30), minutes=60, **PLACE)

    assert planned.starts_at.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert planned.ends_at - planned.starts_at.astimezone(UTC) == timedelta(hours=1)


def test_a_moved_meeting_is_told(meeting, staff):
    moved = meetings.change(meeting, actor=staff, day=date(2027, 5, 4), at=time(10), minutes=60, places=5, **PLACE)

    moved.refresh_from_db()
    assert (wall_times([moved]), moved.place, moved.places) == (["04.05 10:00"], "Dom Sąsiedzki", 5)
    assert kinds() == ["volunteering.meeting_move"]


def test_other_places_alone_are_told_to_nobody(meeting, staff):
    starts_at = timezone.localtime(meeting.starts_at)

    meetings.change(
        meeting, actor=staff, day=starts_at.date(), at=starts_at.time(), minutes=120, place=meeting.place, places=9
    )

    assert kinds() == ["volunteering.meeting_change"]


def test_places_cannot_be_fewer_than_people(meeting, staff):
    Meeting.objects.update(taken=2)

    with pytest.raises(Refused):
        meetings.change(meeting, actor=staff, day=date(2027, 5, 4), at=time(10), minutes=60, places=1, **PLACE)


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.DONE])
def test_only_a_planned_meeting_is_changed_or_called_off(initiative, staff, state):
    meeting = MeetingFactory(initiative=initiative, state=state)

    with pytest.raises(Refused):
        meetings.change(meeting, actor=staff, day=date(2027, 5, 4), at=time(10), minutes=60, **PLACE)
    with pytest.raises(Refused):
        meetings.call_off(meeting, actor=staff)

    assert kinds() == []


def test_calling_off_is_told(meeting, staff):
    off = meetings.call_off(meeting, actor=staff, reason="Zalało świetlicę.")

    off.refresh_from_db()
    assert (off.state, off.reason) == (MeetingState.CANCELLED, "Zalało świetlicę.")
    assert kinds() == ["volunteering.meeting_call_off"]


# Series ---------------------------------------------------------------------------------------------------------------


def rows():
    return wall_times(Meeting.objects.order_by("starts_at"))


@pytest.fixture
def series(initiative, staff):
    """Four Thursdays at five, over the night when clocks change."""
    return meetings.plan(
        initiative,
        actor=staff,
        day=date(2027, 10, 21),
        at=time(17),
        minutes=90,
        repeat=Repeat.WEEKLY,
        times=4,
        on_holidays=True,
        **PLACE,
    )


def test_only_a_series_is_one(initiative, staff, series):
    [single] = meetings.plan(initiative, actor=staff, day=date(2027, 5, 4), at=time(17), minutes=90, **PLACE)

    assert len({meeting.series for meeting in series} - {None}) == 1
    assert single.series is None


def test_this_and_the_following_move_to_another_day_and_hour(series, staff):
    meetings.change(series[1], actor=staff, day=date(2027, 10, 29), at=time(16), minutes=60, following=True, **PLACE)

    assert rows() == ["21.10 17:00", "29.10 16:00", "05.11 16:00", "12.11 16:00"]
    assert {meeting.ends_at - meeting.starts_at for meeting in Meeting.objects.order_by("pk")[1:]} == {
        timedelta(hours=1)
    }
    assert kinds().count("volunteering.meeting_move") == 3


def test_one_of_a_series_moves_alone(series, staff):
    meetings.change(series[1], actor=staff, day=date(2027, 10, 29), at=time(16), minutes=90, **PLACE)

    assert rows() == ["21.10 17:00", "29.10 16:00", "04.11 17:00", "11.11 17:00"]


def test_one_that_was_called_off_stays_where_it_was(series, staff):
    meetings.call_off(series[2], actor=staff)

    meetings.change(series[1], actor=staff, day=date(2027, 10, 29), at=time(17), minutes=90, following=True, **PLACE)

    assert rows() == ["21.10 17:00", "29.10 17:00", "04.11 17:00", "12.11 17:00"]


def test_a_series_changes_wholly_or_not_at_all(series, staff):
    Meeting.objects.filter(pk=series[3].pk).update(places=9, taken=5)

    with pytest.raises(Refused) as refusal:
        meetings.change(
            series[0], actor=staff, day=date(2027, 10, 21), at=time(18), minutes=90, places=3, following=True, **PLACE
        )

    assert "11" in refusal.value.reasons[0]
    assert rows() == ["21.10 17:00", "28.10 17:00", "04.11 17:00", "11.11 17:00"]


def test_another_series_of_the_same_initiative_stays(series, initiative, staff):
    meetings.plan(
        initiative, actor=staff, day=date(2027, 10, 22), at=time(9), minutes=60, repeat=Repeat.WEEKLY, times=2, **PLACE
    )

    meetings.change(series[0], actor=staff, day=date(2027, 10, 21), at=time(18), minutes=90, following=True, **PLACE)

    assert "22.10 09:00" in rows()
    assert "29.10 09:00" in rows()


def test_signing_up_opens_so_many_days_before(initiative, staff):
    [planned] = meetings.plan(
        initiative,
        actor=staff,
        day=date(2027, 6, 4),
        at=time(10),
        minutes=60,
        sign_up_days=7,
        sign_up_hours=24,
        **PLACE,
    )

    assert planned.starts_at - planned.sign_up_from == timedelta(days=7)


def test_a_window_that_ends_before_it_begins_is_refused(initiative, staff):
    with pytest.raises(Refused):
        meetings.plan(
            initiative,
            actor=staff,
            day=date(2027, 6, 4),
            at=time(10),
            minutes=60,
            sign_up_days=1,
            sign_up_hours=48,
            **PLACE,
        )

    assert not Meeting.objects.exists()
