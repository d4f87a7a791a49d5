"""Public places: written down, changed and taken off the map."""

from django.db import transaction
from django.utils import timezone

from neighbourhoods.domain.freshness import content_changed
from notifications.outbox import publish


@transaction.atomic
def keep(place, *, actor):
    """Writes a place that was filled in or changed."""
    is_new = place.pk is None
    place.changed_at = timezone.now()
    place.save()
    return _changed(place, "add" if is_new else "change", actor=actor)


@transaction.atomic
def remove(place, *, actor):
    _changed(place, "remove", actor=actor)
    place.delete()


def _changed(place, verb, *, actor):
    publish(f"neighbourhoods.place_{verb}", place, actor=actor, municipality=place.municipality)
    content_changed(place.municipality)
    return place
