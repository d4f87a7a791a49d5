"""Signing up for the meetings of initiatives."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.domain.freshness import content_changed
from notifications.outbox import publish
from volunteering.errors import Refused
from volunteering.models import Joining, Meeting, Participation
from volunteering.states import LifecycleState, MeetingState, ParticipationState


@transaction.atomic
def join(meeting, *, user=None, name="", phone="", actor):
    """Signs a person up: one with an account, or (by staff) one known by name and phone only. As many get in as there
    are places, however many press at once. Joining twice changes nothing. Raises Refused with a sentence."""
    meeting = _lock(meeting)
    reasons = reasons_against_joining(meeting, by_staff=user is None or user != actor)
    if reasons:
        raise Refused(*reasons)
    participation = Participation.objects.filter(meeting=meeting, user=user).first() if user else None
    if participation is not None and participation.state != ParticipationState.LEFT:
        return participation
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
    return meeting


def reasons_against_joining(meeting, *, by_staff=False):
    """Sentences that say why nobody can sign up now; empty when one can."""
    now = timezone.now()
    if meeting.state == MeetingState.CANCELLED:
        return [_("This meeting was called off.")]
    if meeting.starts_at <= now:
        return [_("This meeting has already begun.")]
    if not meeting.initiative.live or meeting.initiative.lifecycle.state != LifecycleState.RUNNING:
        return [_("Nobody can sign up for this initiative now.")]
    if meeting.initiative.joining != Joining.OPEN and not by_staff:
        return [_("Please ring the centre to join: the leader would like to talk with you first.")]
    if meeting.sign_up_until and meeting.sign_up_until < now and not by_staff:
        return [_("The time for signing up has passed. Please ring the centre.")]
    if meeting.places is not None and meeting.taken >= meeting.places:
        return [_("All places are taken now.")]
    return []


def claim_place(meeting):
    """Compare and set, as for visits; meetings without a number of places always have one more."""
    free = Q(places=None) | Q(taken__lt=F("places"))
    return bool(Meeting.objects.filter(free, pk=meeting.pk, state=MeetingState.PLANNED).update(taken=F("taken") + 1))


def _lock(meeting):
    return (
        Meeting.objects.select_related("initiative__municipality__site", "initiative__lifecycle")
        .select_for_update(of=("self",))
        .get(pk=meeting.pk)
    )


def _tell(verb, meeting, *, actor, **data):
    publish(f"volunteering.meeting_{verb}", meeting, actor=actor, municipality=meeting.initiative.municipality, **data)
    content_changed(meeting.initiative.municipality)
