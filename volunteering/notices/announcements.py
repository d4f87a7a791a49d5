"""Announcements of the centre: to those on the list, and to staff about them.

Words are rendered when they are read: who opens an announcement that was withdrawn meanwhile reads that it was.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.domain import people
from notifications.registry import Notice, register
from notifications.words import render
from volunteering.models import AnnouncementRecipient
from volunteering.models.announcements import ABOUT
from volunteering.notices.who import DeskNotice
from volunteering.states import AnnouncementState

FRAME = "volunteering/notices/announcement.txt"


class AnnouncementNotice(Notice):
    # Written to many at once: staff do not ring them all.
    call = False
    related = ABOUT

    @staticmethod
    def context(event):
        return words_of(event.subject)


@register
class Announced(AnnouncementNotice):
    """One portion of the list. The words of the centre are plain text, also where they look like a link or markup."""

    kind = "volunteering.announcement_tell"
    label = _("The centre writes to everybody")
    template = FRAME

    @staticmethod
    def recipients(event):
        return AnnouncementRecipient.objects.of(event.subject_id).of_chunk(event.data["chunk"]).keys()

    @staticmethod
    def url(event):
        return reverse("volunteering:announcement", args=[event.subject_id])

    @staticmethod
    def is_obsolete(event):
        return event.subject.state == AnnouncementState.CANCELLED


@register
class AnnouncementTried(AnnouncementNotice):
    """To whoever wants to see it first in their own mailbox."""

    kind = "volunteering.announcement_test"
    template = FRAME

    @staticmethod
    def recipients(event):
        return [event.data["to"]]

    @staticmethod
    def context(event):
        return words_of(event.subject) | {"is_test": True}

    @staticmethod
    def url(event):
        return reverse("desk:announcement", args=[event.subject_id])

    @staticmethod
    def concerns(user):
        return people.is_staff(user)


class DeskAnnouncementNotice(DeskNotice):
    @staticmethod
    def url(event):
        return reverse("desk:announcement", args=[event.subject_id])


@register
class AnnouncementWaits(DeskAnnouncementNotice):
    kind = "volunteering.announcement_ask"
    label = _("An announcement waits for a second person")
    template = "volunteering/notices/announcement_ask.txt"
    related = ("author",)

    @staticmethod
    def is_obsolete(event):
        return event.subject.state != AnnouncementState.WAITING


@register
class AnnouncementHandedBack(DeskAnnouncementNotice):
    kind = "volunteering.announcement_hand_back"
    label = _("Something is to be changed in my announcement")
    template = "volunteering/notices/announcement_hand_back.txt"

    @staticmethod
    def recipients(event):
        return [event.data["to"]]


@register
class AnnouncementSent(DeskAnnouncementNotice):
    """To whoever wrote it and whoever sent it."""

    kind = "volunteering.announcement_complete"
    label = _("My announcement is sent")
    template = "volunteering/notices/announcement_complete.txt"

    @staticmethod
    def recipients(event):
        return event.data["to"]


def words_of(announcement):
    """What the frame around the words of the centre needs."""
    return {
        "announcement": announcement,
        "centre": announcement.municipality.centre_name,
        "audience": announcement.audience,
        "is_withdrawn": announcement.state == AnnouncementState.CANCELLED and announcement.sending_at is not None,
        "is_test": False,
    }


class _Preview:
    """Stands for the event that there is not yet."""

    def __init__(self, announcement):
        self.subject, self.subject_id = announcement, announcement.pk


def preview(announcement):
    """The words as those on the list read them, in the active language."""
    return render(Announced, _Preview(announcement), words_of(announcement))
