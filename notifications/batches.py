"""The messages that a worker has in hand: what in them is still needed is found out for all in a few queries."""

import logging

from django_scopes import scope

from notifications import habits, leases, routes
from notifications.models import Channel, DeadMailbox, DeliveryState, Preference
from notifications.registry import NOTICES
from notifications.words import Wording

log = logging.getLogger(__name__)


def one_each(parcels):
    """The events, one object for each, shared by all rows that tell of it: what a notice keeps on it is there for every
    reader."""
    events = {}
    for parcel in parcels:
        for row in parcel.rows:
            row.notification.event = events.setdefault(row.notification.event_id, row.notification.event)
    return list(events.values())


class Batch:
    """Parcels of one channel, with the words and wishes that they need."""

    def __init__(self, parcels, channel):
        self.parcels = parcels
        self.channel = channel
        events = one_each(parcels)
        users = {parcel.user.pk: parcel.user for parcel in parcels}
        self.wording = Wording(events, users.values())
        self.dead = DeadMailbox.objects.among(users)
        self.wishes = Preference.objects.wishes_of_kinds(users, {event.kind for event in events}, channel)

    def to_send(self):
        """The parcels that are to go, without what is not needed any more, and without those of people who have had
        enough for today."""
        for parcel in self.parcels:
            self._drop_needless(parcel)
        filled = [parcel for parcel in self.parcels if parcel.rows]
        own = habits.of_all({parcel.user.pk for parcel in filled})
        late = set(leases.too_late_today(filled, self.channel, own))
        in_time = [parcel for parcel in filled if parcel not in late]
        over = set(leases.over_the_cap(in_time, self.channel, own))
        return [parcel for parcel in in_time if parcel not in over]

    def _drop_needless(self, parcel):
        needed = []
        for row in parcel.rows:
            reason = self.reason_to_skip(row)
            if reason:
                leases.settle([row], DeliveryState.SKIPPED, error=reason)
            else:
                needed.append(row)
        parcel.rows = needed

    def reason_to_skip(self, row):
        """Why this row is not needed any more; empty where it is."""
        notification, notice = row.notification, NOTICES.get(row.notification.event.kind)
        user, event = notification.user, notification.event
        if notification.read_at is not None:
            return "read"
        if notice is None:
            return "unknown kind"
        if reason := routes.why_not_reachable(self.channel, user, self.dead):
            return reason
        # A text message instead of mail goes by what was said of mail, when the row was made.
        is_instead = self.channel == Channel.SMS and not row.urgent
        if not is_instead and not routes.is_wanted(self.channel, notice, self.wishes.get((user.pk, event.kind))):
            return routes.NOT_WANTED
        return "obsolete" if event.subject is None else self._why_over(notice, event, user)

    @staticmethod
    def _why_over(notice, event, user):
        try:
            with scope(municipality=event.municipality_id):
                if notice.is_obsolete(event):
                    return "obsolete"
                return "settled" if notice.is_settled_for(event, user) else ""
        except Exception:
            # General words are better than silence, and one piece must not hold up the others.
            log.exception("Event %s (%s) could not be asked whether it is over", event.pk, event.kind)
            return ""
