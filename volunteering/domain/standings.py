"""A helper's standing in a municipality: decided by people at the desk, after a talk."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.outbox import publish
from volunteering.domain import waves
from volunteering.errors import TransitionError
from volunteering.models import Commitment, Standing
from volunteering.states import STANDING, CommitmentState, StandingState


@transaction.atomic
def apply(volunteer, *, municipality):
    """The person would like to help here; the centre now owes them a talk. Applying twice changes nothing."""
    standing, created = Standing.objects.select_for_update().get_or_create(
        municipality=municipality, volunteer=volunteer, defaults={"changed_by": volunteer}
    )
    if created:
        tell("apply", standing, actor=volunteer)
    elif standing.state == StandingState.ENDED:
        standing = _move(standing, "apply", actor=volunteer)
    return standing


@transaction.atomic
def meet(standing, *, actor):
    """The talk has taken place; the decision is still open."""
    return _move(standing, "meet", actor=actor)


@transaction.atomic
def activate(standing, *, actor):
    """From now on the person is told of requests and may take them."""
    standing = _move(standing, "activate", actor=actor)
    waves.look_again_for(standing.volunteer_id)
    return standing


@transaction.atomic
def suspend(standing, *, actor):
    """No new tasks until further notice. Promises not yet kept are given free."""
    from volunteering.domain import commitments  # noqa: PLC0415 -- a verb of each calls one of the other

    standing = _move(standing, "suspend", actor=actor)
    _release_promises(standing, commitments, actor=actor)
    return standing


@transaction.atomic
def end(standing, *, actor):
    """The person no longer helps here, by their own wish or the centre's."""
    from volunteering.domain import commitments  # noqa: PLC0415 -- a verb of each calls one of the other

    standing = _move(standing, "end", actor=actor)
    _release_promises(standing, commitments, actor=actor)
    return standing


@transaction.atomic
def release_first_visit(standing, *, actor):
    """Staff let a new helper's first visit go ahead: now the address may be shown in its time."""
    locked = Standing.objects.select_for_update().get(pk=standing.pk)
    if locked.first_visit_released_at is None:
        locked.first_visit_released_at = timezone.now()
        locked.save(update_fields=["first_visit_released_at"])
        tell("release_first_visit", locked, actor=actor)
    return locked


def tell(verb, standing, *, actor, **data):
    publish(
        f"volunteering.standing_{verb}",
        standing,
        actor=actor,
        municipality=standing.municipality,
        helper=standing.volunteer_id,
        **data,
    )


def _release_promises(standing, commitments, *, actor):
    promises = Commitment.objects.filter(
        volunteer=standing.volunteer, state__in=[CommitmentState.PROPOSED, CommitmentState.ACCEPTED]
    ).order_by("pk")
    for promise in promises:
        commitments.release(promise, actor=actor)


def _move(standing, verb, *, actor):
    # The helper's account first, as everywhere: a promise made in the same moment is either seen here or refused there.
    get_user_model().objects.select_for_update().get(pk=standing.volunteer_id)
    locked = (
        Standing.objects.select_related("municipality__site", "volunteer")
        .select_for_update(of=("self",))
        .get(pk=standing.pk)
    )
    transition = STANDING[verb]
    if locked.state not in transition.sources:
        raise TransitionError(
            _("The person is “%(state)s” here, so this cannot be done.") % {"state": locked.get_state_display()}
        )
    previous, locked.state = locked.state, transition.target
    locked.changed_at, locked.changed_by = timezone.now(), actor
    locked.save(update_fields=["state", "changed_at", "changed_by"])
    tell(verb, locked, actor=actor, previous=previous)
    return locked
