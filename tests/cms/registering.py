"""People who register for events, and what becomes of it."""

from cms.domain import registrations
from cms.models import EventRegister, Registration
from notifications import delivery
from notifications.models import Event, Notification
from tests.factories.accounts import UserFactory


def join(register, user=None):
    user = user or UserFactory()
    return registrations.join(register, user=user, actor=user)


def told(user):
    """Kinds of what a person was told, once everything is delivered: tests never commit."""
    for event in Event.objects.undelivered().order_by("pk"):
        delivery.deliver(event.pk, by_worker=True)
    return list(Notification.objects.of(user.pk).order_by("seq").values_list("event__kind", flat=True))


def states(register):
    return list(Registration.objects.of_register(register).order_by("pk").values_list("state", flat=True))


def taken(register):
    return EventRegister.objects.get(pk=register.pk).taken
