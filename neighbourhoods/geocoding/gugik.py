"""GUGiK UUG: the state's own geocoder over the register of addresses, free and without a key."""

from urllib.parse import urlencode

from geopy.exc import GeocoderParseError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from neighbourhoods.geocoding.names import fold, street_and_number

PUBLIC_SERVICE = "https://services.gugik.gov.pl/uug/"
# How far off a point of each kind may be, in metres.
HOUSE, STREET, TOWN = 50, 500, 2000
# WGS84 degrees instead of the metres of the national grid.
SRID = 4326


class GUGiK(Geocoder):
    """Speaks as geopy's geocoders do: query in, Location out, geopy's own exceptions.

    The query reads "town, street number" or "village number". The service answers with similar names too, so only an
    answer with the very town and street is taken; without the very number it is as precise as the street.
    """

    def __init__(self, *, url=PUBLIC_SERVICE, **options):
        super().__init__(**options)
        self.url = url

    def geocode(self, query, *, exactly_one=True, timeout=DEFAULT_SENTINEL):
        parameters = urlencode({"request": "GetAddress", "srid": SRID, "address": query})

        def parse(answer):
            return self._parse(answer, query, exactly_one)

        return self._call_geocoder(f"{self.url}?{parameters}", parse, timeout=timeout)

    @classmethod
    def _parse(cls, answer, query, exactly_one):
        results = cls._results(answer)
        locations = [location for location in (cls._location(result, query) for result in results) if location]
        locations.sort(key=lambda location: location.raw["precision"])
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    @staticmethod
    def _results(answer):
        """The found places, in their order. An answer without any says `results: null`."""
        if not isinstance(answer, dict) or "results" not in answer:
            raise GeocoderParseError("The answer has no results in it.")
        results = answer["results"] or {}
        places = list(results.values()) if isinstance(results, dict) else results
        if not isinstance(places, list) or not all(isinstance(place, dict) for place in places):
            raise GeocoderParseError("The results are no list of places.")
        return places

    @classmethod
    def _location(cls, result, query):
        """The place as a Location, or None when it is another one than asked for."""
        town, _comma, rest = query.partition(",")
        street, number = street_and_number(rest) if rest else ("", street_and_number(town)[1])
        if fold(str(result.get("city") or "")) not in {fold(town), street_and_number(town)[0]}:
            return None
        their_street = street_and_number(str(result.get("street") or ""))[0]
        if street and not _same_street(street, their_street):
            return None
        same_number = number and fold(str(result.get("number") or "")).replace(" ", "") == number
        precision = HOUSE if same_number else STREET if street else TOWN
        return Location(query, cls._point(result), {"precision": precision})

    @staticmethod
    def _point(result):
        try:
            longitude, latitude = float(result["x"]), float(result["y"])
        except (KeyError, TypeError, ValueError) as error:
            raise GeocoderParseError("A place has no coordinates.") from error
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # NaN is none of it either
            raise GeocoderParseError("A place has coordinates that do not exist.")
        return latitude, longitude


def _same_street(asked, found):
    """People write "Kościuszki" for "Tadeusza Kościuszki", and the other way round."""
    return bool(found) and (asked == found or found.endswith(f" {asked}") or asked.endswith(f" {found}"))
