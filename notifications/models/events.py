"""The mechanism of telling people. Knows no feature: subjects are (type, id) pairs, words are rendered late."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from notifications.models.tallies import EventTallies, NotificationTallies

# What a commit is given to tell people by itself, before the worker looks for events that a crash left over.
GRACE = timedelta(seconds=2)


def find_model(label):
    """The model that a stored `app.model` names; None where that model is gone."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


class EventQuerySet(EventTallies, models.QuerySet):
    def undelivered(self):
        return self.filter(delivered_at=None)

    def left_over(self):
        """Undelivered events that nobody is about to deliver: of a process that died, put off, or meant for the
        worker because many people are told."""
        now = timezone.now()
        return self.undelivered().filter(Q(not_before__lte=now) | Q(not_before=None, created_at__lte=now - GRACE))

    def stuck(self):
        """Events whose delivery failed and is tried again."""
        return self.undelivered().exclude(error="")

    def about(self, subject, parts=None):
        """Events of one thing; with `parts`, a queryset, also those of each of them."""
        wanted = Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        if parts is not None:
            wanted |= Q(subject_type=parts.model._meta.label_lower, subject_id__in=parts.order_by().values("pk"))
        return self.filter(wanted)

    def of(self, municipality):
        return self.filter(municipality_id=municipality.pk)


class Event(models.Model):
    """Something that happened: audit trail, timeline and outbox in one. Append-only; ids and codes, no words about
    people."""

    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(_("type of subject"), max_length=60)
    subject_id = models.BigIntegerField(_("subject"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by whom")
    )
    # A plain number, not a key: this app lies below the one that knows municipalities.
    municipality_id = models.BigIntegerField(_("municipality"), null=True, db_index=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    # When the inboxes were filled. NULL is the outbox: the worker finds what a crash left over.
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_timeline"),
            models.Index(fields=["id"], condition=models.Q(delivered_at=None), name="event_outbox"),
            models.Index(
                fields=["delivered_at"], condition=models.Q(delivered_at__isnull=False), name="event_delivered"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_type}:{self.subject_id}"

    @cached_property
    def subject(self):
        """The thing this is about, looked up outside any scope; None once it was deleted."""
        model = find_model(self.subject_type)
        # The base manager knows no scopes.
        return model._base_manager.filter(pk=self.subject_id).first() if model else None


class Inbox(models.Model):
    """The counter of one person's notifications: `last_seq` is taken under its row lock, so numbers have no gaps."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="inbox")
    last_seq = models.PositiveBigIntegerField(default=0)
    # Everything up to this number was removed by retention; a client that asks further back is told so.
    first_kept_seq = models.PositiveBigIntegerField(default=1)

    class Meta:
        verbose_name = _("inbox")
        verbose_name_plural = _("inboxes")

    def __str__(self):
        return f"{self.user_id}: {self.last_seq}"


class NotificationQuerySet(NotificationTallies, models.QuerySet):
    def of(self, user_id):
        return self.filter(user_id=user_id)

    def unread(self):
        return self.filter(read_at=None)

    def before(self, seq):
        """Older than this number, newest first."""
        return self.filter(seq__lt=seq).order_by("-seq")

    def after(self, seq):
        """Newer than this number, oldest first."""
        return self.filter(seq__gt=seq).order_by("seq")

    def newest_of(self, user_ids, number):
        """The last `number` notifications of each of these people."""
        return self.filter(user__in=user_ids, seq__gt=models.F("user__inbox__last_seq") - number)

    def with_events(self):
        return self.select_related("event")


class Notification(models.Model):
    """One event as one person is told of it, at place `seq` of their inbox."""

    # Without indexes of their own: the two constraints begin with them, and a row more in each costs its writing.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False)
    seq = models.PositiveBigIntegerField()
    event = models.ForeignKey(Event, models.CASCADE, related_name="notifications", db_index=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-seq"]
        constraints = [
            models.UniqueConstraint("user", "seq", name="one_notification_per_seq"),
            models.UniqueConstraint("event", "user", name="one_notification_per_event"),
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread")]

    def __str__(self):
        return f"{self.user_id}/{self.seq}"
