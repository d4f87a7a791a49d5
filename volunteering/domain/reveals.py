"""Who may learn where a resident lives, and when: the accepted helper around the visit, staff with a reason."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neighbourhoods.domain import whereabouts
from notifications.outbox import publish
from volunteering.domain.checks import are_blocked
from volunteering.errors import Refused
from volunteering.models import Standing
from volunteering.states import CommitmentState, StandingState

# Promises that the resident has agreed to.
KNOWN_TO_THE_RESIDENT = (CommitmentState.ACCEPTED, CommitmentState.ARRIVED, CommitmentState.DONE)


class StaffReason(models.TextChoices):
    RING = "ring", gettext_lazy("to ring the person back")
    ARRANGE = "arrange", gettext_lazy("to arrange the visit")
    CHECK = "check", gettext_lazy("to check the address")
    SAFETY = "safety", gettext_lazy("because of a worry about safety")


def window(commitment):
    """From when until when the accepted helper may see the address."""
    municipality = commitment.visit.help_request.municipality
    return (
        commitment.starts_at - timedelta(hours=municipality.address_hours_before),
        commitment.ends_at + timedelta(hours=municipality.address_hours_after),
    )


def reasons_against(commitment, viewer, now=None):
    """Why this helper does not see the address now; empty when they do."""
    return _reasons_against_person(commitment, viewer) or _reasons_against_time(commitment, now or timezone.now())


def _reasons_against_person(commitment, viewer):
    if commitment.volunteer_id != viewer.pk or commitment.state not in KNOWN_TO_THE_RESIDENT:
        return [_("The address is for the person who will help.")]
    standing = Standing.objects.filter(volunteer=viewer, state=StandingState.ACTIVE).first()
    if standing is None:
        return [_("The centre has paused your tasks.")]
    if standing.first_visit_released_at is None:
        return [_("This is your first visit: the centre will talk with you before you see the address.")]
    if are_blocked(viewer.pk, commitment.visit.help_request.requester_id):
        return [_("The address is for the person who will help.")]
    return []


def _reasons_against_time(commitment, now):
    opens, closes = window(commitment)
    if now < opens:
        hours = commitment.visit.help_request.municipality.address_hours_before
        return [_("You will see the address %(hours)s hours before the visit.") % {"hours": hours}]
    if now > closes:
        return [_("The visit is over, so the address is no longer shown.")]
    return []


def to_helper(commitment, *, actor):
    """Name, phone and address for the helper, written into the audit trail. Raises Refused with the reason."""
    reasons = reasons_against(commitment, actor)
    if reasons:
        raise Refused(*reasons)
    help_request = commitment.visit.help_request
    return whereabouts.reveal(help_request.whereabouts, to=actor, why="helper", subject=help_request)


def to_staff(help_request, *, actor, reason):
    """The same for staff, who say why; the resident can read that they looked and the reason."""
    return whereabouts.reveal(help_request.whereabouts, to=actor, why=StaffReason(reason).value, subject=help_request)


def to_requester(help_request, *, actor):
    """A resident reads what she herself told; that is no reveal, but it goes through the same door."""
    return whereabouts.reveal(help_request.whereabouts, to=actor, why="own", subject=help_request)


@dataclass(frozen=True)
class Contact:
    """How to reach a helper. Kept out of reprs, and so out of logs."""

    email: str = field(repr=False)
    phone: str = field(repr=False)


@transaction.atomic
def contact_to_staff(standing, *, actor, reason):
    """E-mail and phone of a helper, for staff of a centre where they applied; the look is written into the trail."""
    volunteer = standing.volunteer
    publish(
        "volunteering.contact_revealed",
        standing,
        actor=actor,
        municipality=standing.municipality,
        helper=volunteer.pk,
        reason=StaffReason(reason).value,
    )
    return Contact(volunteer.email, str(volunteer.phone))
