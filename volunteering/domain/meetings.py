"""Meetings of initiatives: planning them, signing up, who was there."""

from datetime import UTC, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.domain.freshness import content_changed
from notifications.outbox import publish
from volunteering.domain import discreet, news
from volunteering.domain.visits import FURTHEST_AHEAD, local
from volunteering.errors import Refused
from volunteering.models import Joining, Meeting, Participation
from volunteering.states import LifecycleState, MeetingState, ParticipationState

# A weekly series is planned for half a year at most: nobody knows further.
MOST_WEEKS = 26


@transaction.atomic
def plan(initiative, *, actor, day, at, minutes, place, weeks=1, neighbourhood=None, places=None, sign_up_hours=None):
    """Plans a meeting, or a series of `weeks` meetings at the same wall time of the same weekday.

    `minutes`: its length; an hour is an hour also on the night when clocks change. `sign_up_hours`: signing up ends so
    many hours before each meeting. Raises Refused for times that cannot be.
    """
    spans = [_span(day, at, minutes, week) for week in range(min(weeks, MOST_WEEKS))]
    planned = Meeting.objects.bulk_create(
        Meeting(
            initiative=initiative,
            starts_at=start,
            ends_at=end,
            place=place,
            neighbourhood=neighbourhood,
            places=places,
            sign_up_until=None if sign_up_hours is None else start - timedelta(hours=sign_up_hours),
        )
        for start, end in spans
    )
    for meeting in planned:
        _tell("plan", meeting, actor=actor)
    news.of_meetings(planned, by=actor)
    if planned:
        discreet.tell_of_meeting(planned[0])
    return planned


@transaction.atomic
def change(meeting, *, actor, day, at, minutes, place, neighbourhood=None, places=None, sign_up_hours=None):
    """Moves a planned meeting or gives it other places; whoever signed up is told. Raises Refused when it was called
    off, when the new time cannot be, or when more people have signed up than there would be places."""
    meeting = _lock(meeting)
    if meeting.state != MeetingState.PLANNED:
        raise Refused(_("This meeting is “%(state)s”.") % {"state": meeting.get_state_display()})
    if places is not None and places < meeting.taken:
        raise Refused(_("More people than that have signed up already. Please ring some of them first."))
    before = (meeting.starts_at, meeting.ends_at, meeting.place)
    meeting.starts_at, meeting.ends_at = _span(day, at, minutes)
    meeting.place, meeting.neighbourhood, meeting.places = place, neighbourhood, places
    meeting.sign_up_until = None if sign_up_hours is None else meeting.starts_at - timedelta(hours=sign_up_hours)
    meeting.save(update_fields=["starts_at", "ends_at", "place", "neighbourhood", "places", "sign_up_until"])
    # Who signed up need not hear of a changed number of places.
    has_moved = before != (meeting.starts_at, meeting.ends_at, meeting.place)
    _tell("move" if has_moved else "change", meeting, actor=actor)
    if has_moved:
        discreet.tell_of_meeting(meeting)
    return meeting


def _span(day, at, minutes, week=0):
    """Start and end of a meeting, so many weeks later at the same wall time. Raises Refused for impossible times."""
    now = timezone.now()
    try:
        start = local(day + timedelta(weeks=week), at).astimezone(UTC)
        end = start + timedelta(minutes=minutes)
        is_near = now < end and start - now < FURTHEST_AHEAD
    except OverflowError:
        is_near = False
    if not is_near:
        raise Refused(_("Please choose a day within the coming year."))
    return start, end


@transaction.atomic
def note_attendance(meeting, *, actor, present):
    """Writes down who was there: `present` are keys of participations. It can be put right later. The meeting counts as
    held once its time is over. Raises Refused before it has begun."""
    meeting = _lock(meeting)
    now = timezone.now()
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was called off."))
    if now < meeting.starts_at:
        raise Refused(_("This meeting has not begun yet."))
    signed_up = Participation.objects.live().at([meeting])
    came = signed_up.filter(pk__in=present)
    came.exclude(state=ParticipationState.ATTENDED).update(state=ParticipationState.ATTENDED, changed_at=now)
    absent = signed_up.exclude(pk__in=present).filter(state=ParticipationState.ATTENDED)
    absent.update(state=ParticipationState.JOINED, changed_at=now)
    if now >= meeting.ends_at:
        meeting.state = MeetingState.DONE
        meeting.save(update_fields=["state"])
    _tell("attendance", meeting, actor=actor, present=came.count())
    return meeting


@transaction.atomic
def join(meeting, *, user=None, name="", phone="", actor):
    """Signs a person up: one with an account, or (by staff) one known by name and phone only. As many get in as there
    are places, however many press at once. Joining twice changes nothing. Raises Refused with a sentence."""
    meeting = _lock(meeting)
    participation = _known(meeting, user=user, name=name, phone=phone)
    if participation is not None and participation.state != ParticipationState.LEFT:
        return participation
    reasons = reasons_against_joining(meeting, by_staff=user is None or user != actor)
    if reasons:
        raise Refused(*reasons)
    if not claim_place(meeting):
        raise Refused(_("All places are taken now."))
    if participation is None:
        participation = Participation(meeting=meeting, user=user, name=name, phone=phone)
    participation.state, participation.changed_at = ParticipationState.JOINED, timezone.now()
    participation.save()
    _tell("join", meeting, actor=actor, participation=participation.pk)
    return participation


@transaction.atomic
def leave(participation, *, actor):
    """Signs a person off and gives the place to others."""
    meeting = _lock(participation.meeting)
    changed = Participation.objects.filter(pk=participation.pk, state=ParticipationState.JOINED).update(
        state=ParticipationState.LEFT, changed_at=timezone.now()
    )
    if changed:
        Meeting.objects.filter(pk=meeting.pk, taken__gt=0).update(taken=F("taken") - 1)
        _tell("leave", meeting, actor=actor, participation=participation.pk)
    participation.refresh_from_db()
    return participation


@transaction.atomic
def call_off(meeting, *, actor):
    """The meeting will not take place; everybody who signed up is told."""
    meeting = _lock(meeting)
    if meeting.state != MeetingState.PLANNED:
        raise Refused(_("This meeting is “%(state)s”.") % {"state": meeting.get_state_display()})
    meeting.state = MeetingState.CANCELLED
    meeting.save(update_fields=["state"])
    _tell("call_off", meeting, actor=actor)
    discreet.tell_of_meeting(meeting)
    return meeting


def reasons_against_joining(meeting, *, by_staff=False):
    """Why nobody can sign up now: the weightiest reason as a sentence; empty when one can. Staff may also add who comes
    in late or had to talk with the leader first."""
    now = timezone.now()
    lifecycle = getattr(meeting.initiative, "lifecycle", None)
    is_running = meeting.initiative.live and lifecycle is not None and lifecycle.state == LifecycleState.RUNNING
    is_late = meeting.sign_up_until is not None and meeting.sign_up_until < now
    obstacles = (
        (meeting.state == MeetingState.CANCELLED, _("This meeting was called off.")),
        (meeting.state == MeetingState.DONE, _("This meeting is over.")),
        (meeting.starts_at <= now and not by_staff, _("This meeting has already begun.")),
        # Nobody at all: a list of names at a closed group's door would say who belongs to it.
        (meeting.initiative.is_closed, _("This is a closed group: its people come without signing up.")),
        (not is_running, _("Nobody can sign up for this initiative now.")),
        (
            meeting.initiative.joining != Joining.OPEN and not by_staff,
            _("Please ring the centre to join: the leader would like to talk with you first."),
        ),
        (is_late and not by_staff, _("The time for signing up has passed. Please ring the centre.")),
        (meeting.places is not None and meeting.taken >= meeting.places, _("All places are taken now.")),
    )
    return [sentence for stands_in_the_way, sentence in obstacles if stands_in_the_way][:1]


def claim_place(meeting):
    """Compare and set, as for visits; meetings without a number of places always have one more."""
    free = Q(places=None) | Q(taken__lt=F("places"))
    return bool(Meeting.objects.filter(free, pk=meeting.pk, state=MeetingState.PLANNED).update(taken=F("taken") + 1))


def _known(meeting, *, user, name, phone):
    """The row of somebody who is on the list already, or was. Without an account, name and phone tell who it is: the
    same form sent twice signs up one person."""
    if user is not None:
        return Participation.objects.filter(meeting=meeting, user=user).first()
    return Participation.objects.filter(meeting=meeting, user=None, name=name, phone=phone).first()


def _lock(meeting):
    return (
        Meeting.objects.select_related("initiative__municipality__site", "initiative__lifecycle")
        .select_for_update(of=("self",))
        .get(pk=meeting.pk)
    )


def _tell(verb, meeting, *, actor, **data):
    publish(f"volunteering.meeting_{verb}", meeting, actor=actor, municipality=meeting.initiative.municipality, **data)
    content_changed(meeting.initiative.municipality)
