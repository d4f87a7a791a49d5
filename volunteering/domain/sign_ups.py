"""Who comes to a meeting: signing up and off, waiting for a place, being offered one.

Every verb locks the meeting first, so of whatever happens at once one thing comes after the other. A place that is
offered counts as taken until it is confirmed, declined or passed on; in the transaction in which a place becomes free
it is offered to whoever waits longest.
"""

from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from neighbourhoods.domain.freshness import content_changed
from notifications.outbox import publish
from volunteering.domain import waiting
from volunteering.errors import Refused
from volunteering.models import Joining, Meeting, Participation
from volunteering.states import INTERESTED, SEATED, LifecycleState, MeetingState, ParticipationState


@transaction.atomic
def join(meeting, *, user=None, name="", phone="", actor, waits=False):
    """Signs a person up: one with an account, or (by staff) one known by name and phone only. As many get in as there
    are places, however many press at once. Joining twice changes nothing; joining where a place was offered confirms
    it. `waits`: whoever finds no free place is put at the end of the queue. Raises Refused with a sentence."""
    meeting = lock(meeting)
    participation = _known(meeting, user=user, name=name, phone=phone)
    if participation is not None and participation.state == ParticipationState.OFFERED:
        return confirm(participation, actor=actor)
    if participation is not None and participation.state not in {ParticipationState.LEFT, ParticipationState.LAPSED}:
        return participation
    reasons = reasons_against_joining(meeting, by_staff=user is None or user != actor)
    if reasons:
        raise Refused(*reasons)
    if participation is None:
        participation = Participation(meeting=meeting, user=user, name=name, phone=phone)
    if not is_full(meeting):
        claim_place(meeting)
        return _write(participation, meeting, ParticipationState.JOINED, verb="join", actor=actor)
    if not waits or meeting.starts_at <= timezone.now():
        raise Refused(_("All places are taken now."))
    turn = (Participation.objects.at([meeting]).aggregate(last=Max("turn"))["last"] or 0) + 1
    return _write(participation, meeting, ParticipationState.WAITING, verb="wait", actor=actor, turn=turn, reason="")


@transaction.atomic
def leave(participation, *, actor):
    """Signs a person off, out of the queue too, or declines a place that was offered. The place goes on at once."""
    meeting, participation = _lock_both(participation)
    if participation.state not in INTERESTED:
        return participation
    verb = "decline" if participation.state == ParticipationState.OFFERED else "leave"
    held = participation.state in SEATED
    participation = _write(participation, meeting, ParticipationState.LEFT, verb=verb, actor=actor)
    if held:
        give_back(meeting)
    fill(meeting)
    return participation


@transaction.atomic
def confirm(participation, *, actor):
    """Takes the place that was offered. As long as it has not passed on to somebody else it may be taken, also a moment
    late. Raises Refused where it has, and once the meeting has begun."""
    meeting, participation = _lock_both(participation)
    if participation.state in {ParticipationState.JOINED, ParticipationState.ATTENDED}:
        return participation
    if participation.state == ParticipationState.LAPSED:
        raise Refused(_("The time to confirm has passed, and the place went on to the next person."))
    if participation.state != ParticipationState.OFFERED:
        raise Refused(_("No place is free just now."))
    if meeting.state != MeetingState.PLANNED:
        raise Refused(_("This meeting is “%(state)s”.") % {"state": meeting.get_state_display()})
    if meeting.starts_at <= timezone.now():
        raise Refused(_("This meeting has already begun."))
    return _write(participation, meeting, ParticipationState.JOINED, verb="confirm", actor=actor)


@transaction.atomic
def promote(participation, *, actor, reason):
    """Staff let somebody go first, and say why: whoever is named is offered a place now, or the next that becomes
    free. Raises Refused for somebody who does not wait."""
    meeting, participation = _lock_both(participation)
    if participation.state != ParticipationState.WAITING:
        raise Refused(_("This person does not wait for a place."))
    first = Participation.objects.at([meeting]).waiting().aggregate(first=Min("turn"))["first"]
    turn = participation.turn if participation.turn == first else first - 1
    waits = ParticipationState.WAITING
    participation = _write(participation, meeting, waits, verb="promote", actor=actor, turn=turn, reason=reason)
    fill(meeting)
    participation.refresh_from_db()
    return participation


@transaction.atomic
def pass_on(meeting):
    """Places that nobody confirmed in time go to the next ones. Doing it twice does nothing the second time."""
    meeting = lock(meeting)
    for participation in Participation.objects.at([meeting]).overdue().order_by("turn", "pk"):
        _write(participation, meeting, ParticipationState.LAPSED, verb="lapse", actor=None)
        give_back(meeting)
    fill(meeting)


def pass_on_due():
    """What the worker does, over all municipalities: whatever was due in a pause too. Returns how many meetings it
    looked at."""
    with scopes_disabled():
        overdue = Q(pk__in=Participation.objects.overdue().values("meeting"))
        rows = Meeting.objects.filter(overdue | Q(pk__in=Meeting.objects.to_be_filled().values("pk")))
        meetings = list(rows.select_related("initiative__municipality__site").order_by("pk"))
    for meeting in meetings:
        with scope(municipality=meeting.initiative.municipality):
            pass_on(meeting)
    return len(meetings)


def fill(meeting):
    """Offers the free places of a meeting, locked, to those who wait, in their order."""
    if reasons_against_offering(meeting):
        return
    queue = Participation.objects.at([meeting]).waiting()
    number = waiting.to_offer(meeting.places, meeting.taken, queue.count())
    for participation in queue[:number]:
        _offer(participation, meeting)


def keep_offers_before_the_start(meeting):
    """The meeting, locked, has moved: nobody may confirm after it has begun."""
    Participation.objects.at([meeting]).offered().filter(offered_until__gt=meeting.starts_at).update(
        offered_until=meeting.starts_at
    )


def reasons_against_joining(meeting, *, by_staff=False):
    """Why nobody can sign up now: the weightiest reason as a sentence; empty when one can, or could if a place were
    free. Staff may also add who comes in late or had to talk with the leader first."""
    now = timezone.now()
    opens, closes = meeting.sign_up_from, meeting.sign_up_until
    obstacles = (
        (meeting.state == MeetingState.CANCELLED, _("This meeting was called off.")),
        (meeting.state == MeetingState.DONE, _("This meeting is over.")),
        (meeting.starts_at <= now and not by_staff, _("This meeting has already begun.")),
        # Nobody at all: a list of names at a closed group's door would say who belongs to it.
        (meeting.initiative.is_closed, _("This is a closed group: its people come without signing up.")),
        (not _is_running(meeting), _("Nobody can sign up for this initiative now.")),
        (
            meeting.initiative.joining != Joining.OPEN and not by_staff,
            _("Please ring the centre to join: the leader would like to talk with you first."),
        ),
        (opens is not None and opens > now and not by_staff, _opens(opens)),
        (
            closes is not None and closes < now and not by_staff,
            _("The time for signing up has passed. Please ring the centre."),
        ),
    )
    return [sentence for stands_in_the_way, sentence in obstacles if stands_in_the_way][:1]


def reasons_against_offering(meeting):
    """Why places of this meeting are not offered to those who wait, even where some are free; empty when they are."""
    if meeting.state != MeetingState.PLANNED:
        return [_("This meeting is “%(state)s”.") % {"state": meeting.get_state_display()}]
    if meeting.starts_at <= timezone.now():
        return [_("This meeting has already begun.")]
    return [] if _is_running(meeting) else [_("Nobody can sign up for this initiative now.")]


def is_full(meeting):
    """Whether whoever comes now has to wait. A place that is free for a moment belongs to those who wait already."""
    if meeting.places is None:
        return False
    return meeting.taken >= meeting.places or Participation.objects.at([meeting]).waiting().exists()


def claim_place(meeting):
    """Compare and set, as for visits; meetings without a number of places always have one more. Returns whether there
    was one."""
    free = Q(places=None) | Q(taken__lt=F("places"))
    planned = Meeting.objects.filter(free, pk=meeting.pk, state=MeetingState.PLANNED)
    claimed = bool(planned.update(taken=F("taken") + 1))
    meeting.taken += claimed
    return claimed


def give_back(meeting):
    meeting.taken -= Meeting.objects.filter(pk=meeting.pk, taken__gt=0).update(taken=F("taken") - 1)


def lock(meeting):
    """The meeting as it is now; whoever else changes it or its list waits until the transaction is over."""
    return (
        Meeting.objects.select_related("initiative__municipality__site", "initiative__lifecycle")
        .select_for_update(of=("self",))
        .get(pk=meeting.pk)
    )


def tell(verb, meeting, *, actor, **details):
    publish(
        f"volunteering.meeting_{verb}", meeting, actor=actor, municipality=meeting.initiative.municipality, **details
    )
    content_changed(meeting.initiative.municipality)


def _lock_both(participation):
    meeting = lock(participation.meeting)
    return meeting, Participation.objects.select_related("user").get(pk=participation.pk)


def _offer(participation, meeting):
    if not claim_place(meeting):
        return
    rules = waiting.Rules.of(meeting.initiative.municipality)
    by_phone = participation.user_id is None
    participation.offered_until = waiting.confirm_until(timezone.now(), meeting.starts_at, rules, by_phone=by_phone)
    _write(participation, meeting, ParticipationState.OFFERED, verb="offer", actor=None)


def _write(participation, meeting, state, *, verb, actor, **changes):
    for field, value in changes.items():
        setattr(participation, field, value)
    participation.meeting = meeting
    participation.state, participation.changed_at = state, timezone.now()
    if state != ParticipationState.OFFERED:
        participation.offered_until = None
    participation.save()
    tell(verb, meeting, actor=actor, participation=participation.pk)
    return participation


def _known(meeting, *, user, name, phone):
    """The row of somebody who is on the list already, or was. Without an account, name and phone tell who it is: the
    same form sent twice signs up one person."""
    if user is not None:
        return Participation.objects.filter(meeting=meeting, user=user).first()
    same = Participation.objects.filter(meeting=meeting, user=None, name=name, phone=phone)
    return same.live().first() or same.first()


def _is_running(meeting):
    lifecycle = getattr(meeting.initiative, "lifecycle", None)
    return meeting.initiative.live and lifecycle is not None and lifecycle.state == LifecycleState.RUNNING


def _opens(moment):
    if moment is None:
        return ""
    return _("Signing up begins on %(moment)s.") % {
        "moment": date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    }
