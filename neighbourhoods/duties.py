"""What the worker does for places: geocoders' answers are not kept for ever."""

from datetime import timedelta

from neighbourhoods import geocoding
from notifications.registry import duty


@duty(every=timedelta(hours=12))
def forget_old_answers():
    geocoding.forget_old_answers()
