"""The records of telling people: events, inboxes, what leaves the site, and what people want of it."""

from notifications.models.deliveries import Channel, Delivery, DeliveryState, HeldFor
from notifications.models.duties import Duty
from notifications.models.events import GRACE, Event, Inbox, Notification, find_model
from notifications.models.habits import Habits, Preference, Rhythm
from notifications.models.hours import EVERYWHERE, PAGE, Hour
from notifications.models.outside import Call, CallState, DeadMailbox, PushSubscription, SmsMonth

__all__ = [
    "EVERYWHERE",
    "GRACE",
    "PAGE",
    "Call",
    "CallState",
    "Channel",
    "DeadMailbox",
    "Delivery",
    "DeliveryState",
    "Duty",
    "Event",
    "Habits",
    "HeldFor",
    "Hour",
    "Inbox",
    "Notification",
    "Preference",
    "PushSubscription",
    "Rhythm",
    "SmsMonth",
    "find_model",
]
