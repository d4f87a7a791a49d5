"""What came of an initiative, in numbers: nobody is named and nobody compared."""

from dataclasses import dataclass

from volunteering.models import Commitment, Joining, Meeting, Participation
from volunteering.states import CommitmentState, ParticipationState


@dataclass(frozen=True)
class Results:
    """`held`: meetings that took place; `attendances`: how often somebody was there; `visits`: how often somebody
    helped. None: not told, because it would say something about the people of a closed group."""

    held: int
    attendances: int | None
    visits: int | None


def of_initiative(initiative):
    """The numbers up to now, in three queries."""
    meetings = Meeting.objects.of_initiative(initiative).held()
    held = meetings.count()
    if initiative.joining == Joining.CLOSED:
        return Results(held, attendances=None, visits=None)
    keys = meetings.order_by().values("pk")
    came = Participation.objects.at(keys).filter(state=ParticipationState.ATTENDED)
    helped = Commitment.objects.filter(visit__help_request__meeting__in=keys, state=CommitmentState.DONE)
    return Results(held, attendances=came.count(), visits=helped.count())
