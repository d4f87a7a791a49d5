"""Filters of public lists. What was chosen stands in the address, so that a list can be sent to somebody."""

from functools import cached_property

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from neighbourhoods.cells import BANDS
from neighbourhoods.models import Neighbourhood
from volunteering.domain import distances, finding, nearby
from volunteering.domain.facets import Facets
from volunteering.domain.weeks import Week, bounds
from volunteering.folding import clean, fold
from volunteering.models import Audience, Category, HelpRequest, Initiative, InitiativeKind


class ListFilter(django_filters.FilterSet):
    """A filter that gives links to the neighbouring pages of its own list."""

    def links(self, page):
        """Addresses of the next and the previous page, "" where there is none, with all that was chosen."""
        return {
            "next_url": self._address(after=page.next) if page.next else "",
            "previous_url": self._address(before=page.previous) if page.previous else "",
        }

    @property
    def chosen(self):
        """How many filters are set: a folded filter form says so on a phone."""
        if not self.form.is_valid():
            return 0
        return sum(bool(value) for value in self.form.cleaned_data.values())

    def _address(self, **edge):
        query = self.data.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query.update(edge)
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
        rodzaj = django_filters.ModelChoiceFilter(
            "kind",
            label=_("Kind"),
            queryset=InitiativeKind.objects.all(),
            to_field_name="code",
            empty_label=_("All kinds"),
        )
        dla = django_filters.ModelChoiceFilter(
            "audiences",
            label=_("For whom"),
            queryset=Audience.objects.all(),
            to_field_name="code",
            empty_label=_("Everybody"),
        )
        gdzie = django_filters.ModelChoiceFilter(
            "neighbourhoods",
            label=_("Neighbourhood"),
            queryset=neighbourhoods_here,
            to_field_name="slug",
            empty_label=_("Anywhere"),
        )
        slowa = WordsFilter(label=_("Words"), fields=["search_text"], widget=forms.TextInput(attrs={"type": "search"}))

        class Meta:
            model = Initiative
            fields = []


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
            return self.narrow({"gdzie": None}) if self.chosen_place else ""

        def narrow(self, address):
            """The same choice with other words in the address, from the first page on; None takes a word out."""
            query = self.data.copy()
            for name in ("after", "before", *address):
                query.pop(name, None)
            query.update({name: value for name, value in address.items() if value is not None})
            return f"?{query.urlencode()}"


def with_count(name, counts, key):
    """A choice and how many requests it finds; without a number where none is known."""
    return name if counts is None else f"{name} ({max(counts[key], 0)})"
