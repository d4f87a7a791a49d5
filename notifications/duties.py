"""What the worker does for notifications: old ones go, lost tasks come back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from django_tasks_db.models import TaskResultStatus as Status

from notifications import counting, numbering
from notifications.models import Event, Inbox, Notification
from notifications.registry import duty

READ_KEPT = timedelta(days=180)
EVENTS_KEPT = timedelta(days=2 * 365)
TASKS_KEPT = timedelta(days=30)
LONGEST_TASK = timedelta(hours=1)
TASK_ATTEMPTS = 3
INBOXES_AT_ONCE = 500
EVENTS_AT_ONCE = 1000


@duty(every=timedelta(hours=24))
def forget_old_news():
    """Removes notifications read and older than 180 days, and events (with theirs) older than two years.

    An inbox loses its oldest notifications up to the first that must stay: no number in between ever goes missing, so
    a page that asks further back can be told simply that older news was removed.
    """
    after = 0
    while ids := list(Inbox.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:INBOXES_AT_ONCE]):
        forget_oldest(ids)
        after = ids[-1]
    forget_old_events()


@transaction.atomic
def forget_oldest(user_ids):
    """Moves the first number kept of these inboxes up, and removes what lies below it."""
    numbering.keep_deliverers_out()
    now = timezone.now()
    must_stay = Notification.objects.filter(event__created_at__gt=now - EVENTS_KEPT).filter(
        Q(read_at=None) | Q(event__created_at__gt=now - READ_KEPT)
    )
    first = must_stay.filter(user=OuterRef("pk")).order_by("seq").values("seq")[:1]
    inboxes = Inbox.objects.filter(pk__in=user_ids)
    inboxes.update(first_kept_seq=Coalesce(Subquery(first), F("last_seq") + 1))
    below = inboxes.filter(pk=OuterRef("user_id"), first_kept_seq__gt=OuterRef("seq"))
    Notification.objects.filter(Exists(below), user_id__in=user_ids).delete()


def forget_old_events():
    """In steps: a step is one short transaction. What somebody still has in their inbox stays."""
    old = Event.objects.filter(created_at__lte=timezone.now() - EVENTS_KEPT).exclude(delivered_at=None)
    old = old.filter(~Exists(Notification.objects.filter(event=OuterRef("pk"))))
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:EVENTS_AT_ONCE]):
        Event.objects.filter(pk__in=ids).delete()


@duty(every=timedelta(minutes=10))
def bring_back_lost_tasks():
    """Queues tasks again whose worker died with them, three times at most; then they count as failed."""
    lost = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LONGEST_TASK)
    for task in lost:
        if len(task.worker_ids) < TASK_ATTEMPTS:
            DBTaskResult.objects.filter(pk=task.pk, status=Status.RUNNING).update(status=Status.READY)
        else:
            task.set_failed(TimeoutError("the worker died with this task again and again"))


@duty(every=timedelta(hours=24))
def forget_old_tasks():
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - TASKS_KEPT).delete()


@duty(every=timedelta(minutes=5))
def count_what_was_told():
    counting.count()


@duty(every=timedelta(hours=24))
def forget_old_counts():
    counting.forget_old()
