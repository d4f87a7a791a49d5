"""What the desk shows of the search for helpers of one visit: where it stands, and what can be done about it now."""

from dataclasses import dataclass
from hashlib import md5

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
ANSWERS = {Alert.Answer.TAKEN: "good", Alert.Answer.LATER: "wait", Alert.Answer.NONE: "info"}
TONES = {SearchState.RUNNING: "info", SearchState.EXHAUSTED: "wait", SearchState.FULL: "good"}


@dataclass(frozen=True)
class Told:
    """One row of the ledger, in the words of staff."""

    alert: Alert

    @property
    def reasons(self):
        return alerts.staff_reasons_of(self.alert)

    @property
    def tone(self):
        return ANSWERS.get(self.alert.answer, "neutral")


@dataclass(frozen=True)
class Panel:
    """The search of the chosen visit. `search`: None where it has not begun; `asked`: rows of the ledger about the
    visit as it is planned now, in the order in which people were told."""

    search: Search | None
    asked: list

    @property
    def people(self):
        return len(self.asked)

    @property
    def signature(self):
        """Changes with whatever is shown of it."""
        search = self.search and (self.search.state, self.search.wave, self.search.next_at)
        shown = search, [(it.alert.pk, it.alert.answer, it.alert.times, it.alert.wave) for it in self.asked]
        return md5(repr(shown).encode(), usedforsecurity=False).hexdigest()

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
    asked = [it for it in told if it.alert.visit_id == visit.pk and it.alert.wave > 0]
    asked.sort(key=lambda it: (it.alert.created_at, it.alert.pk))
    return Panel(Search.objects.select_related("stopped_by").filter(visit=visit).first(), asked)
