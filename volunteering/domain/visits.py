"""The times of a request become visits: in local time as people say them, in UTC as they are kept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from volunteering.errors import Refused
from volunteering.models import Timing, Visit
from volunteering.states import RequestState, VisitState

ZONE = ZoneInfo("Europe/Warsaw")
# Part of the day in which a helper may come when the hour is left to them.
DAY_STARTS, DAY_ENDS = time(7), time(21)
FURTHEST_AHEAD = timedelta(days=366)
MOST_VISITS = 12
# People are told of a visit this long before it, of the first one of a request at once.
TELL_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Times:
    """When help is needed, in local wall time.

    fixed: `day` and `at`, for `minutes`. flexible: between `day` and `until`, any hour. recurring: as fixed, every
    week up to `until`, twelve times at most.
    """

    timing: str
    day: date
    at: time | None = None
    until: date | None = None
    minutes: int = 60

    @property
    def repeats_until(self):
        return self.until if self.timing == Timing.RECURRING else None


def local(day, at):
    """The moment of a wall time. Raises Refused for an hour that the change to summer time leaves out; of an hour
    that happens twice the first one is meant."""
    moment = datetime.combine(day, at, tzinfo=ZONE)
    try:
        exists = moment.astimezone(UTC).astimezone(ZONE).time() == at
    except OverflowError:
        raise Refused(_("Please choose a day within the coming year.")) from None
    if not exists:
        raise Refused(_("There is no such hour on that night: clocks change. Please choose another one."))
    return moment


def spans(times):
    """Pairs (start, end) of aware datetimes, one for each visit."""
    if times.timing == Timing.FLEXIBLE:
        return [(local(times.day, DAY_STARTS), local(times.until or times.day, DAY_ENDS))]
    days = [times.day]
    if times.timing == Timing.RECURRING:
        weeks = min((times.until - times.day).days // 7, MOST_VISITS - 1)
        days += [times.day + timedelta(weeks=week) for week in range(1, weeks + 1)]
    starts = [local(day, times.at) for day in days]
    # Minutes are added in UTC: an hour of help is an hour, also on the night when clocks change.
    return [(start, start.astimezone(UTC) + timedelta(minutes=times.minutes)) for start in starts]


def check_times(times):
    """Raises Refused when the times lie in the past, too far ahead or the wrong way round."""
    if times.until and times.until < times.day:
        raise Refused(_("The last day comes before the first one."))
    try:
        pairs = spans(times)
    except OverflowError:
        raise Refused(_("Please choose a day within the coming year.")) from None
    now = timezone.now()
    if pairs[0][1] <= now or (times.timing != Timing.FLEXIBLE and pairs[0][0] <= now):
        raise Refused(_("This time has passed. Please choose a later one."))
    if pairs[-1][1] - now > FURTHEST_AHEAD:
        raise Refused(_("Please choose a day within the coming year."))


def make_visits(help_request, times):
    """Writes the visits of a request. Raises Refused for times that cannot be."""
    Visit.objects.bulk_create(
        Visit(help_request=help_request, places=help_request.people_needed, **fields) for fields in occasions(times)
    )


def occasions(times):
    """What visits keep of these times: values of fields, one dictionary for each visit. Raises Refused for times that
    cannot be."""
    check_times(times)
    is_flexible = times.timing == Timing.FLEXIBLE
    return [
        {
            "starts_at": max(start, timezone.now()).astimezone(UTC) if is_flexible else start.astimezone(UTC),
            "ends_at": end.astimezone(UTC),
            "is_flexible": is_flexible,
            "minutes": times.minutes,
        }
        for start, end in spans(times)
    ]


def agreed_time(visit, starts_at=None):
    """Start and end of the help itself: the visit's own, or, where the helper picks the hour, from `starts_at` on.
    Raises Refused when no hour was picked or it lies outside the days that suit the resident."""
    if not visit.is_flexible:
        return visit.starts_at, visit.ends_at
    if starts_at is None:
        raise Refused(_("Please choose the day and hour when you will come."))
    ends_at = starts_at.astimezone(UTC) + timedelta(minutes=visit.minutes)
    if starts_at < max(visit.starts_at, timezone.now()) or ends_at > visit.ends_at:
        raise Refused(_("This time is outside the days that suit the resident."))
    return starts_at, ends_at


def visits_to_tell_now(help_request):
    """The visits of a freshly opened request that helpers hear of at once: those of the coming week, and the first."""
    visits = list(Visit.objects.with_details().open().filter(help_request=help_request))
    soon = timezone.now() + TELL_AHEAD
    return [visit for place, visit in enumerate(visits) if place == 0 or visit.starts_at < soon]


def due_to_be_told():
    """Open visits of the coming week for which no search has begun yet: later occasions of a weekly request."""
    return (
        Visit.objects.with_details()
        .open()
        .filter(
            help_request__state=RequestState.OPEN,
            help_request__protected=False,
            starts_at__lt=timezone.now() + TELL_AHEAD,
            search=None,
        )
        .order_by("pk")
    )


def over():
    """Visits that nobody took and whose time has passed."""
    return (
        Visit.objects.select_related("help_request")
        .filter(state=VisitState.OPEN, ends_at__lt=timezone.now())
        .order_by("pk")
    )
