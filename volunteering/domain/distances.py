"""How far it is between two homes, as far as anybody may know: from the centre of one cell to that of the other."""

from functools import lru_cache

from django.utils.translation import gettext as _
from geopy.distance import geodesic

from neighbourhoods.cells import centre


def metres_between(cell, other):
    """Metres between the centres of two cells, the same both ways."""
    return _metres(min(cell, other), max(cell, other))


# Only inhabited cells are ever asked for, and there are few of them: an exact distance is computed once.
@lru_cache(maxsize=100_000)
def _metres(cell, other):
    return geodesic(centre(cell), centre(other)).meters


def in_words(metres):
    """A round distance as people say it: "500 m", "2 km"."""
    if metres < 1000:
        return _("%(metres)s m") % {"metres": metres}
    return _("%(kilometres)s km") % {"kilometres": metres // 1000}
