"""Announcements: what the centre writes to many people at once, to whom, and how far the sending has come."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from neighbourhoods.models import Municipality, Neighbourhood
from volunteering.models.initiatives import Initiative
from volunteering.models.meetings import Meeting
from volunteering.models.requests import Visit
from volunteering.states import AnnouncementState

# About a screen of a phone: longer things are news, and stand on a page of the site.
BODY_LIMIT = 2000
TITLE_LIMIT = 120


class Addressees(models.TextChoices):
    """To whom an announcement goes; all but the first name one thing, in the field of the same name."""

    HELPERS = "helpers", _("all active helpers")
    NEIGHBOURHOOD = "neighbourhood", _("active helpers who live in a neighbourhood")
    INITIATIVE = "initiative", _("people of an initiative")
    MEETING = "meeting", _("people signed up for a meeting")
    VISIT = "visit", _("everybody on a visit")


SUBJECTS = tuple(kind for kind in Addressees.values if kind != Addressees.HELPERS)


class RecipientOutcome(models.TextChoices):
    """What became of one person on the list."""

    WAITING = "", _("not told yet")
    TOLD = "told", _("told")
    CAPPED = "capped", _("had enough announcements that day")
    GONE = "gone", _("no longer concerned")


def names_its_subject():
    """That exactly the thing is named which the kind of addressees asks for."""
    rule = Q(audience=Addressees.HELPERS, **{f"{name}__isnull": True for name in SUBJECTS})
    for kind in SUBJECTS:
        rule |= Q(audience=kind, **{f"{name}__isnull": name != kind for name in SUBJECTS})
    return rule


class AnnouncementQuerySet(models.QuerySet):
    def waiting(self):
        """For a second pair of eyes."""
        return self.filter(state=AnnouncementState.WAITING)

    def with_subjects(self):
        """With all that their words and their lines in a list name."""
        return self.select_related(*ABOUT)

    def with_people(self):
        return self.with_subjects().select_related("author", "approved_by", "sent_by")

    def told_to(self, user):
        """Those that this person was told of, whatever became of them since."""
        return self.filter(recipients__user=user, recipients__outcome=RecipientOutcome.TOLD)

    def left_behind(self, moment):
        """Those whose sending has shown no sign of life since then."""
        return self.filter(state=AnnouncementState.SENDING, touched_at__lt=moment)

    def ended_before(self, moment):
        return self.filter(ended_at__lt=moment)


ABOUT = ("municipality__site", "neighbourhood", "initiative", "meeting__initiative", "visit__help_request__category")


class Announcement(models.Model):
    """Plain text from the centre to many people. Written by `domain.announcements` and `domain.announcement_work`
    alone, with its row locked.

    `version` grows with each change: who sends or approves says which one they have read.
    """

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="+", db_index=False, verbose_name=_("municipality")
    )
    audience = models.CharField(_("to whom"), max_length=16, choices=Addressees)
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("neighbourhood")
    )
    initiative = models.ForeignKey(
        Initiative, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("initiative")
    )
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("visit"))
    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    body = models.TextField(_("text"), validators=[MaxLengthValidator(BODY_LIMIT)])
    state = models.CharField(_("state"), max_length=10, choices=AnnouncementState, default=AnnouncementState.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    # Whoever wrote the words as they stand: another one approves them.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    # What the second person would like to be changed.
    note = models.CharField(_("what to change"), max_length=300, blank=True)
    # The rule of the municipality as it was when the sending began.
    approval_above = models.PositiveIntegerField(_("approved by a second person above"), default=0)
    # People on the list, those told, and those left out.
    total = models.PositiveIntegerField(_("people"), default=0)
    told = models.PositiveIntegerField(_("told"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    # How many portions of the list have been told.
    chunks = models.PositiveIntegerField(_("portions"), default=0)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("approval asked"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    sending_at = models.DateTimeField(_("sending began"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # The last sign of life of the worker that sends.
    touched_at = models.DateTimeField(_("last seen"), default=timezone.now)

    objects = ScopedManager(
        municipality="municipality", _manager_class=models.Manager.from_queryset(AnnouncementQuerySet)
    )

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AnnouncementState.values), name="announcement_state_is_known"),
            models.CheckConstraint(condition=names_its_subject(), name="announcement_names_its_addressees"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="announcement_says_something"),
            models.CheckConstraint(
                condition=Q(author=None) | Q(approved_by=None) | ~Q(approved_by=F("author")),
                name="nobody_approves_their_own_announcement",
            ),
            # By the time, not by the person: the account of whoever approved may go.
            models.CheckConstraint(
                condition=~Q(state__in=[AnnouncementState.SENDING, AnnouncementState.SENT])
                | Q(total__lte=F("approval_above"))
                | Q(approved_at__isnull=False),
                name="large_announcements_are_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=AnnouncementState.WAITING) | Q(asked_at__isnull=False),
                name="waiting_announcements_say_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AnnouncementState.SENDING, AnnouncementState.SENT])
                | Q(sending_at__isnull=False),
                name="sent_announcements_say_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AnnouncementState.SENT, AnnouncementState.CANCELLED], ended_at__isnull=False)
                | (~Q(state__in=[AnnouncementState.SENT, AnnouncementState.CANCELLED]) & Q(ended_at=None)),
                name="ended_announcements_say_when",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=F("told") + F("left_out")), name="announcement_told_within_its_list"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "-id"], name="announcement_list"),
            models.Index(fields=["touched_at"], condition=Q(state="sending"), name="announcement_sending"),
        ]

    def __str__(self):
        return self.title

    @property
    def subject(self):
        """The thing that the addressees belong to; None for all helpers."""
        return None if self.audience == Addressees.HELPERS else getattr(self, self.audience)

    @property
    def done(self):
        """How many people of the list have been dealt with."""
        return self.told + self.left_out


class RecipientQuerySet(models.QuerySet):
    def of(self, announcement):
        return self.filter(announcement=announcement)

    def waiting(self):
        return self.filter(outcome=RecipientOutcome.WAITING)

    def told(self):
        return self.filter(outcome=RecipientOutcome.TOLD)

    def left_out(self):
        return self.filter(outcome__in=[RecipientOutcome.CAPPED, RecipientOutcome.GONE])

    def of_chunk(self, number):
        return self.told().filter(chunk=number)

    def keys(self):
        """Keys of the people."""
        return list(self.values_list("user_id", flat=True))

    def next_keys(self, number):
        """Keys of so many of them, the lowest first."""
        return list(self.order_by("user_id").values_list("user_id", flat=True)[:number])


class AnnouncementRecipient(models.Model):
    """One person on the list of an announcement, written when its sending begins. A person stands there once, and is
    told in one portion: that is why nobody is told twice, whoever sends and however often it is begun again."""

    # No index of its own: the constraint begins with it.
    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="recipients", db_index=False, verbose_name=_("announcement")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=RecipientOutcome, default=RecipientOutcome.WAITING, blank=True
    )
    chunk = models.PositiveIntegerField(_("portion"), null=True, blank=True)

    objects = ScopedManager(
        municipality="announcement__municipality", _manager_class=models.Manager.from_queryset(RecipientQuerySet)
    )

    class Meta:
        verbose_name = _("recipient of an announcement")
        verbose_name_plural = _("recipients of announcements")
        constraints = [
            models.UniqueConstraint("announcement", "user", name="nobody_stands_twice_on_a_list"),
            models.CheckConstraint(
                condition=Q(outcome__in=RecipientOutcome.values), name="outcome_of_a_recipient_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=RecipientOutcome.TOLD, chunk__isnull=False)
                | (~Q(outcome=RecipientOutcome.TOLD) & Q(chunk=None)),
                name="who_was_told_was_told_in_one_portion",
            ),
        ]
        indexes = [
            models.Index(fields=["announcement", "user"], condition=Q(outcome=""), name="announcement_to_tell"),
            models.Index(fields=["announcement", "chunk"], name="announcement_portion"),
        ]

    def __str__(self):
        return f"{self.announcement_id} → {self.user_id}: {self.outcome}"


class AnnouncementCount(models.Model):
    """How many announcements of one municipality a person has had on a local day. A row of its own, as for alerts: two
    announcements that are sent at the same moment meet at its lock, so the cap holds."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="+", db_index=False, verbose_name=_("municipality")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    day = models.DateField(_("day"), db_index=True)
    number = models.PositiveSmallIntegerField(_("announcements"), default=0)

    objects = ScopedManager(municipality="municipality")

    class Meta:
        verbose_name = _("announcements of a day")
        verbose_name_plural = _("announcements of a day")
        constraints = [models.UniqueConstraint("municipality", "user", "day", name="one_count_of_announcements_a_day")]

    def __str__(self):
        return f"{self.user_id} {self.day}: {self.number}"
