"""Another time for a visit: which promises go along, and who is told and asked again.

A promise is given for an hour, so it is never moved without its helper: either staff have asked them, or their place
becomes free and they may take the visit again (docs/decisions/moving-visits.md).
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from neighbourhoods.domain.freshness import content_changed
from notifications.outbox import publish
from volunteering.domain import commitments, help_requests, waves
from volunteering.domain.visits import TELL_AHEAD, occasions
from volunteering.errors import Refused, TransitionError
from volunteering.models import Alert, Commitment, Timing, Visit
from volunteering.states import HOLDING, LIVE, UNFINISHED, CommitmentState, VisitState


@transaction.atomic
def move(visit, *, actor, times, agreed=False):
    """Gives one visit another time: `times` is a set hour, or days out of which the helper picks one.

    Promises that fit the new time stay as they are. `agreed`: staff have asked the other helpers, who come at the new
    hour too; their promises move along and stay what they were. Otherwise the promises end; who gave them may take the
    visit again. Raises Refused for a visit that has begun or is over, for times that cannot be, and where a helper has
    another task at the new time.
    """
    [new] = occasions(times)
    visit, promises = _lock(visit)
    reasons = reasons_against(visit, promises)
    if reasons:
        raise TransitionError(*reasons)
    if _is_same(visit, new):
        raise Refused(_("The visit is at this time already."))
    live = [promise for promise in promises if promise.state in LIVE]
    affected = [promise for promise in live if not _fits(promise, new)]
    _move_along(affected if agreed else [], new, visit)
    before = _time(visit)
    released = [] if agreed else affected
    _write(visit, new, len(released))
    help_request = _write_timing(visit.help_request, times)
    publish(
        "volunteering.visit_move",
        help_request,
        actor=actor,
        municipality=help_request.municipality,
        visit=visit.pk,
        before=before,
        after=_time(visit),
        helpers=[promise.volunteer_id for promise in affected if agreed],
        released=[promise.volunteer_id for promise in released],
    )
    _release(released, help_request, actor=actor)
    help_requests.settle(help_request)
    content_changed(help_request.municipality)
    if released or _is_for_now(visit):
        waves.restart(visit)
    return visit


def reasons_against(visit, promises):
    """Why this visit cannot be moved, as sentences; empty when it can. `promises`: all commitments of the visit."""
    help_request = visit.help_request
    if help_request.state not in UNFINISHED:
        sentence = _("This request is “%(state)s”, so this can no longer be done.")
        return [sentence % {"state": help_request.get_state_display()}]
    if visit.state not in {VisitState.OPEN, VisitState.FULL}:
        sentence = _("This visit is “%(state)s”, so its time can no longer be changed.")
        return [sentence % {"state": visit.get_state_display()}]
    if any(_has_begun(promise) for promise in promises):
        return [_("This visit has begun. First write down how it went.")]
    return []


def _has_begun(promise):
    is_due = promise.state in HOLDING and promise.starts_at <= timezone.now()
    return is_due or promise.state == CommitmentState.ARRIVED


def _is_same(visit, new):
    facts = ("is_flexible", "minutes", "ends_at")
    if any(getattr(visit, name) != new[name] for name in facts):
        return False
    # What is over of a span of days cannot be chosen any more, so it makes no difference.
    begins = max(visit.starts_at, timezone.now()) if visit.is_flexible else visit.starts_at
    return timezone.localdate(begins) == timezone.localdate(new["starts_at"])


def _fits(promise, new):
    """Whether the helper comes at an hour that is still right."""
    if not new["is_flexible"]:
        return (promise.starts_at, promise.ends_at) == (new["starts_at"], new["ends_at"])
    has_length = promise.ends_at - promise.starts_at == timedelta(minutes=new["minutes"])
    return has_length and new["starts_at"] <= promise.starts_at and promise.ends_at <= new["ends_at"]


def _move_along(promises, new, visit):
    if promises and new["is_flexible"]:
        raise Refused(_("Give the hour on which you agreed with the helper."))
    span = new["starts_at"], new["ends_at"]
    for promise in promises:
        with scopes_disabled():
            others = Commitment.objects.of(promise.volunteer).live().exclude(pk=promise.pk)
            has_another = others.overlapping(*span).exists()
        if has_another:
            raise Refused(_("%(helper)s has another task at that time.") % {"helper": promise.volunteer})
    for promise in promises:
        promise.starts_at, promise.ends_at = span
        if promise.state == CommitmentState.PROPOSED:
            promise.consent_until = commitments.consent_until(visit.help_request, span)
        promise.save(update_fields=["starts_at", "ends_at", "consent_until"])


def _release(promises, help_request, *, actor):
    """Ends promises for the old time. Their helpers hear of it and of the new time in one notice (`moved`)."""
    for promise in promises:
        promise.state, promise.consent_until = CommitmentState.RELEASED, None
        promise.reason = _("The visit was moved to another time.")
        promise.save(update_fields=["state", "consent_until", "reason"])
        commitments.tell("release", promise, help_request, actor=actor, moved=True)


def _write(visit, new, given_free):
    for name, value in new.items():
        setattr(visit, name, value)
    visit.taken -= given_free
    if visit.taken < visit.places:
        visit.state = VisitState.OPEN
    visit.save(update_fields=[*new, "taken", "state"])


def _write_timing(help_request, times):
    """A request of one visit asks for what its visit says."""
    if help_request.timing not in {Timing.RECURRING, times.timing}:
        help_request.timing = times.timing
        help_request.save(update_fields=["timing"])
    return help_request


def _is_for_now(visit):
    """Whether helpers are told of the visit now: of later occasions they hear when the time comes."""
    is_known = Alert.objects.filter(visit=visit).exists()
    return is_known or visit.starts_at < timezone.now() + TELL_AHEAD


def _time(visit):
    """What an event keeps of a visit's time."""
    return {
        "starts_at": visit.starts_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
        "is_flexible": visit.is_flexible,
    }


def _lock(visit):
    """The visit with its request and all its promises, locked in the order of the whole app. Raises Refused where
    somebody promised to come between two looks: staff decide about people whom they have seen."""
    expected = {promise.volunteer_id for promise in _promises(visit)}
    for pk in sorted(expected):
        commitments.lock_person(pk)
    help_request = commitments.lock_request(visit.help_request_id)
    locked = Visit.objects.select_for_update().get(pk=visit.pk)
    locked.help_request = help_request
    promises = list(_promises(locked).select_for_update(of=("self",)))
    if {promise.volunteer_id for promise in promises} - expected:
        raise Refused(_("Somebody has just promised to come. Look at the visit again."))
    return locked, promises


def _promises(visit):
    return Commitment.objects.filter(visit=visit).select_related("volunteer").order_by("pk")
