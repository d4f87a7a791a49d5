"""Near me: what people around a helper's home need, as a list and as a map of neighbourhoods."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from volunteering import keyset
from volunteering.domain import nearby
from volunteering.domain.distances import in_words
from volunteering.filters import NearbyFilter
from volunteering.models import Standing, VolunteerProfile
from volunteering.views.neighbourhood_map import drawn

ORDER = ("band", "next_start", "pk")


@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """Open requests around the helper's home, the nearest bands first. For active helpers who said where they live;
    others are led to where that is done."""
    if request.municipality is None:
        return redirect("/")
    if not Standing.objects.active().of(request.user).exists():
        return redirect("volunteering:help")
    profile = VolunteerProfile.objects.of(request.user)
    if profile is None or profile.home_cell is None:
        return redirect("volunteering:volunteer_step", step="gdzie")
    around = nearby.Around(profile, request.municipality)
    found = NearbyFilter(request.GET, around=around, request=request)
    page, shown = _page(request, profile, found)
    context = {
        "filter": found,
        "page": page,
        "groups": _by_band(shown),
        "links": found.links(page),
        "map": drawn(_places(found, profile)),
    }
    return render(request, "volunteering/helping/nearby.html", context)


def _page(request, profile, found):
    """The page of the list, and a `nearby.Near` for each of its rows."""
    wanted = nearby.visits(found.choice("dzien"), found.choice("pora"), now=timezone.now())
    cells = found.around.cells(found.chosen_band)
    rows = found.filter_queryset(nearby.listed(request.user, cells, wanted))
    known = {}

    def fitting(help_requests):
        known.update(nearby.look(profile, help_requests))
        return [it for it in help_requests if it.pk in known and known[it.pk].fits]

    page = keyset.page(rows, request.GET, order=ORDER, sift=fitting if found.only_fitting else None)
    if not found.only_fitting:
        known.update(nearby.look(profile, page.rows))
    return page, [known[row.pk] for row in page.rows if row.pk in known]


def _by_band(shown):
    """Rows under the distance up to which they lie, in words; rows come in that order."""
    groups = {}
    for near in shown:
        groups.setdefault(near.band, []).append(near)
    return [(in_words(band), rows) for band, rows in groups.items()]


def _places(found, profile):
    """What the map and its list of neighbourhoods say."""
    counts = found.place_counts
    return [
        {
            "neighbourhood": neighbourhood,
            "number": max(counts[neighbourhood.pk], 0),
            "is_home": neighbourhood.pk == profile.home_neighbourhood_id,
            "is_chosen": neighbourhood.pk == found.chosen_place,
            "address": found.address(gdzie=neighbourhood.slug),
        }
        for neighbourhood in found.neighbourhoods
    ]
