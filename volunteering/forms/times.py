"""What is wrong with the times that somebody typed, each at the field where it can be put right."""

from django.utils import timezone
from django.utils.translation import gettext as _

from volunteering.domain import visits
from volunteering.errors import Refused


def faults(times):
    """Pairs (name of the field, sentences); none where the times are good. The fields are those of `visits.Times`."""
    return _faults_of_days(times) or _other_faults(times)


def _faults_of_days(times):
    today = timezone.localdate()
    furthest = today + visits.FURTHEST_AHEAD
    found = []
    if times.day < today:
        found.append(("day", [_("This day has passed. Choose a later one.")]))
    if times.day > furthest:
        found.append(("day", [_("Choose a day within the coming year.")]))
    if times.until and times.until > furthest:
        found.append(("until", [_("Choose a day within the coming year.")]))
    if times.until and times.until < times.day:
        found.append(("until", [_("The last day comes before the first one.")]))
    return found


def _other_faults(times):
    try:
        visits.check_times(times)
    except Refused as refusal:
        return [("at" if times.at else "until", list(refusal.reasons))]
    return []
