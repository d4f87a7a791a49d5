"""What the worker does for the newsletter after a page was answered: with ids only as arguments."""

import logging
from datetime import timedelta

from django.utils import timezone
from django_scopes import scope, scopes_disabled
from django_tasks import task

from cms.domain import newsletter_sending
from cms.models import NewsletterIssue, Subscriber

log = logging.getLogger(__name__)

# When a single letter is tried again whose mail server did not answer.
NEXT_TRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


@task
def send_confirmation(subscriber_id, attempt=1):
    """The letter with the link by which somebody confirms; who gets the newsletter already is told so."""
    with _scope_of(Subscriber, subscriber_id):
        done = newsletter_sending.send_confirmation(subscriber_id)
    if not done:
        _again(send_confirmation, attempt, subscriber_id)


@task
def send_issue(issue_id):
    """Sends an issue for a while; what is left then waits behind the other tasks."""
    with _scope_of(NewsletterIssue, issue_id):
        is_more = newsletter_sending.send_out(issue_id)
    if is_more:
        send_issue.enqueue(issue_id)


@task
def send_trial(issue_id, user_id, attempt=1):
    """The letter as others will get it, to the person who is writing it."""
    with _scope_of(NewsletterIssue, issue_id):
        done = newsletter_sending.send_trial(issue_id, user_id)
    if not done:
        _again(send_trial, attempt, issue_id, user_id)


def _again(letter, attempt, *ids):
    if attempt > len(NEXT_TRIES):
        log.warning("%s %s was given up: the mail server does not answer", letter.name, ids)
        return
    letter.using(run_after=timezone.now() + NEXT_TRIES[attempt - 1]).enqueue(*ids, attempt + 1)


def _scope_of(model, pk):
    """The municipality of a row; one of nobody where the row is gone, so that nothing is found."""
    with scopes_disabled():
        row = model.objects.select_related("municipality__site").filter(pk=pk).first()
    return scope(municipality=row.municipality if row else None)
