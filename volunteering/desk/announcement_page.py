"""What the desk shows of an announcement: its words as others will read them, how many people, what can be done."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from volunteering.desk.forms.announcements import in_words
from volunteering.domain import announcement_work, announcements, audiences
from volunteering.domain.words import gives_away
from volunteering.models import Announcement
from volunteering.notices.announcements import preview
from volunteering.states import ANNOUNCEMENT, AnnouncementState

# Longer than any portion takes: the worker that sends is gone, or very busy.
STILL = timedelta(minutes=2)


@dataclass
class Page:
    """`size`: how many people are concerned now; `by_phone`: how many of them have no account; `capped`: how many have
    had enough today. `is_own`: whether the reader wrote it, and so cannot approve it."""

    announcement: Announcement
    words: object
    to_whom: str
    size: int
    by_phone: int
    capped: int
    gives_away: set
    is_large: bool
    is_own: bool

    @property
    def is_open(self):
        """Whether it can still be changed, or decided about."""
        return self.announcement.state in {AnnouncementState.DRAFT, AnnouncementState.WAITING}

    @property
    def may_send(self):
        return self.announcement.state in ANNOUNCEMENT["send"].sources and self.size > 0 and not self.is_large

    @property
    def may_ask(self):
        return self.announcement.state in ANNOUNCEMENT["ask"].sources and self.size > 0 and self.is_large

    @property
    def may_approve(self):
        return self.announcement.state in ANNOUNCEMENT["approve"].sources and self.size > 0 and not self.is_own

    @property
    def is_sending(self):
        return self.announcement.state == AnnouncementState.SENDING

    @property
    def stands_still(self):
        return self.is_sending and self.announcement.touched_at < timezone.now() - STILL

    @property
    def waiting(self):
        """How many on the list were not told when the sending was stopped."""
        return self.announcement.total - self.announcement.done


def page_of(announcement, user):
    """People are counted only while the announcement can still be sent."""
    is_open = announcement.state in {AnnouncementState.DRAFT, AnnouncementState.WAITING}
    size = audiences.size(announcement) if is_open else announcement.total
    return Page(
        announcement=announcement,
        words=preview(announcement),
        to_whom=in_words(announcement.audience, announcement.subject),
        size=size,
        by_phone=audiences.without_account(announcement),
        capped=announcement_work.capped_now(announcement) if is_open else 0,
        gives_away=gives_away(f"{announcement.title}\n{announcement.body}") if is_open else set(),
        is_large=announcements.needs_approval(announcement, size),
        is_own=announcement.author_id == user.pk,
    )
