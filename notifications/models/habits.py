"""What people want to be told, and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.deliveries import Channel


class PreferenceQuerySet(models.QuerySet):
    def wishes_of_kinds(self, user_ids, kinds, channel):
        """(Id of the user, kind) → whether they want it through this channel, for those who have said so. What was said
        of the kind itself outweighs what was said of all kinds."""
        rows = self.filter(user_id__in=user_ids, kind__in=[*kinds, self.model.EVERY_KIND], channel=channel)
        said = {}
        for user_id, kind, wanted in rows.order_by("kind").values_list("user", "kind", "wanted"):
            # EVERY_KIND sorts first, so that the kind itself comes after it.
            said.update({(user_id, one): wanted for one in (kinds if kind == self.model.EVERY_KIND else [kind])})
        return said

    def wishes_of_all_channels(self, user_ids, kind):
        """(Id of the user, channel) → whether they want this kind there, for those who have said so."""
        rows = self.filter(user_id__in=user_ids, kind__in=[kind, self.model.EVERY_KIND]).order_by("kind")
        return {
            (user_id, channel): wanted for user_id, channel, wanted in rows.values_list("user", "channel", "wanted")
        }


class Preference(models.Model):
    """Whether a person wants a kind of notice through a channel. No row: the notice's own default."""

    # Stands for all kinds: "no e-mail at all", until the person chooses again kind by kind.
    EVERY_KIND = ""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(_("kind"), max_length=60)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    wanted = models.BooleanField(_("wanted"))

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [models.UniqueConstraint("user", "kind", "channel", name="one_preference_per_kind")]

    def __str__(self):
        return f"{self.user_id} {self.kind} {self.channel}"


class Rhythm(models.TextChoices):
    AT_ONCE = "", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class Habits(models.Model):
    """When and how much a person wants to be told outside the page. No row: what the fields default to, which is what
    a reasonable person would choose. Hours are whole ones of the local clock."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notification_habits"
    )
    # Two equal hours: no quiet hours.
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), default=21)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until"), default=7)
    quiet_mail = models.BooleanField(_("e-mail waits for the end of the quiet hours too"), default=False)
    # 0: no limit.
    daily_cap = models.PositiveSmallIntegerField(_("most messages a day"), default=10)
    rhythm = models.CharField(_("e-mail comes"), max_length=6, choices=Rhythm, default=Rhythm.AT_ONCE, blank=True)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the summary"), default=8)
    digest_weekday = models.PositiveSmallIntegerField(_("day of the weekly summary"), default=0)  # Monday
    # 0: no reminders.
    reminder_hours = models.PositiveSmallIntegerField(_("reminder before a visit, in hours"), default=24)

    class Meta:
        verbose_name = _("habits of being told")
        verbose_name_plural = _("habits of being told")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__lt=24, quiet_until__lt=24, digest_hour__lt=24, digest_weekday__lt=7),
                name="habits_hours_are_of_a_day",
            ),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="habits_rhythm_is_known"),
        ]

    def __str__(self):
        return f"{self.user_id}: {self.rhythm or 'at once'}"
