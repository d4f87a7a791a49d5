"""Letters in print: text first, then the same as simple HTML. What many readers get in the same words is rendered and
encoded once; what is each reader's own is put in where marks stand for it."""

import logging
import re
from email.utils import formatdate
from functools import cache, lru_cache
from secrets import token_hex
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext
from django_scopes import scope

from notifications import reply_addresses, reply_words
from notifications.frames import address_of_inbox
from notifications.models import Preference
from notifications.preferences import unsubscribe_token
from notifications.registry import NOTICES, origin_of

log = logging.getLogger(__name__)

# Addresses that go into a header as they are. All others are encoded, or refused, by Django.
ATOMS = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
PLAIN_ADDRESS = re.compile(rf"{ATOMS}@{ATOMS}")


class Own(NamedTuple):
    """What differs between two letters of the same words. Plain ASCII without white space, but for the date."""

    link: str
    unsubscribe: str
    message_id: str
    address: str
    date: str

    @classmethod
    def marks(cls):
        """What stands for them until they are known: nothing that words could contain by chance. Long ones make the
        lines of the headers end where those of real letters do."""
        secret = token_hex(16)
        marks = {name: f"mark-{name}-{secret}-".ljust(75, "x") for name in ("link", "unsubscribe")}
        return cls(**marks, message_id=f"<id-{secret}@mark>", address=f"to-{secret}@mark", date=f"date-{secret}")


class Printer:
    """Composes the letters of one batch."""

    def __init__(self, wording):
        self.wording = wording
        self.origins = {}

    def compose(self, parcel):
        """The letter, in the reader's language, with links to our origin only. Several pieces of news make one letter:
        what came in within minutes, or a summary."""
        user, event = parcel.user, parcel.rows[0].notification.event
        with translation.override(user.language):
            news = [self.piece(row.notification, user) for row in parcel.rows]
            origin = self.origin_of(parcel.lead.notification.event)
            own = self.own(parcel, origin, news[0]["link"])
            reply_to = reply_address(parcel)
            is_alone = len(news) > 1 or reply_to or self.wording.is_personal(event, user)
            if is_alone or not PLAIN_ADDRESS.fullmatch(own.address):
                return composed(news, origin, own, reply_to)
            return form_of(news[0]["words"], origin, user.language).letter(own)

    def piece(self, notification, user):
        """One piece of news of a letter: its words, and the way to its page."""
        event = notification.event
        link = f"{self.origin_of(event)}{address_of_inbox()}{notification.seq}/"
        return {"words": self.wording.words(event, user, user.language), "link": link, "when": event.created_at}

    def own(self, parcel, origin, link):
        user = parcel.user
        kind = parcel.rows[0].notification.event.kind if len(parcel.rows) == 1 else Preference.EVERY_KIND
        return Own(
            link=link,
            unsubscribe=f"{origin}{way_out()}{unsubscribe_token(user.pk, kind)}/",
            message_id=message_id(parcel.lead.notification.event, user, origin),
            address=user.email,
            date=formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
        )

    def origin_of(self, event):
        if event.municipality_id not in self.origins:
            self.origins[event.municipality_id] = origin_of(event.municipality_id)
        return self.origins[event.municipality_id]


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


def composed(news, origin, own, reply_to=""):
    """A letter as Django has it."""
    values = {
        "news": news,
        "words": news[0]["words"],
        "title": subject_of(news),
        "language": translation.get_language(),
        "settings_link": origin + reverse("notifications:settings"),
        "unsubscribe_link": own.unsubscribe,
        "reply_marker": reply_words.MARKER if reply_to else "",
    }
    text = render_to_string("notifications/mail.txt", values)
    return letter(values["title"], text, render_to_string("notifications/mail.html", values), own, reply_to)


def letter(title, text, html, own, reply_to=""):
    message = Letter(
        title,
        text,
        to=[own.address],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "Date": own.date,
            "Message-ID": own.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{own.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


class Letter(EmailMultiAlternatives):
    """`printed` is the whole letter as it goes over the wire, where there is such a thing already."""

    printed = None


class Form:
    """One piece of news in words that all its readers share, in the active language."""

    def __init__(self, words, origin):
        marks = Own.marks()
        sample = composed([{"words": words, "link": marks.link}], origin, marks)
        self.title = sample.subject
        self.text, self.html = Stencil(sample.body, marks), Stencil(sample.alternatives[0].content, marks)
        wire = sample.message().as_bytes(linesep="\r\n").decode("utf-8", "surrogateescape")
        self.wire = Stencil(wire, marks)
        # Very long lines are encoded in a way that would tear the marks apart.
        self.is_whole = all(self.wire.count(mark) >= self.text.count(mark) + self.html.count(mark) for mark in marks)

    def letter(self, own):
        made = letter(self.title, self.text.filled(own), self.html.filled(own), own)
        if self.is_whole:
            made.printed = self.wire.filled(own).encode("utf-8", "surrogateescape")
        return made


@lru_cache(maxsize=100)
def form_of(words, origin, _active_language):
    """Kept for the next batches too: ten thousand letters of one event are a hundred of them."""
    return Form(words, origin)


class Stencil:
    """A text with holes where marks were."""

    def __init__(self, text, marks):
        names = {mark: name for name, mark in enumerate(marks)}
        self.parts = re.split("|".join(f"({re.escape(mark)})" for mark in marks), text)
        self.parts = [part for part in self.parts if part is not None]
        self.holes = [(place, names[part]) for place, part in enumerate(self.parts) if part in names]
        self.marks = [part for part in self.parts if part in names]

    def count(self, mark):
        return self.marks.count(mark)

    def filled(self, own):
        parts = self.parts.copy()
        for place, name in self.holes:
            parts[place] = own[name]
        return "".join(parts)


@cache
def way_out():
    """Where the links lead that stop mail, up to their token."""
    return reverse("notifications:unsubscribe", args=["token"]).removesuffix("token/")


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
