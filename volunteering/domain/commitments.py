"""Promises of help: who takes a visit, who agrees, what happens when somebody cannot come.

Locks are taken in one order everywhere: the helper's account, the request, the visit (see `help_requests`).
"""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.outbox import publish
from volunteering.domain import help_requests, standings, waves
from volunteering.domain.checks import reasons_against_taking
from volunteering.domain.visits import agreed_time
from volunteering.errors import Refused, TransitionError
from volunteering.models import Alert, Commitment, HelpRequest, Standing, Visit
from volunteering.states import COMMITMENT, CommitmentState, RequestState, VisitState

# So many given-up visits within a week are told to the desk.
MANY_DROPS = 3


@transaction.atomic
def take(visit, *, actor, starts_at=None, note=""):
    """`actor` promises to come. Of any number of people who press at once, as many get a place as there are; the
    others are refused with a kind sentence. Raises Refused with every reason against it."""
    return _promise(visit, volunteer=actor, actor=actor, starts_at=starts_at, note=note)


@transaction.atomic
def assign(visit, *, volunteer, actor, starts_at=None):
    """Staff put down a helper by hand, after talking with both: no consent is awaited, a protected request is
    allowed. All other reasons against it hold."""
    return _promise(visit, volunteer=volunteer, actor=actor, starts_at=starts_at, by_staff=True)


def _promise(visit, *, volunteer, actor, starts_at=None, note="", by_staff=False):
    volunteer = lock_person(volunteer.pk)
    help_request = lock_request(visit.help_request_id)
    visit = Visit.objects.get(pk=visit.pk)
    visit.help_request = help_request
    span = agreed_time(visit, starts_at)
    reasons = reasons_against_taking(visit, volunteer, span, by_staff=by_staff)
    if reasons or not claim_place(visit):
        raise Refused(*(reasons or [_("Somebody was a moment faster. Thank you for wanting to help!")]))
    asks_consent = help_request.asks_consent and not by_staff
    commitment = _write_promise(visit, volunteer, span, note=note, asks_consent=asks_consent)
    Alert.objects.filter(visit=visit, volunteer=volunteer).update(answer=Alert.Answer.TAKEN)
    tell("assign" if by_staff else "take", commitment, help_request, actor=actor)
    if not asks_consent:
        _ask_release_of_first_visit(commitment, help_request)
    help_requests.settle(help_request)
    if visit.taken + 1 >= visit.places:
        waves.fill(visit)
    return commitment


def claim_place(visit):
    """Compare and set: takes one place if one is free, and says whether it did. The only line that gives places."""
    claimed = Visit.objects.filter(pk=visit.pk, state=VisitState.OPEN, taken__lt=F("places")).update(
        taken=F("taken") + 1
    )
    Visit.objects.filter(pk=visit.pk, state=VisitState.OPEN, taken=F("places")).update(state=VisitState.FULL)
    return bool(claimed)


def _write_promise(visit, volunteer, span, *, note, asks_consent):
    now = timezone.now()
    commitment, _created = Commitment.objects.update_or_create(
        visit=visit,
        volunteer=volunteer,
        defaults={
            "state": CommitmentState.PROPOSED if asks_consent else CommitmentState.ACCEPTED,
            "starts_at": span[0],
            "ends_at": span[1],
            "note": note,
            "reason": "",
            "taken_at": now,
            "consent_until": consent_until(visit.help_request, span) if asks_consent else None,
            "accepted_at": None if asks_consent else now,
            # Nothing is left of an earlier promise for the same visit.
            "helper_confirmed_at": None,
            "resident_confirmed_at": None,
            "minutes": None,
        },
    )
    return commitment


def consent_until(help_request, span):
    """How long the resident may think about a helper: so many hours from now, until the visit at most."""
    return min(timezone.now() + timedelta(hours=help_request.municipality.consent_hours), span[0])


@transaction.atomic
def accept(commitment, *, actor):
    """The resident, or staff who rang her, agrees to this helper."""
    commitment, help_request = _move(commitment, "accept", accepted_at=timezone.now(), consent_until=None)
    tell("accept", commitment, help_request, actor=actor)
    _ask_release_of_first_visit(commitment, help_request)
    return commitment


@transaction.atomic
def decline(commitment, *, actor):
    """The resident would rather have somebody else. The helper reads no reason and is not asked again for it."""
    return _give_back(commitment, "decline", actor=actor)


@transaction.atomic
def withdraw(commitment, *, actor, reason=""):
    """The helper cannot come after all; the place opens again and the next ones are told."""
    commitment = _give_back(commitment, "withdraw", actor=actor, reason=reason)
    since = timezone.now() - timedelta(days=7)
    given_up = Commitment.objects.of(commitment.volunteer).filter(state=CommitmentState.WITHDRAWN, taken_at__gt=since)
    if given_up.count() >= MANY_DROPS:
        _publish_standing("drops_many", commitment)
    return commitment


@transaction.atomic
def release(commitment, *, actor, reason=""):
    """The place is given free by staff, or because no consent came in time (`actor` None)."""
    return _give_back(commitment, "release", actor=actor, reason=reason)


@transaction.atomic
def arrive(commitment, *, actor):
    """The helper is at the door."""
    commitment, help_request = _move(commitment, "arrive")
    tell("arrive", commitment, help_request, actor=actor)
    return commitment


@transaction.atomic
def confirm(commitment, *, actor, minutes=None, for_resident=False):
    """One side says that the help took place; when both have, it is done and its minutes are logged.

    `minutes`: how long it took, as the helper says; the agreed length where nothing is said. `for_resident`: staff
    confirm what they heard from her on the phone. Raises Refused before the agreed time.
    """
    locked, help_request = _lock(commitment)
    if locked.state not in COMMITMENT["complete"].sources:
        raise TransitionError(_("This can no longer be confirmed."))
    now = timezone.now()
    if now < locked.starts_at:
        raise Refused(_("This can be confirmed once the visit has begun."))
    side = "resident" if for_resident or actor.pk == help_request.requester_id else "helper"
    if getattr(locked, f"{side}_confirmed_at") and minutes in {None, locked.minutes}:
        return locked
    setattr(locked, f"{side}_confirmed_at", getattr(locked, f"{side}_confirmed_at") or now)
    if minutes is not None:
        locked.minutes = minutes
    locked.save(update_fields=[f"{side}_confirmed_at", "minutes"])
    tell(f"confirm_{side}", locked, help_request, actor=actor)
    if locked.helper_confirmed_at and locked.resident_confirmed_at:
        return _complete(locked, help_request)
    return locked


@transaction.atomic
def no_show(commitment, *, actor):
    """The helper did not come. Where days are left on which somebody else may come, the place opens again."""
    if timezone.now() < commitment.starts_at:
        raise Refused(_("The visit has not begun yet."))
    commitment, help_request = _move(commitment, "no_show")
    visit = commitment.visit
    tell("no_show", commitment, help_request, actor=actor)
    if visit.is_flexible and timezone.now() + timedelta(minutes=visit.minutes) < visit.ends_at:
        _open_place(visit, help_request)
    else:
        close_visit(visit)
    return commitment


def close_visit(visit):
    """Ends a visit on which nobody is expected any more, and its request with the last one."""
    help_request = lock_request(visit.help_request_id)
    if Commitment.objects.live().filter(visit=visit).exists():
        # Who promised to come still has to say how it went; nobody else is looked for.
        help_requests.look_again(help_request)
        return
    done = Commitment.objects.filter(visit=visit, state=CommitmentState.DONE).exists()
    Visit.objects.filter(pk=visit.pk).unfinished().update(state=VisitState.DONE if done else VisitState.MISSED)
    waves.end(visit=visit)
    help_requests.finish(help_request)


def _complete(commitment, help_request):
    commitment.state = CommitmentState.DONE
    if commitment.minutes is None:
        commitment.minutes = int((commitment.ends_at - commitment.starts_at).total_seconds() // 60)
    commitment.save(update_fields=["state", "minutes"])
    tell("complete", commitment, help_request, actor=None)
    close_visit(commitment.visit)
    return commitment


def _give_back(commitment, verb, *, actor, reason=""):
    commitment, help_request = _move(commitment, verb, reason=reason, consent_until=None)
    tell(verb, commitment, help_request, actor=actor)
    _open_place(commitment.visit, help_request)
    return commitment


def _open_place(visit, help_request):
    """Gives one place of the visit to others, and tells the next ones near by."""
    Visit.objects.filter(pk=visit.pk, taken__gt=0).update(taken=F("taken") - 1)
    Visit.objects.filter(pk=visit.pk, state=VisitState.FULL).update(state=VisitState.OPEN)
    if help_request.state in {RequestState.OPEN, RequestState.FILLED}:
        help_requests.settle(help_request)
        waves.reopen(visit)


def _ask_release_of_first_visit(commitment, help_request):
    """The first visit of a helper goes ahead when staff say so: until then no address is shown."""
    standing = Standing.objects.filter(volunteer=commitment.volunteer, first_visit_released_at=None).first()
    if standing is not None:
        _publish_standing("first_visit", commitment)


def _publish_standing(verb, commitment):
    standing = Standing.objects.filter(volunteer=commitment.volunteer).first()
    if standing is not None:
        standings.tell(verb, standing, actor=None, commitment=commitment.pk)


def _move(commitment, verb, **changes):
    locked, help_request = _lock(commitment)
    transition = COMMITMENT[verb]
    if locked.state not in transition.sources:
        raise TransitionError(
            _("This promise of help is “%(state)s”, so this can no longer be done.")
            % {"state": locked.get_state_display()}
        )
    locked.state = transition.target
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=["state", *changes])
    return locked, help_request


def _lock(commitment):
    """The commitment and its request, both locked, in the order of the whole app."""
    lock_person(commitment.volunteer_id)
    help_request = lock_request(Visit.objects.get(pk=commitment.visit_id).help_request_id)
    locked = (
        Commitment.objects.select_related("visit", "volunteer").select_for_update(of=("self",)).get(pk=commitment.pk)
    )
    locked.visit.help_request = help_request
    return locked, help_request


def lock_person(pk):
    """Two overlapping tasks cannot be taken at once: whoever promises or gives back holds the helper's row. Not its
    key: a wave that holds the visit may still write an alert for this person, or the two would wait for each other."""
    return get_user_model().objects.select_for_update(no_key=True).get(pk=pk)


def lock_request(pk):
    return (
        HelpRequest.objects.select_related("category", "municipality__site", "neighbourhood")
        .select_for_update(of=("self",))
        .get(pk=pk)
    )


def tell(verb, commitment, help_request, *, actor, **data):
    publish(
        f"volunteering.commitment_{verb}",
        help_request,
        actor=actor,
        municipality=help_request.municipality,
        commitment=commitment.pk,
        visit=commitment.visit_id,
        helper=commitment.volunteer_id,
        **data,
    )


def awaiting_consent_too_long(now):
    """Commitments whose time for consent is over."""
    return Commitment.objects.filter(state=CommitmentState.PROPOSED, consent_until__lte=now)
