"""What the desk shows of the search for helpers of one visit: where it stands, and what can be done about it now."""

from dataclasses import dataclass

from volunteering.domain import alerts
from volunteering.models import Alert, Search
from volunteering.states import SearchState

# What can be done, by the state of the search; the first one is what one usually wants.
ACTS = {
    None: ("start",),
    SearchState.RUNNING: ("advance", "stop"),
    SearchState.STOPPED: ("start",),
    SearchState.EXHAUSTED: ("start",),
    SearchState.FULL: ("start",),
    SearchState.OVER: ("start",),
}
TONES = {SearchState.RUNNING: "info", SearchState.EXHAUSTED: "wait", SearchState.FULL: "good"}


@dataclass(frozen=True)
class Told:
    """One row of the ledger, in the words of staff."""

    alert: Alert

    @property
    def reasons(self):
        return alerts.staff_reasons_of(self.alert)


@dataclass(frozen=True)
class Panel:
    """The search of the chosen visit. `search`: None where it has not begun."""

    search: Search | None
    people: int

    @property
    def acts(self):
        return ACTS[self.search.state if self.search else None]

    @property
    def tone(self):
        return TONES.get(self.search.state, "neutral") if self.search else "neutral"


def told_about(help_request, limit):
    """Who was told of the request, as rows of its page. One query."""
    found = list(Alert.objects.about(help_request).with_people()[:limit])
    for alert in found:
        alert.visit.help_request = help_request
    return [Told(alert) for alert in found]


def panel_of(visit, told):
    people = sum(it.alert.visit_id == visit.pk and it.alert.wave > 0 for it in told)
    return Panel(Search.objects.select_related("stopped_by").filter(visit=visit).first(), people)
