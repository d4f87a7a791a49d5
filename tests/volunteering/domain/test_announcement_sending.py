"""Announcements on their way: portion by portion, stopped, held back by the cap of a day, taken up again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from notifications import delivery, worker
from notifications.models import Delivery, Event, Notification
from tests.factories.neighbourhoods import MunicipalityFactory
from tests.factories.volunteering import (
    AnnouncementFactory,
    AnnouncementRecipientFactory,
    CommitmentFactory,
    MeetingFactory,
    ParticipationFactory,
    StandingFactory,
)
from tests.volunteering.domain.announcing import again, heard, keys, kinds, send_out, told
from volunteering import duties
from volunteering.domain import announcement_work, announcements
from volunteering.models import Addressees, Announcement, AnnouncementCount, AnnouncementRecipient, RecipientOutcome
from volunteering.states import AnnouncementState
from volunteering.tasks import send_announcement

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("clock")]


@pytest.fixture
def portions_of(settings):
    def set_size(number):
        settings.DELIVER_AT_ONCE = number

    return set_size


# Sending -------------------------------------------------------------------------------------------------------------


def test_everybody_on_the_list_is_told_once(draft, author, crowd, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    assert DBTaskResult.objects.filter(task_path__endswith="send_announcement").count() == 1

    sent = send_out(draft, django_capture_on_commit_callbacks)

    assert (sent.state, sent.total, sent.told, sent.left_out) == (AnnouncementState.SENT, 3, 3, 0)
    assert heard(draft) == keys(crowd)
    assert kinds(draft) == ["write", "send", "tell", "complete"]


def test_portions_are_told_one_after_the_other(portions_of, draft, author, crowd, django_capture_on_commit_callbacks):
    portions_of(2)
    announcements.send(draft, actor=author)

    with django_capture_on_commit_callbacks(execute=True):
        is_more = announcement_work.tell_next(draft.pk)
    half = again(draft)

    assert (is_more, half.state, half.told, half.chunks) == (True, AnnouncementState.SENDING, 2, 1)
    assert heard(draft) == keys(crowd)[:2]
    sent = send_out(draft, django_capture_on_commit_callbacks)
    assert (sent.state, sent.told, sent.chunks) == (AnnouncementState.SENT, 3, 2)
    assert heard(draft) == keys(crowd)


def test_a_worker_killed_after_a_portion_tells_nobody_twice(
    portions_of, draft, author, crowd, django_capture_on_commit_callbacks
):
    """Killed between the commit and the delivery: the event is left over, and the next worker finds both."""
    portions_of(2)
    announcements.send(draft, actor=author)
    announcement_work.tell_next(draft.pk)
    assert heard(draft) == []

    sent = send_out(draft, django_capture_on_commit_callbacks)
    Event.objects.undelivered().update(not_before=timezone.now())
    delivery.deliver_left_over()
    delivery.deliver_left_over()

    assert sent.told == 3
    assert heard(draft) == keys(crowd)


def test_a_portion_that_breaks_leaves_nothing_behind(portions_of, draft, author, crowd, monkeypatch):
    portions_of(2)
    announcements.send(draft, actor=author)
    monkeypatch.setattr(announcement_work, "publish", lambda *_args, **_values: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send_announcement.call(draft.pk)

    assert (again(draft).told, told(draft), AnnouncementCount.objects.count()) == (0, set(), 0)


def test_sending_again_what_is_sent_does_nothing(draft, author, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    send_out(draft, django_capture_on_commit_callbacks)

    send_out(draft, django_capture_on_commit_callbacks)

    assert kinds(draft).count("tell") == kinds(draft).count("complete") == 1


def test_an_announcement_that_is_gone_is_no_failure(draft):
    draft.delete()

    send_announcement.call(draft.pk)


def test_who_is_no_longer_concerned_is_left_out(draft, author, crowd, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    crowd[0].is_active = False
    crowd[0].save(update_fields=["is_active"])
    crowd[1].standings.update(state="suspended")

    sent = send_out(draft, django_capture_on_commit_callbacks)

    assert (sent.state, sent.told, sent.left_out) == (AnnouncementState.SENT, 1, 2)
    assert heard(draft) == [crowd[2].pk]
    left_out = AnnouncementRecipient.objects.of(draft).left_out()
    assert {row.outcome for row in left_out} == {RecipientOutcome.GONE}


def test_who_comes_later_is_not_told(draft, author, crowd, municipality, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    StandingFactory(municipality=municipality)

    assert send_out(draft, django_capture_on_commit_callbacks).told == 3


def test_the_author_hears_that_it_is_sent(draft, author, colleague, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=colleague)
    send_out(draft, django_capture_on_commit_callbacks)

    done = Notification.objects.filter(event__kind="volunteering.announcement_complete")
    assert sorted(done.values_list("user_id", flat=True)) == keys([author, colleague])


# Stopping ------------------------------------------------------------------------------------------------------------


def test_stopping_holds_before_the_next_portion(portions_of, draft, author, crowd, django_capture_on_commit_callbacks):
    portions_of(2)
    announcements.send(draft, actor=author)
    with django_capture_on_commit_callbacks(execute=True):
        announcement_work.tell_next(draft.pk)
    announcements.cancel(draft, actor=author)

    stopped = send_out(draft, django_capture_on_commit_callbacks)

    assert (stopped.state, stopped.told) == (AnnouncementState.CANCELLED, 2)
    assert heard(draft) == keys(crowd)[:2]


def test_letters_of_what_was_withdrawn_do_not_leave(draft, author, django_capture_on_commit_callbacks):
    announcements.send(draft, actor=author)
    with django_capture_on_commit_callbacks(execute=True):
        announcement_work.tell_next(draft.pk)
    announcements.cancel(draft, actor=author)

    worker.run_once()

    assert mail.outbox == []
    about = Delivery.objects.filter(notification__event__kind="volunteering.announcement_tell")
    assert {(letter.state, letter.error) for letter in about} == {("skipped", "obsolete")}


# The cap -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def send_one(municipality, author, django_capture_on_commit_callbacks):
    def send(**facts):
        announcement = AnnouncementFactory(municipality=municipality, author=author, **facts)
        announcements.send(announcement, actor=author)
        return send_out(announcement, django_capture_on_commit_callbacks)

    return send


@pytest.fixture
def cap_of_one(municipality):
    municipality.announcements_per_day = 1
    municipality.save(update_fields=["announcements_per_day"])


def test_nobody_gets_more_than_the_cap_of_a_day(cap_of_one, send_one, crowd):
    send_one()

    second = send_one()

    assert (second.state, second.told, second.left_out) == (AnnouncementState.SENT, 0, 3)
    assert heard(second) == []
    assert set(AnnouncementCount.objects.values_list("number", flat=True)) == {1}


def test_the_next_local_day_begins_anew(cap_of_one, send_one, crowd, clock):
    send_one()
    clock.shift(timedelta(hours=12))

    assert send_one().told == 3


def test_other_municipalities_count_for_themselves(cap_of_one, send_one, crowd):
    AnnouncementCount.objects.create(
        municipality=MunicipalityFactory(), user=crowd[0], day=timezone.localdate(), number=9
    )

    assert send_one().told == 3


@pytest.mark.usefixtures("cap_of_one")
@pytest.mark.parametrize("audience", [Addressees.VISIT, Addressees.MEETING])
def test_who_promised_to_be_there_always_hears(send_one, crowd, visit, municipality, audience):
    send_one()
    meeting = MeetingFactory(initiative__municipality=municipality)
    ParticipationFactory(meeting=meeting, user=crowd[0])
    visit.help_request.requester = None
    visit.help_request.save()
    CommitmentFactory(visit=visit, volunteer=crowd[0])

    word = send_one(audience=audience, to=visit if audience == Addressees.VISIT else meeting)

    assert (word.told, heard(word)) == (1, [crowd[0].pk])
    assert AnnouncementCount.objects.get(user=crowd[0]).number == 2


# The worker's duties -------------------------------------------------------------------------------------------------


def test_what_a_dead_worker_left_behind_goes_on(draft, author, clock):
    announcements.send(draft, actor=author)
    DBTaskResult.objects.all().delete()
    duties.take_up_announcements_left_behind()
    assert not DBTaskResult.objects.exists()
    clock.shift(timedelta(minutes=2))

    duties.take_up_announcements_left_behind()
    duties.take_up_announcements_left_behind()

    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.all()] == [[draft.pk]]


def test_old_announcements_go_with_their_lists(municipality, crowd, clock):
    old = AnnouncementFactory(municipality=municipality, sent=True)
    AnnouncementRecipientFactory(announcement=old, user=crowd[0], told=True)
    AnnouncementCount.objects.create(municipality=municipality, user=crowd[0], day=timezone.localdate())
    draft = AnnouncementFactory(municipality=municipality)
    clock.shift(timedelta(days=366))
    new = AnnouncementFactory(municipality=municipality, sent=True)

    duties.forget_old_announcements()

    assert set(Announcement.objects.all()) == {draft, new}
    assert not AnnouncementRecipient.objects.exists()
    assert not AnnouncementCount.objects.exists()
