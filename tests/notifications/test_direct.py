"""The door for letters to addresses without an account."""

import smtplib
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from django.core import mail

from notifications import direct
from notifications.direct import DirectLetter, Fate
from tests.notifications.test_letters import Server


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_letters.Server"
    Server.answers, Server.away = [], False
    return Server


def letter(**fields):
    return DirectLetter(
        **{
            "key": "newsletter/1/2",
            "address": "anna@example.org",
            "title": "Co słychać",
            "text": "Dzień dobry",
            "html": "<p>Dzień dobry</p>",
            "origin": "https://gmina.example",
            "way_out": "https://gmina.example/koniec/",
            **fields,
        }
    )


def test_letter_has_text_first_a_way_out_and_a_steady_name(server):
    assert direct.send(letter()).fate == direct.send(letter()).fate == Fate.SENT

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"].endswith("@gmina.example>")
    assert first.extra_headers["List-Unsubscribe"] == "<https://gmina.example/koniec/>"
    assert first.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (first.body, first.alternatives[0].mimetype) == ("Dzień dobry", "text/html")


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 no such user")}), Fate.DEAD),
        (smtplib.SMTPRecipientsRefused({"x": (552, b"5.2.2 mailbox full")}), Fate.REFUSED),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"greylisted")}), Fate.LATER),
        (smtplib.SMTPDataError(554, b"5.6.0 refused"), Fate.REFUSED),
        (ConnectionResetError("gone"), Fate.LATER),
        (RuntimeError("unknown"), Fate.LATER),
    ],
)
def test_answer_of_the_server_says_what_became_of_it(answer, fate, server):
    server.answers = [answer]

    assert direct.send(letter()).fate == fate
    assert mail.outbox == []


def test_server_that_is_away_is_asked_once_for_all(server):
    server.away = True

    with direct.Sender() as sender:
        fates = [sender.send(letter()).fate, sender.send(letter()).fate]

    assert fates == [Fate.LATER, Fate.LATER]


def test_centre_writes_in_its_own_name(server, settings):
    settings.DEFAULT_FROM_EMAIL = "Ogniwo <ogniwo@gmina.example>"

    direct.send(letter(sender="Centrum Usług Społecznych w Łodzi"))

    assert parseaddr(mail.outbox[0].from_email)[1] == "ogniwo@gmina.example"
    assert "Centrum Usług Społecznych w Łodzi" in str(make_header(decode_header(mail.outbox[0].message()["From"])))


def test_line_break_in_a_title_makes_no_header(server):
    assert direct.send(letter(title="Ala\nBcc: wszyscy@example.org")).fate == Fate.REFUSED
    assert mail.outbox == []


def test_address_is_not_logged(server, caplog):
    server.answers = [smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"5.1.1 anna@example.org")})]

    direct.send(letter())

    assert "anna" not in caplog.text


def test_pauses_grow_and_end():
    assert [direct.pause_after(number).seconds for number in (1, 2, 3, 48)] == [5, 10, 20, 320]
    assert direct.pause_after(49) is None
