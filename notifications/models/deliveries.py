"""What leaves the site: one row for each notification and each way it goes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.clock import BURST
from notifications.many import among
from notifications.models.events import Notification
from notifications.models.tallies import DeliveryTallies

# How far back a burst is looked for in one inbox. What came before so many others in five minutes is no part of it.
BURST_LIMIT = 20


class Channel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    SMS = "sms", _("text message (SMS)")
    PUSH = "push", _("on this phone or computer")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("not needed")
    FAILED = "failed", _("failed")


class DeliveryQuerySet(DeliveryTallies, models.QuerySet):
    def due(self):
        """Waiting, at its time, and in no worker's hands (or in those of one that died)."""
        now = timezone.now()
        return self.filter(state=DeliveryState.WAITING, not_before__lte=now).filter(
            Q(leased_until=None) | Q(leased_until__lte=now)
        )

    def failed(self):
        """What was given up, newest first, with the people and events concerned."""
        return (
            self.filter(state=DeliveryState.FAILED)
            .select_related("notification__event", "notification__user")
            .order_by("-id")
        )

    def of(self, municipality):
        return self.filter(notification__event__municipality_id=municipality.pk)

    def recent(self, user_ids):
        """(Id of the user, channel) → when the last message of these five minutes went, or the next one goes. Neither
        summaries count, nor what waits for the next day, nor what was left out."""
        # Asked for one after the other: a database without fresh statistics would read all deliveries of these minutes
        # first, which are the most just when there is the most to deliver.
        readers = dict(Notification.objects.newest_of(user_ids, BURST_LIMIT).order_by().values_list("pk", "user"))
        rows = self.filter(
            notification__in=among(list(readers)),
            not_before__gt=timezone.now() - BURST,
            state__in=[DeliveryState.WAITING, DeliveryState.SENT],
        ).exclude(held_for__in=[HeldFor.DIGEST, HeldFor.CAP])
        last = {}
        for notification_id, channel, moment in rows.order_by("not_before").values_list(
            "notification", "channel", "not_before"
        ):
            last[readers[notification_id], channel] = moment
        return last

    def of_notifications(self, notifications):
        return self.filter(notification__in=notifications).order_by("pk")

    def held(self, user_id, channel):
        """What waits for a later hour by the person's own choice and was not tried yet."""
        return self.filter(
            notification__user_id=user_id, channel=channel, state=DeliveryState.WAITING, attempts=0
        ).exclude(held_for="")


class HeldFor(models.TextChoices):
    """Why something waits although it could go now."""

    NOTHING = "", _("nothing")
    BURST = "burst", _("other news of the same minutes")
    QUIET = "quiet", _("the end of the quiet hours")
    DIGEST = "digest", _("the summary")
    CAP = "cap", _("the next day, as enough was sent today")


class Delivery(models.Model):
    """One notification on its way through one channel outside the page. Leased, retried, then a visible failure."""

    # The constraint begins with it: no index of its own.
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    # Parts of a text message that a centre has paid for it.
    cost = models.PositiveSmallIntegerField(_("parts paid"), default=0)
    # Ignores quiet hours, caps and summaries.
    urgent = models.BooleanField(_("urgent"), default=False)
    held_for = models.CharField(_("waits for"), max_length=8, choices=HeldFor, default="", blank=True)
    # The smallest key of those that leave together as one message; fixed with the first attempt, so that every attempt
    # sends the same. NULL: alone, or not tried yet.
    bundle = models.BigIntegerField(_("leaves together with"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint("notification", "channel", name="one_delivery_per_channel"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state_is_known"),
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="delivery_channel_is_known"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["bundle"], condition=models.Q(bundle__isnull=False), name="delivery_bundle"),
            models.Index(fields=["not_before"], condition=models.Q(state="failed"), name="delivery_failed"),
            models.Index(fields=["sent_at"], condition=models.Q(state="sent"), name="delivery_sent"),
        ]

    def __str__(self):
        return f"{self.channel} {self.notification_id}: {self.state}"
