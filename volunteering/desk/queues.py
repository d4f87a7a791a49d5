"""What waits at the desk, most urgent first. One query for each queue, however long it is."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db.models import Count, Min, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import calls, outbox
from notifications.explanations import label_of
from notifications.words import load_subjects
from volunteering.domain.visits import local
from volunteering.models import (
    Announcement,
    Commitment,
    Conversation,
    HelpRequest,
    Meeting,
    Participation,
    Proposal,
    Search,
    Standing,
    Visit,
)

ROWS = 6
# A queue that is shown alone: more than anybody reads in one go.
WHOLE = 200
PRESSING = timedelta(hours=48)


# Letters that could not be delivered are shown so long.
REMEMBERED = timedelta(days=7)

# By the name in the address: the title, the same in a word or two for the overview, and the template of a row.
HEADS = {
    "czytanie": (_("Requests to read"), _("to read"), "request"),
    "telefony": (_("Residents to ring: somebody would like to help"), _("to ring"), "proposed"),
    "bez-pomocy": (_("Residents to ring: nobody was found"), _("nobody found"), "expired"),
    "pierwsze-wizyty": (_("First visits to let go ahead"), _("first visits"), "first_visit"),
    "ogloszenia": (_("Announcements for a second pair of eyes"), _("to approve"), "announcement"),
    "bez-chetnych": (_("Within 48 hours and nobody yet"), _("nobody yet"), "unmanned"),
    "wszyscy-zapytani": (_("Everybody has been asked and nobody came forward"), _("everybody asked"), "exhausted"),
    "potwierdzenia": (_("Visits to confirm"), _("to confirm"), "to_confirm"),
    "rozmowy": (_("People who want to help and wait for us"), _("to talk with"), "standing"),
    "pomysly": (_("Ideas of residents to answer"), _("ideas"), "proposal"),
    "rozmowy-z-centrum": (_("Conversations that ask for the centre"), _("conversations"), "conversation"),
    "wizyty": (_("Visits today and tomorrow"), _("agreed"), "coming"),
    "do-telefonu": (_("People to ring: no message reaches them"), _("calls to make"), "call"),
    "listy": (_("Letters that did not arrive"), _("letters"), "letter"),
}


@dataclass(frozen=True)
class Queue:
    """Rows that wait for the same act. `since`: how long the first of them has been waiting, where that counts."""

    name: str
    rows: list
    total: int
    since: datetime | None = None

    @property
    def title(self):
        return HEADS[self.name][0]

    @property
    def short(self):
        return HEADS[self.name][1]

    @property
    def template(self):
        return f"volunteering/desk/queues/{HEADS[self.name][2]}.html"

    @property
    def rest(self):
        """How many are not shown."""
        return self.total - len(self.rows)


def waiting(whole=""):
    """The queues in which something is to be done, without the empty ones. `whole`: the one to show to its end."""
    queues = [
        read(whole)
        for read in (
            conversations,
            to_read,
            to_ring,
            nobody_found,
            first_visits,
            unmanned,
            everybody_asked,
            to_approve,
            to_confirm,
            to_talk,
            ideas,
        )
    ]
    return [queue for queue in queues if queue.total]


def conversations(whole):
    rows = Conversation.objects.waiting_for_staff().with_details().order_by("waiting_since", "pk")
    return _queue("rozmowy-z-centrum", rows, since="waiting_since", whole=whole)


def to_read(whole):
    rows = HelpRequest.objects.awaiting_review().with_details().order_by("-needs_call", "created_at", "pk")
    return _queue("czytanie", rows, since="created_at", whole=whole)


def to_ring(whole):
    rows = Commitment.objects.awaiting_word_by_phone().with_details().with_helper().order_by("consent_until", "pk")
    return _queue("telefony", rows, since="taken_at", whole=whole)


def nobody_found(whole):
    rows = HelpRequest.objects.expired_and_to_be_told().with_details().order_by("finished_at", "pk")
    return _queue("bez-pomocy", rows, since="finished_at", whole=whole)


def first_visits(whole):
    rows = Commitment.objects.first_visits().with_details().with_helper().order_by("starts_at", "pk")
    return _queue("pierwsze-wizyty", rows, since="taken_at", whole=whole)


def unmanned(whole):
    rows = Visit.objects.without_anybody_before(timezone.now() + PRESSING).with_details().order_by("starts_at", "pk")
    return _queue("bez-chetnych", rows, whole=whole)


def everybody_asked(whole):
    rows = Search.objects.exhausted().with_visits().order_by("visit__starts_at", "pk")
    return _queue("wszyscy-zapytani", rows, whole=whole)


def to_approve(whole):
    rows = Announcement.objects.waiting().with_people().order_by("asked_at", "pk")
    return _queue("ogloszenia", rows, since="asked_at", whole=whole)


def to_confirm(whole):
    rows = Commitment.objects.to_be_confirmed().with_details().with_helper().order_by("ends_at", "pk")
    return _queue("potwierdzenia", rows, since="ends_at", whole=whole)


def to_talk(whole):
    rows = Standing.objects.waiting().with_people().order_by("changed_at", "pk")
    return _queue("rozmowy", rows, since="changed_at", whole=whole)


def ideas(whole):
    rows = Proposal.objects.waiting().with_people().order_by("changed_at", "pk")
    return _queue("pomysly", rows, since="changed_at", whole=whole)


def coming(whole=""):
    """Visits of today and tomorrow: nothing to do, good to know."""
    today = timezone.localdate()
    span = local(today, time.min), local(today + timedelta(days=2), time.min)
    rows = Commitment.objects.starting_between(*span).with_details().with_helper().order_by("starts_at", "pk")
    return _queue("wizyty", rows, whole=whole)


@dataclass(frozen=True)
class CallRow:
    """A call to make: what about, whom, and where more is known. A phone is shown there, with a trace in the audit."""

    pk: int
    title: str
    person: str
    url: str
    at: datetime


def to_call(municipality, whole=""):
    """People whom nothing reaches but a phone call, the oldest first."""
    queue = _queue("do-telefonu", calls.waiting(municipality), since="created_at", whole=whole)
    load_subjects([row.event for row in queue.rows])
    names = _names([row.event for row in queue.rows if row.user is None])
    shown = [
        CallRow(
            row.pk,
            label_of(row.event),
            str(row.user) if row.user else names.get(row.event_id, ""),
            _page_of(row),
            row.created_at,
        )
        for row in queue.rows
    ]
    return replace(queue, rows=shown)


def _names(events):
    """The people without an account who are on a list of a meeting, by the key of the event."""
    keys = {event.pk: event.data["participation"] for event in events if "participation" in event.data}
    if not keys:
        return {}
    names = dict(Participation.objects.filter(pk__in=keys.values()).values_list("pk", "name"))
    return {event: names[key] for event, key in keys.items() if key in names}


def _page_of(call):
    """The desk's page where the phone may be read."""
    subject = call.event.subject
    if isinstance(subject, HelpRequest):
        return reverse("desk:request", args=[subject.reference])
    if isinstance(subject, Meeting) and "participation" in call.event.data:
        return f"{reverse('desk:meeting', args=[subject.pk])}#osoba-{call.event.data['participation']}"
    return reverse("desk:volunteer", args=[call.user_id]) if call.user_id else ""


def letters(municipality, whole=""):
    """Letters of the last days that were given up: these people are reached in another way."""
    rows = outbox.failures(municipality).filter(notification__event__created_at__gt=timezone.now() - REMEMBERED)
    return _queue("listy", rows.order_by("-pk"), whole=whole)


def _queue(name, rows, *, since="pk", whole=""):
    rows = rows.annotate(queue_total=Window(Count("pk")), queue_since=Window(Min(since)))
    rows = list(rows[: WHOLE if whole == name else ROWS])
    if not rows:
        return Queue(name, rows=[], total=0)
    return Queue(name, rows, total=rows[0].queue_total, since=None if since == "pk" else rows[0].queue_since)
