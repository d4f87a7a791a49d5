"""Who hears of a message: the others, at once in the page, and by one letter where nobody looked for five minutes."""

import uuid
from datetime import timedelta

from django.core import mail
from django.test import Client

from notifications import delivery, frames, letters
from notifications.models import Delivery, Event, Notification
from notifications.registry import NOTICES
from tests.factories.accounts import UserFactory, sign_in
from volunteering.domain import conversation_safety, conversations
from volunteering.notices.conversations import ANNOUNCED, PATIENCE

SAY = "volunteering.conversation_say"


def say(conversation, actor, text="Kanarek słów"):
    message = conversations.say(conversation, actor=actor, key=uuid.uuid4(), text=text)
    deliver()
    return message


def deliver():
    for event in Event.objects.undelivered().order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)


def post(clock, later=PATIENCE):
    """The letters that leave after so long."""
    mail.outbox.clear()
    clock.shift(later)
    letters.send_due()
    return [message.to for message in mail.outbox]


def test_only_the_others_hear_of_it(conversation, helper, resident):
    UserFactory()

    say(conversation, helper)

    told = Notification.objects.filter(event__kind=SAY)
    assert [notification.user for notification in told] == [resident]


def test_a_letter_waits_for_whoever_reads_the_page(conversation, helper, resident, clock):
    say(conversation, helper)

    early, later, again = post(clock, timedelta(minutes=4)), post(clock, timedelta(minutes=1)), post(clock)

    assert (early, later, again) == ([], [[resident.email]], [])


def test_who_has_read_it_gets_no_letter(conversation, helper, resident, municipality, clock):
    say(conversation, helper)
    client = Client(HTTP_HOST=municipality.site.hostname)
    sign_in(client, resident)

    client.get(conversation.get_absolute_url())

    assert post(clock) == []


def test_who_read_it_before_the_notice_came_gets_no_letter(conversation, helper, resident, clock):
    message = conversations.say(conversation, actor=helper, key=uuid.uuid4(), text="a")
    participant = conversations.participant_of(conversation, resident)
    conversations.seen(conversation, participant, up_to=message.pk)

    deliver()

    assert post(clock) == []
    assert Delivery.objects.get(notification__event__kind=SAY).error == "settled"


def test_a_burst_is_one_letter(conversation, helper, resident, clock):
    for _ in range(4):
        say(conversation, helper)
        clock.shift(timedelta(minutes=1))

    assert post(clock, timedelta(minutes=30)) == [[resident.email]]


def test_a_message_long_after_an_unread_one_is_another_letter(conversation, helper, resident, clock):
    say(conversation, helper)
    first = post(clock)
    clock.shift(ANNOUNCED)
    say(conversation, helper)

    assert (first, post(clock)) == ([[resident.email]], [[resident.email]])


def test_an_own_answer_does_not_hide_what_came_after_it(conversation, helper, resident, clock):
    say(conversation, resident)
    say(conversation, helper)

    assert sorted(post(clock)) == sorted([[resident.email], [helper.email]])


def test_muting_meanwhile_stops_the_letter(conversation, helper, resident, clock):
    say(conversation, helper)
    conversations.mute(conversations.participant_of(conversation, resident), muted=True)

    assert post(clock) == []


def test_erased_conversations_send_no_letters(conversation, helper, clock):
    say(conversation, helper)
    conversations.erase(conversation)

    assert post(clock) == []


def test_neither_letter_nor_frame_repeats_words_names_or_addresses(conversation, helper, resident, clock):
    say(conversation, helper, "Kanarek słów")
    post(clock)

    [letter] = mail.outbox
    told = list(Notification.objects.of(resident.pk).with_events())
    sent = f"{letter.subject} {letter.body} {letter.alternatives} {frames.of_notifications(told, resident, 'pl')}"
    assert letter.subject == "Nowa wiadomość: Jan"
    for secret in ("Kanarek", "Pomocny", "Wymyślona", helper.email, "601000009"):
        assert secret not in sent


def test_a_page_of_notices_asks_once_for_the_writers(conversation, helper, resident, django_assert_num_queries):
    for _ in range(3):
        say(conversation, helper)
    told = list(Notification.objects.of(resident.pk).with_events())

    # The conversations with their requests, and who wrote.
    with django_assert_num_queries(2):
        frames.of_notifications(told, resident, "pl")


def test_both_sides_hear_that_the_centre_came(conversation, helper, resident, organiser):
    conversation_safety.invite_staff(conversation, actor=helper)
    conversation_safety.join(conversation, actor=organiser)
    deliver()

    told = Notification.objects.filter(event__kind="volunteering.conversation_join").values_list("user", flat=True)
    assert set(told) == {helper.pk, resident.pk}


def test_letters_about_a_report_end_when_it_is_settled(conversation, resident, organiser):
    conversation_safety.report(conversation, actor=resident)
    conversation_safety.join(conversation, actor=organiser)
    event = Event.objects.get(kind="volunteering.conversation_report")
    notice = NOTICES[event.kind]
    before = notice.is_obsolete(event)

    conversation_safety.settle(conversation, actor=organiser)

    assert (before, notice.is_obsolete(event)) == (False, True)
