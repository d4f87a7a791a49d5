"""Filters of public lists. What was chosen stands in the address, so that a list can be sent to somebody."""

from functools import cached_property, partial

import django_filters
from django import forms
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from neighbourhoods.cells import BANDS
from neighbourhoods.models import Neighbourhood
from volunteering.domain import distances, finding, nearby
from volunteering.domain.facets import Facets
from volunteering.domain.initiative_facets import FREE, InitiativeIndex, words_of
from volunteering.domain.weeks import Week, bounds
from volunteering.folding import clean, fold
from volunteering.models import Audience, Category, HelpRequest, Initiative, InitiativeKind, Joining


class ListFilter(django_filters.FilterSet):
    """A filter that gives links to the neighbouring pages of its own list."""

    def links(self, page):
        """Addresses of the next and the previous page, "" where there is none, with all that was chosen."""
        return {
            "next_url": self.address(after=page.next) if page.next else "",
            "previous_url": self.address(before=page.previous) if page.previous else "",
        }

    @property
    def chosen(self):
        """How many filters are set: a folded filter form says so on a phone."""
        if not self.form.is_valid():
            return 0
        return sum(bool(value) for value in self.form.cleaned_data.values())

    def address(self, **words):
        """The same choice with other words in the address, from the first page on; None takes a word out."""
        query = self.data.copy()
        for name in ("after", "before", *words):
            query.pop(name, None)
        query.update({name: value for name, value in words.items() if value is not None})
        return f"?{query.urlencode()}"


class WordsFilter(django_filters.CharFilter):
    """Every word must occur, in any order, with or without Polish letters."""

    def __init__(self, *args, fields, **kwargs):
        self.fields = fields
        super().__init__(*args, max_length=100, **kwargs)

    def filter(self, queryset, value):
        for word in fold(clean(value or "")).split()[:6]:
            condition = Q()
            for name in self.fields:
                condition |= Q(**{f"{name}__contains": word})
            queryset = queryset.filter(condition)
        return queryset


def neighbourhoods_here(request):
    """Choices of the open scope's municipality only."""
    return Neighbourhood.objects.all()


with scopes_disabled():

    class InitiativeFilter(ListFilter):
        """The public list and the calendar. Each choice says how many initiatives it would find beside the others."""

        rodzaj = django_filters.ChoiceFilter(method="as_it_is", label=_("Kind"), choices=(), empty_label=_("All kinds"))
        dla = django_filters.ChoiceFilter(
            method="as_it_is", label=_("For whom"), choices=(), empty_label=_("Everybody")
        )
        gdzie = django_filters.ChoiceFilter(
            method="as_it_is", label=_("Neighbourhood"), choices=(), empty_label=_("Anywhere")
        )
        dzien = django_filters.ChoiceFilter(
            method="as_it_is", label=_("Day of the week"), choices=(), empty_label=_("Any day")
        )
        wejscie = django_filters.ChoiceFilter(
            method="as_it_is", label=_("Who may join"), choices=(), empty_label=_("All ways")
        )
        wolne = django_filters.ChoiceFilter(
            method="as_it_is", label=_("Places"), choices=(), empty_label=_("Free or full")
        )
        slowa = django_filters.CharFilter(
            method="as_it_is", label=_("Words"), max_length=100, widget=forms.TextInput(attrs={"type": "search"})
        )

        class Meta:
            model = Initiative
            fields = []

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.index = InitiativeIndex()
            for name in FACETS:
                # Functions are left alone where forms copy what they are given.
                self.filters[name].extra["choices"] = partial(counted_choices, self, name)

        def as_it_is(self, queryset, name, value):
            """All choices together decide: see `filter_queryset`."""
            return queryset

        def filter_queryset(self, queryset):
            return queryset.among(self.keys)

        @cached_property
        def keys(self):
            return self.index.keys(self.chosen_values, self.words)

        def values(self, name):
            """All values of a facet as triples: as it stands in the address, what it is in the index, its name."""
            return getattr(self, f"_{name}")

        @cached_property
        def _rodzaj(self):
            return [(kind.code, kind.pk, kind.name) for kind in self.kinds]

        @cached_property
        def _dla(self):
            return [(audience.code, audience.pk, audience.name) for audience in Audience.objects.all()]

        @cached_property
        def _gdzie(self):
            return [(place.slug, place.pk, place.name) for place in self.neighbourhoods]

        @property
        def _dzien(self):
            return [(str(number + 1), number, WEEKDAYS[number]) for number in range(7)]

        @property
        def _wejscie(self):
            return [(value, value, label) for value, label in Joining.choices]

        @property
        def _wolne(self):
            return [(FREE, FREE, _("With free places"))]

        @cached_property
        def kinds(self):
            return list(InitiativeKind.objects.all())

        @cached_property
        def neighbourhoods(self):
            return list(Neighbourhood.objects.all())

        @cached_property
        def chosen_values(self):
            """What the address chooses, by name; what does not exist is not chosen."""
            chosen = {}
            for name in FACETS:
                if wanted := self.data.get(name):
                    found = next((value for code, value, _label in self.values(name) if code == wanted), None)
                    chosen |= {} if found is None else {name: found}
            return chosen

        @property
        def words(self):
            return words_of(self.data.get("slowa", "")[:LONGEST_WORDS])

        @property
        def followable(self):
            """The kind and the place that were chosen: what one can follow."""
            kind, place = self.chosen_values.get("rodzaj"), self.chosen_values.get("gdzie")
            return [
                *(it for it in self.kinds if it.pk == kind),
                *(it for it in self.neighbourhoods if it.pk == place),
            ]


with scopes_disabled():

    class CountedFilter(ListFilter):
        """Kind of help and neighbourhood. Each choice says how many requests there are, as long as nothing is chosen
        that is not counted (`uncounted`): the numbers are those of the list, or none."""

        uncounted = ()

        kategoria = django_filters.ChoiceFilter(
            method="of_kind", label=_("Kind of help"), choices=(), empty_label=_("All kinds")
        )
        gdzie = django_filters.ChoiceFilter(
            method="in_neighbourhood", label=_("Neighbourhood"), choices=(), empty_label=_("Anywhere")
        )

        class Meta:
            model = HelpRequest
            fields = []

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            # Forms copy what they are given: of a method all of this would be copied along, functions are left alone.
            self.filters["kategoria"].extra["choices"] = lambda: self.kinds()  # noqa: PLW0108
            self.filters["gdzie"].extra["choices"] = lambda: self.places()  # noqa: PLW0108

        def of_kind(self, queryset, name, value):
            return queryset.filter(category=self.chosen_kind)

        def in_neighbourhood(self, queryset, name, value):
            return queryset.filter(neighbourhood=self.chosen_place)

        @cached_property
        def facets(self):
            return Facets(self.request.municipality)

        @property
        def is_counted(self):
            return not any(self.data.get(name) for name in self.uncounted)

        def kinds(self):
            counts = self.facets.by_category(self.chosen_place) if self.is_counted else None
            return [(kind.code, with_count(kind.name, counts, kind.pk)) for kind in self.categories]

        def places(self):
            counts = self.facets.by_neighbourhood(self.chosen_kind) if self.is_counted else None
            return [(place.slug, with_count(place.name, counts, place.pk)) for place in self.neighbourhoods]

        @cached_property
        def categories(self):
            return list(Category.objects.open())

        @cached_property
        def neighbourhoods(self):
            return list(Neighbourhood.objects.all())

        @property
        def chosen_kind(self):
            """Key of the kind of help that the address names; None for none and for an unknown one."""
            code = self.data.get("kategoria")
            return next((kind.pk for kind in self.categories if kind.code == code), None) if code else None

        @property
        def chosen_place(self):
            slug = self.data.get("gdzie")
            return next((place.pk for place in self.neighbourhoods if place.slug == slug), None) if slug else None

    class HelpRequestFilter(CountedFilter):
        """The public list: the week as well, and words for those who may read them (`with_words`)."""

        uncounted = ("kiedy", "slowa")

        kiedy = django_filters.ChoiceFilter(
            method="in_week", label=_("When"), choices=Week.choices, empty_label=_("At any time")
        )
        slowa = django_filters.CharFilter(
            method="with_words",
            label=_("Words"),
            max_length=100,
            widget=forms.TextInput(attrs={"type": "search"}),
        )

        def __init__(self, *args, with_words, **kwargs):
            super().__init__(*args, **kwargs)
            if not with_words:
                del self.filters["slowa"]

        def in_week(self, queryset, name, value):
            return queryset.needed_between(*bounds(value))

        def with_words(self, queryset, name, value):
            return finding.holding(queryset, value, self.request.municipality)


with scopes_disabled():

    class NearbyFilter(CountedFilter):
        """Near me: as far as the helper goes unless they look farther; days and hours; only what suits them."""

        uncounted = ("dzien", "pora", "pasuje")

        daleko = django_filters.ChoiceFilter(
            method="as_it_is", label=_("How far"), choices=(), empty_label=_("As far as I go")
        )
        dzien = django_filters.ChoiceFilter(
            method="as_it_is", label=_("Day"), choices=nearby.Day.choices, empty_label=_("Any day")
        )
        pora = django_filters.ChoiceFilter(
            method="as_it_is", label=_("Part of the day"), choices=nearby.Part.choices, empty_label=_("At any hour")
        )
        pasuje = django_filters.BooleanFilter(
            method="as_it_is", label=_("Only what suits me"), widget=forms.CheckboxInput(attrs={"value": "1"})
        )

        def __init__(self, *args, around, **kwargs):
            super().__init__(*args, **kwargs)
            self.around = around
            self.filters["daleko"].extra["choices"] = lambda: self.bands()  # noqa: PLW0108

        def as_it_is(self, queryset, name, value):
            """What these say decides which list there is at all: `queryset` puts it together."""
            return queryset

        def choice(self, name):
            """What was chosen; "" for nothing, and for what cannot be chosen."""
            self.form.is_valid()
            return self.form.cleaned_data.get(name) or ""

        @property
        def only_fitting(self):
            return bool(self.choice("pasuje"))

        def kinds(self):
            counts = self.around.by_category(self.chosen_band, self.chosen_place) if self.is_counted else None
            return [(kind.code, with_count(kind.name, counts, kind.pk)) for kind in self.categories]

        def places(self):
            counts = self.place_counts if self.is_counted else None
            return [(place.slug, with_count(place.name, counts, place.pk)) for place in self.neighbourhoods]

        @property
        def place_counts(self):
            return self.around.by_neighbourhood(self.chosen_band, self.chosen_kind)

        def bands(self):
            counts = self.around.by_band(self.chosen_kind, self.chosen_place) if self.is_counted else None
            words = _("up to %(distance)s")
            return [(band, with_count(words % {"distance": distances.in_words(band)}, counts, band)) for band in BANDS]

        @property
        def chosen_band(self):
            return next((band for band in BANDS if self.data.get("daleko") == str(band)), None)

        @property
        def everywhere(self):
            """Address of the same choice in all neighbourhoods; "" where none is chosen."""
            return self.address(gdzie=None) if self.chosen_place else ""


FACETS = ("rodzaj", "dla", "gdzie", "dzien", "wejscie", "wolne")
LONGEST_WORDS = 100


def counted_choices(found, name):
    """Choices of a facet that find something, and the one that is chosen."""
    counts = found.index.counts(name, found.chosen_values, found.words)
    chosen = found.data.get(name)
    return [
        (code, with_count(label, counts, value))
        for code, value, label in found.values(name)
        if counts[value] or code == chosen
    ]


def with_count(name, counts, key):
    """A choice and how many requests it finds; without a number where none is known."""
    return name if counts is None else f"{name} ({max(counts[key], 0)})"
