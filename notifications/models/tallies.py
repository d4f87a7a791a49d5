"""Reads for whoever keeps the telling running: how long the queues are, and why things failed. Mixed into QuerySets."""

from datetime import UTC

from django.db.models import Case, Count, F, Max, Min, Q, Value, When
from django.db.models.functions import StrIndex, Substr, TruncHour
from django.utils import timezone

# What stands before the colon is the class of an error; what stands behind it may name an address, and is shown to
# nobody.
CLASS_OF_ERROR = Case(
    When(error__contains=":", then=Substr("error", 1, StrIndex("error", Value(":")) - 1)), default=Value("")
)
EXTENT = {"number": Count("pk")}


class EventTallies:
    def backlog(self):
        """How many wait to be told of, and since when the first of them: `number`, `since`."""
        return self.undelivered().aggregate(number=Count("pk"), since=Min("created_at"))

    def stuck_by_reason(self):
        """Rows `reason`, `number`, `since`, `until` of what could not be told so far."""
        stuck = self.stuck().annotate(reason=CLASS_OF_ERROR).order_by().values("reason")
        return stuck.annotate(**EXTENT, since=Min("created_at"), until=Max("created_at"))

    def stuck_for(self, reason):
        """What rests until its next attempt, after an error of this class."""
        return self.stuck().filter(not_before__gt=timezone.now()).annotate(reason=CLASS_OF_ERROR).filter(reason=reason)


# Hours are those of UTC: the local clock has one of them twice a year.
class NotificationTallies:
    def told_by_hour(self, since, *, soon):
        """Rows `municipality`, `hour`, `told`, `in_time` of what came into inboxes; in time is within `soon`."""
        told = self.filter(event__delivered_at__gte=since).annotate(
            municipality=F("event__municipality_id"), hour=TruncHour("event__delivered_at", tzinfo=UTC)
        )
        in_time = Q(event__delivered_at__lte=F("event__created_at") + soon)
        rows = told.order_by().values("municipality", "hour")
        return rows.annotate(told=Count("pk"), in_time=Count("pk", filter=in_time))


class DeliveryTallies:
    def by_channel(self):
        """Rows `channel`, `waiting`, `due`, `since` of what has not left. Due is what could have left by now; `since`:
        the moment from which the first of that could."""
        is_due = Q(not_before__lte=timezone.now()) | Q(attempts__gt=0)
        # Every failed attempt moves `not_before`; then only the event says how long it has been.
        due_since = Case(
            When(Q(attempts=0) | ~Q(held_for=""), then="not_before"), default="notification__event__created_at"
        )
        rows = self.filter(state="waiting").order_by().values("channel")
        return rows.annotate(waiting=Count("pk"), due=Count("pk", filter=is_due), since=Min(due_since, filter=is_due))

    def failed_since(self, moment):
        """What was given up, by the moment of the last attempt; with the class of the error as `reason`."""
        return self.filter(state="failed", not_before__gte=moment).annotate(reason=CLASS_OF_ERROR)

    def spent(self, retries):
        """Given up because all retries were used up. The others were refused for good."""
        return self.filter(attempts__gt=retries)

    def failed_by_reason(self, moment, *, retries):
        """Rows `channel`, `reason`, `is_spent`, `number`, `since`, `until`."""
        is_spent = Case(When(attempts__gt=retries, then=Value(value=True)), default=Value(value=False))
        rows = self.failed_since(moment).annotate(is_spent=is_spent).order_by().values("channel", "reason", "is_spent")
        return rows.annotate(**EXTENT, since=Min("not_before"), until=Max("not_before"))

    def sent_by_hour(self, since, *, soon):
        """Rows `municipality`, `channel`, `hour`, `told`, `in_time` of what has left."""
        sent = self.filter(state="sent", sent_at__gte=since, held_for="").annotate(
            municipality=F("notification__event__municipality_id"), hour=TruncHour("sent_at", tzinfo=UTC)
        )
        in_time = Q(sent_at__lte=F("notification__event__created_at") + soon)
        rows = sent.order_by().values("municipality", "channel", "hour")
        return rows.annotate(told=Count("pk"), in_time=Count("pk", filter=in_time))
