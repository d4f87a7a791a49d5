"""The place of a request, found more exactly after it was filed: forms never wait for a geocoder."""

from django.conf import settings
from django_scopes import scope, scopes_disabled

from neighbourhoods.domain import places
from volunteering.domain import help_requests
from volunteering.models import HelpRequest
from volunteering.states import RequestState

# Nobody travels to a request that has ended.
STILL_WANTED = (RequestState.DRAFT, RequestState.AWAITING_REVIEW, RequestState.OPEN, RequestState.FILLED)


def improve(help_request_id):
    """Asks the geocoder where the request's address lies, and moves the request to that cell and its neighbourhood.

    The address of a protected request is never told to an outside service. For tasks: it may take seconds. Raises
    geocoding.Unanswered when the service cannot be asked now.
    """
    if settings.GEOCODER == "gazetteer":
        return  # All that it knows was known when the form was filled in.
    with scopes_disabled():
        help_request = (
            HelpRequest.objects.select_related("municipality", "neighbourhood")
            .filter(pk=help_request_id, protected=False, state__in=STILL_WANTED)
            .first()
        )
    if help_request is None:
        return
    municipality = help_request.municipality

    def move(place):
        help_requests.relocate(help_request, place=place)

    with scope(municipality=municipality):
        places.improve(
            help_request.whereabouts_id,
            neighbourhood=help_request.neighbourhood,
            municipality=municipality,
            move=move,
        )
