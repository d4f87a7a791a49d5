"""People whom nothing reaches but a phone call: tasks for the desk."""

from django.db import transaction
from django.utils import timezone

from notifications.models import Call, CallState
from notifications.outbox import publish


def of(municipality):
    return Call.objects.of(municipality)


def waiting(municipality):
    """Calls to make, the oldest first, with events and people."""
    return Call.objects.open().of(municipality).with_people()


@transaction.atomic
def settle(call, *, actor, reached):
    """Staff rang: the person was reached, or could not be. Returns whether it was still to be done."""
    state = CallState.DONE if reached else CallState.FAILED
    done = Call.objects.open().filter(pk=call.pk)
    if not done.update(state=state, settled_at=timezone.now(), settled_by=actor):
        return False
    publish("notifications.call_settled", call, actor=actor, reached=reached)
    return True
