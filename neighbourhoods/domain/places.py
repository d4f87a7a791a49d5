"""Where things are: cells and neighbourhoods of addresses. Everything that is computed from a home starts here, with
the centre of its cell."""

import re
from dataclasses import dataclass

from geopy.distance import geodesic

from neighbourhoods import geocoding
from neighbourhoods.cells import cell_at, centre
from neighbourhoods.domain import whereabouts as homes
from neighbourhoods.geocoding.names import fold
from neighbourhoods.models import Neighbourhood

HOUSE_ONLY = re.compile(r"^(?:nr\.?\s*)?\d+\s?\w?$", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A home as everybody but its door may know it: its cell, and the neighbourhood that the cell lies in."""

    cell: int
    neighbourhood: Neighbourhood


def cell_of(neighbourhood):
    """The cell in the middle of a neighbourhood: where somebody is put of whom no more is known."""
    return cell_at(neighbourhood.latitude, neighbourhood.longitude)


def neighbourhood_of(cell, municipality):
    """The neighbourhood whose centre is nearest to the centre of the cell, so that cells nest in neighbourhoods.

    None in a municipality without neighbourhoods. Of two at one distance the first one by short name.
    """
    middle = centre(cell)
    neighbourhoods = Neighbourhood.objects.filter(municipality=municipality)
    return min(
        neighbourhoods,
        key=lambda it: (geodesic(middle, (it.latitude, it.longitude)).meters, it.slug),
        default=None,
    )


def locate(address, *, neighbourhood, municipality):
    """The place of an address, at once: no outside service is asked, so a form never waits.

    An address that is not known here gets the middle of the neighbourhood that the person chose; `improve` may find
    more later.
    """
    if not address.strip():
        return Place(cell_of(neighbourhood), neighbourhood)
    point = geocoding.known(_query(address, neighbourhood, municipality), _middle(neighbourhood))
    return _place(point, municipality) or Place(cell_of(neighbourhood), neighbourhood)


def improve(whereabouts_id, *, neighbourhood, municipality, move):
    """Asks the geocoder for the address of a home. When it knows the place, the exact point is written down with the
    home, and `move(place)` called in the same transaction; nobody reads the address. For tasks: it may take seconds.

    Raises geocoding.Unanswered when the service cannot be asked now.
    """

    def question(address):
        return geocoding.geocode(_query(address, neighbourhood, municipality), _middle(neighbourhood))

    def found(point):
        place = _place(point, municipality)
        if place is not None:
            move(place)

    homes.ask(whereabouts_id, question, found=found)


def _place(point, municipality):
    if point is None:
        return None
    cell = cell_at(point.latitude, point.longitude)
    neighbourhood = neighbourhood_of(cell, municipality)
    return neighbourhood and Place(cell, neighbourhood)


def _middle(neighbourhood):
    return neighbourhood.latitude, neighbourhood.longitude


def _query(address, neighbourhood, municipality):
    """The address as geocoders want it: the town, a comma, street and house number. In villages without streets the
    name of the village and the number. The flat is left out."""
    house = geocoding.without_flat(address)
    if neighbourhood.kind != Neighbourhood.Kind.VILLAGE:
        return f"{municipality.name}, {house}"
    if HOUSE_ONLY.match(house):
        return f"{neighbourhood.name} {house}"
    if fold(house).startswith(fold(neighbourhood.name)):
        return house
    return f"{neighbourhood.name}, {house}"
