"""What is kept about the telling itself."""

from datetime import datetime, time

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Stands for all municipalities together, and for what belongs to none.
EVERYWHERE = 0
# Stands beside the channels that lead out of the page: what came into the inbox.
PAGE = "page"


class HourQuerySet(models.QuerySet):
    def of(self, municipality):
        """Of one municipality; None: of the whole installation."""
        return self.filter(municipality_id=municipality.pk if municipality else EVERYWHERE)

    def by_day(self, first):
        """Rows `day`, `channel`, `told`, `in_time` from this local day on."""
        begin = timezone.make_aware(datetime.combine(first, time.min))
        rows = self.filter(starts_at__gte=begin).annotate(day=TruncDate("starts_at")).order_by()
        # Other names than those of the columns: an annotation may not hide one.
        return rows.values("day", "channel").annotate(all_told=Sum("told"), all_in_time=Sum("in_time"))


class Hour(models.Model):
    """How much was told within one hour, and how much of it in time (counting.py): figures only, so that nobody has to
    look through millions of deliveries for the share of a day. Hours, because counting one again costs little."""

    municipality_id = models.BigIntegerField(_("municipality"))
    starts_at = models.DateTimeField(_("from"))
    channel = models.CharField(_("channel"), max_length=8)
    told = models.PositiveIntegerField(_("told"))
    in_time = models.PositiveIntegerField(_("told in time"))

    objects = HourQuerySet.as_manager()

    class Meta:
        verbose_name = _("hour of telling")
        verbose_name_plural = _("hours of telling")
        constraints = [
            models.UniqueConstraint(fields=["municipality_id", "starts_at", "channel"], name="one_count_per_hour"),
            models.CheckConstraint(condition=Q(in_time__lte=F("told")), name="in_time_is_within_told"),
        ]

    def __str__(self):
        return f"{self.municipality_id} {self.starts_at:%Y-%m-%d %H} {self.channel}: {self.told}"
