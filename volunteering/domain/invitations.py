"""Somebody is asked by hand, outside of the waves: staff know people better than any list does."""

from django.db import transaction
from django.utils.translation import gettext as _

from volunteering.domain import alerts, reasons, suggestions
from volunteering.errors import Refused
from volunteering.matching import feasibility
from volunteering.models import Alert

# Whatever else speaks against a person, staff weigh themselves.
FORBIDDEN = (feasibility.NOT_ACTIVE, feasibility.BLOCKED, feasibility.ANSWERED)


@transaction.atomic
def invite(visit, *, volunteer, actor):
    """Asks one helper whether they would come. Raises Refused where nobody is being looked for, where the person may
    not help here, has been asked already, or has given an answer."""
    visit = alerts.lock(visit)
    codes, suggested = suggestions.look_at(visit, volunteer)
    if refusals := _reasons_against(visit, volunteer, codes):
        raise Refused(*refusals)
    [alert] = alerts.tell(visit, [suggested], wave=_wave(visit), actor=actor, is_invitation=True, invited=True)
    return alert


def _reasons_against(visit, volunteer, codes):
    if visit.help_request.protected:
        return [_("This request is protected, so nobody is told of it. Ring the helper and put them down yourself.")]
    if not alerts.is_wanted(visit):
        return [_("Nobody is being looked for: the visit is not published, has somebody already or is over.")]
    if visit.help_request.requester_id == volunteer.pk:
        return [str(reasons.OWN_REQUEST)]
    if codes is None:
        return [str(reasons.NO_PROFILE)]
    told = Alert.objects.current().filter(visit=visit, volunteer=volunteer).first()
    if told is not None and told.answer == Alert.Answer.NONE:
        return [_("This person has been asked already and has not answered yet.")]
    return [str(reasons.OBSTACLES[code]) for code in codes if code in FORBIDDEN]


def _wave(visit):
    """The wave under way: what is told by hand stands beside it."""
    search = getattr(visit, "search", None)
    return max(search.wave, 1) if search else 1
