"""What is told to staff of the search for helpers, out of its events: one sentence for each step."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from volunteering.domain import distances

SENTENCES = {
    "volunteering.search_exhaust": gettext_lazy("Everybody who fits has been asked."),
    "volunteering.search_stop": gettext_lazy("The centre stopped the search."),
    "volunteering.search_start": gettext_lazy("The centre started the search again."),
    "volunteering.search_thank": gettext_lazy("Somebody was found. Those who had not answered yet were thanked."),
}


def sentence(event):
    """The words for an event of a search; "" for any other."""
    if event.kind == "volunteering.visit_alert":
        return _asked(event.data)
    if event.kind == "volunteering.alert_decline":
        return _("Not now, may be asked again.") if event.data.get("again") else _("Cannot come this time.")
    return str(SENTENCES.get(event.kind, ""))


def _asked(data):
    if data.get("invited"):
        return _("The centre invited one person by hand.")
    if data.get("passed_on"):
        return _("One more person was asked instead.")
    people = len(data["alerts"])
    if "radius" not in data:
        return ngettext("%(people)d person was asked.", "%(people)d people were asked.", people) % {"people": people}
    words = ngettext(
        "Wave %(wave)d: %(people)d person was asked, up to %(distance)s away.",
        "Wave %(wave)d: %(people)d people were asked, up to %(distance)s away.",
        people,
    )
    return words % {"wave": data["wave"], "people": people, "distance": distances.in_words(data["radius"])}
