"""Which centres know a person: where somebody helps, and where somebody asked for help that is not over."""

from django_scopes import scopes_disabled

from volunteering.models import HelpRequest, Standing
from volunteering.states import UNFINISHED


def homes_of(user_id):
    """Ids of the municipalities, in order."""
    with scopes_disabled():
        helps = Standing.objects.filter(volunteer=user_id).values_list("municipality", flat=True)
        asks = HelpRequest.objects.filter(requester=user_id, state__in=UNFINISHED).values_list(
            "municipality", flat=True
        )
        return sorted({*helps, *asks})
