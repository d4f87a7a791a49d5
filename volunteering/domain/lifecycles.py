"""Where an initiative stands: proposed, accepted, running, finished. Decided at the desk, never by publishing words."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.domain.freshness import content_changed
from notifications.outbox import publish
from volunteering.domain import meetings
from volunteering.domain.sign_ups import lock
from volunteering.errors import TransitionError
from volunteering.models import Lifecycle, Meeting
from volunteering.states import LIFECYCLE, LifecycleState, MeetingState


@transaction.atomic
def accept(initiative, *, actor):
    """The centre says yes to an idea; it is not shown to residents yet."""
    return _move(initiative, "accept", actor=actor)


@transaction.atomic
def start(initiative, *, actor):
    """From now on residents see it, once its words are published."""
    return _move(initiative, "start", actor=actor)


@transaction.atomic
def finish(initiative, *, actor):
    """It is over: meetings still to come are called off, and whoever meant to come is told."""
    lifecycle = _move(initiative, "finish", actor=actor)
    for each in Meeting.objects.of_initiative(initiative).upcoming().order_by("pk"):
        # As it is now: somebody may have called it off a moment ago.
        meeting = lock(each)
        if meeting.state == MeetingState.PLANNED and meeting.starts_at > timezone.now():
            meetings.call_off(meeting, actor=actor, reason=_("The initiative has ended."))
    return lifecycle


def _move(initiative, verb, *, actor):
    Lifecycle.objects.get_or_create(initiative=initiative, defaults={"state": LifecycleState.PROPOSED})
    locked = Lifecycle.objects.select_for_update(of=("self",)).get(initiative=initiative)
    transition = LIFECYCLE[verb]
    if locked.state not in transition.sources:
        raise TransitionError(
            _("This initiative is “%(state)s”, so this cannot be done.") % {"state": locked.get_state_display()}
        )
    previous, locked.state, locked.changed_at = locked.state, transition.target, timezone.now()
    locked.save(update_fields=["state", "changed_at"])
    publish(
        f"volunteering.initiative_{verb}",
        initiative,
        actor=actor,
        municipality=initiative.municipality,
        previous=previous,
    )
    content_changed(initiative.municipality)
    return locked
