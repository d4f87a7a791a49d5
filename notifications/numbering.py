"""Gives one event its place in many inboxes at once, without gaps and without doubles, on either database.

The number of an inbox is raised under its row lock in the statement that also stores the notification (PostgreSQL), or
in one IMMEDIATE transaction (SQLite). So numbers become visible in order: who has read up to n has missed nothing
below. There must be no ON CONFLICT DO NOTHING after the raise: that would be a gap.
"""

from django.db import connection
from django.utils import timezone

from notifications.many import one_of

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
                database.store_deliveries(route, None if seqs.keys() == set(readers) else readers)
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
        select id, 0, 1 from accounts_user where id {one_of_people} order by id
        on conflict (user_id) do nothing"""
    DELIVERIES = """
        insert into notifications_delivery
            (notification_id, channel, state, attempts, not_before, cost, urgent, held_for, error)
        select id, %(channel)s, %(state)s, 0, %(not_before)s, 0, %(urgent)s, %(held_for)s, %(error)s
        from notifications_notification where event_id = %(event)s"""
    ONLY = " and user_id {one_of_people}"

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
        """One statement for all who have this route in common; `people` is None if that is everybody. They have no
        such row yet: a claimed event was never delivered."""
        moment = connection.ops.adapt_datetimefield_value(route.not_before)
        self._execute(
            self.DELIVERIES if people is None else self.DELIVERIES + self.ONLY,
            people or [],
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
        condition, ids = one_of(people)
        values = {"people": ids, "event": self.event_id, **more}
        self.cursor.execute(sql.replace("{one_of_people}", condition), values)


class PostgreSQL(Database):
    # A second deliverer of the same event waits here, and then sees that it was delivered.
    CLAIM = f"{Database.CLAIM} for update"
    NUMBER = """
        with locked as (
            select user_id from notifications_inbox inbox
            where user_id {one_of_people} and not exists (
                select 1 from notifications_notification told
                where told.event_id = %(event)s and told.user_id = inbox.user_id)
            order by user_id for update
        ), raised as (
            update notifications_inbox inbox set last_seq = last_seq + 1 from locked
            where inbox.user_id = locked.user_id returning inbox.user_id, inbox.last_seq
        )
        insert into notifications_notification (user_id, seq, event_id)
        select user_id, last_seq, %(event)s from raised returning user_id, seq"""

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
        where user_id {one_of_people} and not exists (
            select 1 from notifications_notification told
            where told.event_id = %(event)s and told.user_id = inbox.user_id)
        order by user_id
        returning user_id, seq"""
    RAISE = """
        update notifications_inbox set last_seq = last_seq + 1
        where user_id {one_of_people} and exists (
            select 1 from notifications_notification told
            where told.user_id = notifications_inbox.user_id and told.seq = notifications_inbox.last_seq + 1)"""

    def number(self, people):
        self._execute(self.OPEN, people)
        self._execute(self.STORE, people)
        seqs = dict(self.cursor.fetchall())
        self._execute(self.RAISE, people)
        return seqs


DATABASES = {"postgresql": PostgreSQL, "sqlite": SQLite}
