"""Filters of public lists. What was chosen stands in the address, so that a list can be sent to somebody."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from neighbourhoods.models import Neighbourhood
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


def categories_asked_for():
    return [(category.code, category.name) for category in Category.objects.open()]


def neighbourhood_choices():
    return [(neighbourhood.slug, neighbourhood.name) for neighbourhood in Neighbourhood.objects.all()]


with scopes_disabled():

    class HelpRequestFilter(ListFilter):
        """Category, neighbourhood and week for everybody; words for those who may read them (`with_words`)."""

        kategoria = django_filters.ChoiceFilter(
            "category__code", label=_("Kind of help"), choices=categories_asked_for, empty_label=_("All kinds")
        )
        gdzie = django_filters.ChoiceFilter(
            "neighbourhood__slug", label=_("Neighbourhood"), choices=neighbourhood_choices, empty_label=_("Anywhere")
        )
        kiedy = django_filters.ChoiceFilter(
            method="in_week", label=_("When"), choices=Week.choices, empty_label=_("At any time")
        )
        slowa = WordsFilter(label=_("Words"), fields=["search_text"], widget=forms.TextInput(attrs={"type": "search"}))

        class Meta:
            model = HelpRequest
            fields = []

        def __init__(self, *args, with_words, **kwargs):
            super().__init__(*args, **kwargs)
            if not with_words:
                del self.filters["slowa"]

        def in_week(self, queryset, name, value):
            return queryset.needed_between(*bounds(value))
