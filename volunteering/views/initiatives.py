"""Initiatives of the neighbourhood: what there is, and when it meets."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from neighbourhoods.public_pages import public_page
from volunteering import keyset
from volunteering.domain import groups, results, sign_ups
from volunteering.filters import InitiativeFilter
from volunteering.forms.groups import EntranceForm, JoinForm
from volunteering.models import Initiative, Joining, Meeting, Participation

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
        "count": len(found.keys),
        "links": found.links(page),
        # A kind or a place that was chosen can be followed.
        "followable": found.followable,
        "query": found.address(),
    }
    return render(request, "volunteering/initiatives/list.html", context)


@public_page
def finished(request: HttpRequest) -> HttpResponse:
    """What is over, and what came of it: the last ended first."""
    if request.municipality is None:
        return redirect("/")
    rows = Initiative.objects.finished().with_details().annotate_ended()
    page = keyset.page(rows, request.GET, order=("-ended_at", "-pk"), size=12)
    links = {
        "next_url": f"?after={page.next}" if page.next else "",
        "previous_url": f"?before={page.previous}" if page.previous else "",
    }
    return render(request, "volunteering/initiatives/finished.html", {"page": page, "links": links})


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    initiative = get_object_or_404(Initiative.objects.readable().with_details(), slug=slug)
    context = detail_context(request, initiative)
    response = render(request, "volunteering/initiatives/detail.html", context)
    if context["group"] and context["group"]["membership"]:
        # That somebody belongs to it is kept by no browser.
        add_never_cache_headers(response)
    return response


def detail_context(request, initiative):
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    viewer = request.user if has_session else None
    is_over = initiative.is_finished
    return {
        "initiative": initiative,
        "meetings": [] if is_over else _meetings(initiative, viewer),
        "hides_meetings": initiative.is_closed,
        "is_over": is_over,
        "results": results.of_initiative(initiative) if is_over else None,
        "group": _group_context(initiative, viewer),
        "photos": initiative.photos.with_images(),
        "materials": initiative.materials.with_documents(),
        "preview": False,
        "refusals": [],
        "address": request.build_absolute_uri(initiative.get_absolute_url()),
    }


def _meetings(initiative, viewer):
    """The next meetings, each with what this person has to do with it. Those of a closed group stand on its own page:
    whoever stood at the door at that hour would learn who belongs to it."""
    if initiative.is_closed:
        return []
    rows = list(Meeting.objects.of_initiative(initiative).not_over().with_details().with_waiting()[:MEETINGS])
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


def _group_context(initiative, viewer):
    """The way into its group; None where it has none. Strangers read the same, whoever belongs to it."""
    group = getattr(initiative, "group", None)
    if group is None:
        return None
    group.initiative = initiative
    on_request = initiative.joining == Joining.REQUEST
    membership = groups.membership_of(group, viewer) if viewer is not None else None
    return {
        "pk": group.pk,
        "url": group.get_absolute_url(),
        "is_closed": initiative.is_closed,
        "on_request": on_request,
        "membership": membership,
        "reasons": groups.reasons_against_joining(group, membership),
        "facilitators": groups.named_in_public(group),
        "form": (JoinForm if on_request else EntranceForm)(),
    }
