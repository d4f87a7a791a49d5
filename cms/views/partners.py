"""Partners of a centre in public: the list, and the page of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from cms.facets import Entry, Facet, Facets
from cms.models import ServicePage
from cms.trees import home_in, site_of_request
from neighbourhoods.models import Neighbourhood, PublicPlace
from neighbourhoods.public_pages import public_page
from volunteering.folding import fold
from volunteering.models import Initiative, PartnerProfile, ServiceArea


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody who does something with the centre; filters stand in the address."""
    if request.municipality is None:
        return redirect("/")
    facets = {
        "zakres": Facet(_("What about"), _("Everything"), {area.code: area.name for area in ServiceArea.objects.all()}),
        "gdzie": Facet(
            _("Neighbourhood"), _("Anywhere"), {place.slug: place.name for place in Neighbourhood.objects.all()}
        ),
    }
    profiles = PartnerProfile.objects.public().with_details()
    entries = sorted((_entry(profile) for profile in profiles), key=lambda entry: fold(entry.thing.organisation.name))
    return render(request, "cms/partners/list.html", {"found": Facets(entries, facets, request.GET)})


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One partner. Without approved words, or hidden by the centre, it is not there."""
    profile = get_object_or_404(PartnerProfile.objects.public().with_details(), organisation__slug=slug)
    organisation = profile.organisation
    running = Initiative.objects.published().run_by([organisation]).with_next_meeting().with_details()
    rows = list(running.order_by("next_at", "pk"))
    context = {
        "profile": profile,
        "organisation": organisation,
        "initiatives": [it for it in rows if not it.kind.has_members],
        "groups": [it for it in rows if it.kind.has_members],
        "places": PublicPlace.objects.of_organisation(organisation).with_details(),
        "services": _services(organisation, request),
    }
    return render(request, "cms/partners/detail.html", context)


def _entry(profile):
    name = profile.organisation.name
    places = list(profile.neighbourhoods.all())
    return Entry(
        profile,
        {
            "zakres": {area.code for area in profile.areas.all()},
            "gdzie": {place.slug for place in places} if places else None,
        },
        fold(f"{name} {profile.summary} {profile.words} {profile.get_kind_display()}"),
    )


def _services(organisation, request):
    home = home_in("pl", site_of_request(request))
    return list(ServicePage.objects.listed_below(home).provided_by(organisation).for_list()) if home else []
