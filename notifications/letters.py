"""Mail: what waits in the delivery table is leased, sent and acknowledged, one letter at a time.

A worker that dies between sending and acknowledging sends that letter once more, with the same Message-ID.
"""

import logging
import smtplib
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django_scopes import scope

from notifications.models import Channel, Delivery, DeliveryState, Preference
from notifications.preferences import unsubscribe_token
from notifications.registry import NOTICES, origin_of
from notifications.words import Wording

log = logging.getLogger(__name__)

LETTERS_AT_ONCE = 20
LEASE = timedelta(minutes=10)
# 5, 10, 20 … seconds, then about every five minutes: 48 retries take close to four hours.
RETRIES = 48
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=320)

REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class ServerAway(Exception):
    """The mail server cannot be reached or does not answer: the other letters need not try now."""


def send_due():
    """Sends the letters that are due. Returns how many it dealt with."""
    # Looked for without a lock first: nearly always there is none.
    if not due_letters().exists():
        return 0
    letters = claim()
    send(letters)
    return len(letters)


def due_letters():
    return Delivery.objects.due().filter(channel=Channel.MAIL)


@transaction.atomic
def claim():
    """Takes due letters for a while: other workers leave them alone. An attempt counts even if this worker dies."""
    due = due_letters().order_by("not_before", "pk")
    ids = list(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:LETTERS_AT_ONCE])
    Delivery.objects.filter(pk__in=ids).update(leased_until=timezone.now() + LEASE, attempts=F("attempts") + 1)
    letters = Delivery.objects.filter(pk__in=ids).select_related("notification__event", "notification__user")
    return list(letters.order_by("pk"))


def send(letters):
    post = Post()
    wording = Wording(
        [letter.notification.event for letter in letters], [letter.notification.user for letter in letters]
    )
    try:
        for letter in letters:
            try:
                deal_with(letter, wording, post)
            except ServerAway as error:
                post.is_away = True
                retry(letter, error.__cause__)
            except Exception as error:  # noqa: BLE001 -- one letter must not stop the others
                log.warning("Letter %s was not sent: %s", letter.pk, type(error).__name__)
                give_up(letter, error) if is_final(error) else retry(letter, error)
    finally:
        post.close()


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
            self.close()
            raise ServerAway from error

    def close(self):
        if self.connection is not None:
            try:
                self.connection.close()
            except OSError:
                log.info("The connection to the mail server was gone already")
            self.connection = None


def deal_with(letter, wording, post):
    reason = reason_to_skip(letter)
    if reason:
        settle(letter, DeliveryState.SKIPPED, error=reason)
    else:
        post.send(compose(letter.notification, wording))
        settle(letter, DeliveryState.SENT, sent_at=timezone.now(), error="")


def reason_to_skip(letter):
    """Why this letter is not needed any more; empty where it is."""
    notification, notice = letter.notification, NOTICES.get(letter.notification.event.kind)
    user, event = notification.user, notification.event
    if notification.read_at is not None:
        return "read"
    if notice is None:
        return "unknown kind"
    if not user.is_active or not user.email:
        return "no mailbox"
    if not Preference.objects.wishes([user.pk], event.kind, Channel.MAIL).get(user.pk, notice.mail):
        return "not wanted"
    with scope(municipality=event.municipality_id):
        if event.subject is None or notice.is_obsolete(event):
            return "obsolete"
        return "settled" if notice.is_settled_for(event, user) else ""


def compose(notification, wording):
    """The letter: text first, then the same as simple HTML, in the reader's language, with links to our origin only."""
    event, user = notification.event, notification.user
    origin = origin_of(event.municipality_id)
    unsubscribe = origin + reverse("notifications:unsubscribe", args=[unsubscribe_token(user.pk, event.kind)])
    words = wording.words(event, user, user.language)
    values = {
        "words": words,
        "language": user.language,
        "link": origin + reverse("notifications:open", args=[notification.seq]),
        "settings_link": origin + reverse("notifications:settings"),
        "unsubscribe_link": unsubscribe,
    }
    with translation.override(user.language):
        text = render_to_string("notifications/mail.txt", values)
        html = render_to_string("notifications/mail.html", values)
    message = EmailMultiAlternatives(
        words.title,
        text,
        to=[user.email],
        headers={
            "Message-ID": message_id(event, user, origin),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def message_id(event, user, origin):
    """The same for every attempt at the same letter, so that a mailbox can drop the second; it tells no numbers."""
    key = salted_hmac("notifications.letters", f"{event.pk}/{user.pk}", algorithm="sha256").hexdigest()[:32]
    return f"<{key}@{urlsplit(origin).hostname}>"


def is_final(error):
    """Whether trying again is useless: the server refused this recipient or this letter for good, or the address
    cannot be written. What is wrong with our own account there (sender, sign-in) is tried again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def retry(letter, error):
    if letter.attempts > RETRIES:
        give_up(letter, error)
        return
    pause = min(FIRST_PAUSE * 2 ** min(letter.attempts - 1, 10), LONGEST_PAUSE)
    settle(letter, DeliveryState.WAITING, not_before=timezone.now() + pause, error=in_words(error))


def give_up(letter, error):
    log.error("Letter %s was given up after %d attempts", letter.pk, letter.attempts)
    settle(letter, DeliveryState.FAILED, error=in_words(error))


def settle(letter, state, **changes):
    """Writes the outcome and gives the lease back, unless another worker has settled the letter meanwhile."""
    Delivery.objects.filter(pk=letter.pk, state=DeliveryState.WAITING).update(state=state, leased_until=None, **changes)


def in_words(error):
    return f"{type(error).__name__}: {error}"[:500]
