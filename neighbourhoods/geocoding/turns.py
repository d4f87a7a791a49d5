"""Taking turns at an outside service: one question a second for the whole installation, kept in the database so that
all processes share it."""

from datetime import timedelta
from time import sleep

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from neighbourhoods.geocoding.names import Unanswered
from neighbourhoods.models import GeocoderTurn

# Whoever would have to wait longer comes back later instead: the worker has other things to do.
LONGEST_WAIT = timedelta(seconds=3)


def wait_for_turn(geocoder):
    """Returns when this process may ask. Raises Unanswered when too many others are waiting already."""
    pause = timedelta(seconds=settings.GEOCODER_PAUSE_SECONDS)
    with transaction.atomic():
        turn, _created = GeocoderTurn.objects.select_for_update().get_or_create(geocoder=geocoder)
        now = timezone.now()
        mine = max(turn.next_at, now)
        if mine - now > LONGEST_WAIT:
            raise Unanswered("The queue is too long.")
        turn.next_at = mine + pause
        turn.save(update_fields=["next_at"])
    sleep((mine - now).total_seconds())
