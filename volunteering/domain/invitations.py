"""Somebody is asked by hand, outside of the waves: staff know people better than any list does."""

from django.db import transaction
from django.utils.translation import gettext_lazy

from volunteering.domain import alerts, reasons, suggestions
from volunteering.errors import Refused
from volunteering.matching import feasibility
from volunteering.models import Alert

PROTECTED = "protected"
NOT_WANTED = "not_wanted"
OWN_REQUEST = "own_request"
NO_PROFILE = "no_profile"
ASKED = "asked"
ENOUGH_TODAY = "enough_today"

# Whatever else speaks against a person, staff weigh themselves.
FORBIDDEN = (feasibility.NOT_ACTIVE, feasibility.BLOCKED, feasibility.ANSWERED)
EVERY_OBSTACLE = tuple(reasons.OBSTACLES)

WORDS = {
    PROTECTED: gettext_lazy(
        "This request is protected, so nobody is told of it. Ring the helper and put them down yourself."
    ),
    NOT_WANTED: gettext_lazy(
        "Nobody is being looked for: the visit is not published, has somebody already or is over."
    ),
    OWN_REQUEST: reasons.OWN_REQUEST,
    NO_PROFILE: reasons.NO_PROFILE,
    ASKED: gettext_lazy("This person has been asked already and has not answered yet."),
    ENOUGH_TODAY: gettext_lazy("This person has been asked as often today as your rules allow. Try again tomorrow."),
    **reasons.OBSTACLES,
}


class NotInvited(Refused):
    """`codes`: keys of WORDS, the weightiest first."""

    def __init__(self, *codes):
        super().__init__(*(str(WORDS[code]) for code in codes))
        self.codes = codes


@transaction.atomic
def invite(visit, *, volunteer, actor, against=FORBIDDEN, cap=None):
    """Asks one helper whether they would come. Raises NotInvited where nobody is being looked for, where the person may
    not help here, has been asked already, or has given an answer.

    `against`: obstacles that forbid it; `cap`: how many alerts a day the person may have had, None for any number.
    """
    visit = alerts.lock(visit)
    obstacles, suggested = suggestions.look_at(visit, volunteer)
    told = Alert.objects.current().filter(visit=visit, volunteer=volunteer, answer=Alert.Answer.NONE).exists()
    if codes := codes_against(visit, volunteer.pk, obstacles, is_awaited=told, against=against):
        raise NotInvited(*codes)
    told = alerts.tell(visit, [suggested], wave=_wave(visit), cap=cap, actor=actor, is_invitation=True, invited=True)
    if not told:
        raise NotInvited(ENOUGH_TODAY)
    return told[0]


def codes_against(visit, person, obstacles, *, is_awaited, against=FORBIDDEN):
    """Why this person, by key, is not invited: keys of WORDS; empty when they may be. `obstacles`: the engine's, None
    for somebody without a profile; `is_awaited`: whether an answer of theirs about this visit is."""
    if visit.help_request.protected:
        return [PROTECTED]
    if not alerts.is_wanted(visit):
        return [NOT_WANTED]
    if visit.help_request.requester_id == person:
        return [OWN_REQUEST]
    if obstacles is None:
        return [NO_PROFILE]
    return [ASKED] * is_awaited or [code for code in obstacles if code in against]


def _wave(visit):
    """The wave under way: what is told by hand stands beside it."""
    search = getattr(visit, "search", None)
    return max(search.wave, 1) if search else 1
