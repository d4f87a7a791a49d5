"""Asking the chosen geocoder, and remembering what it said."""

from datetime import timedelta
from http.client import HTTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.crypto import salted_hmac
from geopy.distance import geodesic
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim

from neighbourhoods.geocoding import gugik
from neighbourhoods.geocoding.gazetteer import Gazetteer
from neighbourhoods.geocoding.names import Point, Unanswered, fold
from neighbourhoods.geocoding.turns import wait_for_turn
from neighbourhoods.models import GeocodedAddress

TIMEOUT_SECONDS = 5
# A street of that name farther than this from the neighbourhood is another town's.
FURTHEST_METRES = 20_000
# How long an answer counts. "No such address" is asked again sooner: registers grow.
FOUND_COUNTS, NOT_FOUND_COUNTS = timedelta(days=30), timedelta(days=7)
# What geopy lets through when a service answers nonsense, beside its own exceptions.
NONSENSE = (OSError, HTTPException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


def geocode(query, near):
    """The point of an address such as "Ruda Śląska, Markowa 20", or None when there is none within 20 km of `near`
    (latitude, longitude).

    May take seconds: for tasks only, outside transactions. Raises Unanswered when the service is down, slow or talks
    nonsense.
    """
    if settings.GEOCODER == "gazetteer":
        return _ask_gazetteer(query, near)
    ask = _service()
    try:
        return _remembered(query, near)
    except LookupError:
        wait_for_turn(settings.GEOCODER)
    try:
        point = ask(query, near)
    except (GeopyError, *NONSENSE) as error:
        # Neither the address nor the service's words go any further: this may be logged.
        raise Unanswered(type(error).__name__) from None
    point = _near(point, near)
    _remember(query, near, point)
    return point


def known(query, near):
    """The same without asking anybody outside: from the gazetteer, or from what was answered before. Quick."""
    if settings.GEOCODER == "gazetteer":
        return _ask_gazetteer(query, near)
    try:
        return _remembered(query, near)
    except LookupError:
        return None


def forget_old_answers():
    """Removes answers that no longer count. Returns how many there were."""
    now = timezone.now()
    found = GeocodedAddress.objects.filter(asked_at__lt=now - FOUND_COUNTS)
    empty = GeocodedAddress.objects.filter(latitude=None, asked_at__lt=now - NOT_FOUND_COUNTS)
    return found.delete()[0] + empty.delete()[0]


def _ask_gazetteer(query, near):
    location = Gazetteer().geocode(query, near=near)
    return _near(location and Point(location.latitude, location.longitude, location.raw["precision"]), near)


def _ask_gugik(query, near):
    geocoder = gugik.GUGiK(
        url=settings.GEOCODER_URL or gugik.PUBLIC_SERVICE,
        user_agent=settings.GEOCODER_USER_AGENT,
        timeout=TIMEOUT_SECONDS,
    )
    location = geocoder.geocode(query)
    return location and Point(location.latitude, location.longitude, location.raw["precision"])


def _ask_nominatim(query, near):
    options = {"user_agent": settings.GEOCODER_USER_AGENT, "timeout": TIMEOUT_SECONDS}
    if settings.GEOCODER_URL:
        url = urlsplit(settings.GEOCODER_URL)
        options |= {"scheme": url.scheme, "domain": url.netloc + url.path}
    latitude, longitude = near
    corners = [(latitude - 0.2, longitude - 0.3), (latitude + 0.2, longitude + 0.3)]
    location = Nominatim(**options).geocode(query, viewbox=corners, addressdetails=True, country_codes="pl")
    if location is None:
        return None
    details = location.raw["address"]
    precision = gugik.HOUSE if "house_number" in details else gugik.STREET if "road" in details else gugik.TOWN
    return Point(location.latitude, location.longitude, precision)


SERVICES = {"gugik": _ask_gugik, "nominatim": _ask_nominatim}
# What settings.GEOCODER may be.
GEOCODERS = ("gazetteer", *SERVICES)


def _service():
    try:
        return SERVICES[settings.GEOCODER]
    except KeyError:
        raise ImproperlyConfigured(f"GEOCODER is “{settings.GEOCODER}”, but may be: {', '.join(GEOCODERS)}.") from None


def _near(point, near):
    if point is None or geodesic((point.latitude, point.longitude), near).meters > FURTHEST_METRES:
        return None
    return point


def _key(query, near):
    """Answers are kept under a keyed hash: the table must not turn into a list of the addresses of people in need.
    `near` belongs to the question, for the answer depends on it."""
    return salted_hmac("ogniwo.geocoding", f"{fold(query)}@{near[0]:.2f},{near[1]:.2f}", algorithm="sha256").hexdigest()


def _remembered(query, near):
    """The answer given before, which may be None. Raises LookupError when there is none that still counts."""
    answer = GeocodedAddress.objects.filter(query=_key(query, near), geocoder=settings.GEOCODER).first()
    if answer is None:
        raise LookupError
    found = answer.latitude is not None
    if timezone.now() - answer.asked_at > (FOUND_COUNTS if found else NOT_FOUND_COUNTS):
        raise LookupError
    return Point(answer.latitude, answer.longitude, answer.precision) if found else None


def _remember(query, near, point):
    latitude, longitude, precision = point or (None, None, None)
    GeocodedAddress.objects.update_or_create(
        query=_key(query, near),
        geocoder=settings.GEOCODER,
        defaults={
            "latitude": latitude,
            "longitude": longitude,
            "precision": precision,
            "asked_at": timezone.now(),
        },
    )
