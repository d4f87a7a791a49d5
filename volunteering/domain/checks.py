"""Why this person may not take this visit: a list of small questions, each answers with a reason or with nothing."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scopes_disabled

from volunteering.models import Block, Commitment, Standing
from volunteering.states import HOLDING, UNFINISHED, CommitmentState, RequestState, StandingState, VisitState


def has_standing(visit, volunteer, span):
    standing = Standing.objects.filter(
        municipality=visit.help_request.municipality, volunteer=volunteer, state=StandingState.ACTIVE
    )
    if not standing.exists():
        return _("First talk with the centre: until then you cannot take requests here.")
    return None


def is_open(visit, volunteer, span):
    if visit.help_request.state == RequestState.AWAITING_REVIEW:
        return _("This request has not been published yet.")
    if visit.help_request.state not in UNFINISHED or visit.state not in {VisitState.OPEN, VisitState.FULL}:
        return _("Nobody is needed here any more. Thank you for wanting to help!")
    if visit.help_request.state != RequestState.OPEN or visit.state != VisitState.OPEN or visit.taken >= visit.places:
        return _("Somebody was a moment faster. Thank you for wanting to help!")
    return None


def is_too_late(visit, volunteer):
    """Whether others have taken every place and this person has no promise here: then nothing else is to be said, and
    a crowd of late comers need not wait for the locks of `take`."""
    is_full = visit.state == VisitState.FULL or visit.taken >= visit.places
    return is_full and not Commitment.objects.filter(visit=visit, volunteer=volunteer).exists()


def is_ahead(visit, volunteer, span):
    return None if span[0] > timezone.now() else _("This visit has already begun.")


def is_not_own(visit, volunteer, span):
    if visit.help_request.requester_id == volunteer.pk:
        return _("This is your own request.")
    return None


def is_not_protected(visit, volunteer, span):
    if visit.help_request.protected:
        return _("For this request the centre chooses the helper.")
    return None


def is_not_taken_by_same(visit, volunteer, span):
    own = Commitment.objects.filter(visit=visit, volunteer=volunteer).values_list("state", flat=True).first()
    if own in HOLDING:
        return _("You have already taken this visit.")
    if own in {CommitmentState.DECLINED, CommitmentState.NO_SHOW}:
        return _("For this visit the centre is looking for someone else.")
    return None


def is_not_blocked(visit, volunteer, span):
    if are_blocked(volunteer.pk, visit.help_request.requester_id):
        return _("For this visit the centre is looking for someone else.")
    return None


def are_blocked(helper_id, requester_id):
    """Whether one of the two does not want to meet the other. Holds in all municipalities, wherever it was said."""
    if requester_id is None:
        return False
    with scopes_disabled():
        pair = Q(by=helper_id, against=requester_id) | Q(by=requester_id, against=helper_id)
        return Block.objects.filter(pair).exists()


def has_skills(visit, volunteer, span):
    required = visit.help_request.category.required_skills.all()
    missing = required.exclude(volunteerprofile__user=volunteer)
    if missing:
        return _("This needs: %(skills)s. Is it missing in your profile?") % {
            "skills": ", ".join(skill.name for skill in missing)
        }
    return None


def has_time(visit, volunteer, span):
    """Two tasks at once: touching ends do not overlap. Asked across all municipalities."""
    with scopes_disabled():
        has_another = Commitment.objects.of(volunteer).live().overlapping(*span).exists()
    return _("You have another task at that time.") if has_another else None


def is_under_weekly_cap(visit, volunteer, span):
    """Nobody collects requests: the municipality caps how many one person takes within seven days."""
    since = timezone.now() - timedelta(days=7)
    cap = visit.help_request.municipality.takes_per_week
    with scopes_disabled():
        taken = Commitment.objects.of(volunteer).filter(taken_at__gt=since).count()
    if taken >= cap:
        return _("You have taken many requests this week. If you want more, please ring the centre.")
    return None


CHECKS = (
    has_standing,
    is_not_own,
    is_not_protected,
    is_not_taken_by_same,
    is_not_blocked,
    is_open,
    is_ahead,
    has_skills,
    has_time,
    is_under_weekly_cap,
)


# What staff decide themselves when they put a helper down by hand.
LEFT_TO_STAFF = {is_not_protected, is_under_weekly_cap, has_skills}

# The same to staff, who read about the helper: the checks themselves speak to the helper.
STAFF_WORDS = {
    has_standing: gettext_lazy("This person does not help here now: their talk with the centre comes first."),
    is_not_own: gettext_lazy("This person asked for the help."),
    is_not_protected: gettext_lazy("This request is protected: you choose the helper yourself."),
    is_not_taken_by_same: gettext_lazy("This person is already down for this visit, or was declined."),
    is_not_blocked: gettext_lazy("These two people are not to be brought together."),
    is_open: gettext_lazy("Nobody is being looked for: the visit is not published, has somebody already or is over."),
    is_ahead: gettext_lazy("This visit has already begun."),
    has_skills: gettext_lazy("A skill that this needs is missing in the profile."),
    has_time: gettext_lazy("This person has another task at that time."),
    is_under_weekly_cap: gettext_lazy("This person has taken many requests this week."),
}


def reasons_against_taking(visit, volunteer, span, *, by_staff=False):
    """Sentences, the weightiest first; empty when nothing stands in the way. `span`: start and end of the help."""
    if by_staff:
        checks = (check for check in CHECKS if check not in LEFT_TO_STAFF)
        return [str(STAFF_WORDS[check]) for check in checks if check(visit, volunteer, span)]
    return [reason for reason in (check(visit, volunteer, span) for check in CHECKS) if reason]
