"""The list of services: what a reader chose, what is found, and how many services each other choice would find.

All of it stands in the address and works without JavaScript. A choice that finds nothing is not offered.
"""

from functools import cached_property

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Neighbourhood
from volunteering.models import Audience, ServiceArea

SERVICES_ON_A_PAGE = 12
LONGEST_WORDS = 100


class CatalogueForm(forms.Form):
    dla = forms.ChoiceField(label=_("For whom"), required=False)
    zakres = forms.ChoiceField(label=_("What about"), required=False)
    gdzie = forms.ChoiceField(label=_("Neighbourhood"), required=False)
    slowa = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class Catalogue:
    """`services`: a queryset of all services of the catalogue; `chosen`: the query of the address."""

    EMPTY_LABELS = {"dla": _("Everybody"), "zakres": _("Everything"), "gdzie": _("Anywhere")}

    def __init__(self, services, chosen):
        self.services = services
        self.data = chosen

    # --- What was chosen ----------------------------------------------------------------------------------------------

    @cached_property
    def terms(self):
        """Everything that can be chosen: name of the filter → value in the address → row."""
        return {
            "dla": {audience.code: audience for audience in Audience.objects.all()},
            "zakres": {area.code: area for area in ServiceArea.objects.all()},
            "gdzie": {place.slug: place for place in Neighbourhood.objects.all()},
        }

    def term(self, name):
        """The row that was chosen; None for nothing and for what there is not."""
        return self.terms[name].get(self.data.get(name, ""))

    @cached_property
    def words(self):
        return self.data.get("slowa", "")[:LONGEST_WORDS]

    @property
    def chosen(self):
        """How many filters are set: a folded filter form says so on a phone."""
        return sum(bool(self.data.get(name)) for name in CatalogueForm.base_fields)

    # --- What is found ------------------------------------------------------------------------------------------------

    def found(self, *, without=""):
        """The services that fit all that was chosen; `without` names a filter that is left aside."""
        services = self.services.with_words(self.words)
        if without != "dla" and (audience := self.term("dla")):
            services = services.for_audience(audience)
        if without != "zakres" and (area := self.term("zakres")):
            services = services.in_area(area)
        if without != "gdzie" and (place := self.term("gdzie")):
            services = services.available_in(place)
        return services

    @cached_property
    def sheet(self):
        paginator = Paginator(self.found().for_list(), SERVICES_ON_A_PAGE)
        return paginator.get_page(self.data.get("strona"))

    # --- The form -----------------------------------------------------------------------------------------------------

    @cached_property
    def form(self):
        form = CatalogueForm(self.data)
        for name, empty_label in self.EMPTY_LABELS.items():
            form.fields[name].choices = [("", empty_label), *self.choices(name)]
        return form

    def choices(self, name):
        """Pairs of value and name, with the number of services that each would find."""
        counts = self.counts(name)
        for value, term in self.terms[name].items():
            if counts.get(term.pk) or term == self.term(name):
                yield value, f"{term.name} ({counts.get(term.pk, 0)})"

    def counts(self, name):
        """Key of each row → number of services that choosing it would find, everything else staying as it is."""
        field = {"dla": "audiences", "zakres": "areas", "gdzie": "neighbourhoods"}[name]
        rows = self.found(without=name).order_by().values_list(field).annotate(Count("pk", distinct=True))
        counts = dict(rows)
        everywhere = counts.pop(None, 0)
        if name != "gdzie":
            return counts
        # A service that names no place is there for all of them.
        return {place.pk: counts.get(place.pk, 0) + everywhere for place in self.terms["gdzie"].values()}

    # --- The pager ----------------------------------------------------------------------------------------------------

    @property
    def previous_url(self):
        return self._address(self.sheet.previous_page_number()) if self.sheet.has_previous() else ""

    @property
    def next_url(self):
        return self._address(self.sheet.next_page_number()) if self.sheet.has_next() else ""

    def _address(self, number):
        query = self.data.copy()
        query["strona"] = number
        return f"?{query.urlencode()}"
