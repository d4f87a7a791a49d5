"""“Why did I get this?” and “Why did I not?”, answered from the ledger: events, notifications, and what became of each
on its way through the channels."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope

from notifications import preferences, pushes, routes, texts
from notifications.models import Channel, Delivery, DeliveryState, Event, HeldFor, Notification
from notifications.registry import NOTICES
from notifications.words import Wording

LOOKED_BACK = timedelta(days=30)

# Reasons for leaving out, as they are stored, in words.
REASONS = {
    "read": gettext_lazy("You had read it on the site before it was due."),
    "obsolete": gettext_lazy("It was over before it was due."),
    "settled": gettext_lazy(
        "You had read it on the site, or had another message of the same conversation shortly before."
    ),
    "unknown kind": gettext_lazy("This kind of news no longer exists."),
    routes.NOT_WANTED: gettext_lazy("You chose not to get this kind here."),
    routes.DEAD_MAILBOX: gettext_lazy(
        "The mail server refused your address for good. Give us another one, and e-mail comes again."
    ),
    routes.NO_PHONE: gettext_lazy("We have no phone number of yours."),
    texts.OVER_BUDGET: gettext_lazy("The centre had no text messages left this month. Staff ring you instead."),
    pushes.NO_DEVICE: gettext_lazy("No device on which you asked for word is left."),
    routes.NO_MAILBOX: gettext_lazy("We had no address at which we could reach you."),
}

WAITS = {
    HeldFor.NOTHING: gettext_lazy("It is about to leave."),
    HeldFor.BURST: gettext_lazy("It waits some minutes, to come together with other news."),
    HeldFor.QUIET: gettext_lazy("It waits for the end of your quiet hours."),
    HeldFor.DIGEST: gettext_lazy("It waits for your collected e-mail."),
    HeldFor.CAP: gettext_lazy("You have had as many messages today as you want: it comes tomorrow."),
}


@dataclass(frozen=True)
class Way:
    """What became of one notification on one channel."""

    channel: str
    is_sent: bool
    words: str


@dataclass(frozen=True)
class Account:
    """One line of the ledger."""

    seq: int
    title: str
    # Its first sentences: many titles are the same.
    about: str
    label: str
    at: object
    why: str
    ways: list


def of_notifications(notifications, reader, language):
    """Accounts of one reader's notifications (with events), in a fixed number of queries."""
    events = [notification.event for notification in notifications]
    wording = Wording(events, [reader])
    rows = Delivery.objects.of_notifications(notifications)
    channels = preferences.channels_of(reader)
    return [
        account_of(notification, wording.words(notification.event, reader, language), reader, rows, channels)
        for notification in notifications
    ]


def account_of(notification, words, reader, rows, channels):
    return Account(
        notification.seq,
        words.title,
        "".join(words.paragraphs[:1]),
        label_of(notification.event),
        notification.event.created_at,
        why(notification.event, reader),
        ways(notification, rows, channels),
    )


def label_of(event):
    notice = NOTICES.get(event.kind)
    return notice.label if notice else ""


def why(event, reader):
    """Why this person was told."""
    notice = NOTICES.get(event.kind)
    words = ""
    if notice is not None and event.subject is not None:
        with scope(municipality=event.municipality_id):
            words = notice.why(event, reader)
    return words or _("You are one of the people whom it concerns.")


def ways(notification, rows, channels):
    """What became of it on each channel that the reader has or had then."""
    found = {row.channel: row for row in rows if row.notification_id == notification.pk}
    known = [channel for channel in Channel if channel in channels or channel in found]
    notice = NOTICES.get(notification.event.kind)
    return [way_of(channel, found.get(channel), notice) for channel in known]


def way_of(channel, row, notice):
    if row is None and channel == Channel.PUSH and notice is not None and routes.by_default(channel, notice):
        # It would have been sent, had the device been known then.
        words = _("Not sent. %(reason)s") % {"reason": REASONS[pushes.NO_DEVICE]}
    elif row is None:
        words = _("Word of this kind is not sent here unless you choose so.")
    elif row.state == DeliveryState.SENT:
        words = _("Sent on %(moment)s.") % {"moment": moment(row.sent_at)}
    elif row.state == DeliveryState.SKIPPED:
        words = _("Not sent. %(reason)s") % {"reason": REASONS.get(row.error, "")}
    elif row.state == DeliveryState.FAILED:
        words = _("It could not be sent, however often we tried. The centre can see that.")
    else:
        words = waiting(row)
    return Way(Channel(channel).label, row is not None and row.state == DeliveryState.SENT, words.strip())


def waiting(row):
    if row.attempts:
        return _("We have tried to send it and will try again on %(moment)s.") % {"moment": moment(row.not_before)}
    return _("%(reason)s Planned for %(moment)s.") % {"reason": WAITS[row.held_for], "moment": moment(row.not_before)}


def moment(time):
    return date_format(localtime(time), "j E Y, G:i")


def own_acts(user):
    """What the person did lately: nobody is told of that, so it is where a missing notice often is."""
    since = timezone.now() - LOOKED_BACK
    events = Event.objects.filter(actor=user, created_at__gte=since, kind__in=NOTICES).order_by("-pk")[:20]
    return [(event, label_of(event)) for event in events if label_of(event)]


def of_inbox(user_id):
    """The person's notifications that the ledger explains, newest first."""
    since = timezone.now() - LOOKED_BACK
    return Notification.objects.of(user_id).with_events().filter(event__created_at__gte=since).order_by("-seq")
