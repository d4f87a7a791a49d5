"""From an address to a point: one interface over the geocoder that the installation has chosen (settings.GEOCODER).

Outside services are asked by tasks only, never while a person waits for a page; at most once a second for the whole
installation; and once for each address, whether they know it or not.
"""

from neighbourhoods.geocoding.asking import GEOCODERS, forget_old_answers, geocode, known
from neighbourhoods.geocoding.names import Point, Unanswered, without_flat

__all__ = ["GEOCODERS", "Point", "Unanswered", "forget_old_answers", "geocode", "known", "without_flat"]
