"""Filters of the desk's lists."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from volunteering.domain import suggestions
from volunteering.domain.words import clean, fold
from volunteering.filters import ListFilter, WordsFilter, neighbourhoods_here
from volunteering.models import Category, HelpRequest, Initiative, Standing
from volunteering.states import LifecycleState, RequestState, StandingState

UNDER_WAY, ALL = "w-toku", "wszystkie"
SEARCH = forms.TextInput(attrs={"type": "search"})


class RequestWords(WordsFilter):
    """Words of the request, or its reference as somebody reads it out: RS-7K4M, rs 7k4m, 7k4m."""

    def filter(self, queryset, value):
        for word in fold(clean(value or "")).replace("-", " ").split()[:6]:
            queryset = queryset.filter(Q(search_text__contains=word) | Q(reference__contains=word.upper()))
        return queryset


def named(standings, name):
    """Standings of people in whose name every word occurs, with or without Polish letters. Names are not kept folded,
    so they are folded here: a centre has some hundreds of helpers."""
    wanted = fold(clean(name or "")).split()[:6]
    if not wanted:
        return standings
    people = standings.order_by().values_list("pk", "volunteer__display_name")
    return standings.filter(pk__in=[pk for pk, name in people if all(word in fold(name) for word in wanted)])


class NamesFilter(WordsFilter):
    def filter(self, queryset, value):
        return named(queryset, value)


def initiatives_here(request):
    """Those that residents can read of: others are proposed to nobody."""
    return Initiative.objects.published().order_by("title", "pk")


with scopes_disabled():

    class RequestFilter(ListFilter):
        slowa = RequestWords(label=_("Words or reference"), fields=[], widget=SEARCH)
        stan = django_filters.ChoiceFilter(
            label=_("State"),
            method="in_state",
            empty_label=None,
            choices=[
                (UNDER_WAY, _("under way")),
                *(choice for choice in RequestState.choices if choice[0] != RequestState.DRAFT),
                (ALL, _("all")),
            ],
        )
        kategoria = django_filters.ModelChoiceFilter(
            "category",
            label=_("Category"),
            queryset=Category.objects.all(),
            to_field_name="code",
            empty_label=_("All categories"),
        )
        gdzie = django_filters.ModelChoiceFilter(
            "neighbourhood",
            label=_("Neighbourhood"),
            queryset=neighbourhoods_here,
            to_field_name="slug",
            empty_label=_("Anywhere"),
        )

        inicjatywa = django_filters.ModelChoiceFilter(
            label=_("Could be answered by"),
            method="answered_by",
            queryset=initiatives_here,
            to_field_name="slug",
            empty_label=_("Any initiative"),
        )

        class Meta:
            model = HelpRequest
            fields = []

        def filter_queryset(self, queryset):
            """Without a state, what is under way: the rest is looked for on purpose."""
            queryset = super().filter_queryset(queryset)
            return queryset if self.form.cleaned_data.get("stan") else queryset.unfinished()

        def in_state(self, queryset, _name, value):
            if value == UNDER_WAY:
                return queryset.unfinished()
            return queryset if value == ALL else queryset.in_state(value)

        def answered_by(self, queryset, _name, value):
            return queryset.filter(pk__in=suggestions.requests_for(value))

    class StandingFilter(ListFilter):
        slowa = NamesFilter(label=_("Name"), fields=[], widget=SEARCH)
        stan = django_filters.ChoiceFilter(
            "state", label=_("State"), choices=StandingState.choices, empty_label=_("all")
        )
        kategoria = django_filters.ModelChoiceFilter(
            "volunteer__volunteer_profile__categories",
            label=_("Helps with"),
            queryset=Category.objects.all(),
            to_field_name="code",
            empty_label=_("All categories"),
        )
        gdzie = django_filters.ModelChoiceFilter(
            "volunteer__volunteer_profile__home_neighbourhood",
            label=_("Neighbourhood"),
            queryset=neighbourhoods_here,
            to_field_name="slug",
            empty_label=_("Anywhere"),
        )

        class Meta:
            model = Standing
            fields = []

    class InitiativeFilter(ListFilter):
        slowa = WordsFilter(label=_("Words"), fields=["search_text"], widget=SEARCH)
        stan = django_filters.ChoiceFilter(
            "lifecycle__state", label=_("State"), choices=LifecycleState.choices, empty_label=_("all")
        )

        class Meta:
            model = Initiative
            fields = []
