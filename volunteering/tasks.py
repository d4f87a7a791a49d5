"""What is done after the page was answered: by the worker, with ids only as arguments."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from neighbourhoods.geocoding import Unanswered
from volunteering.domain import places

logger = logging.getLogger(__name__)

# When to ask a geocoder again that did not answer.
NEXT_TRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def improve_place_later(help_request):
    """Has the place of a new request found more exactly by the worker, where there is a geocoder to ask. For verbs: in
    the transaction that files the request."""
    if settings.GEOCODER != "gazetteer":
        improve_place.enqueue(help_request.pk)


@task
def improve_place(help_request_id, attempt=1):
    """Asks the geocoder for the place of a request; again later when it does not answer."""
    try:
        places.improve(help_request_id)
    except Unanswered:
        if attempt > len(NEXT_TRIES):
            logger.warning("The place of request %s was not found: the geocoder does not answer.", help_request_id)
            return
        later = timezone.now() + NEXT_TRIES[attempt - 1]
        improve_place.using(run_after=later).enqueue(help_request_id, attempt + 1)
