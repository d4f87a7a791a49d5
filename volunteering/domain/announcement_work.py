"""Sending an announcement: portion by portion from the list, for the worker.

A portion is one transaction: the announcement is locked, so that two workers take turns; the people are marked, so that
nobody is told again; and one event goes to the outbox, which tells each of them once. Whoever is killed in between has
done a portion or has not. Whoever stops an announcement waits for the portion in hand, and the next does not begin.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications.outbox import publish
from volunteering.domain import audiences
from volunteering.models import Announcement, AnnouncementCount, AnnouncementRecipient, RecipientOutcome
from volunteering.states import ANNOUNCEMENT, AnnouncementState

# Of a visit or a meeting people must hear, for they have promised to be there: their announcements count, and are not
# held back.
NEVER_CAPPED = frozenset({"visit", "meeting"})
COUNTS_KEPT = timedelta(days=7)


def send_out(pk):
    """Tells everybody on the list. May be begun again at any time, and by two at once."""
    while tell_next(pk):
        pass


@transaction.atomic
def tell_next(pk):
    """Tells the next portion. Returns whether there may be another one."""
    announcement = lock(pk)
    if announcement is None or announcement.state != AnnouncementState.SENDING:
        return False
    waiting = AnnouncementRecipient.objects.of(announcement).waiting()
    portion = waiting.next_keys(settings.DELIVER_AT_ONCE)
    if not portion:
        _complete(announcement)
        return False
    _tell(announcement, portion)
    return True


def lock(pk):
    """The announcement, locked; None where it is gone."""
    found = Announcement.objects.with_subjects().select_for_update(of=("self",))
    return found.filter(pk=pk).first()


def _tell(announcement, portion):
    concerned = set(audiences.people(announcement).filter(pk__in=portion).values_list("pk", flat=True))
    told = claim(announcement, concerned)
    rows = AnnouncementRecipient.objects.of(announcement).waiting()
    number = announcement.chunks + 1
    rows.filter(user__in=told).update(outcome=RecipientOutcome.TOLD, chunk=number)
    rows.filter(user__in=concerned - told).update(outcome=RecipientOutcome.CAPPED)
    rows.filter(user__in=set(portion) - concerned).update(outcome=RecipientOutcome.GONE)
    announcement.chunks = number
    announcement.told += len(told)
    announcement.left_out += len(portion) - len(told)
    announcement.touched_at = timezone.now()
    announcement.save(update_fields=["chunks", "told", "left_out", "touched_at"])
    if told:
        publish("volunteering.announcement_tell", announcement, chunk=number)


def _complete(announcement):
    announcement.state = ANNOUNCEMENT["complete"].target
    announcement.ended_at = announcement.touched_at = timezone.now()
    announcement.save(update_fields=["state", "ended_at", "touched_at"])
    waiting = sorted({announcement.author_id, announcement.sent_by_id} - {None})
    publish("volunteering.announcement_complete", announcement, to=waiting)


# The cap of a day ----------------------------------------------------------------------------------------------------


def claim(announcement, people):
    """Counts one announcement of today for each of these people (keys) who has one left, and says for whom. The rows
    are locked by ascending key, after everything else."""
    municipality, today = announcement.municipality, timezone.localdate()
    cap = None if announcement.audience in NEVER_CAPPED else municipality.announcements_per_day
    AnnouncementCount.objects.bulk_create(
        [AnnouncementCount(municipality=municipality, user_id=pk, day=today) for pk in sorted(people)],
        ignore_conflicts=True,
    )
    counts = AnnouncementCount.objects.filter(municipality=municipality, day=today, user__in=people)
    rows = list(counts.order_by("user_id").select_for_update(of=("self",)))
    claimed = {row.user_id: row.pk for row in rows if cap is None or row.number < cap}
    AnnouncementCount.objects.filter(pk__in=claimed.values()).update(number=F("number") + 1)
    return set(claimed)


def capped_now(announcement):
    """How many of the people concerned have had all their announcements of today."""
    if announcement.audience in NEVER_CAPPED:
        return 0
    municipality = announcement.municipality
    full = AnnouncementCount.objects.filter(
        municipality=municipality, day=timezone.localdate(), number__gte=municipality.announcements_per_day
    )
    return audiences.people(announcement).filter(pk__in=full.values("user")).count()


def forget_old_counts():
    AnnouncementCount.objects.filter(day__lt=timezone.localdate() - COUNTS_KEPT).delete()
