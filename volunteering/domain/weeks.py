"""How exactly strangers learn when somebody needs help."""

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteering.domain import calendar


class Week(TextChoices):
    THIS = "ten", _("this week")
    NEXT = "nastepny", _("next week")
    LATER = "pozniej", _("later")


def bounds(week):
    """From when until when a `Week` lasts, counted from now; None where it has no end."""
    _monday, next_monday = calendar.week_of(timezone.now())
    monday_after = calendar.week_of(next_monday)[1]
    return {
        Week.THIS: (timezone.now(), next_monday),
        Week.NEXT: (next_monday, monday_after),
        Week.LATER: (monday_after, None),
    }[week]


def week_of(moment):
    """The `Week` in which somebody who begins at this moment is needed."""
    _monday, next_monday = calendar.week_of(timezone.now())
    if moment < next_monday:
        return Week.THIS
    return Week.NEXT if moment < calendar.week_of(next_monday)[1] else Week.LATER
