"""What is done after the page was answered: by the worker, with ids only as arguments."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from django_tasks import task

from neighbourhoods.geocoding import Unanswered
from volunteering.domain import announcement_work, places, plan_work
from volunteering.models import Announcement, WeekPlan

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


@task
def prove_plan(plan_id, version):
    """Looks for the best plan of the week."""
    with _scope_of(WeekPlan, plan_id):
        plan_work.prove(plan_id, version)


@task
def send_plan(plan_id):
    """Invites everybody in a plan of the week."""
    with _scope_of(WeekPlan, plan_id):
        plan_work.send_out(plan_id)


@task
def send_announcement(announcement_id):
    """Tells everybody on the list of an announcement."""
    with _scope_of(Announcement, announcement_id):
        announcement_work.send_out(announcement_id)


def _scope_of(model, pk):
    """The municipality of a row; one of nobody where the row is gone, so that nothing is found."""
    with scopes_disabled():
        row = model.objects.select_related("municipality__site").filter(pk=pk).first()
    return scope(municipality=row.municipality if row else None)
