"""How many listed requests a choice would find: read from the counts that are kept with the list, never counted."""

from collections import Counter
from functools import cached_property

from volunteering.models import ListingCount


class Facets:
    """Counts of the list of one municipality. One query, when the first number is asked for."""

    def __init__(self, municipality):
        self.municipality = municipality

    @cached_property
    def _rows(self):
        counts = ListingCount.objects.filter(municipality=self.municipality)
        return list(counts.totals("category_id", "neighbourhood_id"))

    def by_category(self, neighbourhood=None):
        """Number of requests by the key of the kind of help; in one neighbourhood, or in all."""
        return _sums((kind, number) for kind, place, number in self._rows if neighbourhood in {None, place})

    def by_neighbourhood(self, category=None):
        """Number of requests by the key of the neighbourhood; of one kind of help, or of all."""
        return _sums((place, number) for kind, place, number in self._rows if category in {None, kind})


def _sums(pairs):
    sums = Counter()
    for key, number in pairs:
        sums[key] += number
    return sums
