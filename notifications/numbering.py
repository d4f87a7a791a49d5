"""Gives one event its place in many inboxes at once, without gaps and without doubles, on either database.

The number of an inbox is raised under its row lock in the statement that also stores the notification (PostgreSQL), or
in one IMMEDIATE transaction (SQLite). So numbers become visible in order: who has read up to n has missed nothing
below. There must be no ON CONFLICT DO NOTHING after the raise: that would be a gap.
"""

import json

from django.db import connection
from django.utils import timezone

# Any number will do, as long as nobody else uses it. With one deliverer at a time the rows are written six times as
# fast as with waiting row by row; the ordered row locks below stay as the guarantee.
DELIVERERS_LOCK = 0x6F676E69776F
LOCK = "select pg_advisory_xact_lock(%s)"


def fill(event_id, people, planned):
    """Stores a notification of this event for each of these people (ids), and what goes to them outside the page:
    `planned` maps a route (`routes.Route`) to ids of people. Marks the event delivered.

    Returns id of the person → number. Empty where the event was delivered before. Runs in the caller's transaction,
    which must be short: other deliverers wait.
    """
    with connection.cursor() as cursor:
        database = DATABASES[connection.vendor](cursor, event_id)
        if not database.claim():
            return {}
        seqs = database.number(people) if people else {}
        if seqs:
            for route, readers in planned.items():
                database.store_deliveries(route, readers)
        database.finish()
    return seqs


def keep_deliverers_out():
    """Until the end of the transaction nobody numbers notifications (on SQLite nobody writes anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [DELIVERERS_LOCK])


class Database:
    """The statements of one delivery. Ids of people travel as one parameter, so their count has no limit."""

    CLAIM = "select 1 from notifications_event where id = %s and delivered_at is null"
    FINISH = "update notifications_event set delivered_at = %s, error = '' where id = %s"
    OPEN = """
        insert into notifications_inbox (user_id, last_seq, first_kept_seq)
        select id, 0, 1 from accounts_user where id {in_people} order by id
        on conflict (user_id) do nothing"""
    DELIVERIES = """
        insert into notifications_delivery
            (notification_id, channel, state, attempts, not_before, cost, urgent, held_for, error)
        select id, %(channel)s, %(state)s, 0, %(not_before)s, 0, %(urgent)s, %(held_for)s, %(error)s
        from notifications_notification
        where event_id = %(event)s and user_id {in_people} order by id
        on conflict (notification_id, channel) do nothing"""
    in_people = ""

    def __init__(self, cursor, event_id):
        self.cursor = cursor
        self.event_id = event_id
        self.now = connection.ops.adapt_datetimefield_value(timezone.now())

    def claim(self):
        """Whether the event waits for delivery; from now on no other deliverer touches it."""
        self.cursor.execute(self.CLAIM, [self.event_id])
        return self.cursor.fetchone() is not None

    def number(self, people):
        raise NotImplementedError

    def store_deliveries(self, route, people):
        """One statement for all who have this route in common."""
        moment = connection.ops.adapt_datetimefield_value(route.not_before)
        self._execute(
            self.DELIVERIES,
            people,
            channel=str(route.channel),
            state=str(route.state),
            not_before=moment,
            urgent=route.urgent,
            held_for=str(route.held_for),
            error=route.error,
        )

    def finish(self):
        self.cursor.execute(self.FINISH, [self.now, self.event_id])

    def _execute(self, sql, people, **more):
        values = {"people": self._list(people), "event": self.event_id, "now": self.now, **more}
        self.cursor.execute(sql.replace("{in_people}", self.in_people), values)

    @staticmethod
    def _list(people):
        return list(people)


class PostgreSQL(Database):
    # A second deliverer of the same event waits here, and then sees that it was delivered.
    CLAIM = f"{Database.CLAIM} for update"
    NUMBER = """
        with locked as (
            select user_id from notifications_inbox inbox
            where user_id {in_people} and not exists (
                select 1 from notifications_notification told
                where told.event_id = %(event)s and told.user_id = inbox.user_id)
            order by user_id for update
        ), raised as (
            update notifications_inbox inbox set last_seq = last_seq + 1 from locked
            where inbox.user_id = locked.user_id returning inbox.user_id, inbox.last_seq
        )
        insert into notifications_notification (user_id, seq, event_id)
        select user_id, last_seq, %(event)s from raised returning user_id, seq"""
    in_people = "= any(%(people)s::bigint[])"

    def claim(self):
        self.cursor.execute(LOCK, [DELIVERERS_LOCK])
        return super().claim()

    def number(self, people):
        self._execute(self.OPEN, people)
        self._execute(self.NUMBER, people)
        return dict(self.cursor.fetchall())


class SQLite(Database):
    # Both under BEGIN IMMEDIATE: nobody else writes between them.
    STORE = """
        insert into notifications_notification (user_id, seq, event_id)
        select user_id, last_seq + 1, %(event)s from notifications_inbox inbox
        where user_id {in_people} and not exists (
            select 1 from notifications_notification told
            where told.event_id = %(event)s and told.user_id = inbox.user_id)
        order by user_id
        returning user_id, seq"""
    RAISE = """
        update notifications_inbox set last_seq = last_seq + 1
        where user_id {in_people} and exists (
            select 1 from notifications_notification told
            where told.user_id = notifications_inbox.user_id and told.seq = notifications_inbox.last_seq + 1)"""
    in_people = "in (select value from json_each(%(people)s))"

    def number(self, people):
        self._execute(self.OPEN, people)
        self._execute(self.STORE, people)
        seqs = dict(self.cursor.fetchall())
        self._execute(self.RAISE, people)
        return seqs

    @staticmethod
    def _list(people):
        return json.dumps(list(people))


DATABASES = {"postgresql": PostgreSQL, "sqlite": SQLite}
