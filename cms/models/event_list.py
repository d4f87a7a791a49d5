"""What somebody chose in a list of events: read off the address, and written back into it."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django_scopes import get_scope

from neighbourhoods.models import Neighbourhood
from volunteering.models import Audience

EVENTS_ON_A_PAGE = 12
ARCHIVE, MONTH, PLACE, AUDIENCE, SHEET = "archiwum", "miesiac", "gdzie", "dla", "strona"


class EventList:
    """The coming events of one list, or (`?archiwum=1`) those that are over, narrowed by month, neighbourhood and
    audience. What is no choice is as good as not chosen: an old link still shows a list."""

    def __init__(self, events, chosen):
        self.chosen = chosen
        self.is_archive = bool(chosen.get(ARCHIVE))
        self.all = events.past() if self.is_archive else events.coming()

    @cached_property
    def months(self):
        """First days of the months in which this list has events."""
        return [moment.date() for moment in self.all.order_by().datetimes("starts_at", "month")]

    @cached_property
    def neighbourhoods(self):
        """Those of the gmina of the host. The portal has none: no scope is open there."""
        return list(Neighbourhood.objects.all()) if "municipality" in get_scope() else []

    @cached_property
    def audiences(self):
        return list(Audience.objects.all())

    @cached_property
    def month(self):
        return _among({f"{month:%Y-%m}": month for month in self.months}, self.chosen.get(MONTH))

    @cached_property
    def neighbourhood(self):
        return _among({place.slug: place for place in self.neighbourhoods}, self.chosen.get(PLACE))

    @cached_property
    def audience(self):
        return _among({audience.code: audience for audience in self.audiences}, self.chosen.get(AUDIENCE))

    @property
    def number_chosen(self):
        return sum(bool(choice) for choice in (self.month, self.neighbourhood, self.audience))

    @property
    def found(self):
        events = self.all
        if self.month:
            events = events.in_month(self.month)
        if self.neighbourhood:
            events = events.about(self.neighbourhood)
        return events.for_audience(self.audience) if self.audience else events

    @cached_property
    def sheet(self):
        return Paginator(self.found.for_list(), EVENTS_ON_A_PAGE).get_page(self.chosen.get(SHEET))

    @property
    def previous_url(self):
        return self._address(self.sheet.previous_page_number()) if self.sheet.has_previous() else ""

    @property
    def next_url(self):
        return self._address(self.sheet.next_page_number()) if self.sheet.has_next() else ""

    def _address(self, number):
        query = {
            ARCHIVE: "1" if self.is_archive else "",
            MONTH: f"{self.month:%Y-%m}" if self.month else "",
            PLACE: self.neighbourhood.slug if self.neighbourhood else "",
            AUDIENCE: self.audience.code if self.audience else "",
            SHEET: number,
        }
        return f"?{urlencode({name: value for name, value in query.items() if value})}"


def _among(choices, name):
    return choices.get(name)
