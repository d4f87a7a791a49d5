"""What tests of announcements ask: who is on the list, who has heard, what happened."""

from notifications.models import Event, Notification
from volunteering.models import Announcement, AnnouncementRecipient
from volunteering.tasks import send_announcement

WORDS = {"title": "W piątek zamknięte", "body": "Do zobaczenia w poniedziałek."}


def again(announcement):
    return Announcement.objects.with_people().get(pk=announcement.pk)


def told(announcement):
    return set(AnnouncementRecipient.objects.of(announcement).told().values_list("user_id", flat=True))


def heard(announcement):
    """Keys of the people in whose inboxes it is, one entry for each time."""
    found = Notification.objects.filter(event__kind="volunteering.announcement_tell")
    return sorted(found.filter(event__subject_id=announcement.pk).values_list("user_id", flat=True))


def keys(people):
    return sorted(person.pk for person in people)


def kinds(announcement):
    events = Event.objects.filter(subject_type="volunteering.announcement", subject_id=announcement.pk)
    return [event.kind.removeprefix("volunteering.announcement_") for event in events.order_by("pk")]


def send_out(announcement, capture):
    with capture(execute=True):
        send_announcement.call(announcement.pk)
    return again(announcement)
