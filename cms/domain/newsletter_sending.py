"""Sending: an issue in batches from its list, for the worker; single letters that somebody asked for.

A letter is leased, sent and written down, one after the other. A worker that dies between sending and writing down
sends that one letter once more, with the same Message-ID; all others go once. Whether somebody has left, or the issue
was stopped, is asked before each letter.
"""

import logging
import time

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from cms.domain import newsletter_printing as printing
from cms.domain import subscriptions
from cms.domain.newsletter_items import items_of
from cms.models import NewsletterIssue, NewsletterLetter, Subscriber
from cms.states import ISSUE, IssueState, LeftWhy, LetterState, SubscriberState
from notifications import direct
from notifications.direct import Fate
from notifications.outbox import publish

log = logging.getLogger(__name__)

AT_ONCE = 50
# Then other tasks have their turn.
SECONDS = 60


def send_out(pk):
    """Sends what is due of an issue, for a while. Returns whether there is more to do now. May be begun again at any
    time, and by two workers at once."""
    issue = NewsletterIssue.objects.with_people().filter(pk=pk).first()
    if issue is None:
        return False
    printer = printing.Printer(issue, items_of(issue))
    deadline = time.monotonic() + SECONDS
    with direct.Sender() as sender:
        while time.monotonic() < deadline:
            letters = claim(pk)
            if not letters:
                break
            deal_with_all(letters, printer, sender, deadline)
            count(pk)
    return not count(pk) and due(pk).exists()


def due(pk):
    return NewsletterLetter.objects.of_issue(pk).due(timezone.now())


@transaction.atomic
def claim(pk):
    """Takes the next letters for a while; none where the issue is not being sent any more. An attempt counts even if
    this worker dies."""
    if not NewsletterIssue.objects.filter(pk=pk, state=IssueState.SENDING).exists():
        return []
    free = due(pk).select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    keys = list(free.values_list("pk", flat=True)[:AT_ONCE])
    rows = NewsletterLetter.objects.filter(pk__in=keys)
    rows.update(leased_until=timezone.now() + direct.LEASE, attempts=F("attempts") + 1)
    return list(rows.select_related("subscriber").prefetch_related("subscriber__neighbourhoods").order_by("pk"))


def deal_with_all(letters, printer, sender, deadline):
    for place, letter in enumerate(letters):
        if time.monotonic() > deadline:
            give_back(letters[place:])
            return
        deal_with(letter, printer, sender)


def deal_with(letter, printer, sender):
    """One letter. Whether it is still wanted is asked now: the batch was taken a while ago."""
    wanted = NewsletterLetter.objects.waiting().filter(pk=letter.pk, issue__state=IssueState.SENDING)
    state = wanted.values_list("subscriber__state", flat=True).first()
    if state is None:
        give_back([letter])
    elif state != SubscriberState.CONFIRMED:
        settle(letter, LetterState.SKIPPED, error="left")
    elif (words := printer.letter_to(letter.subscriber)) is None:
        settle(letter, LetterState.SKIPPED, error="nothing chosen")
    else:
        write_down(letter, sender.send(words))


def write_down(letter, outcome):
    if outcome.fate == Fate.SENT:
        settle(letter, LetterState.SENT, sent_at=timezone.now())
        return
    pause = direct.pause_after(letter.attempts) if outcome.fate == Fate.LATER else None
    if pause is not None:
        settle(letter, LetterState.WAITING, error=outcome.error[:200], not_before=timezone.now() + pause)
        return
    settle(letter, LetterState.FAILED, error=outcome.error[:200])
    if outcome.fate == Fate.DEAD:
        subscriptions.leave(letter.subscriber, why=LeftWhy.DEAD)


def settle(letter, state, *, error="", **changes):
    """Writes the outcome and gives the lease back, unless another worker has settled it meanwhile."""
    waiting = NewsletterLetter.objects.waiting().filter(pk=letter.pk)
    waiting.update(state=state, leased_until=None, error=error, **changes)


def give_back(letters):
    """Puts back what was taken and not tried."""
    waiting = NewsletterLetter.objects.waiting().filter(pk__in=[letter.pk for letter in letters])
    waiting.update(leased_until=None, attempts=F("attempts") - 1)


@transaction.atomic
def count(pk):
    """Counts anew how far an issue has come, and ends it when nothing waits. Returns whether it is over."""
    issue = NewsletterIssue.objects.select_for_update(of=("self",)).get(pk=pk)
    rows = NewsletterLetter.objects.of_issue(pk).order_by().values_list("state").annotate(number=Count("pk"))
    numbers = dict(rows)
    if issue.state != IssueState.SENDING and not numbers:
        return True  # who got it was forgotten; the numbers were not
    issue.sent = numbers.get(LetterState.SENT, 0)
    issue.skipped = numbers.get(LetterState.SKIPPED, 0)
    issue.failed = numbers.get(LetterState.FAILED, 0)
    issue.touched_at = timezone.now()
    is_done = issue.state in ISSUE["complete"][0] and LetterState.WAITING not in numbers
    if is_done:
        issue.state, issue.ended_at = ISSUE["complete"][1], issue.touched_at
        publish("cms.newsletter_complete", issue, sent=issue.sent)
    issue.save(update_fields=["sent", "skipped", "failed", "touched_at", "state", "ended_at"])
    return is_done or issue.state != IssueState.SENDING


# Single letters ------------------------------------------------------------------------------------------------------


def send_confirmation(pk):
    """Returns False where it has to be tried again."""
    subscriber = Subscriber.objects.select_related("municipality__site").filter(pk=pk).first()
    if subscriber is None or subscriber.state == SubscriberState.LEFT:
        return True
    knows_it = subscriber.state == SubscriberState.CONFIRMED
    outcome = direct.send(printing.confirmation(subscriber, knows_it=knows_it))
    if outcome.fate == Fate.DEAD:
        subscriptions.leave(subscriber, why=LeftWhy.DEAD)
    return outcome.fate != Fate.LATER


def send_trial(issue_pk, user_pk):
    """Returns False where it has to be tried again."""
    issue = NewsletterIssue.objects.with_people().filter(pk=issue_pk).first()
    user = get_user_model().objects.filter(pk=user_pk, is_active=True).first()
    if issue is None or user is None:
        return True
    return direct.send(printing.trial(issue, items_of(issue), user)).fate != Fate.LATER
