"""THE door to matching: who could help with this visit, which visits suit this helper, why somebody is left out, and
which initiatives answer a need. The only importer of the engine's ranking.

Everything is computed from the centres of cells: of the request and of the helper's home. Exact points are never read.
"""

from dataclasses import asdict, dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_scopes import scopes_disabled

from neighbourhoods.cells import distance_band
from volunteering.domain import candidates, reasons
from volunteering.domain.distances import metres_between, metres_from
from volunteering.domain.facts import Facts, weights_of
from volunteering.domain.words import fold
from volunteering.matching.feasibility import obstacles
from volunteering.matching.rank import assess, highest_score_beyond, order, suggest
from volunteering.models import HelpRequest, Initiative, Joining, Meeting, Visit, VolunteerProfile
from volunteering.states import RequestState

# How many letters of a word decide that two forms of it are the same: Polish changes the ends.
STEM = 5


@dataclass(frozen=True)
class Suggested:
    """A helper and a visit that suit each other. `score` and every one of `parts` lie in [0, 1]; `band_metres` is an
    upper bound of the distance; `reasons` are sentences to the helper, put into words when they are shown. The rest
    is for choosing, never for showing: `metres` between centres of cells, `waited_days` since last asked or since they
    began, `asked` so often in four weeks, `helped_before` this person so often."""

    volunteer: object
    visit: Visit
    score: float
    parts: dict
    band_metres: int
    all_reasons: tuple
    metres: float = 0.0
    waited_days: float = 0.0
    asked: int = 0
    helped_before: int = 0

    @property
    def reasons(self):
        return reasons.told(self.all_reasons)

    @property
    def staff_reasons(self):
        """The same about the helper, and what only staff may know."""
        return [reason.for_staff for reason in self.all_reasons]


@dataclass(frozen=True)
class SuggestedInitiative:
    """An initiative that may answer the need as well. `meeting`: its next one, or None; `reason`: one sentence."""

    initiative: Initiative
    reason: str
    meeting: Meeting | None


# Who could help ------------------------------------------------------------------------------------------------------


# How many of the nearest candidates are weighed for a limited number of suggestions: several times what a screen or a
# wave can want, and then, where that is not provably enough, as many as take about half a second.
SHORTLISTS = (200, 2000)


def helpers_for(visit, *, limit=None):
    """Who could help with this visit, the best first: `Suggested` objects. 15 queries, however many there are; with a
    limit up to 45.

    Without a limit everybody is weighed. With one, only the nearest candidates are, and those who helped this person
    before: the answer is the same unless more than the largest of `SHORTLISTS` could be asked, and even then where no
    one farther away can score as much as the last one found.

    Nobody is proposed by machine for a protected request, nor for a visit that is over or has begun.
    """
    with scopes_disabled():
        visit = Visit.objects.with_details().get(pk=visit.pk)
        if visit.help_request.protected or is_too_late(visit):
            return []
        wanted = candidates.wanted_for(visit)
        if limit is None:
            return _best(visit, {candidate.volunteer for candidate in candidates.everybody(wanted)})
        return _best_of_nearest(visit, wanted, limit)


def _best_of_nearest(visit, wanted, limit):
    known = candidates.helped_before(visit.help_request.requester_id)
    for size in SHORTLISTS:
        near = candidates.nearest(wanted, size)
        found = _best(visit, {candidate.volunteer for candidate in near} | known, limit)
        weights = weights_of(visit.help_request.municipality)
        if len(near) < size or _is_settled(found, limit, near[-1].metres, weights):
            break
    return found


def _is_settled(found, limit, metres, weights):
    """Whether nobody farther away than that can be among the first `limit`."""
    return len(found) == limit and (not found or found[-1].score > highest_score_beyond(metres, weights))


def is_too_late(visit):
    """Whether nobody can come to this visit any more: it has begun, or, where the hour is free, its days are over."""
    return (visit.ends_at if visit.is_flexible else visit.starts_at) <= timezone.now()


def _best(visit, volunteers, limit=None):
    """The engine's answer about these people, the best first."""
    profiles = VolunteerProfile.objects.select_related("user").filter(user__in=volunteers, home_cell__isnull=False)
    profiles = [profile for profile in profiles if profile.user_id != visit.help_request.requester_id]
    if not profiles:
        return []
    facts = Facts([visit], profiles)
    need = facts.need(visit)
    people = {profile.user_id: profile for profile in profiles}
    helpers = {key: facts.helper(profile, visit) for key, profile in people.items()}
    found = suggest(need, helpers.values(), weights_of(visit.help_request.municipality))[:limit]
    return [_suggested(facts, people[it.key], visit, helpers[it.key], it) for it in found]


def _suggested(facts, profile, visit, helper, suggestion):
    band = distance_band(metres_between(profile.home_cell, visit.help_request.cell))
    return Suggested(
        volunteer=profile.user,
        visit=visit,
        score=suggestion.score,
        parts=asdict(suggestion.parts),
        band_metres=band,
        all_reasons=tuple(reasons.why(visit, facts.need(visit), helper, suggestion.parts, band)),
        metres=helper.metres,
        waited_days=facts.waited_days(profile, visit),
        asked=helper.asked,
        helped_before=helper.helped_before,
    )


# Which visits suit this helper ---------------------------------------------------------------------------------------


def visits_for(volunteer, municipality, limit=None):
    """The open visits of a municipality that suit this helper, the best first: the mirror of `helpers_for`, with the
    same scores and reasons. 13 queries."""
    with scopes_disabled():
        profile = VolunteerProfile.objects.select_related("user").filter(user=volunteer).first()
        if profile is None or profile.home_cell is None:
            return []
        visits = [visit for visit in _open_visits(profile, municipality) if not is_too_late(visit)]
        ways = metres_from(profile.home_cell, [visit.help_request.cell for visit in visits])
        visits = [visit for visit, metres in zip(visits, ways, strict=True) if metres <= profile.radius]
        if not visits:
            return []
        facts, weights = Facts(visits, [profile]), weights_of(municipality)
        found = []
        for visit in visits:
            need, helper = facts.need(visit), facts.helper(profile, visit)
            if not obstacles(need, helper):
                found.append((assess(need, helper, weights), visit, need, helper))
        found.sort(key=lambda it: (order(it[0])[0], it[1].starts_at, it[1].pk))
        return [_suggested(facts, profile, visit, helper, it) for it, visit, need, helper in found[:limit]]


def _open_visits(profile, municipality):
    return (
        Visit.objects.open()
        .with_details()
        .filter(
            help_request__municipality=municipality,
            help_request__state=RequestState.OPEN,
            help_request__protected=False,
            help_request__category__in=profile.categories.all(),
        )
        .exclude(help_request__requester=profile.user)
    )


def why_not(visit, volunteer):
    """Why this person is not among the suggestions for a visit, as sentences for the desk; empty when they are, or
    would be."""
    return why_not_each(visit, [volunteer])[volunteer.pk]


def why_not_each(visit, volunteers):
    """The same for several people at once: sentences by the person's key. As many queries for ten as for one."""
    with scopes_disabled():
        visit = Visit.objects.with_details().get(pk=visit.pk)
        profiles = VolunteerProfile.objects.select_related("user").filter(user__in=volunteers, home_cell__isnull=False)
        known = {profile.user_id: profile for profile in profiles}
        facts = Facts([visit], list(known.values()))
        need = facts.need(visit)
        return {person.pk: _against(facts, visit, need, known.get(person.pk), person) for person in volunteers}


def look_at(visit, volunteer):
    """One person as they are for a visit, fit or not: what is in the way, as codes of the engine, and the suggestion
    with its parts. Two times None for somebody who has not said how they want to help."""
    with scopes_disabled():
        visit = Visit.objects.with_details().get(pk=visit.pk)
        profile = (
            VolunteerProfile.objects.select_related("user").filter(user=volunteer, home_cell__isnull=False).first()
        )
        if profile is None:
            return None, None
        facts = Facts([visit], [profile])
        need, helper = facts.need(visit), facts.helper(profile, visit)
        weights = weights_of(visit.help_request.municipality)
        return obstacles(need, helper), _suggested(facts, profile, visit, helper, assess(need, helper, weights))


def _against(facts, visit, need, profile, person):
    if visit.help_request.requester_id == person.pk:
        return [reasons.OWN_REQUEST]
    if profile is None:
        return [reasons.NO_PROFILE]
    return [reasons.OBSTACLES[code] for code in obstacles(need, facts.helper(profile, visit))]


# Which initiatives answer this ---------------------------------------------------------------------------------------


def initiatives_for(category, neighbourhood, words="", *, limit=3):
    """Initiatives that may answer a need of this category as well: those of the neighbourhood first, then those whose
    words are about the same, then the one that meets soonest. Closed groups are not proposed. Four queries."""
    initiatives = (
        Initiative.objects.published()
        .with_details()
        .filter(municipality=neighbourhood.municipality_id, kind__answers=category)
        .exclude(joining=Joining.CLOSED)
    )
    meetings = _next_meetings(initiatives)
    stems = _stems(words)
    now = timezone.now()

    def place(initiative):
        meeting = meetings.get(initiative.pk)
        nearness = _nearness(initiative, neighbourhood)
        same_words = len(stems & _stems(f"{initiative.title} {initiative.summary}"))
        return nearness, -same_words, meeting is None, meeting.starts_at if meeting else now, initiative.pk

    return [
        SuggestedInitiative(initiative, NEARNESS[_nearness(initiative, neighbourhood)], meetings.get(initiative.pk))
        for initiative in sorted(initiatives, key=place)[:limit]
    ]


NEARNESS = (
    gettext_lazy("It meets in your neighbourhood."),
    gettext_lazy("It is for all residents."),
    gettext_lazy("It meets in another part of the municipality."),
)


def _nearness(initiative, neighbourhood):
    """Index into NEARNESS. An initiative that names no neighbourhood is for the whole municipality."""
    where = {place.pk for place in initiative.neighbourhoods.all()}
    if not where:
        return 1
    return 0 if neighbourhood.pk in where else 2


def _next_meetings(initiatives):
    """The next meeting of each initiative, by its key."""
    upcoming = Meeting.objects.upcoming().filter(initiative__in=initiatives.values("pk")).order_by("-starts_at", "-pk")
    return {meeting.initiative_id: meeting for meeting in upcoming}


def _stems(text):
    return {word[:STEM] for word in fold(text).split() if len(word) >= STEM}


def requests_for(initiative):
    """How many listed requests this initiative may answer: the mirror of `initiatives_for`, a count only."""
    requests = HelpRequest.objects.listed().filter(
        municipality=initiative.municipality_id, category__answered_by=initiative.kind_id
    )
    where = [neighbourhood.pk for neighbourhood in initiative.neighbourhoods.all()]
    if where:
        requests = requests.filter(neighbourhood__in=where)
    return requests.count()
