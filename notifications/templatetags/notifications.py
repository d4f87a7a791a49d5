"""What templates need of notifications. Reads only; nothing here changes an inbox."""

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

from notifications import inboxes

register = template.Library()


@register.simple_tag(takes_context=True)
def standing_of(context, viewer):
    """How the viewer's inbox stands: `last_seq`, `unread`. Read once for a page that has read it already."""
    return context.get("inbox_standing") or inboxes.standing_of(viewer.pk)


@register.filter
def unread_count(number):
    """The number on the bell; from a hundred on it does not count further."""
    return f"{inboxes.COUNT_LIMIT - 1}+" if number >= inboxes.COUNT_LIMIT else str(number)


@register.filter
def is_unread(notification):
    return notification.read_at is None


@register.filter
def moment(time):
    """24 kwietnia 2027, 15:30, the same in pages and in what comes in live."""
    return date_format(localtime(time), "j E Y, G:i")


@register.filter
def iso(time):
    return time.isoformat(timespec="seconds")
