"""Factories of events, inboxes and letters, and the tiny notice that the tests tell."""

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from notifications.models import Channel, Delivery, Event, Inbox, Notification
from notifications.outbox import publish
from notifications.registry import Notice
from tests.factories.accounts import UserFactory

KIND = "tests.news"


class News(Notice):
    """Goes to whom the event's data name under `to`; those under `near` get a distance of their own."""

    kind = KIND
    template = "tests/news.txt"
    label = "News of the tests"

    @staticmethod
    def recipients(event):
        if "broken" in event.data:
            raise LookupError(event.data["broken"])
        return event.data["to"]

    @staticmethod
    def context(event):
        return {"shared": event.data["shared"]}

    @staticmethod
    def personal(event, user_ids):
        if "personal_fails_for" in event.data and event.data["personal_fails_for"] in user_ids:
            return {event.data["personal_fails_for"]: {"near": Unspeakable()}}
        near = event.data.get("near", {})
        return {user_id: {"near": near[str(user_id)]} for user_id in user_ids if str(user_id) in near}

    @staticmethod
    def url(event):
        return event.data.get("url", "/prosby/")

    @staticmethod
    def is_obsolete(event):
        return event.data.get("obsolete", False)


class Unspeakable:
    def __str__(self):
        raise ValueError("this has no words")


def tell(*people, by=None, about=None, words="Dzień dobry", shared="razem", **data):
    """Publishes news for these people in a transaction of its own. Returns the event."""
    ids = [getattr(person, "pk", person) for person in people]
    with transaction.atomic():
        return publish(KIND, about or UserFactory(), actor=by, to=ids, words=words, shared=shared, **data)


class EventFactory(DjangoModelFactory):
    """An event that nobody was told of yet. Trait `delivered`: nobody waits for it any more."""

    class Meta:
        model = Event

    class Params:
        delivered = factory.Trait(delivered_at=factory.LazyFunction(timezone.now))
        about = factory.SubFactory(UserFactory)

    kind = KIND
    subject_type = "accounts.user"
    subject_id = factory.SelfAttribute("about.pk")
    data = factory.LazyFunction(lambda: {"to": [], "words": "Dzień dobry", "shared": "razem"})


class NotificationFactory(DjangoModelFactory):
    """The next number in a person's inbox. Trait `read`."""

    class Meta:
        model = Notification

    class Params:
        read = factory.Trait(read_at=factory.LazyFunction(timezone.now))

    user = factory.SubFactory(UserFactory)
    event = factory.SubFactory(EventFactory, delivered=True)

    @factory.lazy_attribute
    def seq(self):
        inbox, _is_new = Inbox.objects.get_or_create(user=self.user)
        inbox.last_seq += 1
        inbox.save()
        return inbox.last_seq


class DeliveryFactory(DjangoModelFactory):
    """A letter that is due."""

    class Meta:
        model = Delivery

    notification = factory.SubFactory(NotificationFactory)
    channel = Channel.MAIL
