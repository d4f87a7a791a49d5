"""The news that chaos tells: its title is the number of its event, so that every copy can be told from every other."""

import django

django.setup()

from django.db import transaction  # noqa: E402 -- Django must be set up first

from accounts.models import User  # noqa: E402
from benchmarks._crowd import ToTheCrowd  # noqa: E402
from notifications.outbox import publish, revoke  # noqa: E402
from notifications.registry import register  # noqa: E402

KIND = "chaos.word"


@register
class Word(ToTheCrowd):
    kind = KIND
    label = "Word"
    template = "chaos/word.txt"
    mail = True


def tell(to):
    """As a view tells: the change and its event in one transaction. Returns the id of the event."""
    with transaction.atomic():
        return publish(KIND, User.objects.get(pk=to[0]), to=to).pk


def tell_each(to):
    """An event of their own to each of these people."""
    with transaction.atomic():
        for user_id in to:
            publish(KIND, User(pk=user_id), to=[user_id])


def take_role(to):
    """As the desk does when a role goes: the person's sockets must look again."""
    with transaction.atomic():
        revoke(to[0])


def close_account(to):
    """As the desk does when an account is closed."""
    with transaction.atomic():
        User.objects.filter(pk=to[0]).update(is_active=False)
        revoke(to[0])


DOORS = {"/tell": tell, "/each": tell_each, "/revoke": take_role, "/close": close_account}
