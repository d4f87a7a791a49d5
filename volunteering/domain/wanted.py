"""Helpers wanted at a meeting: a request of the centre's own, so that telling, taking, reminding and hours are those of
every other visit. Nobody's home is behind it: it takes place where the meeting does, until the meeting ends.

Lock order: the meeting first, then everything else as in `help_requests`. Nobody locks a meeting while holding these.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neighbourhoods.domain import places
from volunteering.domain import help_requests, intake, moving
from volunteering.domain.sign_ups import lock, tell
from volunteering.domain.visits import Times
from volunteering.errors import Refused
from volunteering.models import Commitment, HelpRequest, Timing, Visit
from volunteering.states import MeetingState, RequestState


@transaction.atomic
def ask(meeting, *, actor, key, category, people, words, early=0, neighbourhood=None, by_partner=False):
    """Asks for so many people who help at the meeting; helpers near by are told as of any request.

    `key`: one per filled-in form; the same one twice gives the same request. `early`: minutes before the meeting at
    which they are needed. `neighbourhood`: where it is, for a meeting that names none. The leader who asks is told like
    a resident and answers the helpers. `by_partner`: staff of a partner ask, so the centre reads it first and answers
    the helpers; whoever asked keeps nothing when they no longer work there. Raises Refused for a meeting that is over,
    called off or nowhere.
    """
    meeting = lock(meeting)
    municipality = meeting.initiative.municipality
    neighbourhood = meeting.neighbourhood or neighbourhood
    reasons = reasons_against(meeting, neighbourhood)
    if reasons:
        raise Refused(*reasons)
    place = places.locate(meeting.place, neighbourhood=neighbourhood, municipality=municipality)
    help_request = HelpRequest(
        municipality=municipality,
        intake_key=key,
        meeting=meeting,
        category=category,
        words=words,
        neighbourhood=place.neighbourhood,
        cell=place.cell,
        people_needed=people,
        requester=None if by_partner else actor,
        taken_down_by=actor,
        language=get_language() or "pl",
    )
    home = {"person_name": municipality.centre_name, "phone": municipality.phone, "address": meeting.place}
    times = _times(meeting, timedelta(minutes=early))
    help_request = help_requests.submit(help_request, home=home, times=times, actor=actor, read_first=by_partner)
    if help_request.state == RequestState.AWAITING_REVIEW and not by_partner:
        help_request = help_requests.publish(help_request, actor=actor)
        tell("ask_helpers", meeting, actor=actor, request=help_request.pk)
    return help_request


def reasons_against(meeting, neighbourhood):
    """Why nobody can be asked to help at this meeting; empty when somebody can."""
    if meeting.state != MeetingState.PLANNED:
        return [_("This meeting is “%(state)s”.") % {"state": meeting.get_state_display()}]
    if meeting.starts_at <= timezone.now():
        return [_("This meeting has already begun.")]
    return [] if neighbourhood else [_("Say in which neighbourhood it is, so that people near by can be asked.")]


def move_along(meeting, *, actor, before):
    """The meeting, locked, has got another time or place than `before` (start, end, place): its visits follow, and
    whoever promised to come is told and may take the new time. Returns ids of helpers whose time stays as it was."""
    begins, _ends, place = before
    staying = set()
    for help_request in HelpRequest.objects.of_meeting(meeting).unfinished().order_by("pk"):
        if place != meeting.place:
            intake.correct_home(help_request, actor=actor, address=meeting.place)
        for visit in Visit.objects.of_request(help_request).unfinished():
            times = _times(meeting, begins - visit.starts_at)
            end = visit.starts_at + timedelta(minutes=visit.minutes)
            if (times.day, times.at) == _wall(visit.starts_at) and end == meeting.ends_at:
                staying |= set(Commitment.objects.live().filter(visit=visit).values_list("volunteer_id", flat=True))
            else:
                moving.move(visit, actor=actor, times=times)
    return staying


def let_go(meeting, *, actor):
    """The meeting, locked, will not take place: whoever promised to help is told."""
    for help_request in HelpRequest.objects.of_meeting(meeting).unfinished().order_by("pk"):
        help_requests.close(help_request, actor=actor, reason=meeting.reason or _("The meeting was called off."))


def _times(meeting, early):
    start = meeting.starts_at - early
    day, at = _wall(start)
    minutes = int((meeting.ends_at - start).total_seconds() // 60)
    return Times(timing=Timing.FIXED, day=day, at=at, minutes=minutes)


def _wall(moment):
    moment = timezone.localtime(moment)
    return moment.date(), moment.time()
