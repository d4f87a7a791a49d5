"""The door for letters to addresses that have no account behind them (a newsletter and what belongs to it).

It composes, hands over and says what became of it. Whom to write to, what is waiting and when it is tried again is kept
by whoever calls, in rows of their own: notices, inboxes, summaries and quiet hours are for people with accounts.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr, formatdate, parseaddr
from enum import Enum, auto
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from notifications import leases, letters, printing

log = logging.getLogger(__name__)


class Fate(Enum):
    """What became of a letter."""

    SENT = auto()
    LATER = auto()  # nobody answered, or not now
    REFUSED = auto()  # this letter, for good
    DEAD = auto()  # there is no such mailbox


@dataclass(frozen=True)
class Outcome:
    fate: Fate
    error: str = ""


@dataclass(frozen=True)
class DirectLetter:
    """`key` names the letter for ever: each attempt has the same Message-ID, so that a mailbox can drop the second.
    `way_out` is the address at which one press stops such letters (RFC 8058)."""

    key: str
    address: str
    title: str
    text: str
    html: str
    origin: str
    way_out: str
    answers_to: str = ""
    # Who writes, beside the address of the installation; empty: as all other letters.
    sender: str = ""

    @property
    def message_id(self):
        digest = salted_hmac("notifications.direct", self.key, algorithm="sha256").hexdigest()[:32]
        return f"<{digest}@{urlsplit(self.origin).hostname}>"


class Sender:
    """One connection to the mail server for several letters: a context manager. Where the server does not answer, the
    rest is not tried."""

    def __enter__(self):
        self.post = letters.Post()
        return self

    def __exit__(self, *error):
        self.post.close()

    def send(self, letter):
        """Hands one letter over. Raises nothing: the outcome says it."""
        try:
            self.post.send(composed(letter))
        except letters.ServerAway as error:
            self.post.is_away = True
            return Outcome(Fate.LATER, leases.in_words(error.__cause__))
        except Exception as error:  # noqa: BLE001 -- one letter must not stop the others
            # The address is not logged, and not the words of the server, which repeat it.
            log.warning("A direct letter was not sent: %s", type(error).__name__)
            return Outcome(fate_of(error), type(error).__name__)
        return Outcome(Fate.SENT)


def send(letter):
    """The same for a single letter."""
    with Sender() as sender:
        return sender.send(letter)


def composed(letter):
    own = printing.Own(
        link=letter.origin,
        unsubscribe=letter.way_out,
        message_id=letter.message_id,
        address=letter.address,
        date=formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
    )
    message = printing.letter(letter.title, letter.text, letter.html, own, letter.answers_to)
    if letter.sender:
        message.from_email = formataddr((letter.sender, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    return message


def fate_of(error):
    if letters.is_dead_address(error):
        return Fate.DEAD
    return Fate.REFUSED if letters.is_final(error) else Fate.LATER


def pause_after(attempts):
    """How long to wait after so many attempts (5, 10, 20 … seconds, then about every five minutes); None after four
    hours: it is given up."""
    if attempts > leases.RETRIES:
        return None
    return min(leases.FIRST_PAUSE * 2 ** min(attempts - 1, 10), leases.LONGEST_PAUSE)


# For how long a letter in hand is left alone by other workers.
LEASE = timedelta(minutes=10)
