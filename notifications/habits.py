"""The habits of people: how and when they want to be told. Who said nothing has the defaults."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications import clock
from notifications.many import among
from notifications.models import Channel, Delivery, Habits, HeldFor, Rhythm

# What the settings offer; other values stay possible in the database.
CAPS = (3, 5, 10, 20, 0)
LEADS = (2, 12, 24, 48, 0)
DEFAULTS = Habits()


def of(user_id):
    """The habits of one person, stored or default."""
    return Habits.objects.filter(pk=user_id).first() or Habits(user_id=user_id)


def of_all(user_ids):
    """Id of the user → habits, for those who chose their own."""
    return {own.pk: own for own in Habits.objects.filter(pk__in=among(user_ids))}


def reminder_leads(user_ids):
    """Id of the user → how long before a visit they want a word; nothing (zero) for those who want none."""
    own = of_all(user_ids)
    return {user_id: timedelta(hours=(own.get(user_id) or DEFAULTS).reminder_hours) for user_id in user_ids}


@transaction.atomic
def choose(user, **values):
    """Stores a person's habits. What waits by earlier ones is put to its new hour."""
    habits, _is_new = Habits.objects.update_or_create(user=user, defaults=values)
    rearm(habits)


def rearm(habits):
    """Mail that waits for a summary or the morning follows the new habits: at once where there is none any more."""
    now = timezone.now()
    waiting = Delivery.objects.held(habits.user_id, Channel.MAIL)
    if habits.rhythm == Rhythm.AT_ONCE:
        waiting.filter(held_for=HeldFor.DIGEST).update(not_before=now, held_for=HeldFor.NOTHING)
    else:
        waiting.filter(held_for=HeldFor.DIGEST).update(not_before=clock.next_digest(now, habits))
    for channel in Channel:
        quiet = Delivery.objects.held(habits.user_id, channel).filter(held_for=HeldFor.QUIET)
        quiet.update(not_before=clock.quiet_end(now, habits) or now)
