"""Short lists that are narrowed by choices and words. They are read whole and counted in Python: every number says what
choosing it would find beside everything else that is chosen. All of it stands in the address and works without scripts.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from volunteering.folding import clean, fold

LONGEST_WORDS = 100
MOST_WORDS = 6
ON_A_PAGE = 24


@dataclass(frozen=True)
class Facet:
    """What can be chosen: value in the address → name. `empty`: what it is called when nothing is chosen."""

    label: str
    empty: str
    terms: dict


@dataclass(frozen=True)
class Entry:
    """One thing of a list. `values`: for each facet the values it has; None: it is there for all of them. `words`: what
    it is found by, folded."""

    thing: object
    values: dict
    words: str


class Facets:
    """`entries` in the order in which they are shown; `facets` by the name in the address; `chosen`: the query of the
    address."""

    def __init__(self, entries, facets, chosen):
        self.entries = entries
        self.facets = facets
        self.data = chosen

    def choice(self, name):
        """The value that was chosen; "" for nothing and for what there is not."""
        value = self.data.get(name, "")
        return value if value in self.facets[name].terms else ""

    @cached_property
    def words(self):
        return fold(clean(self.data.get("slowa", "")[:LONGEST_WORDS])).split()[:MOST_WORDS]

    @property
    def chosen(self):
        """How many filters are set: a folded filter form says so on a phone."""
        return sum(bool(self.choice(name)) for name in self.facets) + bool(self.words)

    def found(self, *, without=""):
        """The entries that fit all that was chosen; `without` names a facet that is left aside."""
        wanted = {name: value for name in self.facets if name != without and (value := self.choice(name))}
        return [entry for entry in self.entries if self._fits(entry, wanted)]

    def _fits(self, entry, wanted):
        if any(entry.values[name] is not None and value not in entry.values[name] for name, value in wanted.items()):
            return False
        return all(word in entry.words for word in self.words)

    def own_counts(self, name):
        """Value → how many entries that fit have this very value; what is there for all of them is left out."""
        return Counter(value for entry in self.found(without=name) for value in entry.values[name] or ())

    def counts(self, name):
        """Value → how many entries choosing it would find."""
        everywhere = sum(entry.values[name] is None for entry in self.found(without=name))
        own = self.own_counts(name)
        return {value: own[value] + everywhere for value in self.facets[name].terms}

    @cached_property
    def sheet(self):
        return Paginator(self.found(), ON_A_PAGE).get_page(self.data.get("strona"))

    @cached_property
    def form(self):
        form = forms.Form(self.data)
        for name, facet in self.facets.items():
            counts = self.counts(name)
            choices = [
                (value, f"{term} ({counts[value]})")
                for value, term in facet.terms.items()
                if counts[value] or value == self.choice(name)
            ]
            form.fields[name] = forms.ChoiceField(
                label=facet.label, choices=[("", facet.empty), *choices], required=False
            )
        form.fields["slowa"] = forms.CharField(
            label=_("Words"),
            required=False,
            max_length=LONGEST_WORDS,
            widget=forms.TextInput(attrs={"type": "search"}),
        )
        return form

    @property
    def previous_url(self):
        return self.address(strona=self.sheet.previous_page_number()) if self.sheet.has_previous() else ""

    @property
    def next_url(self):
        return self.address(strona=self.sheet.next_page_number()) if self.sheet.has_next() else ""

    def address(self, **words):
        """The same choice with other words in the address; None takes a word out."""
        query = self.data.copy()
        query.pop("strona", None)
        for name, value in words.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}" if query else ""
