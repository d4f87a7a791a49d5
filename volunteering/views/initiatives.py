"""Initiatives of the neighbourhood: what there is, when it meets, and signing up."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from neighbourhoods.public_pages import public_page
from volunteering import keyset
from volunteering.domain import groups, meetings
from volunteering.errors import Refused
from volunteering.filters import InitiativeFilter
from volunteering.forms.groups import EntranceForm, JoinForm
from volunteering.models import Initiative, Joining, Meeting, Participation


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
    context = _detail_context(request, initiative)
    response = render(request, "volunteering/initiatives/detail.html", context)
    if context["group"] and context["group"]["membership"]:
        # That somebody belongs to it is kept by no browser.
        add_never_cache_headers(response)
    return response


def _detail_context(request, initiative):
    # When and where a closed group meets is read on its own page.
    is_told = not initiative.is_finished and not initiative.is_closed
    rows = list(initiative.meetings.upcoming().with_details()[:12]) if is_told else []
    person = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    own = {}
    if rows and person is not None and person.is_authenticated:
        own = {row.meeting_id: row for row in Participation.objects.live().of(person).at(rows)}
    entries = [
        {"meeting": meeting, "own": own.get(meeting.pk), "reasons": meetings.reasons_against_joining(meeting)}
        for meeting in rows
    ]
    return {
        "initiative": initiative,
        "meetings": entries,
        "group": _group_context(initiative, person),
        "photos": initiative.photos.with_images(),
        "materials": initiative.materials.with_documents(),
        "preview": False,
        "refusals": [],
        "address": request.build_absolute_uri(initiative.get_absolute_url()),
    }


def _group_context(initiative, person):
    """The way into its group; None where it has none. Strangers read the same, whoever belongs to it."""
    group = getattr(initiative, "group", None)
    if group is None:
        return None
    group.initiative = initiative
    on_request = initiative.joining == Joining.REQUEST
    membership = groups.membership_of(group, person) if person is not None and person.is_authenticated else None
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


@require_POST
def join(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    initiative = get_object_or_404(Initiative.objects.published().with_details(), slug=slug)
    meeting = get_object_or_404(Meeting.objects.with_details(), initiative=initiative, pk=pk)
    try:
        meetings.join(meeting, user=request.user, actor=request.user)
    except Refused as refusal:
        context = {**_detail_context(request, initiative), "refusals": refusal.reasons}
        return render(request, "volunteering/initiatives/detail.html", context, status=409)
    return redirect(f"{initiative.get_absolute_url()}#spotkanie-{meeting.pk}")


@require_POST
def leave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    participation = get_object_or_404(
        Participation.objects.live().of(request.user).select_related("meeting__initiative"),
        meeting_id=pk,
        meeting__initiative__slug=slug,
    )
    if not request.user.has_perm("volunteering.leave_meeting", participation):
        raise PermissionDenied
    meetings.leave(participation, actor=request.user)
    return redirect(f"{participation.meeting.initiative.get_absolute_url()}#spotkanie-{pk}")
