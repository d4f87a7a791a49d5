"""Digests: what several days brought, in one notice at the reader's hour.

A digest takes up what happened since a wish was last told of, and nothing else: a worker that stood still for a week
sends one digest, not seven. What was told at once, what is over and what cannot be read any more is left out, and where
nothing is left, nothing is sent.
"""

import logging
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from notifications.outbox import publish
from volunteering.domain import news
from volunteering.domain.calendar import ZONE
from volunteering.models import Digest, Follow, News, Rhythm, Watch

log = logging.getLogger(__name__)

# People whose digests are gathered together: what happened is looked up once for all of them.
AT_ONCE = 500
# Nobody reads more lines than these; the newest are told.
MOST_LINES = 30
# No digest reaches back further: what is older is over, or was found in another way.
LONGEST = timedelta(days=15)
MONDAY = 0


# When -----------------------------------------------------------------------------------------------------------------


def tick_on(day, hour):
    """The moment of a digest on a local day."""
    return datetime.combine(day, time(hour), tzinfo=ZONE).astimezone(UTC)


def next_tick(now, hour):
    """The first digest after now."""
    today = now.astimezone(ZONE).date()
    tick = tick_on(today, hour)
    return tick if tick > now else tick_on(today + timedelta(days=1), hour)


def last_tick(now, hour, rhythm):
    """The last time by now at which wishes of this rhythm were due."""
    today = now.astimezone(ZONE).date()
    day = today if tick_on(today, hour) <= now else today - timedelta(days=1)
    if rhythm == Rhythm.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    return tick_on(day, hour)


# Sending --------------------------------------------------------------------------------------------------------------


def send_due():
    """Sends the digests whose hour has come, in one transaction for each municipality; returns how many people were
    told. A municipality whose digests fail does not hold up the others: they stay due."""
    with scopes_disabled():
        due = Digest.objects.due(timezone.now()).order_by().values_list("municipality", flat=True).distinct()
        municipalities = list(due)
    return sum(_send_safely(municipality) for municipality in municipalities)


def _send_safely(municipality):
    told = 0
    with scope(municipality=municipality):
        try:
            while (sent := _send_some(timezone.now())) is not None:
                told += sent
        except Exception:
            log.exception("The digests of municipality %s failed", municipality)
    return told


@transaction.atomic
def _send_some(now):
    """Sends some digests of the open municipality. Returns to how many people, None where none is due (any more): two
    workers never hold the same row."""
    due = Digest.objects.due(now).select_related("municipality").select_for_update(of=("self",), skip_locked=True)
    due = list(due[:AT_ONCE])
    if not due:
        return None
    told = gathered(due, now)
    for digest in due:
        if lines := told.get(digest.user_id):
            publish("volunteering.digest", digest, municipality=digest.municipality, news=lines, user=digest.user_id)
        digest.next_at = next_tick(now, digest.hour)
    Digest.objects.bulk_update(due, ["next_at"])
    return len(told)


def gathered(due, now):
    """Id of the person → keys of the news that their digest tells, the oldest first; nobody without any. Marks the
    wishes as told until now. The queries grow with the news, not with the people."""
    hours = {digest.user_id: digest.hour for digest in due}
    wishes = [wish for model in (Watch, Follow) for wish in _due_wishes(model, hours, now)]
    if not wishes:
        return {}
    since = max(min(wish.told_until for wish in wishes), now - LONGEST)
    open_wishes = {(type(wish), wish.pk): wish for wish in wishes}
    told = {}
    for item in news.current(list(News.objects.between(since, now).with_things())):
        for user, mine in news.wished(item, users=hours).items():
            wish = open_wishes.get((type(mine[0]), mine[0].pk))
            if wish is not None and wish.told_until < item.created_at:
                told.setdefault(user, []).append(item.pk)
    for model in (Watch, Follow):
        model.objects.filter(pk__in=[wish.pk for wish in wishes if isinstance(wish, model)]).update(told_until=now)
    return {user: keys[-MOST_LINES:] for user, keys in told.items()}


def _due_wishes(model, hours, now):
    """Wishes of these people that were not told of since their last hour."""
    wishes = model.objects.filter(user__in=hours).exclude(rhythm=Rhythm.LIVE)
    return [wish for wish in wishes if wish.told_until < last_tick(now, hours[wish.user_id], wish.rhythm)]
