"""What a plan of the week says in words, to staff: how well two fit, what stays open and why, what is no longer
possible, and who did what."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy

from notifications.outbox import history
from volunteering.domain import invitations, plan_checks
from volunteering.domain.timeline import Entry
from volunteering.matching.plan import uncovered
from volunteering.models import Visit

# From which score on what is said of a pair.
FITS = (
    (0.75, gettext_lazy("fits very well")),
    (0.5, gettext_lazy("fits well")),
    (0.0, gettext_lazy("could come")),
)

# Why a place stays open: where there is nobody at all, and where there are fewer people than places.
OPEN = {
    uncovered.NO_SKILL: (
        gettext_lazy("Nobody here does this kind of help or has the skill."),
        gettext_lazy("Too few people here do this kind of help or have the skill."),
    ),
    uncovered.NOT_NEAR: (
        gettext_lazy("Nobody who can do this lives near enough."),
        gettext_lazy("Too few people who can do this live near enough."),
    ),
    uncovered.NOT_FREE: (
        gettext_lazy("Nobody who lives near enough has time then."),
        gettext_lazy("Too few people who live near enough have time then."),
    ),
}
OPEN_OTHERWISE = {
    uncovered.FORBIDDEN: gettext_lazy("You have ruled out those who could come."),
    uncovered.BUSY: gettext_lazy("Those who could come are needed elsewhere in this plan."),
    uncovered.POSSIBLE: gettext_lazy("Somebody could still come. Choose a person, or compute the plan again."),
}
NOT_POSSIBLE = gettext_lazy("The person who was planned could no longer be invited.")

# What in the plan itself speaks against a helper.
BESIDE = {
    uncovered.ELSEWHERE: gettext_lazy("In this plan the person is with somebody else at that time."),
    uncovered.AT_LIMIT: gettext_lazy("In this plan the person has as many tasks that week as they want."),
}

HINDRANCES = {
    **invitations.WORDS,
    plan_checks.MOVED: gettext_lazy("The visit has got another time since. Compute the plan again."),
}

SENTENCES = {
    "volunteering.plan_make": gettext_lazy("Made the plan."),
    "volunteering.plan_compute": gettext_lazy("Had the plan computed again."),
    "volunteering.plan_finish": gettext_lazy("The plan was computed to the end."),
    "volunteering.plan_fail": gettext_lazy("The computing came to no end."),
    "volunteering.plan_settle": gettext_lazy("Took the plan as it was."),
    "volunteering.plan_keep": gettext_lazy("Kept for good: %(helper)s, %(request)s."),
    "volunteering.plan_loosen": gettext_lazy("Left open again: %(helper)s, %(request)s."),
    "volunteering.plan_forbid": gettext_lazy("Ruled out: %(helper)s, %(request)s."),
    "volunteering.plan_allow": gettext_lazy("Allowed again: %(helper)s, %(request)s."),
    "volunteering.plan_remove": gettext_lazy("Took off: %(helper)s, %(request)s."),
    "volunteering.plan_choose": gettext_lazy("Chose: %(helper)s, %(request)s."),
    "volunteering.plan_send": gettext_lazy("Sent the plan."),
    "volunteering.plan_complete": gettext_lazy("All invitations were sent."),
}


def fit(score):
    return next(words for least, words in FITS if score >= least)


def why_open(code, planned):
    """Why places of a planned visit stay open."""
    if code in OPEN:
        nobody, too_few = OPEN[code]
        people = {
            uncovered.NO_SKILL: planned.skilled,
            uncovered.NOT_NEAR: planned.near,
            uncovered.NOT_FREE: planned.free,
        }[code]
        return too_few if people else nobody
    return OPEN_OTHERWISE.get(code, NOT_POSSIBLE)


def story(plan):
    """Who did what with the plan, oldest first. Three queries, however long the story."""
    events = [event for event in history(plan) if event.kind in SENTENCES]
    helpers = {event.data["helper"] for event in events if "helper" in event.data}
    names = {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=helpers)}
    visits = {event.data["visit"] for event in events if "visit" in event.data}
    references = dict(Visit.objects.filter(pk__in=visits).values_list("pk", "help_request__reference"))
    return [Entry(event.created_at, _told(event, names, references), by=str(event.actor or "")) for event in events]


def _told(event, names, references):
    sentence = str(SENTENCES[event.kind])
    if "%(" not in sentence:
        return sentence
    return sentence % {
        "helper": names.get(event.data["helper"], ""),
        "request": references.get(event.data["visit"], ""),
    }
