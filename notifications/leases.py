"""Taking what is due from the delivery table, as messages of one or several rows, and writing down what became of it.

A worker that dies between sending and acknowledging sends that message once more, the same one: what leaves together is
fixed with the first attempt.
"""

import logging
from collections import defaultdict
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, Count, F, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from notifications import clock, habits
from notifications.models import Channel, Delivery, DeliveryState, Event, HeldFor

log = logging.getLogger(__name__)

AT_ONCE = 20
# The most rows that one message gathers; what is over goes in the next one.
BUNDLE_LIMIT = 50
LEASE = timedelta(minutes=10)
# 5, 10, 20 … seconds, then about every five minutes: 48 retries take close to four hours.
RETRIES = 48
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=320)


class Parcel:
    """What leaves as one message: the rows of one person on one channel, oldest first."""

    def __init__(self, rows):
        self.rows = rows
        # Names the message, also where the lead itself is no longer needed.
        self.lead = rows[0]
        self.user = self.lead.notification.user

    @property
    def events(self):
        return [row.notification.event for row in self.rows]

    @property
    def attempts(self):
        return max(row.attempts for row in self.rows)

    @property
    def is_urgent(self):
        return any(row.urgent for row in self.rows)

    def __str__(self):
        return str(self.lead.pk)


def due(channel):
    return Delivery.objects.due().filter(channel=channel)


@transaction.atomic
def claim(channel, at_once=AT_ONCE):
    """Takes due rows for a while: other workers leave them alone. An attempt counts even if this worker dies."""
    free = due(channel).select_for_update(skip_locked=True, of=("self",))
    columns = ("pk", "notification__user_id", "bundle", "attempts")
    first = list(free.order_by("not_before", "pk").values_list(*columns)[:at_once])
    if not first:
        return []
    people = {user_id for _pk, user_id, _bundle, _attempts in first}
    more = free.filter(notification__user__in=people).order_by("pk")
    rows = {row[0]: row for row in more.values_list(*columns)}
    rows.update({row[0]: row for row in first})
    groups = grouped(sorted(rows.values()))
    ids = [pk for group in groups for pk in group]
    together = [
        When(pk__in=group, then=Value(group[0], output_field=BigIntegerField())) for group in groups if len(group) > 1
    ]
    bundle = {"bundle": Case(*together, default=F("bundle"))} if together else {}
    Delivery.objects.filter(pk__in=ids).update(
        leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1, **bundle
    )
    found = load(ids)
    return [Parcel([found[pk] for pk in group]) for group in groups]


def load(ids):
    """Id → row with notification, reader and event. Each reader and each event is there once, however many rows are
    theirs: what is found out of one of them need not be found out again."""
    rows = Delivery.objects.select_related("notification__user").in_bulk(ids)
    told = [row.notification for row in rows.values()]
    events = Event.objects.in_bulk({notification.event_id for notification in told})
    people = {notification.user_id: notification.user for notification in told}
    for notification in told:
        notification.user, notification.event = people[notification.user_id], events[notification.event_id]
    return rows


def grouped(rows):
    """Lists of keys that leave together: as they were bundled; what was never tried, by person; the rest alone."""
    groups = defaultdict(list)
    for pk, user_id, bundle, attempts in rows:
        groups[("bundle", bundle) if bundle else ("alone", pk) if attempts else ("person", user_id)].append(pk)
    return [pks[:BUNDLE_LIMIT] for pks in groups.values()]


def over_the_cap(parcels, channel, own):
    """Those whose readers have had as many messages today as they want, and which can wait until tomorrow."""
    people = {parcel.user.pk for parcel in parcels if not parcel.is_urgent}
    if not people:
        return []
    sent = sent_today(people, channel)
    over = []
    for parcel in parcels:
        cap = (own.get(parcel.user.pk) or habits.DEFAULTS).daily_cap
        if cap and sent.get(parcel.user.pk, 0) >= cap and not parcel.is_urgent:
            over.append(parcel)
        else:
            sent[parcel.user.pk] = sent.get(parcel.user.pk, 0) + 1
    for parcel in over:
        morning = clock.next_morning(timezone.now(), own.get(parcel.user.pk) or habits.DEFAULTS)
        settle(parcel.rows, DeliveryState.WAITING, not_before=morning, held_for=HeldFor.CAP, attempts=0, bundle=None)
    return over


def too_late_today(parcels, channel, own):
    """Those that a pause of the worker, or retries, have brought into the quiet hours of their readers. They come in
    the morning, together."""
    now = timezone.now()
    late = []
    for parcel in parcels:
        wishes = own.get(parcel.user.pk) or habits.DEFAULTS
        is_quiet = channel != Channel.MAIL or wishes.quiet_mail
        morning = clock.quiet_end(now, wishes) if is_quiet and not parcel.is_urgent else None
        if morning:
            settle(parcel.rows, DeliveryState.WAITING, not_before=morning, held_for=HeldFor.QUIET)
            late.append(parcel)
    return late


def sent_today(people, channel):
    """Id of the user → messages that went since midnight; several rows that left together count as one."""
    rows = Delivery.objects.filter(
        notification__user__in=people,
        channel=channel,
        state=DeliveryState.SENT,
        sent_at__gte=clock.midnight(timezone.now()),
    )
    rows = rows.order_by().values_list("notification__user")
    return dict(rows.annotate(number=Count(Coalesce("bundle", "pk"), distinct=True)))


def retry(parcel, error, *, least=timedelta(0)):
    """Puts off; for `least` at any rate. After four hours it is given up."""
    if parcel.attempts > RETRIES:
        give_up(parcel, error)
        return
    pause = min(FIRST_PAUSE * 2 ** min(parcel.attempts - 1, 10), LONGEST_PAUSE)
    pause = max(pause, least)
    settle(parcel.rows, DeliveryState.WAITING, not_before=timezone.now() + pause, error=in_words(error))


def give_up(parcel, error):
    log.error("%s %s was given up after %d attempts", parcel.lead.channel, parcel, parcel.attempts)
    settle(parcel.rows, DeliveryState.FAILED, error=in_words(error))


def settle(rows, state, **changes):
    """Writes the outcome and gives the lease back, unless another worker has settled the rows meanwhile."""
    waiting = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=DeliveryState.WAITING)
    waiting.update(state=state, leased_until=None, **changes)


SENT = """
    update notifications_delivery set state = 'sent', leased_until = null, sent_at = %s, error = ''
    where state = 'waiting' and id in """


def settle_sent(rows):
    """The same for what has left. One statement without the ORM: it runs once for each message, for what was sent and
    not written down would be sent again, and the ORM would take longer to word it than the database to run it."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(f"{SENT}({', '.join(['%s'] * len(rows))})", [moment, *(row.pk for row in rows)])


def give_back(parcels):
    """Puts back what was claimed and not tried."""
    ids = [row.pk for parcel in parcels for row in parcel.rows]
    if ids:
        waiting = Delivery.objects.filter(pk__in=ids, state=DeliveryState.WAITING)
        waiting.update(leased_until=None, attempts=F("attempts") - 1)


def write(row, **changes):
    """Writes something down on a row in hand."""
    Delivery.objects.filter(pk=row.pk).update(**changes)
    for name, value in changes.items():
        setattr(row, name, value)


def in_words(error):
    return f"{type(error).__name__}: {error}"[:500]
