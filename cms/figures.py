"""What the portal tells everybody: sums over all centres, never a number so small that it could point at a person."""

from django_scopes import scopes_disabled

from neighbourhoods.models import Municipality
from volunteering.models import Commitment, HelpRequest, Initiative, Standing
from volunteering.states import CommitmentState

LEAST_SHOWN = 5


def public_figures():
    """Figures by name. None stands for a number from 1 to 4: it is told in words, not counted out."""
    with scopes_disabled():
        return {
            "centres": Municipality.objects.opened().count(),
            "open_requests": shown(HelpRequest.objects.listed().count()),
            "helpers": shown(Standing.objects.active().values("volunteer").distinct().count()),
            "visits_done": shown(Commitment.objects.filter(state=CommitmentState.DONE).count()),
            "initiatives": Initiative.objects.published().count(),
        }


def shown(number):
    return number if number == 0 or number >= LEAST_SHOWN else None
