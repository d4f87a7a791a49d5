"""A new municipality in one piece: its site in preparation, pages, roles, looks, neighbourhoods; or none of it."""

from dataclasses import dataclass

from django.db import transaction
from django_scopes import scope
from wagtail.models import Site

from cms.domain import sites
from cms.models import SiteLook
from cms.trees import pages_of
from neighbourhoods.domain import membership
from neighbourhoods.models import Municipality, Neighbourhood, Role
from notifications.outbox import publish

# What may be filled in later where it is still empty.
FILLABLE = ("email", "address", "opening_hours")
LOOKS = ("colour", "dpo_name", "dpo_email", "bip_url")


@dataclass(frozen=True)
class Report:
    """What a site has after it was founded or completed. `added`: how many of its pages and neighbourhoods are new."""

    municipality: Municipality
    pages: int
    neighbourhoods: int
    added_pages: int
    added_neighbourhoods: int


@transaction.atomic
def found(facts, *, hostname, port=sites.DEFAULT_PORT, looks=None, languages=None, places=(), organiser="", actor=None):
    """Makes a municipality whose site is in preparation. `facts`: fields of Municipality; `looks`: of SiteLook;
    `places`: those of `neighbourhoods.places_file`; `organiser`: the mailbox of who will run it. Returns a Report.

    Raises ValidationError for what no municipality may have, IntegrityError where the gmina or host is there already.
    """
    Municipality(**facts).full_clean(exclude=["site"])
    municipality = sites.build_site(hostname=hostname, port=port, languages=languages, **{**facts, "opened_at": None})
    look = SiteLook.for_site(municipality.site)
    for name, value in (looks or {}).items():
        if value:
            setattr(look, name, value)
    look.full_clean()
    look.save()
    publish("neighbourhoods.municipality_found", municipality, actor=actor, municipality=municipality)
    added = _add_places(municipality, places, languages)
    if organiser:
        membership.invite(organiser, municipality=municipality, role=Role.ORGANISER, actor=actor)
    return _report(municipality, before=0, added_neighbourhoods=added)


@transaction.atomic
def complete(municipality, *, facts=None, languages=None, places=(), organiser="", actor=None):
    """Adds to a municipality what is missing, and changes nothing that is there. Returns a Report."""
    before = pages_of(municipality.site).count()
    filled = [name for name in FILLABLE if not getattr(municipality, name) and (facts or {}).get(name)]
    for name in filled:
        setattr(municipality, name, facts[name])
    if filled:
        municipality.full_clean()
        municipality.save(update_fields=filled)
    sites.complete_site(municipality, languages=languages)
    added = _add_places(municipality, places, languages)
    if organiser:
        membership.invite(organiser, municipality=municipality, role=Role.ORGANISER, actor=actor)
    publish("neighbourhoods.municipality_complete", municipality, actor=actor, municipality=municipality)
    return _report(municipality, before=before, added_neighbourhoods=added)


def rehearse(act, *args, **details):
    """What `found` or `complete` would answer, or raise; nothing is kept."""
    try:
        with transaction.atomic():
            report = act(*args, **details)
            transaction.set_rollback(True)
    finally:
        # Wagtail keeps the addresses of all sites in a cache, which no rollback reaches.
        Site.clear_site_root_paths_cache()
    return report


def _add_places(municipality, places, languages):
    with scope(municipality=municipality):
        present = set(Neighbourhood.objects.values_list("slug", flat=True))
        new = [
            Neighbourhood(
                municipality=municipality,
                name=place.name,
                slug=place.slug,
                kind=place.kind,
                locative=place.locative,
                latitude=place.latitude,
                longitude=place.longitude,
                precision=place.precision,
                outline=place.outline,
            )
            for place in places
            if place.slug not in present
        ]
        Neighbourhood.objects.bulk_create(new)
    sites.build_neighbourhood_pages(municipality, languages=languages)
    return len(new)


def _report(municipality, *, before, added_neighbourhoods):
    pages = pages_of(municipality.site).count()
    with scope(municipality=municipality):
        neighbourhoods = Neighbourhood.objects.count()
    return Report(municipality, pages, neighbourhoods, pages - before, added_neighbourhoods)
