"""Addresses that letters can be answered to: each names one place where one person may write, and nobody can guess it.

`mailbox+<token>@domain`, or `<token>@domain` where REPLY_ADDRESS is a domain only. The token is a mark of 100 bits and
a number; together at most 33 characters of small letters and digits, as mail servers may write a local part in small
letters and refuse one of more than 64.
"""

import base64
import re
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

SALT = "notifications.reply_addresses"
MARK_LENGTH = 20
TOKEN = re.compile(rf"([a-z2-7]{{{MARK_LENGTH}}})([0-9a-z]{{1,13}})")
LARGEST = 2**63 - 1


class Token(NamedTuple):
    """What somebody wrote to. Nothing is proven yet: see `is_genuine`."""

    number: int
    mark: str


def is_on():
    """Whether letters can be answered. Half of the settings is nothing: without the secret anybody could bring mail."""
    return bool(settings.REPLY_ADDRESS and settings.MAIL_SERVICE and settings.MAIL_WEBHOOK_SECRET)


def address_of(number, *, bound_to):
    """The address for this number. `bound_to`: words without which it is worth nothing, such as the person's mailbox:
    when they change, it dies."""
    mailbox, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    token = mark_of(number, bound_to, settings.SECRET_KEY) + int_to_base36(number)
    return f"{mailbox}+{token}@{domain}" if mailbox else f"{token}@{domain}"


def mark_of(number, bound_to, key):
    digest = salted_hmac(SALT, f"{number}/{bound_to}", secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest)[:MARK_LENGTH].decode("ascii").lower()


def token_in(address):
    """The token of an address of ours; None for any other address."""
    mailbox, _at, domain = settings.REPLY_ADDRESS.lower().rpartition("@")
    local, _at, host = address.strip().lower().rpartition("@")
    if host != domain or not local.startswith(f"{mailbox}+" if mailbox else ""):
        return None
    found = TOKEN.fullmatch(local[len(mailbox) + 1 :] if mailbox else local)
    if found is None or base36_to_int(found[2]) > LARGEST:
        return None
    return Token(base36_to_int(found[2]), found[1])


def is_genuine(token, *, bound_to):
    """Whether we made this token, for these words; also under an earlier key of the installation."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(mark_of(token.number, bound_to, key), token.mark) for key in keys)


def is_ours(address):
    """Whether it is below the address for answers: such addresses are never shown to anybody."""
    return address.strip().lower().rpartition("@")[2] == settings.REPLY_ADDRESS.lower().rpartition("@")[2]
