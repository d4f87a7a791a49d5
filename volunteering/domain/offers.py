"""Needs and initiatives as the engine sees them, and why an initiative may answer a need, in words."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from neighbourhoods.cells import distance_band
from neighbourhoods.domain.places import cell_of
from volunteering.domain import distances
from volunteering.domain.calendar import ZONE, today
from volunteering.domain.stems import audiences_told, stems
from volunteering.matching.initiatives import Need, Offer
from volunteering.models import Category, Initiative, Joining, Meeting

# The audience that is everybody.
EVERYBODY = "everyone"
# A weekday names no day of another week.
A_WEEK = 7

HERE_ON = (
    gettext_lazy("It meets in your neighbourhood on Monday."),
    gettext_lazy("It meets in your neighbourhood on Tuesday."),
    gettext_lazy("It meets in your neighbourhood on Wednesday."),
    gettext_lazy("It meets in your neighbourhood on Thursday."),
    gettext_lazy("It meets in your neighbourhood on Friday."),
    gettext_lazy("It meets in your neighbourhood on Saturday."),
    gettext_lazy("It meets in your neighbourhood on Sunday."),
)


def need_of(category, words, language=""):
    """What is asked for, as the engine sees it."""
    audiences, not_audiences = audiences_told(words, category=category.code, language=language)
    return Need(category=category.pk, stems=stems(words), audiences=audiences, not_audiences=not_audiences)


class Offers:
    """Turns initiatives into the engine's offers, as seen from a neighbourhood. Two queries for their meetings and
    kinds, beside the initiatives themselves, which come `with_details()`."""

    def __init__(self, initiatives):
        self.initiatives = {initiative.pk: initiative for initiative in initiatives}
        self.now = timezone.now()
        self.ahead, self.next = _meetings_of(self.initiatives, self.now)
        self.categories = _categories_of(initiative.kind_id for initiative in self.initiatives.values())

    def seen_from(self, neighbourhood):
        """All of them, as offers to somebody who lives there."""
        return [self._offer(initiative, neighbourhood) for initiative in self.initiatives.values()]

    def metres(self, initiative, neighbourhood):
        """From the middle of the neighbourhood to the nearest one in which the initiative is at home; None where it is
        for the whole municipality."""
        cells = {place.pk: cell_of(place) for place in initiative.neighbourhoods.all()}
        if not cells:
            return None
        if neighbourhood.pk in cells:
            return 0.0
        here = cell_of(neighbourhood)
        return min(distances.metres_between(here, cell) for cell in cells.values())

    def _offer(self, initiative, neighbourhood):
        meeting = self.next.get(initiative.pk)
        audiences = frozenset(audience.code for audience in initiative.audiences.all())
        return Offer(
            key=initiative.pk,
            categories=self.categories.get(initiative.kind_id, frozenset()),
            metres=self.metres(initiative, neighbourhood),
            stems=stems(f"{initiative.title} {initiative.summary} {initiative.kind.name_pl}"),
            audiences=frozenset() if EVERYBODY in audiences else audiences,
            hours=(meeting.starts_at - self.now).total_seconds() / 3600 if meeting else None,
            free_places=meeting.free_places if meeting else None,
            full=meeting is None and initiative.pk in self.ahead,
            closed=initiative.joining == Joining.CLOSED,
        )


def published():
    """What may be proposed at all: residents can read of it."""
    return Initiative.objects.published().with_details()


def _meetings_of(keys, now):
    """Keys of the initiatives with a meeting still to begin; and by key the next one that can be joined."""
    ahead, following = set(), {}
    for meeting in (
        Meeting.objects.upcoming().filter(initiative__in=keys, starts_at__gt=now).order_by("starts_at", "pk")
    ):
        ahead.add(meeting.initiative_id)
        is_late = meeting.sign_up_until is not None and meeting.sign_up_until < now
        if meeting.free_places != 0 and not is_late:
            following.setdefault(meeting.initiative_id, meeting)
    return ahead, following


def _categories_of(kinds):
    """The kinds of help that kinds of initiatives answer, by key."""
    answers = defaultdict(set)
    pairs = Category.answered_by.through.objects.filter(initiativekind__in=set(kinds))
    for kind, category in pairs.values_list("initiativekind", "category"):
        answers[kind].add(category)
    return {kind: frozenset(categories) for kind, categories in answers.items()}


# Why ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """One reason why an initiative may answer. `str()` says it to the person who asks, `for_staff` to the desk."""

    code: str
    values: dict = field(default_factory=dict)

    def __str__(self):
        return SENTENCES[self.code][0](self.values)

    @property
    def for_staff(self):
        return SENTENCES[self.code][1](self.values)


def _free(values):
    words = ngettext("There is %(places)d free place.", "There are %(places)d free places.", values["places"])
    return words % values


def _distance(values):
    return {"distance": distances.in_words(values["band"])}


SENTENCES = {
    "here_on": (
        lambda values: str(HERE_ON[values["weekday"]]),
        lambda values: _("It meets in the same neighbourhood."),
    ),
    "here": (
        lambda values: _("It is in your neighbourhood."),
        lambda values: _("It is in the same neighbourhood."),
    ),
    "for_all": (lambda values: _("It is for all residents."), lambda values: _("It is for all residents.")),
    "elsewhere": (
        lambda values: _("It is in another neighbourhood, about %(distance)s away.") % _distance(values),
        lambda values: _("It is in another neighbourhood, about %(distance)s away.") % _distance(values),
    ),
    "free": (_free, _free),
    "open": (
        lambda values: _("There is room for everybody."),
        lambda values: _("There is room for everybody."),
    ),
    "by_word": (
        lambda values: _("Please ring first: the leader would like to talk with you."),
        lambda values: _("Whoever wants to join talks with the leader first."),
    ),
    "words": (
        lambda values: _("You ask for something that is spoken of there."),
        lambda values: _("The request and the initiative speak of the same."),
    ),
    "no_meeting": (
        lambda values: _("No meeting is planned yet: please ring and ask."),
        lambda values: _("No meeting is planned yet."),
    ),
}


def why(initiative, meeting, neighbourhood, answer, offer):
    """The reasons for somebody of this neighbourhood, in the order in which they are read."""
    yield _where(initiative, meeting, neighbourhood, offer.metres)
    if answer.parts.words:
        yield Reason("words")
    if meeting is None:
        yield Reason("no_meeting")
    elif initiative.joining == Joining.REQUEST:
        yield Reason("by_word")
    elif meeting.free_places is None:
        yield Reason("open")
    else:
        yield Reason("free", {"places": meeting.free_places})


def _where(initiative, meeting, neighbourhood, metres):
    if metres is None:
        return Reason("for_all")
    homes = {place.pk for place in initiative.neighbourhoods.all()}
    if neighbourhood.pk not in homes:
        return Reason("elsewhere", {"band": distance_band(metres)})
    # Of an initiative with several homes only the meeting knows in which one it takes place.
    place = meeting and (meeting.neighbourhood_id or (neighbourhood.pk if len(homes) == 1 else None))
    if place != neighbourhood.pk:
        return Reason("here")
    start = meeting.starts_at.astimezone(ZONE).date()
    if (start - today(timezone.now())).days >= A_WEEK:
        return Reason("here")
    return Reason("here_on", {"weekday": start.weekday()})
