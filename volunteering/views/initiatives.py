"""Initiatives of the neighbourhood: what there is, and when it meets."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from neighbourhoods.public_pages import public_page
from volunteering import keyset
from volunteering.domain import results, sign_ups
from volunteering.filters import InitiativeFilter
from volunteering.models import Initiative, Joining, Meeting, Participation
from volunteering.states import LifecycleState

# So many meetings stand on the page of an initiative.
MEETINGS = 12


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Everything that residents can join, the soonest meeting first; filters stand in the address."""
    if request.municipality is None:
        return redirect("/")
    found = InitiativeFilter(request.GET, queryset=Initiative.objects.published().with_next_meeting())
    page = keyset.page(found.qs.with_details(), request.GET, order=("next_at", "pk"), size=12)
    context = {
        "filter": found,
        "page": page,
        "count": keyset.capped_count(found.qs),
        "links": found.links(page),
        # A kind or a place that was chosen can be followed.
        "followable": [thing for thing in map(found.form.cleaned_data.get, ("rodzaj", "gdzie")) if thing],
    }
    return render(request, "volunteering/initiatives/list.html", context)


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    initiative = get_object_or_404(Initiative.objects.readable().with_details(), slug=slug)
    return render(request, "volunteering/initiatives/detail.html", detail_context(request, initiative))


def detail_context(request, initiative):
    viewer = None
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        viewer = request.user
    is_over = initiative.lifecycle.state == LifecycleState.FINISHED
    return {
        "initiative": initiative,
        "meetings": [] if is_over else _meetings(initiative, viewer),
        "hides_meetings": initiative.joining == Joining.CLOSED,
        "is_over": is_over,
        "results": results.of_initiative(initiative) if is_over else None,
        "preview": False,
        "refusals": [],
    }


def _meetings(initiative, viewer):
    """The next meetings, each with what this person has to do with it. Those of a closed group are for those who come:
    whoever stood at the door at that hour would learn who belongs to it."""
    rows = Meeting.objects.of_initiative(initiative).not_over().with_details().with_waiting()
    if initiative.joining == Joining.CLOSED:
        if viewer is None:
            return []
        rows = rows.of_people(viewer)
    rows = list(rows[:MEETINGS])
    own = {}
    if viewer is not None:
        own = {row.meeting_id: row for row in Participation.objects.of(viewer).not_left().at(rows).with_ahead()}
    entries = []
    for meeting in rows:
        meeting.initiative = initiative
        entries.append(
            {
                "meeting": meeting,
                "own": own.get(meeting.pk),
                "reasons": sign_ups.reasons_against_joining(meeting),
                "has_begun": meeting.starts_at <= timezone.now(),
                "is_full": meeting.places is not None and (meeting.taken >= meeting.places or meeting.waiting > 0),
            }
        )
    return entries
