"""Sending an issue: to everybody once, whatever dies, leaves or stops in between."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from cms.domain import newsletter_gathering as gathering
from cms.domain import newsletter_sending as sending
from cms.domain import newsletters, subscriptions
from cms.models import NewsletterIssue, NewsletterLetter
from notifications import direct, worker
from notifications.models import Event
from tests.cms.test_event_races import at_once
from tests.factories.cms import home_of, make_centre, make_event, make_event_index, make_news, make_news_index
from tests.factories.neighbourhoods import NeighbourhoodFactory
from tests.factories.newsletter import make_issue, make_subscriber
from tests.notifications.test_letters import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_letters.Server"
    Server.answers, Server.away = [], False
    return Server


def send_out(issue):
    with scope(municipality=issue.municipality):
        return sending.send_out(issue.pk)


def fresh(issue):
    with scopes_disabled():
        return NewsletterIssue.objects.get(pk=issue.pk)


def states():
    with scopes_disabled():
        return list(NewsletterLetter.objects.order_by("pk").values_list("state", flat=True))


def candidates(centre):
    now = timezone.now()
    with scope(municipality=centre):
        return gathering.candidates(centre, since=now - timedelta(days=31), now=now)


def test_everybody_gets_one_letter_with_ways_out(centre):
    for number in range(3):
        make_subscriber(centre, address=f"osoba{number}@example.org")
    make_subscriber(centre, state="pending", confirmed_at=None)
    issue = make_issue(centre, sent=True)

    send_out(issue)

    assert sorted(message.to[0] for message in mail.outbox) == [f"osoba{number}@example.org" for number in range(3)]
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/newsletter/rezygnacja/" in headers["List-Unsubscribe"]
    assert "/newsletter/rezygnacja/" in mail.outbox[0].body
    assert "/newsletter/moje/" in mail.outbox[0].alternatives[0].content
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3
    issue = fresh(issue)
    assert (issue.state, issue.total, issue.sent, issue.number) == ("sent", 3, 3, 1)


def test_own_link_is_in_each_letter(centre):
    for _ in range(2):
        make_subscriber(centre)

    send_out(make_issue(centre, sent=True))

    ways_out = [message.extra_headers["List-Unsubscribe"].strip("<>") for message in mail.outbox]
    assert ways_out[0] != ways_out[1]
    assert [way in message.body for way, message in zip(ways_out, mail.outbox, strict=True)] == [True, True]


def test_sending_twice_sends_once(centre):
    make_subscriber(centre)
    issue = make_issue(centre, sent=True)

    send_out(issue)
    send_out(issue)

    assert len(mail.outbox) == 1


def test_killed_between_sending_and_writing_down_repeats_one_letter_under_its_name(centre, monkeypatch):
    for _ in range(3):
        make_subscriber(centre)
    issue = make_issue(centre, sent=True)
    settle = sending.settle

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "settle", die)
    with pytest.raises(KeyboardInterrupt):
        send_out(issue)
    monkeypatch.setattr(sending, "settle", settle)

    send_out(issue)
    assert len(mail.outbox) == 1, "what another worker may have in hand is left alone"
    with time_machine.travel(timezone.now() + direct.LEASE + timedelta(seconds=1), tick=False):
        send_out(issue)

    names = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert (len(names), len(set(names))) == (4, 3)
    assert fresh(issue).sent == 3


def test_what_a_dead_worker_left_is_taken_up(centre):
    make_subscriber(centre)
    issue = make_issue(centre, sent=True)
    worker.run_tasks()
    with scopes_disabled():
        NewsletterLetter.objects.update(state="waiting")
        NewsletterIssue.objects.update(state="sending", touched_at=timezone.now() - timedelta(minutes=5))
    mail.outbox.clear()

    with scope(municipality=centre):
        newsletters.take_up_again(timezone.now() - timedelta(minutes=2))
    worker.run_tasks()

    assert len(mail.outbox) == 1
    assert fresh(issue).state == "sent"


def test_who_left_meanwhile_gets_nothing(centre):
    subscriber = make_subscriber(centre)
    issue = make_issue(centre, sent=True)
    with scope(municipality=centre):
        subscriptions.leave(subscriber)

    send_out(issue)

    assert mail.outbox == []
    assert (states(), fresh(issue).skipped) == (["skipped"], 1)


def test_stopped_issue_stops_before_the_next_letter(centre, monkeypatch):
    for _ in range(3):
        make_subscriber(centre)
    issue = make_issue(centre, sent=True)
    write_down = sending.write_down

    def stop_then_write(letter, outcome):
        write_down(letter, outcome)
        newsletters.stop(issue, actor=issue.author)

    monkeypatch.setattr(sending, "write_down", stop_then_write)
    send_out(issue)

    assert len(mail.outbox) == 1
    issue = fresh(issue)
    assert (issue.state, issue.sent, issue.waiting) == ("stopped", 1, 2)
    assert sorted(states()) == ["sent", "waiting", "waiting"]


def test_server_that_is_away_is_tried_again_later(centre, server):
    make_subscriber(centre)
    issue = make_issue(centre, sent=True)
    server.away = True

    send_out(issue)
    assert (states(), fresh(issue).state) == (["waiting"], "sending")
    server.away = False
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        send_out(issue)

    assert (states(), fresh(issue).state) == (["sent"], "sent")


def test_dead_mailbox_is_written_to_no_more(centre, server):
    subscriber = make_subscriber(centre)
    server.answers = [smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 no such user")})]
    issue = make_issue(centre, sent=True)

    send_out(issue)

    with scopes_disabled():
        subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.left_why) == ("left", "dead")
    assert (states(), fresh(issue).failed, fresh(issue).state) == (["failed"], 1, "sent")


def test_refused_letter_buries_nobody(centre, server):
    subscriber = make_subscriber(centre)
    server.answers = [smtplib.SMTPDataError(554, b"5.6.0 refused")]

    send_out(make_issue(centre, sent=True))

    with scopes_disabled():
        subscriber.refresh_from_db()
    assert (subscriber.state, states()) == ("confirmed", ["failed"])


def test_letter_that_fails_for_hours_is_given_up(centre, server):
    make_subscriber(centre)
    issue = make_issue(centre, sent=True)
    with scopes_disabled():
        NewsletterLetter.objects.update(attempts=48)
    server.away = True

    send_out(issue)

    assert (states(), fresh(issue).state) == (["failed"], "sent")


# --- For whom what ----------------------------------------------------------------------------------------------------


def test_people_get_of_an_issue_what_they_chose(centre):
    make_news(make_news_index(centre), title="Nowe godziny otwarcia")
    make_event(make_event_index(home_of(centre)), title="Piknik sąsiedzki")
    for topics in (["news"], ["events"], ["calls"]):
        make_subscriber(centre, address=f"{topics[0]}@example.org", topics=topics)
    issue = make_issue(centre, chosen=candidates(centre), sent=True)

    send_out(issue)

    by_address = {message.to[0]: message.body for message in mail.outbox}
    assert by_address.keys() == {"news@example.org", "events@example.org"}
    assert "Nowe godziny" in by_address["news@example.org"]
    assert "Piknik" not in by_address["news@example.org"]
    assert "Piknik" in by_address["events@example.org"]
    assert sorted(states()) == ["sent", "sent", "skipped"]


def test_chosen_neighbourhood_leaves_out_what_is_about_another_one(centre):
    here, there = NeighbourhoodFactory.create_batch(2, municipality=centre)
    index = make_news_index(centre)
    with scope(municipality=centre):
        make_news(index, title="Tutaj", neighbourhood=here)
        make_news(index, title="Gdzie indziej", neighbourhood=there)
        make_news(index, title="Dla wszystkich")
    make_subscriber(centre, neighbourhoods=[here])

    send_out(make_issue(centre, chosen=candidates(centre), sent=True))

    (message,) = mail.outbox
    assert [title in message.body for title in ("Tutaj", "Gdzie indziej", "Dla wszystkich")] == [True, False, True]


def test_letter_comes_in_the_language_that_was_chosen(centre):
    make_subscriber(centre, address="en@example.org", language="en")
    make_subscriber(centre, address="uk@example.org", language="uk")
    issue = make_issue(centre, title_en="News from your neighbourhood", lead_en="Good morning!", sent=True)

    send_out(issue)

    english, ukrainian = mail.outbox
    assert english.subject == "News from your neighbourhood"
    assert '<html lang="en">' in english.alternatives[0].content
    assert ukrainian.subject == "Co słychać w sąsiedztwie"
    assert '<h1 lang="pl">' in ukrainian.alternatives[0].content


def test_number_of_queries_does_not_grow_with_the_words(centre, django_assert_num_queries):
    make_news(make_news_index(centre))
    for _ in range(3):
        make_subscriber(centre)
    issue = make_issue(centre, chosen=candidates(centre), sent=True)
    send_out(issue)
    with scopes_disabled():
        letters = list(
            NewsletterLetter.objects.select_related("subscriber").prefetch_related("subscriber__neighbourhoods")
        )
    with scope(municipality=centre):
        printer = sending.printing.Printer(issue, sending.items_of(issue))
        printer.letter_to(letters[0].subscriber)

        with django_assert_num_queries(0):
            for letter in letters:
                printer.letter_to(letter.subscriber)


def test_two_issues_have_two_numbers(centre):
    first, second = make_issue(centre, sent=True), make_issue(centre, sent=True)

    assert (first.number, second.number) == (1, 2)


def test_issue_of_another_centre_has_its_own_numbers_and_readers(centre, stranger):
    make_subscriber(stranger)

    issue = make_issue(centre, sent=True)

    assert (issue.number, issue.total, make_issue(stranger, sent=True).number) == (1, 0, 1)


def test_who_got_what_is_forgotten_and_the_numbers_stay(centre):
    make_subscriber(centre)
    issue = make_issue(centre, sent=True)
    send_out(issue)

    with scope(municipality=centre):
        newsletters.forget_letters(timezone.now() + timedelta(days=1))

    assert (states(), fresh(issue).sent) == ([], 1)


# --- At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_issue_to_everybody_once():
    centre = make_centre()
    for _ in range(30):
        make_subscriber(centre)
    issue = make_issue(centre, sent=True)

    answers = at_once([lambda: send_out(issue)] * 2)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len(mail.outbox) == len({message.to[0] for message in mail.outbox}) == 30
    assert (fresh(issue).state, fresh(issue).sent) == ("sent", 30)
    assert Event.objects.filter(kind="cms.newsletter_complete").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_editors_who_press_at_once_send_it_once():
    centre = make_centre()
    make_subscriber(centre)
    issue = make_issue(centre)

    def press():
        with scope(municipality=centre):
            return newsletters.send(issue, actor=issue.author, version=issue.version)

    answers = at_once([press] * 2)

    assert sum(isinstance(answer, Exception) for answer in answers) == 1
    assert states() == ["waiting"]
