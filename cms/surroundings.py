"""The asset map: places, groups, organisations and services of a municipality, as one list.

Only what everybody may read already. Groups are those that everybody may come to; where one meets is told here only if
it is a place of the list, because the words of a meeting may name somebody's kitchen.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.facets import Entry, Facet, Facets
from cms.models import ServicePage
from cms.trees import home_in
from neighbourhoods.models import Neighbourhood, PublicPlace
from volunteering.folding import fold
from volunteering.models import Initiative, Meeting, PartnerProfile

POLISH = "pl"


class AssetKind(TextChoices):
    PLACE = "miejsca", _("Places")
    GROUP = "grupy", _("Groups and clubs")
    ORGANISATION = "organizacje", _("Organisations")
    SERVICE = "uslugi", _("Services")


@dataclass(frozen=True)
class Asset:
    """One card of the list."""

    kind: AssetKind
    title: str
    label: str
    sort: str
    lead: str = ""
    url: str = ""
    # Names, none for what is there for the whole municipality.
    neighbourhoods: tuple = ()
    place: PublicPlace | None = None
    next_at: object = None


def around(site, request):
    """The list as the address wants it."""
    neighbourhoods = {place.slug: place.name for place in Neighbourhood.objects.all()}
    facets = {
        "rodzaj": Facet(_("Kind"), _("All kinds"), dict(AssetKind.choices)),
        "gdzie": Facet(_("Neighbourhood"), _("Anywhere"), neighbourhoods),
    }
    places = list(PublicPlace.objects.published().with_details())
    entries = [*_places(places), *_groups(places), *_organisations(), *_services(site, request)]
    return Facets(sorted(entries, key=lambda entry: entry.thing.sort), facets, request.GET)


def named(text):
    """Places and organisations that hold all words of a text, by name: the search over a site tells them beside its
    pages. They are some dozens, read whole, so that nothing has to follow each change of them."""
    words = fold(text).split()
    entries = [*_places(PublicPlace.objects.published().with_details()), *_organisations()]
    found = [entry.thing for entry in entries if all(word in entry.words for word in words)]
    return sorted(found, key=lambda asset: asset.sort)


def _places(places):
    for place in places:
        yield _entry(
            AssetKind.PLACE,
            place.name,
            label=place.get_kind_display(),
            lead=place.words,
            neighbourhoods=[place.neighbourhood] if place.neighbourhood else [],
            place=place,
            more=place.address,
        )


def _groups(places):
    known = {fold(place.name): place for place in places}
    groups = list(Initiative.objects.open_groups().with_details())
    meetings = {}
    for meeting in Meeting.objects.public().of_initiatives([group.pk for group in groups]):
        meetings.setdefault(meeting.initiative_id, meeting)
    for group in groups:
        meeting = meetings.get(group.pk)
        yield _entry(
            AssetKind.GROUP,
            group.title,
            label=group.kind.name,
            lead=group.summary,
            url=group.get_absolute_url(),
            neighbourhoods=list(group.neighbourhoods.all()),
            place=public_place(meeting, known) if meeting else None,
            next_at=meeting.starts_at if meeting else None,
        )


def public_place(meeting, known):
    """The place of the list where a meeting is, by its name before the first comma; None where it is none of them.
    `known`: folded name → place."""
    return known.get(fold(meeting.place.split(",")[0].strip()))


def _organisations():
    for profile in PartnerProfile.objects.public().with_details():
        organisation = profile.organisation
        yield _entry(
            AssetKind.ORGANISATION,
            organisation.name,
            label=profile.get_kind_display(),
            lead=profile.summary,
            url=reverse("cms:partner", args=[organisation.slug]),
            neighbourhoods=list(profile.neighbourhoods.all()),
        )


def _services(site, request):
    """In the reader's language where the site has any in it, otherwise in Polish."""
    for language in dict.fromkeys([get_language(), POLISH]):
        home = home_in(language, site)
        services = list(ServicePage.objects.listed_below(home).for_list()) if home else []
        if services:
            break
    for service in services:
        yield _entry(
            AssetKind.SERVICE,
            service.title,
            label=_("service"),
            lead=service.lead,
            url=service.get_url(request),
            neighbourhoods=list(service.neighbourhoods.all()),
            more=service.keywords,
        )


def _entry(kind, title, *, label, lead, neighbourhoods, more="", **details):
    names = tuple(it.name for it in neighbourhoods)
    asset = Asset(kind, title, label, sort=fold(title), lead=lead, neighbourhoods=names, **details)
    values = {
        "rodzaj": {kind.value},
        "gdzie": {it.slug for it in neighbourhoods} if neighbourhoods else None,
    }
    return Entry(asset, values, fold(" ".join([title, str(label), lead, more, *names])))
