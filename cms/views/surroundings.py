"""What is around here: places, groups, organisations and services, as a list; a drawing of it is an extra."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cms.surroundings import around
from cms.trees import site_of_request
from neighbourhoods.models import Neighbourhood
from neighbourhoods.public_pages import public_page
from volunteering.views.neighbourhood_map import drawn


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    if request.municipality is None:
        return redirect("/")
    return render(request, "cms/surroundings/list.html", {"found": around(site_of_request(request), request)})


@public_page
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """How much there is in each neighbourhood: a list first, drawn beside it."""
    if request.municipality is None:
        return redirect("/")
    found = around(site_of_request(request), request)
    numbers = found.own_counts("gdzie")
    places = [
        {
            "neighbourhood": place,
            "number": numbers[place.slug],
            "is_home": False,
            "is_chosen": False,
            "address": found.address(gdzie=place.slug),
        }
        for place in Neighbourhood.objects.all()
    ]
    return render(request, "cms/surroundings/map.html", {"found": found, "map": drawn(places)})
