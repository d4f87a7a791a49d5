"""Through which channels an event goes to each of its readers, and when: a plan of rows, made in a few queries for all
readers together. What is left out although somebody could expect it is planned too, with the reason: the ledger answers
“why was I not told?”."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django_scopes import scope

from notifications import clock, habits, pushes, sms
from notifications.many import among
from notifications.models import Channel, DeadMailbox, Delivery, DeliveryState, HeldFor, Preference
from notifications.registry import NOTICES

NOT_WANTED = "not wanted"
NO_MAILBOX = "no mailbox"
DEAD_MAILBOX = "dead mailbox"
NO_PHONE = "no phone"


@dataclass(frozen=True)
class Route:
    """What many rows of one event have in common."""

    channel: str
    state: str
    not_before: datetime
    held_for: str = ""
    urgent: bool = False
    error: str = ""


@dataclass
class Plan:
    """`rows`: route → ids of the readers who get such a row. `to_ring`: ids of those whom staff have to ring; None
    stands for whom the event's subject is about."""

    rows: dict
    to_ring: list


def plan(event, readers, people):
    """The rows for these readers; `people` are their ids, as `many.listed` yields them."""
    notice = NOTICES.get(event.kind)
    if notice is None:
        return Plan({}, [])
    with scope(municipality=event.municipality_id):
        is_known = event.subject is not None
        to_ring = [None] if is_known and notice.rings(event) else []
        is_urgent = is_known and bool(readers) and notice.is_urgent(event)
    rows = defaultdict(list)
    if readers:
        planner = Planner(event, notice, people, is_urgent=is_urgent)
        for group in planner.groups_of(readers):
            for route in planner.routes_of(group[0]):
                rows[route] += [reader.pk for reader in group]
        to_ring += planner.to_ring
    return Plan(rows, to_ring)


class Planner:
    """What is known about all readers of an event, fetched once for all of them."""

    def __init__(self, event, notice, ids, *, is_urgent):
        self.notice = notice
        self.is_urgent = is_urgent
        self.now = timezone.now()
        self.wishes = Preference.objects.wishes_of_all_channels(among(ids), event.kind)
        self.habits = habits.of_all(ids)
        # (id of the user, channel) → when the last message of these minutes went, or the next one goes. What goes to
        # very many at once is no burst for each of them.
        self.recent = Delivery.objects.recent(ids) if len(ids) <= settings.DELIVER_AT_ONCE else {}
        self.dead = DeadMailbox.objects.among(ids)
        self.with_devices = pushes.with_devices(ids)
        self.to_ring = []

    def groups_of(self, readers):
        """Readers who get the same rows. Most of ten thousand have chosen nothing: they are planned as one."""
        special = {user_id for user_id, _channel in [*self.wishes, *self.recent]}
        special |= {*self.habits, *self.dead, *self.with_devices}
        by_phone = self.is_urgent and sms.is_on()
        alike, others = [], []
        for reader in readers:
            is_plain = (
                reader.is_active and reader.email and reader.pk not in special and not (by_phone and reader.phone)
            )
            (alike if is_plain else others).append(reader)
        return [*([alike] if alike else []), *([reader] for reader in others)]

    def routes_of(self, reader):
        yield from self._by(Channel.MAIL, reader)
        if reader.pk in self.with_devices:
            yield from self._by(Channel.PUSH, reader)
        is_cut_off = reader.is_active and bool(why_not_reachable(Channel.MAIL, reader, self.dead))
        if is_cut_off and self._wants_mail(reader):
            yield from self._instead_of_mail(reader)
        elif self.is_urgent and sms.is_on() and reader.phone:
            yield from self._by(Channel.SMS, reader)

    def _wants_mail(self, reader):
        return is_wanted(Channel.MAIL, self.notice, self.wishes.get((reader.pk, Channel.MAIL)))

    def _instead_of_mail(self, reader):
        """For whom no mail reaches: a text message; without phone or gateway staff ring, unless a device was told."""
        if sms.is_on() and reader.phone:
            yield self._timed(Channel.SMS, reader)
        elif self.notice.call and reader.pk not in self.with_devices:
            self.to_ring.append(reader.pk)

    def _by(self, channel, reader):
        wish = self.wishes.get((reader.pk, channel))
        if not is_wanted(channel, self.notice, wish):
            # What does not go there by default is no surprise; what the reader stopped may be forgotten by now.
            if wish is not None:
                yield self._left_out(channel, NOT_WANTED)
        elif reason := why_not_reachable(channel, reader, self.dead):
            yield self._left_out(channel, reason)
        else:
            yield self._timed(channel, reader)

    def _left_out(self, channel, reason):
        return Route(channel, DeliveryState.SKIPPED, self.now, error=reason)

    def _timed(self, channel, reader):
        """A row that waits for its moment: none for what is urgent; otherwise the summary, the morning, or the end of a
        burst."""
        own = self.habits.get(reader.pk) or habits.DEFAULTS
        if self.is_urgent:
            return Route(channel, DeliveryState.WAITING, self.now, urgent=True)
        if channel == Channel.MAIL and own.rhythm and self.notice.can_wait:
            return Route(channel, DeliveryState.WAITING, clock.next_digest(self.now, own), HeldFor.DIGEST)
        if channel != Channel.MAIL or own.quiet_mail:
            morning = clock.quiet_end(self.now, own)
            if morning:
                return Route(channel, DeliveryState.WAITING, morning, HeldFor.QUIET)
        at_once = self.now + self.notice.mail_after if channel == Channel.MAIL else self.now
        later = clock.after_burst(self.now, self.recent.get((reader.pk, channel)), at_once)
        if later:
            return Route(channel, DeliveryState.WAITING, later, HeldFor.BURST)
        return Route(channel, DeliveryState.WAITING, at_once)


def is_wanted(channel, notice, wish):
    """Whether this kind goes through this channel: as the reader said, or by the notice's own default."""
    return by_default(channel, notice) if wish is None else wish


def by_default(channel, notice):
    if channel == Channel.SMS:
        return notice.sms
    return notice.mail if channel == Channel.MAIL or notice.push is None else notice.push


def why_not_reachable(channel, reader, dead):
    """Why nothing can reach this person through the channel; empty where it can. `dead`: ids of those whose address is
    refused."""
    if not reader.is_active or (channel == Channel.MAIL and not reader.email):
        return NO_MAILBOX
    if channel == Channel.MAIL and reader.pk in dead:
        return DEAD_MAILBOX
    return NO_PHONE if channel == Channel.SMS and not reader.phone else ""
