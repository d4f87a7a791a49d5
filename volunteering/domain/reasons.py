"""Why this person, and why not: codes that are kept with an alert, and their sentences, put into words only when
somebody reads them, in that reader's language."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from volunteering.domain import distances
from volunteering.domain.calendar import ZONE
from volunteering.matching import feasibility
from volunteering.models import Category

# Farther than this nobody calls it close by.
CLOSE_BY_METRES = 3000
# Who was not asked for so long is told to staff.
RESTED = 1.0

FREE_ON = (
    gettext_lazy("You are free on Monday, %(start)s–%(end)s."),
    gettext_lazy("You are free on Tuesday, %(start)s–%(end)s."),
    gettext_lazy("You are free on Wednesday, %(start)s–%(end)s."),
    gettext_lazy("You are free on Thursday, %(start)s–%(end)s."),
    gettext_lazy("You are free on Friday, %(start)s–%(end)s."),
    gettext_lazy("You are free on Saturday, %(start)s–%(end)s."),
    gettext_lazy("You are free on Sunday, %(start)s–%(end)s."),
)

SPOKEN = {
    "pl": gettext_lazy("You speak Polish."),
    "en": gettext_lazy("You speak English."),
    "uk": gettext_lazy("You speak Ukrainian."),
}

SPOKEN_FOR_STAFF = {
    "pl": gettext_lazy("Speaks Polish."),
    "en": gettext_lazy("Speaks English."),
    "uk": gettext_lazy("Speaks Ukrainian."),
}

OBSTACLES = {
    feasibility.NOT_ACTIVE: gettext_lazy("This person is not an active helper here."),
    feasibility.BLOCKED: gettext_lazy("These two people are not brought together."),
    feasibility.PAUSED: gettext_lazy("This person is taking a break from helping."),
    feasibility.ANSWERED: gettext_lazy("This person has already given an answer about this visit."),
    feasibility.WRONG_CATEGORY: gettext_lazy("This person did not choose this kind of help."),
    feasibility.MISSING_SKILL: gettext_lazy("A skill that is needed here is not in this person’s profile."),
    feasibility.LANGUAGE: gettext_lazy("This person does not speak the language that is needed here."),
    feasibility.TOO_FAR: gettext_lazy("This is farther than this person wants to go."),
    feasibility.NOT_FREE: gettext_lazy("This person is not free then."),
    feasibility.OVERLAP: gettext_lazy("This person has another task then."),
    feasibility.WEEKLY_LIMIT: gettext_lazy("This person has as many tasks that week as they want."),
}
NO_PROFILE = gettext_lazy("This person has not said yet how they want to help.")
OWN_REQUEST = gettext_lazy("This is this person’s own request.")


@dataclass(frozen=True)
class Reason:
    """One reason why a visit is for this helper. `str()` says it to them, `for_staff` says it about them."""

    code: str
    values: dict = field(default_factory=dict)
    category: Category | None = field(default=None, compare=False, repr=False)

    def __str__(self):
        return SENTENCES[self.code][0](self)

    @property
    def for_staff(self):
        return SENTENCES[self.code][1](self)

    @property
    def as_json(self):
        """What is kept with an alert."""
        return {"code": self.code, **self.values}


SENTENCES = {
    "category": (
        lambda reason: _("You chose this kind of help: %(category)s.") % {"category": reason.category.name},
        lambda reason: _("Chose this kind of help."),
    ),
    "free": (
        lambda reason: FREE_ON[reason.values["weekday"]] % reason.values,
        lambda reason: _("Is free at that time."),
    ),
    "flexible": (
        lambda reason: _("You have enough free time in those days."),
        lambda reason: _("Has enough free time in those days."),
    ),
    "near": (
        lambda reason: (
            (
                _("You live close by (up to %(distance)s).")
                if reason.values["band"] <= CLOSE_BY_METRES
                else _("It is up to %(distance)s from you.")
            )
            % {"distance": distances.in_words(reason.values["band"])}
        ),
        lambda reason: _("Lives up to %(distance)s away.") % {"distance": distances.in_words(reason.values["band"])},
    ),
    "skill": (
        lambda reason: _("You have a skill that helps here."),
        lambda reason: _("Has a skill that helps here."),
    ),
    "language": (
        lambda reason: str(SPOKEN[reason.values["language"]]),
        lambda reason: str(SPOKEN_FOR_STAFF[reason.values["language"]]),
    ),
    # Only for staff: a helper who read this would know whose request it is before she has agreed to them.
    "before": (lambda reason: "", lambda reason: _("Has helped this person before.")),
    "rested": (lambda reason: "", lambda reason: _("Has not been asked for a while.")),
}
ONLY_FOR_STAFF = ("before", "rested")
ABOUT_TIME = ("free", "flexible")


def why(visit, need, helper, parts, band):
    """All reasons why this helper suits this visit, in the order in which they are read."""
    found = [Reason("category", category=visit.help_request.category), _time(visit), Reason("near", {"band": band})]
    if helper.skills & (need.required_skills | need.helpful_skills):
        found.append(Reason("skill"))
    # That somebody speaks Polish goes without saying.
    first = need.languages[0] if need.languages else "pl"
    if first != "pl" and first in helper.languages and first in SPOKEN:
        found.append(Reason("language", {"language": first}))
    if helper.helped_before:
        found.append(Reason("before"))
    if parts.fairness >= RESTED:
        found.append(Reason("rested"))
    return found


def told(reasons):
    """Those reasons that the helper reads."""
    return [reason for reason in reasons if reason.code not in ONLY_FOR_STAFF]


def kept(entries, category):
    """The reasons out of what was kept with an alert; entries of a form that is no longer known are left out."""
    known = [entry for entry in entries if entry.get("code") in SENTENCES]
    return [
        Reason(entry["code"], {name: value for name, value in entry.items() if name != "code"}, category)
        for entry in known
    ]


def without_time(entries):
    """What is left of the reasons kept with an alert when the visit has got another time."""
    return [entry for entry in entries if entry.get("code") not in ABOUT_TIME]


def _time(visit):
    if visit.is_flexible:
        return Reason("flexible")
    start, end = visit.starts_at.astimezone(ZONE), visit.ends_at.astimezone(ZONE)
    return Reason("free", {"weekday": start.weekday(), "start": f"{start:%-H:%M}", "end": f"{end:%-H:%M}"})
