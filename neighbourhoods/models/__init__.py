"""The records of places and belonging. `Whereabouts` is registered here but not exported: see its module."""

import neighbourhoods.models.whereabouts  # noqa: F401 -- Django must know the model
from neighbourhoods.models.geocoding import GeocoderTurn
from neighbourhoods.models.opening import Confirmation
from neighbourhoods.models.places import (
    CASE_ROLES,
    HEAVIEST,
    WEIGHTS,
    GeocodedAddress,
    Membership,
    Moderation,
    Municipality,
    Neighbourhood,
    Network,
    Organisation,
    OrganisationState,
    Role,
)
from neighbourhoods.models.public_places import PlaceKind, PublicPlace, StepFree

__all__ = [
    "CASE_ROLES",
    "HEAVIEST",
    "WEIGHTS",
    "Confirmation",
    "GeocodedAddress",
    "GeocoderTurn",
    "Membership",
    "Moderation",
    "Municipality",
    "Neighbourhood",
    "Network",
    "Organisation",
    "OrganisationState",
    "PlaceKind",
    "PublicPlace",
    "Role",
    "StepFree",
]
