"""Who was there: ticked on a phone at the door, or afterwards at the desk; and who reads the list."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from volunteering.domain.sign_ups import lock, tell
from volunteering.errors import Refused
from volunteering.models import Meeting, Participation
from volunteering.states import SEATED, MeetingState, ParticipationState

# People come before it begins, and are ticked as they come in.
EARLY = timedelta(hours=1)


@transaction.atomic
def note(meeting, *, actor, present):
    """Writes down who of those with a place was there: `present` are keys of participations. It can be put right later.
    The meeting counts as held once its time is over. Raises Refused before it has begun."""
    meeting = _begun(meeting)
    now = timezone.now()
    expected = Participation.objects.seated().at([meeting])
    came = expected.filter(pk__in=present)
    came.exclude(state=ParticipationState.ATTENDED).update(
        state=ParticipationState.ATTENDED, offered_until=None, changed_at=now
    )
    absent = expected.exclude(pk__in=present).filter(state=ParticipationState.ATTENDED)
    absent.update(state=ParticipationState.JOINED, changed_at=now)
    return _noted(meeting, actor=actor)


@transaction.atomic
def tick(participation, *, actor, present=True):
    """One person at the door. Sent twice it changes nothing the second time, so a phone may send it until it is heard.
    Who comes without a place is let in by whoever stands at the door: then there are as many places as people."""
    meeting = _begun(participation.meeting)
    participation = Participation.objects.get(pk=participation.pk)
    if not present and participation.state == ParticipationState.ATTENDED:
        participation.state = ParticipationState.JOINED
    elif present and participation.state != ParticipationState.ATTENDED:
        if participation.state not in SEATED:
            _add_a_place(meeting)
        participation.state, participation.offered_until = ParticipationState.ATTENDED, None
    else:
        return participation
    participation.changed_at = timezone.now()
    participation.save(update_fields=["state", "offered_until", "changed_at"])
    _noted(meeting, actor=actor)
    return participation


@transaction.atomic
def walk_in(meeting, *, actor, name, phone=""):
    """Somebody who came without having signed up. The same name and phone sent twice is one person."""
    meeting = _begun(meeting)
    known = Participation.objects.at([meeting]).live().filter(user=None, name=name, phone=phone).first()
    if known is None:
        # A row that holds no place yet: `tick` gives it one.
        known = Participation.objects.create(meeting=meeting, name=name, phone=phone, state=ParticipationState.LEFT)
    return tick(known, actor=actor)


@transaction.atomic
def read_list(meeting, *, actor):
    """The names of those who come, in no order; that somebody read them is written into the trail."""
    tell("list_read", meeting, actor=actor)
    return list(Participation.objects.seated().at([meeting]).with_people().order_by("pk"))


def is_open(meeting):
    """Whether people can be ticked now."""
    return meeting.state != MeetingState.CANCELLED and timezone.now() >= meeting.starts_at - EARLY


def _begun(meeting):
    meeting = lock(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was called off."))
    if not is_open(meeting):
        raise Refused(_("This meeting has not begun yet."))
    return meeting


def _add_a_place(meeting):
    """One more person than expected: the number of places follows, so that taken places stay within them."""
    rows = Meeting.objects.filter(pk=meeting.pk)
    rows.filter(places__isnull=False, taken__gte=F("places")).update(places=F("places") + 1)
    rows.update(taken=F("taken") + 1)


def _noted(meeting, *, actor):
    if timezone.now() >= meeting.ends_at and meeting.state != MeetingState.DONE:
        meeting.state = MeetingState.DONE
        meeting.save(update_fields=["state"])
    came = Participation.objects.at([meeting]).filter(state=ParticipationState.ATTENDED).count()
    tell("attendance", meeting, actor=actor, present=came)
    return meeting
