"""Answers to our letters, as a mail service brings them (django-anymail's inbound webhooks, where that is installed).

Nothing here knows what is answered: whoever makes the addresses (`reply_addresses`) takes the answers, by
`registry.set_answers`. A mail is looked into only after its address has proven genuine: strangers cost next to nothing.
"""

import hashlib
import logging
import re
from dataclasses import dataclass, field
from email.errors import MessageError
from email.utils import getaddresses

from django.core.files.base import ContentFile

from notifications import registry
from notifications.reply_addresses import is_on, token_in
from notifications.reply_words import Unreadable, own_words, text_of, text_of_html

log = logging.getLogger(__name__)

# What the standard library raises at mail that is broken, or made to break readers.
BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, MessageError)
MOST_PARTS = 50
SMALLEST_PHOTO = 20_000
# They come with a mail, and nobody put them there.
UNNOTICED = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/calendar",
}
MACHINES_SAY = {"x-auto-response-suppress", "x-autoreply", "x-autorespond", "list-id", "x-failed-recipients"}
MACHINES_RANK = {"bulk", "junk", "list", "auto_reply"}


def connect():
    """Listens to the package's own signal: it has no other way of telling."""
    from anymail.signals import inbound  # noqa: PLC0415 -- in the production extra only

    inbound.connect(hear, dispatch_uid="notifications.replies")


def hear(sender, event, esp_name, **kwargs):
    """A mail has come. What cannot be read is dropped: the service would bring it again for days. What fails for
    another reason is raised, so that it does."""
    if not is_on() or getattr(event, "message", None) is None:
        return
    try:
        reply = Reply(event.message)
        is_for_us = reply.token is not None and not reply.is_automatic
    except BROKEN as error:
        log.info("A mail that %s brought was dropped: %s", esp_name, type(error).__name__)
        return
    if is_for_us:
        registry.answer(reply)
    else:
        log.info("A mail that %s brought was dropped: nobody answers with it", esp_name)


@dataclass(frozen=True)
class Content:
    """What a person wrote, None where its letters cannot be read; the pictures that they attached, as files (small ones
    within the text are logos of signatures); and whether anything else is attached."""

    words: str | None = field(repr=False)
    photos: list = field(repr=False)
    has_other_files: bool


class Reply:
    """One mail. Its content is read when it is asked for."""

    def __init__(self, message):
        self.message = message
        self.headers = [(name.lower(), str(value)) for name, value in message.raw_items()]
        self.token = self._token()
        self.sender = self._sender()

    def all(self, name):
        return [value for header, value in self.headers if header == name]

    def _token(self):
        envelope = [self.message.envelope_recipient or ""]
        named = envelope + [address for name in ("to", "cc") for _who, address in getaddresses(self.all(name))]
        return next(filter(None, map(token_in, named)), None)

    def _sender(self):
        """The one address that it says it is from; empty where it names none or several."""
        found = getaddresses(self.all("from"))
        return found[0][1].strip().lower() if len(found) == 1 else ""

    @property
    def is_automatic(self):
        """Whether a machine wrote it: somebody is away, a letter did not arrive, a list. Answering would go on for
        ever."""
        senders = {self.message.envelope_sender, *self.all("return-path")}
        submitted = [value.strip().lower() for value in self.all("auto-submitted")]
        return (
            any(not value.startswith("no") for value in submitted)
            or any(value.strip().lower() in MACHINES_RANK for value in self.all("precedence"))
            or any(name in MACHINES_SAY for name, _value in self.headers)
            or any(value is not None and value.strip() in {"", "<>"} for value in senders)
            or self.message.get_content_type() == "multipart/report"
        )

    @property
    def name(self):
        """The same each time that the same mail is brought."""
        named = "".join(self.all("message-id")).strip()
        return named or hashlib.sha256(repr([*self.all("date"), self.sender, self.read().words]).encode()).hexdigest()

    def read(self):
        """What the person wrote and attached. What cannot be read has no words."""
        try:
            return Content(self._words(), list(self._photos()), self._has_other_files())
        except (Unreadable, *BROKEN):
            return Content(None, [], False)

    def _words(self):
        text = "\n".join(text_of(part) for part in self._texts("text/plain")).strip()
        return own_words(text or "\n".join(text_of_html(text_of(part)) for part in self._texts("text/html")))

    def _photos(self):
        for part in self._parts():
            content = (part.get_payload(decode=True) or b"") if part.get_content_maintype() == "image" else b""
            if len(content) >= SMALLEST_PHOTO or (content and is_attached(part)):
                yield ContentFile(content)

    def _has_other_files(self):
        others = (part for part in self._parts() if part.get_content_maintype() != "image")
        return any(is_attached(part) and part.get_content_type() not in UNNOTICED for part in others)

    def _texts(self, kind):
        return [part for part in self._parts() if part.get_content_type() == kind and not is_attached(part)]

    def _parts(self):
        """The parts, in order, without looking into mails that are attached."""
        found, waiting = [], [self.message]
        while waiting and len(found) < MOST_PARTS:
            part = waiting.pop(0)
            if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
                waiting[:0] = part.get_payload()[:MOST_PARTS]
            else:
                found.append(part)
        return found


def is_attached(part):
    said = re.split(r"[;\s]", str(part.get("Content-Disposition", "")).strip().lower())[0]
    return said == "attachment" or part.get_content_maintype() == "message"
