"""The calendar of initiatives: a month as a grid and as an agenda, with the filters of the list; and their map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from neighbourhoods.public_pages import public_page
from volunteering.domain.month import MONTHS_AHEAD, Month, agenda
from volunteering.filters import InitiativeFilter
from volunteering.models import Initiative, Meeting
from volunteering.views.neighbourhood_map import drawn

AGENDA = "agenda"
# More than this in a month is read through the filters.
MOST_MEETINGS = 400


@public_page
def calendar(request: HttpRequest) -> HttpResponse:
    if request.municipality is None:
        return redirect("/")
    found = InitiativeFilter(request.GET, queryset=Initiative.objects.published())
    today = timezone.localdate()
    month, present = Month.read(request.GET.get("miesiac"), today=today), Month(today.replace(day=1))
    meetings = list(_meetings(found, month))
    is_agenda = request.GET.get("widok") == AGENDA
    context = {
        "filter": found,
        "month": month,
        "today": today,
        "weekdays": [(WEEKDAYS[number], WEEKDAYS_ABBR[number]) for number in range(7)],
        "weeks": [] if is_agenda else month.weeks(meetings),
        "agenda": agenda(meetings),
        "is_agenda": is_agenda,
        "addresses": {
            "grid": found.address(miesiac=month.name, widok=None),
            "agenda": found.address(miesiac=month.name, widok=AGENDA),
            "next": found.address(miesiac=month.next.name) if month.next.months_after(present) <= MONTHS_AHEAD else "",
            "previous": found.address(miesiac=month.previous.name) if month.months_after(present) else "",
            "list": found.address(miesiac=None, widok=None),
            "all": f"?miesiac={month.name}",
        },
        "kept": {"miesiac": month.name, "widok": AGENDA if is_agenda else ""},
    }
    return render(request, "volunteering/initiatives/calendar.html", context)


def _meetings(found, month):
    """Meetings of the month that are still to come, of the initiatives that fit; a chosen day of the week and free
    places are asked of each meeting as well."""
    rows = Meeting.objects.public().between(*month.span).of_initiatives(found.keys).with_details()[:MOST_MEETINGS]
    day, wants_place = found.chosen_values.get("dzien"), "wolne" in found.chosen_values
    for meeting in rows:
        if day is not None and timezone.localtime(meeting.starts_at).weekday() != day:
            continue
        if wants_place and meeting.free_places is not None and meeting.free_places <= 0:
            continue
        yield meeting


@public_page
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """How many initiatives each neighbourhood has: a list first, drawn beside it."""
    if request.municipality is None:
        return redirect("/")
    found = InitiativeFilter(request.GET, queryset=Initiative.objects.published())
    counts = found.index.counts("gdzie", found.chosen_values, found.words)
    places = [
        {
            "neighbourhood": place,
            "number": counts[place.pk],
            "is_home": False,
            "is_chosen": False,
            "address": found.address(gdzie=place.slug),
        }
        for place in found.neighbourhoods
    ]
    return render(request, "volunteering/initiatives/map.html", {"filter": found, "map": drawn(places)})
