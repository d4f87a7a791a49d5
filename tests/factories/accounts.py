"""Factories of people, and short ways into a session for tests."""

import base64
import hmac
import time

import factory
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as RECORDS_OF_KEY,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from factory.django import DjangoModelFactory

from accounts.domain import people
from accounts.models import User


class UserFactory(DjangoModelFactory):
    """A person who signs in by e-mail code.

    Traits: `closed`, `superuser`; `accepted=True`: has agreed to the texts in force.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        closed = factory.Trait(is_active=False)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda number: f"osoba-{number}@example.org")
    display_name = factory.Sequence(lambda number: f"Osoba Wymyślona {number}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def accepted(self, create, extracted, **kwargs):
        """`accepted=True`: has agreed to the texts in force."""
        if extracted:
            for kind in people.ASKED_OF_ALL:
                people.give_consent(self, kind)


def give_app(user):
    """Sets up an authenticator app for a person; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of_app(secret, *, at=None):
    """The six digits that the app shows at a moment (seconds since 1970, by default now), after RFC 6238."""
    counter = int(at or time.time()) // 30
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def sign_in(client, user, *, second_factor=False):
    """Opens a session of the person. `second_factor`: as if their app's code had just been typed in."""
    client.force_login(user)
    if second_factor:
        show(client, user, "mfa")


def show(client, user, method, *, ago=0):
    """Adds to the session that the person showed a proof ("mfa", "code") so many seconds ago."""
    session = client.session
    records = session.get(RECORDS_KEY, [])
    session[RECORDS_KEY] = [*records, {"method": method, "at": time.time() - ago}]
    session[RECORDS_OF_KEY] = str(user.pk)
    session.save()


def authenticators_of(user):
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
