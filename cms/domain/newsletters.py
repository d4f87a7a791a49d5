"""Issues of the newsletter: begun, gathered from what is on the site, tried out, sent, stopped."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.domain import newsletter_gathering as gathering
from cms.models import NewsletterIssue, NewsletterItem, NewsletterLetter, Rhythm, Subscriber
from cms.states import ISSUE, IssueState, LetterState
from cms.tasks import send_issue, send_trial
from neighbourhoods.domain.freshness import content_changed
from neighbourhoods.models import Municipality
from notifications.outbox import publish
from volunteering.errors import Refused, TransitionError

LETTERS_AT_ONCE = 1000
# Letters say who got what; that is needed while something may still bounce, and not longer.
LETTERS_KEPT = timedelta(days=30)


def since_last(municipality, now):
    """From when on published things are new: since the issue before, or for as long as one covers."""
    last = NewsletterIssue.objects.public().aggregate(moment=Max("sending_at"))["moment"]
    days = gathering.DAYS.get(gathering.rhythm_of(municipality), gathering.DAYS[Rhythm.MONTHLY])
    return last or now - timedelta(days=days)


@transaction.atomic
def write(municipality, *, actor, words, chosen, since):
    """A new draft. `words`: titles and leads by the names of their fields; `chosen`: candidates, in their order."""
    now = timezone.now()
    issue = NewsletterIssue.objects.create(
        municipality=municipality, author=actor, since=since, created_at=now, touched_at=now, **words
    )
    _put(issue, chosen)
    publish("cms.newsletter_write", issue, actor=actor)
    return issue


@transaction.atomic
def edit(issue, *, actor, words, chosen, version):
    """Other words or other things. Raises Refused where somebody else has changed it meanwhile."""
    locked = _move(issue, "edit", version=version, **words)
    locked.items.all().delete()
    _put(locked, chosen)
    publish("cms.newsletter_edit", locked, actor=actor)
    return locked


@transaction.atomic
def try_out(issue, *, actor):
    """Sends it to the one who asks, as the others will get it, marked as a trial."""
    if issue.state != IssueState.DRAFT:
        raise TransitionError(why_not(issue.state))
    publish("cms.newsletter_trial", issue, actor=actor)
    send_trial.enqueue(issue.pk, actor.pk)


@transaction.atomic
def send(issue, *, actor, version):
    """Gives it a number, puts it into the archive and writes the list of letters; the worker sends them. Raises Refused
    for an issue that says nothing, or that somebody has changed since it was read."""
    # Two issues must not take the same number.
    municipality = Municipality.objects.select_for_update(of=("self",)).get(pk=issue.municipality_id)
    now = timezone.now()
    locked = _move(issue, "send", version=version, sending_at=now, sent_by=actor, number=_next_number(municipality))
    chosen = gathering.refreshed(list(locked.items.all()))
    if not chosen and not locked.lead_pl:
        raise Refused(_("There is nothing in this issue any more: what you chose is no longer published."))
    locked.items.all().delete()
    _put(locked, chosen)
    locked.total = _write_letters(locked)
    locked.save(update_fields=["total"])
    publish("cms.newsletter_send", locked, actor=actor, people=locked.total)
    content_changed(municipality)
    send_issue.enqueue(locked.pk)
    return locked


@transaction.atomic
def stop(issue, *, actor):
    """Nobody else gets it: what is in hand ends before the next letter. It leaves the archive."""
    locked = _move(issue, "stop", ended_at=timezone.now())
    publish("cms.newsletter_stop", locked, actor=actor, sent=locked.sent)
    content_changed(locked.municipality)
    return locked


@transaction.atomic
def throw_away(issue, *, actor):
    """Deletes a draft."""
    locked = _lock(issue)
    if locked.state != IssueState.DRAFT:
        raise TransitionError(why_not(locked.state))
    publish("cms.newsletter_throw_away", locked, actor=actor)
    locked.delete()


def take_up_again(moment):
    """In the open scope: what a worker left behind since then goes on where it stood."""
    for issue in NewsletterIssue.objects.left_behind(moment):
        NewsletterIssue.objects.filter(pk=issue.pk).update(touched_at=timezone.now())
        send_issue.enqueue(issue.pk)


def forget_letters(moment):
    """In the open scope: who got which issue is forgotten; the numbers stay."""
    NewsletterLetter.objects.filter(issue__in=NewsletterIssue.objects.ended_before(moment)).delete()


def _put(issue, chosen):
    NewsletterItem.objects.bulk_create(candidate.as_item(issue, place) for place, candidate in enumerate(chosen))


def _next_number(municipality):
    numbered = NewsletterIssue.objects.filter(municipality=municipality)
    return (numbered.aggregate(last=Max("number"))["last"] or 0) + 1


def _write_letters(issue):
    """One for each subscriber of this moment. Returns how many."""
    keys = list(Subscriber.objects.confirmed().order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    NewsletterLetter.objects.bulk_create(
        [NewsletterLetter(issue=issue, subscriber_id=key, state=LetterState.WAITING, not_before=now) for key in keys],
        batch_size=LETTERS_AT_ONCE,
    )
    return len(keys)


def _lock(issue):
    found = NewsletterIssue.objects.select_related("municipality").select_for_update(of=("self",))
    locked = found.filter(pk=issue.pk).first()
    if locked is None:
        raise Refused(_("This issue is gone."))
    return locked


def _move(issue, verb, *, version=None, **changes):
    """The issue, locked and in its next state. Raises Refused where `version` is no longer the one."""
    locked = _lock(issue)
    sources, target = ISSUE[verb]
    if locked.state not in sources:
        raise TransitionError(why_not(locked.state))
    if version is not None and locked.version != version:
        raise Refused(_("Somebody has changed this issue meanwhile. Read it again, please."))
    changes |= {"state": target, "version": locked.version + 1, "touched_at": timezone.now()}
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=list(changes))
    return locked


def why_not(state):
    return {
        IssueState.DRAFT: _("This issue is a draft."),
        IssueState.SENDING: _("This issue is just being sent."),
        IssueState.SENT: _("This issue has been sent."),
        IssueState.STOPPED: _("This issue was stopped."),
    }[state]
