"""Inside an installation: ten thousand people told of one event, and the same done with rows that hold everything."""

import json
import statistics
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 -- Django must be set up first
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from notifications import delivery  # noqa: E402
from notifications.models import Delivery, Event, Inbox, Notification  # noqa: E402
from notifications.registry import Notice, register  # noqa: E402

KIND = "benchmarks.inbox"
TITLE = "Piknik sąsiedzki w sobotę"
BODY = "Spotykamy się o 15.00 przed domem kultury. Przynieś, co lubisz, i zaproś sąsiadów. " * 2

# What the same news takes without a shared event: each row holds the words, and keeps the same rules as ours do.
FULL = {
    "bench_full_notification": (
        "user_id bigint not null references accounts_user (id) deferrable initially deferred,"
        " seq bigint not null, kind varchar(60) not null, title varchar(200) not null,"
        " body text not null, url varchar(200) not null, created_at timestamp not null, read_at timestamp null",
        ["unique (user_id, seq)", "unique (kind, created_at, user_id)"],
    ),
    "bench_full_delivery": (
        "user_id bigint not null references accounts_user (id) deferrable initially deferred,"
        " channel varchar(8) not null, address varchar(254) not null,"
        " title varchar(200) not null, body text not null, state varchar(8) not null, attempts smallint not null,"
        " not_before timestamp not null, leased_until timestamp null, sent_at timestamp null,"
        " error varchar(500) not null",
        ["unique (user_id, channel, not_before)"],
    ),
}


@register
class ToAll(Notice):
    kind = KIND
    label = "To all"
    template = "notifications/notices/probe.txt"
    can_wait = False

    @staticmethod
    def recipients(event):
        return User.objects.order_by("pk").values_list("pk", flat=True)

    @staticmethod
    def is_urgent(event):
        return True


def make_people(count):
    User.objects.bulk_create(
        [
            User(email=f"osoba{number}@example.org", display_name=f"Osoba {number}", password="!")
            for number in range(count)
        ],
        batch_size=500,
    )
    with connection.cursor() as cursor:
        number = "bigserial primary key" if connection.vendor == "postgresql" else "integer primary key autoincrement"
        for name, (columns, rules) in FULL.items():
            cursor.execute(f"create table {name} (id {number}, {columns}, {', '.join(rules)})")
        cursor.execute(
            "create index on bench_full_notification (user_id) where read_at is null"
            if connection.vendor == "postgresql"
            else "create index bench_unread on bench_full_notification (user_id) where read_at is null"
        )
        cursor.execute("create index bench_due on bench_full_delivery (not_before) where state = 'waiting'")


# --- The two ways -----------------------------------------------------------------------------------------------------


def ours(people):
    """Everything the worker does for one event: whom to tell, who wants mail, numbers, notifications, letters."""
    with transaction.atomic():
        event = Event.objects.create(
            kind=KIND, subject_type="accounts.user", subject_id=people[0][0], not_before=timezone.now()
        )
    cost = Cost()
    told = delivery.deliver(event.pk, by_worker=True)
    seconds = cost.seconds()
    assert len(told) == len(people)
    return seconds


def full_rows(people):
    """The raw driver, one call for all rows: the quickest that a program which keeps full rows can be."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    notifications = [
        (pk, seq, KIND, TITLE, BODY, f"/powiadomienia/{seq}/", now, None) for seq, (pk, _email) in enumerate(people, 1)
    ]
    mails = [(pk, "mail", email, TITLE, BODY, "waiting", 0, now, None, None, "") for pk, email in people]
    cost = Cost()
    with transaction.atomic(), connection.cursor() as cursor:
        store(
            cursor,
            "bench_full_notification",
            "user_id, seq, kind, title, body, url, created_at, read_at",
            notifications,
        )
        store(
            cursor,
            "bench_full_delivery",
            "user_id, channel, address, title, body, state, attempts, not_before, leased_until, sent_at, error",
            mails,
        )
    seconds = cost.seconds()
    with connection.cursor() as cursor:
        for name in FULL:
            cursor.execute(f"delete from {name}")  # noqa: S608 -- a name from above
    return seconds


def store(cursor, table, columns, rows):
    raw = cursor.connection.cursor()
    if connection.vendor == "postgresql":
        with raw.copy(f"copy {table} ({columns}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        raw.executemany(
            f"insert into {table} ({columns}) values ({', '.join('?' * len(rows[0]))})",  # noqa: S608 -- names from above
            rows,
        )
    raw.close()


class Cost:
    """CPU of this process and, on PostgreSQL, of the backend that serves it."""

    def __init__(self):
        self.backend = None
        if connection.vendor == "postgresql":
            connection.ensure_connection()
            self.backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        self.began = self._now()

    def _now(self):
        spent = time.process_time()
        if self.backend:
            spent += int(self.backend.read_text().split()[0]) / 1e9
        return spent

    def seconds(self):
        return self._now() - self.began


def compare(count, rounds):
    make_people(count)
    people = list(User.objects.order_by("pk").values_list("pk", "email"))
    ours(people), full_rows(people)  # the first of each also opens inboxes and loads code
    figures = {"ours": [], "full": []}
    for _round in range(rounds):
        figures["full"].append(full_rows(people))
        figures["ours"].append(ours(people))
    assert Inbox.objects.filter(last_seq=rounds + 1).count() == count
    rows = Notification.objects.count() + Delivery.objects.count()
    assert rows == 2 * count * (rounds + 1)
    return {name: statistics.median(seconds) for name, seconds in figures.items()}


if __name__ == "__main__":
    print(json.dumps(compare(*map(int, sys.argv[1:]))))
