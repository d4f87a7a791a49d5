"""Ways of sending one text message: a console, and a gateway with an HTTP API. The setting SMS_BACKEND names one.

A backend has `send(message)`, which returns when the gateway has taken the message, and otherwise raises Refused (this
message never), Busy (nothing now) or Away (nobody answered, or nothing that makes sense).
"""

import http.client
import json
import logging
import unicodedata
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

TIMEOUT = 10
ANSWER_LIMIT = 64 * 1024
LONGEST_REST = 3600
# What the GSM alphabet holds of ours; each of the second takes two places.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = set("^{}\\[~]|€")
OURS = str.maketrans("łŁ–—„”’…\N{NO-BREAK SPACE}", 'lL--""\'. ')


class Refused(Exception):
    """The gateway will never send this message: a wrong number, say."""


class Away(Exception):
    """The gateway does not answer, or not in a way that makes sense."""


class Busy(Away):
    """The gateway asks to wait."""

    def __init__(self, words, *, seconds=None):
        super().__init__(words)
        self.seconds = seconds


@dataclass(frozen=True)
class Message:
    """One text message. `key` is the same for every attempt, so that the gateway can drop a second one."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    key: str


def in_letters(text):
    """The text as it goes out: with Polish letters, or without them, which makes it two to three times cheaper."""
    if settings.SMS_POLISH_LETTERS:
        return text
    plain = unicodedata.normalize("NFKD", text.translate(OURS))
    return unicodedata.normalize("NFC", "".join(it for it in plain if not is_mark_of_latin(it)))


def is_mark_of_latin(character):
    """Accents go; Cyrillic letters that are written with one (й, ї) are put together again by NFC."""
    return unicodedata.combining(character) and character not in "\u0306\u0308"


def parts_of(text):
    """How many messages a gateway makes of it, and charges for."""
    if set(text) <= GSM | GSM_DOUBLE:
        length, single, each = len(text) + sum(it in GSM_DOUBLE for it in text), 160, 153
    else:
        length, single, each = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // each)


def is_on():
    return bool(settings.SMS_BACKEND)


def backend():
    return import_string(settings.SMS_BACKEND)()


class Console:
    """For the demonstration and for developers: the message stands in the terminal, nothing is sent."""

    @staticmethod
    def send(message):
        log.info("SMS to …%s: %s", message.to[-3:], message.text)


class Memory:
    """For tests: keeps the messages."""

    sent = []

    def send(self, message):
        self.sent.append(message)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token goes to the gateway that was named, and to nobody whom that names."""

    def redirect_request(self, *arguments):
        return None


class Gateway:
    """A gateway's HTTP API as most in Poland have it: a form with `to`, `message`, `from`, `idx` and a bearer token;
    the answer is JSON with `count`, or with `error` and a number."""

    # Numbers of errors that concern this one message: its words, its receiver.
    FINAL = {"11", "12", "13", "17", "52", "53"}

    def __init__(self):
        self.opener = urllib.request.build_opener(NoRedirects)

    def send(self, message):
        answer = self._answer(self._request(message))
        try:
            content = json.loads(answer)
        except ValueError as error:
            raise Away("the gateway's answer is no JSON") from error
        if not isinstance(content, dict):
            raise Away("the gateway's answer is no object")
        if "error" in content:
            kind = Refused if str(content["error"]) in self.FINAL else Away
            raise kind(f"the gateway's error {str(content['error'])[:20]}")
        if content.get("count") != 1:
            raise Away("the gateway's answer names no message")

    @staticmethod
    def _request(message):
        form = {"to": message.to, "message": message.text, "idx": message.key, "check_idx": 1, "format": "json"}
        if settings.SMS_SENDER:
            form["from"] = settings.SMS_SENDER
        return urllib.request.Request(  # noqa: S310 -- the address is the operator's own setting, and checked to be http(s)
            settings.SMS_GATEWAY_URL,
            data=urllib.parse.urlencode({**form, "encoding": "utf-8"}).encode(),
            headers={"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
        )

    def _answer(self, request):
        try:
            with self.opener.open(request, timeout=settings.SMS_TIMEOUT) as response:
                return response.read(ANSWER_LIMIT)
        except urllib.error.HTTPError as error:
            with error:
                raise self._of_status(error) from error
        except (OSError, http.client.HTTPException) as error:
            raise Away(f"the gateway did not answer: {type(error).__name__}") from error

    @staticmethod
    def _of_status(error):
        words = f"the gateway answered {error.code}"
        if error.code == 429:
            rest = error.headers.get("Retry-After", "")
            return Busy(words, seconds=min(int(rest), LONGEST_REST) if rest.isdecimal() else None)
        # 401 to 403 is about our account, not about this message.
        return Refused(words) if error.code in {400, 404, 413, 422} else Away(words)
