"""Whether the pairs of a plan can still be carried out: the plan is minutes or days old, and life goes on."""

from django.utils import timezone
from django_scopes import scopes_disabled

from volunteering.domain import calendar, invitations
from volunteering.domain.facts import Facts
from volunteering.matching.feasibility import obstacles
from volunteering.matching.plan.uncovered import AT_LIMIT, ELSEWHERE
from volunteering.models import Alert, VolunteerProfile

# Beside the codes of `invitations`: the visit has got another time since.
MOVED = "moved"


def hindrances(pairs):
    """What is in the way of each of these pairs (with the visits and requests they are planned for), by key: codes,
    empty for what is still possible; only `invitations.ASKED` where nothing is but that an answer is awaited. As many
    queries for ten as for one."""
    if not pairs:
        return {}
    visits = {pair.planned.visit_id: pair.planned.visit for pair in pairs}
    with scopes_disabled():
        profiles = VolunteerProfile.objects.select_related("user").filter(
            user__in={pair.volunteer_id for pair in pairs}, home_cell__isnull=False
        )
        known = {profile.user_id: profile for profile in profiles}
        facts = Facts(list(visits.values()), list(known.values()))
        awaited = Alert.objects.unanswered_about(visits.values())
    return {pair.pk: _codes(pair, facts, known.get(pair.volunteer_id), awaited) for pair in pairs}


def is_moved(planned):
    """Whether the visit, loaded with it, has got another time since the plan was computed."""
    return (planned.starts_at, planned.ends_at) != (planned.visit.starts_at, planned.visit.ends_at)


def _codes(pair, facts, profile, awaited):
    visit = pair.planned.visit
    against = obstacles(facts.need(visit), facts.helper(profile, visit)) if profile else None
    found = invitations.codes_against(
        visit, pair.volunteer_id, against, is_awaited=False, against=invitations.EVERY_OBSTACLE
    )
    if found != [invitations.NOT_WANTED] and is_moved(pair.planned):
        return [MOVED, *found]
    return found or [invitations.ASKED] * ((visit.pk, pair.volunteer_id) in awaited)


def rooms(people, visit):
    """How many more tasks each of these people, by key, may take in the week of a visit beside what they have promised.
    As many queries for ten as for one."""
    with scopes_disabled():
        profiles = list(VolunteerProfile.objects.filter(user__in=people, home_cell__isnull=False))
        facts = Facts([visit], profiles)
    week = week_of(visit)
    return {profile.user_id: profile.tasks_per_week - facts.tasks(profile.user_id, week) for profile in profiles}


def against_beside(visit, others, room):
    """What speaks against one more task beside the visits that somebody has in the plan already: codes."""
    if any(_overlap(visit, other) for other in others):
        return [ELSEWHERE]
    week = week_of(visit)
    return [AT_LIMIT] if others and sum(week_of(other) == week for other in others) >= room else []


def _overlap(visit, other):
    """Whether two visits share a moment; a visit without a set hour can be put beside any other."""
    if visit.is_flexible or other.is_flexible:
        return False
    return visit.starts_at < other.ends_at and other.starts_at < visit.ends_at


def week_of(visit):
    """The week that counts for a visit; of one without a set hour the first that is not over."""
    return calendar.week_of(max(visit.starts_at, timezone.now()) if visit.is_flexible else visit.starts_at)
