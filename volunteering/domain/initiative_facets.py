"""What initiatives can be found by, and how many each choice would find.

A centre has some hundreds of initiatives at most, so their facets are read as a whole, in four queries, and counted
here: every number takes all the other choices into account and is exactly what pressing it would find.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from volunteering.folding import clean, fold
from volunteering.models import Initiative, Meeting

FREE = "tak"
MOST_WORDS = 6


@dataclass(frozen=True)
class Entry:
    """One initiative, as far as it is looked for."""

    pk: int
    words: str
    facets: dict[str, frozenset] = field(default_factory=dict)


class InitiativeIndex:
    """All that residents can find, by the names that stand in addresses: `rodzaj`, `dla`, `gdzie`, `dzien`,
    `wejscie`, `wolne`."""

    @cached_property
    def entries(self):
        audiences = _pairs(Initiative.audiences.through, "audience_id")
        places = _pairs(Initiative.neighbourhoods.through, "neighbourhood_id")
        days, free = self._meetings()
        rows = Initiative.objects.published().order_by().values_list("pk", "search_text", "kind_id", "joining")
        return [
            Entry(
                pk,
                words,
                {
                    "rodzaj": frozenset({kind}),
                    "dla": frozenset(audiences[pk]),
                    "gdzie": frozenset(places[pk]),
                    "dzien": frozenset(days[pk]),
                    "wejscie": frozenset({joining}),
                    "wolne": frozenset({FREE} if pk in free else ()),
                },
            )
            for pk, words, kind, joining in rows
        ]

    @staticmethod
    def _meetings():
        """Days of the week on which each initiative meets, on local clocks, and those that have a free place."""
        days, free = defaultdict(set), set()
        rows = Meeting.objects.public().order_by().values_list("initiative_id", "starts_at", "places", "taken")
        for pk, starts_at, places, taken in rows:
            days[pk].add(timezone.localtime(starts_at).weekday())
            if places is None or taken < places:
                free.add(pk)
        return days, free

    def keys(self, chosen, words=""):
        """Keys of what fits: `chosen` holds a value for some of the names."""
        return [entry.pk for entry in self.entries if _holds(entry, words) and _fits(entry, chosen)]

    def counts(self, name, chosen, words=""):
        """How many each value of `name` would find beside the other choices."""
        others = {other: value for other, value in chosen.items() if other != name}
        found = Counter()
        for entry in self.entries:
            if _holds(entry, words) and _fits(entry, others):
                found.update(entry.facets[name])
        return found


def words_of(text):
    return fold(clean(text or "")).split()[:MOST_WORDS]


def _pairs(through, name):
    """Values by the key of the initiative. The table of pairs has no scope of its own: it is asked by way of the
    initiatives of the open one."""
    found = defaultdict(set)
    rows = through.objects.filter(initiative__in=Initiative.objects.published().order_by().values("pk"))
    for pk, value in rows.values_list("initiative_id", name):
        found[pk].add(value)
    return found


def _holds(entry, words):
    return all(word in entry.words for word in words)


def _fits(entry, chosen):
    return all(value in entry.facets[name] for name, value in chosen.items())
