"""Mail: what waits in the delivery table is leased, sent and acknowledged, one letter after the other.

A worker that dies between sending and acknowledging sends that letter once more, with the same Message-ID.
"""

import logging
import re
import smtplib
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext
from django_scopes import scope

from notifications import leases, mailboxes, reply_addresses, reply_words
from notifications.batches import Batch
from notifications.models import Channel, DeliveryState, Preference
from notifications.preferences import unsubscribe_token
from notifications.registry import NOTICES, origin_of

log = logging.getLogger(__name__)

REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class ServerAway(Exception):
    """The mail server cannot be reached or does not answer: the other letters need not try now."""


def send_due():
    """Sends the letters that are due. Returns how many it dealt with."""
    # Looked for without a lock first: nearly always there is none.
    if not leases.due(Channel.MAIL).exists():
        return 0
    parcels = leases.claim(Channel.MAIL)
    send(parcels)
    return len(parcels)


def send(parcels):
    post = Post()
    batch = Batch(parcels, Channel.MAIL)
    try:
        for parcel in batch.to_send():
            try:
                post.send(compose(parcel, batch.wording))
                leases.settle(parcel.rows, DeliveryState.SENT, sent_at=timezone.now(), error="")
            except ServerAway as error:
                post.is_away = True
                leases.retry(parcel, error.__cause__)
            except Exception as error:  # noqa: BLE001 -- one letter must not stop the others
                log.warning("Letter %s was not sent: %s", parcel, type(error).__name__)
                refuse(parcel, error) if is_final(error) else leases.retry(parcel, error)
    finally:
        post.close()


class Unsendable(Exception):
    """A mail service refused this letter for good."""


class Post:
    """The connection to the mail server, opened with the first letter. Away is away for the whole batch."""

    def __init__(self):
        self.connection = None
        self.is_away = False

    def send(self, message):
        if self.is_away:
            raise ServerAway from ConnectionError("the mail server did not answer a moment ago")
        try:
            if self.connection is None:
                self.connection = get_connection()
                self.connection.open()
            message.connection = self.connection
            message.send()
        except REFUSALS:
            raise  # an answer to this letter; all else of smtplib and the network means that nobody answers
        except OSError as error:
            if refused_by_service(error):
                raise Unsendable(type(error).__name__) from error
            self.close()
            raise ServerAway from error

    def close(self):
        if self.connection is not None:
            try:
                self.connection.close()
            except OSError:
                log.info("The connection to the mail server was gone already")
            self.connection = None


def compose(parcel, wording):
    """The letter: text first, then the same as simple HTML, in the reader's language, with links to our origin only.
    Several pieces of news make one letter: what came in within minutes, or a summary."""
    user, lead = parcel.user, parcel.lead.notification.event
    origin = origin_of(lead.municipality_id)
    reply_to = reply_address(parcel)
    with translation.override(user.language):
        news = [piece(row.notification, user, wording) for row in parcel.rows]
        kind = parcel.rows[0].notification.event.kind if len(news) == 1 else Preference.EVERY_KIND
        unsubscribe = origin + reverse("notifications:unsubscribe", args=[unsubscribe_token(user.pk, kind)])
        values = {
            "news": news,
            "words": news[0]["words"],
            "title": subject_of(news),
            "language": user.language,
            "settings_link": origin + reverse("notifications:settings"),
            "unsubscribe_link": unsubscribe,
            "reply_marker": reply_words.MARKER if reply_to else "",
        }
        text = render_to_string("notifications/mail.txt", values)
        html = render_to_string("notifications/mail.html", values)
    message = EmailMultiAlternatives(
        values["title"],
        text,
        to=[user.email],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "Message-ID": message_id(lead, user, origin),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def piece(notification, user, wording):
    """One piece of news of a letter: its words, and the way to its page."""
    event = notification.event
    link = origin_of(event.municipality_id) + reverse("notifications:open", args=[notification.seq])
    return {"words": wording.words(event, user, user.language), "link": link, "when": event.created_at}


def reply_address(parcel):
    """Where the letter can be answered: the one address of all that it tells, or nowhere."""
    if not reply_addresses.is_on():
        return ""
    found = {reply_address_of(row.notification.event, parcel.user) for row in parcel.rows}
    return found.pop() if len(found) == 1 else ""


def reply_address_of(event, user):
    try:
        with scope(municipality=event.municipality_id):
            return NOTICES[event.kind].reply_address(event, user)
    except Exception:
        # A letter that only leads to its page is better than none.
        log.exception("Event %s (%s) could not be asked where to answer", event.pk, event.kind)
        return ""


def subject_of(news):
    if len(news) == 1:
        return news[0]["words"].title
    return ngettext("%(number)d piece of news for you", "%(number)d pieces of news for you", len(news)) % {
        "number": len(news)
    }


def message_id(event, user, origin):
    """The same for every attempt at the same letter, so that a mailbox can drop the second; it tells no numbers."""
    key = salted_hmac("notifications.letters", f"{event.pk}/{user.pk}", algorithm="sha256").hexdigest()[:32]
    return f"<{key}@{urlsplit(origin).hostname}>"


def refuse(parcel, error):
    """Gives up; an address that does not exist is written to no more."""
    leases.give_up(parcel, error)
    if is_dead_address(error):
        mailboxes.bury(parcel.user, reason="refused")


def is_dead_address(error):
    """Whether the server says that there is no such mailbox. A full one, or a letter it does not like, is no death."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(is_dead_code(code, words) for code, words in error.recipients.values())


def is_dead_code(code, words):
    words = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
    # RFC 3463: 5.1.x is about the address, 5.2.1 a mailbox that is closed. Without such a code 550, 551 and 553 say so.
    found = re.match(r"5\.(\d+)\.(\d+)", words)
    return (found[1] == "1" or found.groups() == ("2", "1")) if found else code in {550, 551, 553}


def refused_by_service(error):
    """Whether a mail service's API answered that it will not send this letter; what is wrong with our account there, or
    too much at once, passes."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status in {400, 404, 406, 413, 422}


def is_final(error):
    """Whether trying again is useless: the server refused this recipient or this letter for good, or the address
    cannot be written. What is wrong with our own account there (sender, sign-in) is tried again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    if isinstance(error, Unsendable):
        return True
    return isinstance(error, ValueError)
