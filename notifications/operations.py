"""How the telling runs: queues, what waits longest, what failed and why, how much came in time. Figures and classes of
errors only, nothing about people. `municipality` narrows everything to one; None is the whole installation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from django_tasks_db.models import TaskResultStatus as Status

from notifications import reasons
from notifications.leases import RETRIES
from notifications.models import PAGE, Channel, Delivery, DeliveryState, Duty, Event, Hour
from notifications.outbox import publish
from notifications.registry import discreet_kinds
from notifications.worker import HEARTBEAT

DAYS = 14
# So far back failures are shown and can be sent again: later nobody waits for the news any more.
REMEMBERED = timedelta(days=DAYS)
# A worker says every five seconds that it lives.
WORKER_SILENCE = timedelta(seconds=60)
# News that has waited for so long should have been told.
LONGEST_WAIT = timedelta(seconds=60)

NAMES = {PAGE: _("in the inbox"), **dict(Channel.choices)}


@dataclass(frozen=True)
class Backlog:
    """What nobody was told of yet. `since`: when the first of it happened."""

    number: int
    since: datetime | None

    @property
    def is_late(self):
        return self.since is not None and timezone.now() - self.since > LONGEST_WAIT


@dataclass(frozen=True)
class Queue:
    """What has not left through a channel. `due` of it could have, the first since `since`."""

    channel: str
    waiting: int = 0
    due: int = 0
    since: datetime | None = None

    @property
    def name(self):
        return NAMES.get(self.channel, self.channel)

    @property
    def later(self):
        return self.waiting - self.due


@dataclass(frozen=True)
class Failure:
    """What failed on a channel for one reason. What was refused for good is never sent again."""

    channel: str
    reason: str
    number: int
    since: datetime
    until: datetime
    can_be_sent_again: bool

    @property
    def name(self):
        return NAMES.get(self.channel, self.channel)

    @property
    def words(self):
        return reasons.in_words(self.reason)

    @property
    def is_of_the_page(self):
        """It is tried again by itself, at least once an hour."""
        return self.channel == PAGE


@dataclass
class Share:
    """How much was told, and how much of it within ten seconds."""

    told: int = 0
    in_time: int = 0

    @property
    def percent(self):
        """With one decimal, rounded down: 100 means all. None where nothing was told."""
        return 1000 * self.in_time // self.told / 10 if self.told else None


@dataclass(frozen=True)
class Day:
    """`page`: what came into inboxes; `outside`: what left through all channels together."""

    date: date
    page: Share
    outside: Share


@dataclass(frozen=True)
class Tasks:
    """The queue of tasks of the whole installation. `failed`: within a month."""

    ready: int
    running: int
    failed: int
    since: datetime | None


@dataclass(frozen=True)
class Crew:
    """The worker: when it was last seen, and which of its duties fail."""

    seen_at: datetime | None
    failing: list

    @property
    def is_silent(self):
        return self.seen_at is None or timezone.now() - self.seen_at > WORKER_SILENCE


# --- Looking ----------------------------------------------------------------------------------------------------------


def backlog(municipality=None):
    return Backlog(**_of(Event.objects.all(), municipality).backlog())


def queues(municipality=None):
    """One for each channel, empty ones too."""
    rows = {row["channel"]: Queue(**row) for row in _of(Delivery.objects.all(), municipality).by_channel()}
    return [rows.get(channel) or Queue(channel) for channel in Channel.values]


def failures(municipality=None):
    """By channel and reason, the most frequent first."""
    stuck = _of(Event.objects.all(), municipality).stuck_by_reason()
    given_up = _of(Delivery.objects.all(), municipality).failed_by_reason(_oldest(), retries=RETRIES)
    shown = [_failure(row, PAGE, again=True) for row in stuck]
    shown += [_failure(row, row["channel"], again=row["is_spent"]) for row in given_up]
    return sorted(shown, key=lambda failure: (-failure.number, failure.channel, failure.reason))


def _failure(row, channel, *, again):
    reason = reasons.code_of(row["reason"])
    again = again and reason == row["reason"]
    return Failure(channel, reason, row["number"], row["since"], row["until"], can_be_sent_again=again)


def days(municipality=None, number=DAYS):
    """The last days, today first, also those on which nothing was told."""
    today = timezone.localdate()
    found = {today - timedelta(days=ago): Day(today - timedelta(days=ago), Share(), Share()) for ago in range(number)}
    for row in Hour.objects.of(municipality).by_day(today - timedelta(days=number - 1)):
        if row["day"] in found:
            share = found[row["day"]].page if row["channel"] == PAGE else found[row["day"]].outside
            share.told += row["all_told"]
            share.in_time += row["all_in_time"]
    return list(found.values())


def today_by_channel():
    """Channel → what was told today, in the whole installation."""
    rows = Hour.objects.of(None).by_day(timezone.localdate())
    found = {row["channel"]: Share(row["all_told"], row["all_in_time"]) for row in rows}
    return {channel: found.get(channel, Share()) for channel in NAMES}


def crew():
    rows = dict(Duty.objects.telling(HEARTBEAT).values_list("name", "ran_at"))
    seen_at = rows.pop(HEARTBEAT, None)
    return Crew(seen_at, sorted(rows))


def tasks():
    ready = DBTaskResult.objects.ready().order_by().aggregate(number=Count("pk"), since=Min("enqueued_at"))
    others = DBTaskResult.objects.running() | DBTaskResult.objects.failed()
    by_status = dict(others.order_by().values_list("status").annotate(number=Count("pk")))
    return Tasks(
        ready["number"], by_status.get(Status.RUNNING, 0), by_status.get(Status.FAILED, 0), since=ready["since"]
    )


def _of(rows, municipality):
    """Of one centre without what is discreet: where few are told, a number tells who."""
    if municipality is None:
        return rows
    kind = "kind__in" if rows.model is Event else "notification__event__kind__in"
    return rows.of(municipality).exclude(**{kind: discreet_kinds()})


def _oldest():
    return timezone.now() - REMEMBERED


# --- Doing something about it -----------------------------------------------------------------------------------------


@transaction.atomic
def send_again(municipality=None, *, channel, reason, actor):
    """What failed on this channel for this reason, although it might have gone, goes back into the queue: refused for
    good stays refused. Returns how many; pressed twice, the second time finds none.

    Nobody gets anything twice that the first attempts did deliver: letters and messages keep their names, and what was
    read or is over meanwhile is left out when its turn comes.
    """
    number = (_tell_again if channel == PAGE else _deliver_again)(municipality, channel, reason)
    if number:
        details = {"channel": channel, "reason": reasons.code_of(reason), "number": number}
        publish("notifications.send_again", municipality or actor, actor=actor, municipality=municipality, **details)
    return number


def _tell_again(municipality, _channel, reason):
    waiting = _of(Event.objects.all(), municipality).stuck_for(reason)
    return Event.objects.undelivered().filter(pk__in=waiting.values("pk")).update(not_before=timezone.now())


def _deliver_again(municipality, channel, reason):
    spent = _of(Delivery.objects.all(), municipality).failed_since(_oldest()).spent(RETRIES)
    wanted = spent.filter(channel=channel, reason=reason).values("pk")
    return Delivery.objects.filter(pk__in=wanted, state=DeliveryState.FAILED).update(
        state=DeliveryState.WAITING,
        not_before=timezone.now(),
        leased_until=None,
        # Not 0: what was tried before leaves as it was, never in one message with others.
        attempts=1,
    )
