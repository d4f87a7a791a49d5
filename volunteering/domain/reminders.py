"""A word before a visit, at the time that each person chose: once for each time of the visit, however often the job
runs. A visit that moves is reminded of again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications import habits
from notifications.outbox import publish
from volunteering.models import Commitment, Reminder
from volunteering.states import CommitmentState

# Whoever wants to be reminded earlier is reminded this early.
EARLIEST = timedelta(hours=72)
# A promise of the last minutes needs no reminder: its people have just been told.
FRESH = timedelta(minutes=30)
AT_ONCE = 200


def coming(now):
    """Agreed visits that somebody may have to be reminded of, of the municipality in scope."""
    found = Commitment.objects.filter(
        state=CommitmentState.ACCEPTED, starts_at__gt=now, starts_at__lte=now + EARLIEST, taken_at__lte=now - FRESH
    )
    return found.select_related("visit__help_request__municipality").order_by("starts_at", "pk")


def remind_due(now=None):
    """Reminds everybody whose time has come, of the municipality in scope. Returns how many."""
    now = now or timezone.now()
    count, after = 0, 0
    found = list(coming(now))
    while batch := found[after : after + AT_ONCE]:
        after += AT_ONCE
        count += sum(remind(commitment, people=people) for commitment, people in due(batch, now))
    return count


def due(commitments, now):
    """Pairs of commitment and the people who are to be reminded of it now and were not yet. Two queries."""
    people = {commitment.pk: people_of(commitment) for commitment in commitments}
    leads = habits.reminder_leads({user_id for both in people.values() for user_id in both})
    rows = Reminder.objects.filter(commitment__in=commitments)
    done = set(rows.values_list("commitment", "user", "starts_at"))
    for commitment in commitments:
        wanted = [
            user_id
            for user_id in people[commitment.pk]
            if leads[user_id]
            and commitment.starts_at - leads[user_id] <= now
            and (commitment.pk, user_id, commitment.starts_at) not in done
        ]
        if wanted:
            yield commitment, wanted


def people_of(commitment):
    """The two sides, as far as they have accounts."""
    return {commitment.volunteer_id, commitment.visit.help_request.requester_id} - {None}


@transaction.atomic
def remind(commitment, *, people):
    """Tells these people of the visit before them. Returns whether anybody was: what another worker has done
    meanwhile, or a visit that moved or ended just now, is left alone."""
    locked = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if locked.state != CommitmentState.ACCEPTED or locked.starts_at != commitment.starts_at:
        return False
    known = set(Reminder.objects.filter(commitment=locked, starts_at=locked.starts_at).values_list("user", flat=True))
    fresh = [user_id for user_id in sorted(people) if user_id not in known]
    if not fresh:
        return False
    Reminder.objects.bulk_create(
        [Reminder(commitment=locked, user_id=user_id, starts_at=locked.starts_at) for user_id in fresh]
    )
    help_request = commitment.visit.help_request
    publish(
        "volunteering.commitment_remind",
        help_request,
        municipality=help_request.municipality,
        commitment=locked.pk,
        helper=locked.volunteer_id,
        people=fresh,
        starts_at=locked.starts_at.isoformat(),
    )
    return True
