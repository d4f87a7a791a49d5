"""Records of reaching people outside the page: mailboxes that died, text messages paid for, devices, calls to make."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.many import among


class DeadMailboxQuerySet(models.QuerySet):
    def among(self, user_ids):
        """Ids of those users whose present address is dead."""
        return set(self.filter(pk__in=among(user_ids), address=F("user__email")).values_list("pk", flat=True))


class DeadMailbox(models.Model):
    """An address that its mail server refused for good. It holds for that address only: a new one is tried."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="dead_mailbox",
        verbose_name=_("person"),
    )
    address = models.EmailField(_("e-mail address"))
    reason = models.CharField(_("reason"), max_length=40)
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects = DeadMailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("dead mailbox")
        verbose_name_plural = _("dead mailboxes")

    def __str__(self):
        return f"{self.user_id}: {self.reason}"


class SmsMonth(models.Model):
    """How many parts of text messages a municipality has paid for in a month (0: no municipality)."""

    municipality_id = models.BigIntegerField(_("municipality"))
    month = models.DateField(_("month"))
    parts = models.PositiveIntegerField(_("parts of messages"), default=0)

    class Meta:
        verbose_name = _("text messages of a month")
        verbose_name_plural = _("text messages of a month")
        constraints = [models.UniqueConstraint("municipality_id", "month", name="one_sms_count_per_month")]

    def __str__(self):
        return f"{self.municipality_id} {self.month:%Y-%m}: {self.parts}"


class PushSubscription(models.Model):
    """One browser on which a person asked for word, and the session in which they did."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(_("address at the push service"), max_length=500, unique=True)
    p256dh = models.CharField(_("key"), max_length=100)
    auth = models.CharField(_("secret"), max_length=40)
    session = models.CharField(_("session"), max_length=24, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self):
        return f"{self.user_id}: {self.pk}"


class CallState(models.TextChoices):
    OPEN = "open", _("to be rung")
    DONE = "done", _("rung")
    FAILED = "failed", _("could not be reached")


class CallQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=CallState.OPEN)

    def of(self, municipality):
        return self.filter(municipality_id=municipality.pk)

    def with_people(self):
        return self.select_related("event", "user")

    def store(self, event, user_ids):
        """A task for each of these people (None: whom the event's subject is about). Doing it twice makes no second."""
        calls = [
            self.model(event=event, user_id=user_id, municipality_id=event.municipality_id) for user_id in user_ids
        ]
        self.bulk_create(calls, ignore_conflicts=True)


class Call(models.Model):
    """Somebody whom nothing reaches but a phone call by staff. Without a user: who the event's subject is about."""

    event = models.ForeignKey("notifications.Event", models.CASCADE, related_name="calls", verbose_name=_("event"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    municipality_id = models.BigIntegerField(_("municipality"), null=True, db_index=True)
    state = models.CharField(_("state"), max_length=6, choices=CallState, default=CallState.OPEN)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by whom")
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to make")
        verbose_name_plural = _("calls to make")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint("event", "user", name="one_call_per_event_and_person"),
            models.UniqueConstraint("event", condition=Q(user=None), name="one_call_per_event"),
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | Q(~Q(state="open"), settled_at__isnull=False),
                name="call_is_settled_at_a_moment",
            ),
        ]

    def __str__(self):
        return f"{self.event_id}: {self.state}"
