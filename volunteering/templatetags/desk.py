"""Short words for the desk: how long something has waited, and days that are near."""

from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()


@register.filter(expects_localtime=True)
def waited(moment):
    """3 hours, 2 days: the largest unit only, that is what one decides by."""
    if timezone.now() - moment < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(moment, depth=1)


@register.filter(expects_localtime=True)
def near(start, end=None):
    """The name of a day that is near, "" for all others and for what reaches over midnight."""
    day = timezone.localtime(start).date()
    if end and timezone.localtime(end).date() != day:
        return ""
    today = timezone.localdate()
    return {today: _("today"), today + timedelta(days=1): _("tomorrow")}.get(day, "")
