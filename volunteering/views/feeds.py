"""What other programs read: meetings as iCalendar, new initiatives as Atom. Closed groups are in none of them, and
neither are people."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neighbourhoods.public_pages import public_page
from volunteering import ics
from volunteering.filters import InitiativeFilter
from volunteering.models import Initiative, Meeting
from volunteering.states import MeetingState

MOST_MEETINGS = 500
MOST_ENTRIES = 30


@public_page
def centre(request: HttpRequest) -> HttpResponse:
    """All coming meetings of a centre, with the filters of the list."""
    if request.municipality is None:
        raise Http404
    found = InitiativeFilter(request.GET, queryset=Initiative.objects.published())
    rows = Meeting.objects.for_feeds().of_initiatives(found.keys).with_details()[:MOST_MEETINGS]
    name = _("Initiatives: %(centre)s") % {"centre": request.municipality.centre_name}
    return _calendar(request, rows, name)


@public_page
def initiative(request: HttpRequest, slug: str) -> HttpResponse:
    found = _find(slug)
    rows = Meeting.objects.for_feeds().of_initiative(found).with_details()[:MOST_MEETINGS]
    return _calendar(request, rows, found.title)


@public_page
def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Meeting.objects.for_feeds().of_initiative(_find(slug)).with_details(), pk=pk)
    return _calendar(request, [found], found.initiative.title)


@public_page
def atom(request: HttpRequest) -> HttpResponse:
    """Initiatives, the newest first."""
    if request.municipality is None:
        raise Http404
    feed = Atom1Feed(
        title=_("Initiatives: %(centre)s") % {"centre": request.municipality.centre_name},
        link=request.build_absolute_uri(reverse("volunteering:initiatives")),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for it in Initiative.objects.open_to_passers_by().latest_published().with_details()[:MOST_ENTRIES]:
        feed.add_item(
            title=it.title,
            link=request.build_absolute_uri(it.get_absolute_url()),
            description=it.summary,
            content=strip_tags(it.body),
            pubdate=it.first_published_at,
            updateddate=it.last_published_at or it.first_published_at,
            categories=[it.kind.name],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _find(slug):
    return get_object_or_404(Initiative.objects.open_to_passers_by(), slug=slug)


def _calendar(request, meetings, name):
    events = [
        ics.Entry(
            uid=f"spotkanie-{it.pk}@{request.get_host()}",
            starts_at=it.starts_at,
            ends_at=it.ends_at,
            title=it.initiative.title,
            place=f"{it.place}, {request.municipality.name}",
            words=it.initiative.summary,
            url=request.build_absolute_uri(it.initiative.get_absolute_url()),
            is_cancelled=it.state == MeetingState.CANCELLED,
        )
        for it in meetings
    ]
    return HttpResponse(ics.written(events, name=name, now=timezone.now()), content_type=ics.CONTENT_TYPE)
