"""Meetings of initiatives: planning them, one or a series, changing them and calling them off."""

import uuid
from datetime import UTC, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from volunteering.domain import discreet, news, sign_ups, wanted
from volunteering.domain.series import Repeat, days
from volunteering.domain.sign_ups import lock, tell
from volunteering.domain.visits import FURTHEST_AHEAD, local
from volunteering.errors import Refused
from volunteering.models import Meeting
from volunteering.states import MeetingState

FIELDS = ["starts_at", "ends_at", "place", "neighbourhood", "places", "sign_up_from", "sign_up_until"]


@transaction.atomic
def plan(initiative, *, actor, day, at, minutes, place, repeat=Repeat.ONCE, times=1, on_holidays=False, **details):
    """Plans a meeting, or a series of `times` meetings at the same wall time, `on_holidays` only where that is wished.

    `minutes`: its length; an hour is an hour also on the night when clocks change. `details`: neighbourhood, places and
    the window of signing up (`_window`). Raises Refused for times that cannot be.
    """
    spans = [_span(each, at, minutes) for each in days(day, repeat=repeat, times=times, on_holidays=on_holidays)]
    series = uuid.uuid4() if len(spans) > 1 else None
    planned = Meeting.objects.bulk_create(
        Meeting(
            initiative=initiative,
            starts_at=start,
            ends_at=end,
            place=place,
            series=series,
            neighbourhood=details.get("neighbourhood"),
            places=details.get("places"),
            **_window(start, details),
        )
        for start, end in spans
    )
    for meeting in planned:
        tell("plan", meeting, actor=actor)
    news.of_meetings(planned, by=actor)
    if planned:
        discreet.tell_of_meeting(planned[0])
    return planned


@transaction.atomic
def change(meeting, *, actor, day, at, minutes, place, following=False, **details):
    """Moves a planned meeting or gives it other places; whoever signed up is told, and new places go to those who wait.

    `following`: the later meetings of its series go along, as many days and to the same wall time. Returns the meeting.
    Raises Refused when it was called off, when a new time cannot be, or when more people have signed up than there
    would be places.
    """
    rows = {meeting}
    if following and meeting.series:
        rows |= set(Meeting.objects.from_here_on(meeting))
    # By ascending key, as everywhere, so that nobody who locks several waits for somebody who waits for them.
    locked = {row.pk: lock(row) for row in sorted(rows, key=lambda row: row.pk)}
    meeting = locked[meeting.pk]
    _check_planned(meeting)
    shift = day - timezone.localdate(meeting.starts_at)
    for each in locked.values():
        if each.state != MeetingState.PLANNED:
            continue  # Called off a moment ago.
        span = _span(timezone.localdate(each.starts_at) + shift, at, minutes)
        _change(each, actor=actor, span=span, place=place, details=details)
    return meeting


def _change(meeting, *, actor, span, place, details):
    places = details.get("places")
    if places is not None and places < meeting.taken:
        day = date_format(timezone.localtime(meeting.starts_at), "DATE_FORMAT")
        sentence = _("%(day)s: more people than that have signed up already. Please ring some of them first.")
        raise Refused(sentence % {"day": day})
    # Who signed up need not hear of a changed number of places.
    before = (meeting.starts_at, meeting.ends_at, meeting.place)
    meeting.starts_at, meeting.ends_at = span
    meeting.place, meeting.neighbourhood, meeting.places = place, details.get("neighbourhood"), places
    for name, moment in _window(meeting.starts_at, details).items():
        setattr(meeting, name, moment)
    meeting.save(update_fields=FIELDS)
    if before == (meeting.starts_at, meeting.ends_at, meeting.place):
        tell("change", meeting, actor=actor)
    else:
        sign_ups.keep_offers_before_the_start(meeting)
        helpers = wanted.move_along(meeting, actor=actor, before=before)
        tell("move", meeting, actor=actor, helpers=sorted(helpers))
        discreet.tell_of_meeting(meeting)
    sign_ups.fill(meeting)


@transaction.atomic
def call_off(meeting, *, actor, reason=""):
    """The meeting will not take place; everybody who signed up or waits is told why, and helpers are let go."""
    meeting = lock(meeting)
    _check_planned(meeting)
    meeting.state, meeting.reason = MeetingState.CANCELLED, reason
    meeting.save(update_fields=["state", "reason"])
    tell("call_off", meeting, actor=actor)
    discreet.tell_of_meeting(meeting)
    wanted.let_go(meeting, actor=actor)
    return meeting


def _check_planned(meeting):
    if meeting.state != MeetingState.PLANNED:
        raise Refused(_("This meeting is “%(state)s”.") % {"state": meeting.get_state_display()})


def _span(day, at, minutes):
    """Start and end of a meeting. Raises Refused for impossible times."""
    now = timezone.now()
    try:
        start = local(day, at).astimezone(UTC)
        end = start + timedelta(minutes=minutes)
        is_near = now < end and start - now < FURTHEST_AHEAD
    except OverflowError:
        is_near = False
    if not is_near:
        raise Refused(_("Please choose a day within the coming year."))
    return start, end


def _window(start, details):
    """When one can sign up: from so many days before the meeting (`sign_up_days`) until so many hours before it
    (`sign_up_hours`); None: without such a bound."""
    opens, closes = details.get("sign_up_days"), details.get("sign_up_hours")
    window = {
        "sign_up_from": None if opens is None else start - timedelta(days=opens),
        "sign_up_until": None if closes is None else start - timedelta(hours=closes),
    }
    if None not in window.values() and window["sign_up_from"] >= window["sign_up_until"]:
        raise Refused(_("Signing up would end before it begins."))
    return window
