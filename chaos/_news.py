"""The news that chaos tells: its title is the number of its event, so that every copy can be told from every other."""

import django

django.setup()

from django.db import transaction  # noqa: E402 -- Django must be set up first

from accounts.models import User  # noqa: E402
from benchmarks._crowd import ToTheCrowd  # noqa: E402
from notifications.outbox import publish  # noqa: E402
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
