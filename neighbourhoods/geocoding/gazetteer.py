"""The offline geocoder: the installation's own neighbourhoods, found by name. Asks nobody outside."""

from django_scopes import scopes_disabled
from geopy.distance import geodesic
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from neighbourhoods.geocoding.names import fold, street_and_number
from neighbourhoods.models import Neighbourhood

# How far from the centre of its neighbourhood a home may lie, in metres.
SPREAD = 1500


class Gazetteer(Geocoder):
    """Speaks as geopy's geocoders do: query in, Location out."""

    def geocode(self, query, *, exactly_one=True, timeout=DEFAULT_SENTINEL, near=None):
        """The neighbourhood whose whole name is a part of the query, between commas. The last such part counts, being
        the most particular; among places of one name the one nearest to `near` (latitude, longitude)."""
        names = {}
        for place, part in enumerate(query.split(",")):
            names[fold(part)] = names[street_and_number(part)[0]] = place
        found = [neighbourhood for neighbourhood in self._all() if fold(neighbourhood.name) in names]
        found.sort(key=lambda it: (-names[fold(it.name)], self._distance(it, near), it.pk))
        locations = [self._location(neighbourhood) for neighbourhood in found]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    @staticmethod
    def _all():
        with scopes_disabled():
            return list(Neighbourhood.objects.only("name", "latitude", "longitude", "precision"))

    @staticmethod
    def _distance(neighbourhood, near):
        return geodesic((neighbourhood.latitude, neighbourhood.longitude), near).meters if near else 0

    @staticmethod
    def _location(neighbourhood):
        point = (neighbourhood.latitude, neighbourhood.longitude)
        return Location(neighbourhood.name, point, {"precision": neighbourhood.precision + SPREAD})
