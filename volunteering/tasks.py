"""What is done after the page was answered: by the worker, with ids only as arguments."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from django_tasks import task

from neighbourhoods.geocoding import Unanswered
from volunteering.domain import places, plan_work
from volunteering.models import WeekPlan

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
    with _scope_of(plan_id):
        plan_work.prove(plan_id, version)


@task
def send_plan(plan_id):
    """Invites everybody in a plan of the week."""
    with _scope_of(plan_id):
        plan_work.send_out(plan_id)


def _scope_of(plan_id):
    """The municipality of a plan; one of nobody where the plan is gone, so that nothing is found."""
    with scopes_disabled():
        plan = WeekPlan.objects.select_related("municipality__site").filter(pk=plan_id).first()
    return scope(municipality=plan.municipality if plan else None)
