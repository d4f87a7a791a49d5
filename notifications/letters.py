"""Mail: what waits in the delivery table is leased, sent and acknowledged, one letter after the other.

A worker that dies between sending and acknowledging sends that letter once more, with the same Message-ID.
"""

import logging
import re
import smtplib
import time
from collections import deque
from email.utils import parseaddr
from functools import cache

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address

from notifications import leases, mailboxes
from notifications.batches import Batch
from notifications.models import Channel
from notifications.printing import Printer

log = logging.getLogger(__name__)

# A letter takes milliseconds, and all of a batch share the queries and the connection.
AT_ONCE = 200
# Then the rest of a batch is put back: the lease must not run out in the hands of a worker with a slow mail server.
BATCH_SECONDS = 60
REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class ServerAway(Exception):
    """The mail server cannot be reached or does not answer: the other letters need not try now."""


def send_due():
    """Sends the letters that are due. Returns how many it dealt with."""
    # Looked for without a lock first: nearly always there is none.
    if not leases.due(Channel.MAIL).exists():
        return 0
    parcels = leases.claim(Channel.MAIL, AT_ONCE)
    send(parcels)
    return len(parcels)


def send(parcels):
    post = Post()
    deadline = time.monotonic() + BATCH_SECONDS
    batch = Batch(parcels, Channel.MAIL)
    printer = Printer(batch.wording)
    waiting = deque(batch.to_send())
    try:
        while waiting and time.monotonic() < deadline:
            deal_with(waiting.popleft(), printer, post)
    finally:
        post.close()
    leases.give_back(waiting)


def deal_with(parcel, printer, post):
    try:
        post.send(printer.compose(parcel))
        leases.settle_sent(parcel.rows)
    except ServerAway as error:
        post.is_away = True
        leases.retry(parcel, error.__cause__)
    except Exception as error:  # noqa: BLE001 -- one letter must not stop the others
        log.warning("Letter %s was not sent: %s", parcel, type(error).__name__)
        refuse(parcel, error) if is_final(error) else leases.retry(parcel, error)


@cache
def sender(from_email):
    """The address that the envelope bears."""
    return parseaddr(sanitize_address(from_email, "utf-8"))[1]


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
            self._hand_over(message)
        except REFUSALS:
            raise  # an answer to this letter; all else of smtplib and the network means that nobody answers
        except OSError as error:
            if refused_by_service(error):
                raise Unsendable(type(error).__name__) from error
            self.close()
            raise ServerAway from error

    def _hand_over(self, message):
        # A mail service's API, and any backend of another kind, takes letters as Django has them.
        link = self.connection.connection if type(self.connection) is SmtpBackend else None
        if message.printed and link:
            link.sendmail(sender(message.from_email), message.to, message.printed)
        else:
            message.connection = self.connection
            message.send()

    def close(self):
        if self.connection is not None:
            try:
                self.connection.close()
            except OSError:
                log.info("The connection to the mail server was gone already")
            self.connection = None


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
