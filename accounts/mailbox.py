"""Proof that whoever sits here reads a mailbox: a code goes there and is typed in here.

One process for everything that needs such proof, kept in the session of the person who asked for it, so that a code
is worth nothing in any other browser. It treats every mailbox alike, whether it has an account or not: strangers
cannot find out who has one, and who has none is asked for a name after the code instead of being turned away.
"""

import contextlib
import time

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.db import models
from django.utils import translation

from accounts.domain import people
from accounts.errors import MailNotSent

SESSION_KEY = "mailbox_proof"
PROVEN_KEY = "mailbox_proven"


class Purpose(models.TextChoices):
    """What the proof is for."""

    ENTER = "enter"  # sign in, or sign up
    CONFIRM = "confirm"  # the same person is still at this session
    MOVE = "move"  # the account moves to this mailbox


class TooManyCodes(Exception):
    """This mailbox or this network was sent enough codes for now."""


class MailboxProof(AbstractCodeVerificationProcess):
    """A code under way. `state` lives in the session; `begin` and `resume` are the only ways to get one."""

    def __init__(self, request, state):
        super().__init__(
            state=state,
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
        )
        self.request = request

    @classmethod
    def resume(cls, request):
        """The proof that this session waits for; None where there is none or its time is over."""
        state = request.session.get(SESSION_KEY)
        return cls(request, state).abort_if_invalid() if state else None

    @property
    def email(self):
        return self.state["email"]

    @property
    def can_resend(self):
        return not self.is_resend_quota_reached(app_settings.LOGIN_BY_CODE_MAX_RESEND_COUNT)

    @property
    def attempts_left(self):
        return self.max_attempts - self.state["failed_attempts"]

    def send(self):
        """Mails a fresh code. Raises TooManyCodes, or MailNotSent where the mail server is away."""
        if not ratelimit.consume(self.request, action="request_login_code", key=self.email):
            raise TooManyCodes
        self.state["code"] = get_adapter(self.request).generate_login_code()
        owner = people.find(self.email)
        with translation.override(owner.language if owner else translation.get_language()):
            get_adapter(self.request).send_mail(
                "accounts/mail/code", self.email, {"code": self.code, "purpose": self.state["purpose"]}
            )

    def resend(self):
        self.send()
        self.record_resend()
        self.persist()

    def is_right(self, code):
        return compare_user_code(actual=code, expected=self.code)

    def persist(self):
        self.request.session[SESSION_KEY] = self.state

    def abort(self):
        self.request.session.pop(SESSION_KEY, None)


def begin(request, email, *, purpose=Purpose.ENTER, next_url="", display_name="", agreed=False):
    """Sends a code and remembers what it is for; afterwards send the person to `account_confirm_login_code`.

    With `display_name` and `agreed` (to the texts in force) a mailbox without an account gets one as soon as the code
    is right; without them its owner is asked for both on a page of their own. `next_url` is a path of this host.

    Raises TooManyCodes, or MailNotSent where the mail server is away.
    """
    state = MailboxProof.initial_state(user=None, email=email.strip().lower()) | {
        "purpose": str(purpose),
        "next": next_url,
        "display_name": display_name,
        "agreed": agreed,
    }
    proof = MailboxProof(request, state)
    proof.send()
    proof.persist()
    return proof


def remember_proven(request, email, next_url):
    """Keeps for a while that this session has proved a mailbox without an account: the name is still missing."""
    request.session[PROVEN_KEY] = {"email": email, "next": next_url, "at": time.time()}


def proven(request):
    """The mailbox that this session proved a moment ago, as (email, next_url); None where there is none."""
    state = request.session.get(PROVEN_KEY)
    if not state or time.time() - state["at"] > settings.FRESH_PROOF_AGE:
        return None
    return state["email"], state["next"]


def say_farewell(request, old_email):
    """Tells a mailbox that its account has moved: had somebody else done that, it would be the owner's only sign."""
    with contextlib.suppress(MailNotSent):
        get_adapter(request).send_mail("accounts/mail/moved", old_email, {})


def forget_proven(request):
    request.session.pop(PROVEN_KEY, None)
