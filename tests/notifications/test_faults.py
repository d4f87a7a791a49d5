"""What happens to people's news when something else goes wrong: the clock, a deleted subject, one bad notice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from notifications import delivery, letters, outbox
from notifications.models import Delivery, DeliveryState, Event, Notification
from tests import databases
from tests.factories.accounts import UserFactory
from tests.factories.notifications import EventFactory, tell
from tests.notifications.sockets import page_of

HERE = Path(__file__).resolve().parent.parent.parent
# What a slow machine may miss: everything else a run of chaos finds is wrong at any speed.
OF_THE_MACHINE = "chaos.seconds_to_catch_up_after_the_last_kill"
HOUR = timezone.timedelta(hours=1)


# --- The clock --------------------------------------------------------------------------------------------------------


@pytest.mark.redis
@pytest.mark.usefixtures("sockets")
@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_news_keeps_its_order_when_the_clock_jumps(jump, time_machine):
    person = await database_sync_to_async(UserFactory)()
    page = await page_of(person)
    await database_sync_to_async(tell)(person)
    await page.read_until(lambda: len(page.shown) == 1)

    time_machine.move_to(timezone.now() + jump)
    await database_sync_to_async(tell)(person)
    await page.read_until(lambda: len(page.shown) == 2)

    assert page.shown == [1, 2]
    await page.leave()


@pytest.mark.django_db
def test_clock_that_jumps_ahead_sends_no_letter_twice(time_machine, mailoutbox, django_capture_on_commit_callbacks):
    person = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        tell(person)
    letters.send_due()

    time_machine.move_to(timezone.now() + HOUR)
    delivery.deliver_left_over()
    letters.send_due()

    assert [letter.to for letter in mailoutbox] == [[person.email]]


# --- Subjects and words -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_event_whose_subject_was_deleted_before_its_delivery_does_not_stay_stuck():
    person = UserFactory()
    event = EventFactory(about=UserFactory(), data={"broken": "no subject, nobody to tell"})
    User.objects.filter(pk=event.subject_id).delete()

    delivery.attempt(event.pk)

    event.refresh_from_db()
    assert event.delivered_at is not None
    assert not outbox.stuck().exists()
    assert not Notification.objects.filter(user=person).exists()


@pytest.mark.django_db
def test_notice_that_cannot_be_worded_for_one_of_a_thousand_reaches_all(
    logged_errors, django_capture_on_commit_callbacks
):
    people = User.objects.bulk_create([User(email=f"osoba{number}@example.org") for number in range(1000)])
    unlucky = people[500]
    with django_capture_on_commit_callbacks():
        event = tell(*people, personal_fails_for=unlucky.pk)

    told = delivery.deliver(event.pk, by_worker=True)
    Delivery.objects.exclude(notification__user__in=people[499:502]).update(state=DeliveryState.SKIPPED)
    letters.send_due()

    assert len(told) == 1000
    assert Event.objects.get(pk=event.pk).delivered_at is not None
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 3
    assert len(logged_errors) == 1


# --- Kill -9 ----------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.usefixtures("django_db_setup")
@pytest.mark.skipif(
    not os.environ.get("OGNIWO_TEST_SERVERS"), reason="has servers of its own, so it runs once, with them"
)
@pytest.mark.long
def test_nothing_is_lost_or_doubled_while_processes_are_killed():
    dump = Path(settings.VAR_DIR, f"template-{databases.migrations_fingerprint()}.sql")
    environment = {**os.environ, "MIGRATED_DUMP": str(dump) if dump.exists() else ""}

    run = subprocess.run(
        [sys.executable, "-m", "chaos.notifications", "--count", "1000", "--kills", "10", "--people", "50"],
        cwd=HERE, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip

    results = [line.split() for line in run.stdout.splitlines() if line.startswith("RESULT ")]
    assert len(results) == 14, run.stdout + run.stderr
    assert [line for line in results if line[-1] != "ok" and line[1] != OF_THE_MACHINE] == []
