"""Partners of the demonstration with their profiles and people, and places with an open door."""

import json

from accounts.domain import people
from config.demo.people import DATA, PARTNER, person
from neighbourhoods.domain import membership
from neighbourhoods.domain.freshness import content_changed
from neighbourhoods.models import Neighbourhood, PublicPlace, Role
from volunteering.domain import partners
from volunteering.models import ServiceArea

STORY = json.loads((DATA / "partners.json").read_text(encoding="utf-8"))


def make_partners(municipality, organiser):
    """The partners of one centre and its public places. Returns title of an initiative → the partner that runs it."""
    neighbourhoods = {place.name: place for place in Neighbourhood.objects.all()}
    areas = ServiceArea.objects.in_bulk(field_name="code")
    entries = [entry for entry in STORY["partners"] if entry["m"] == municipality.slug]
    made = {entry["name"]: _make(entry, municipality, neighbourhoods, areas, organiser) for entry in entries}
    _make_places(municipality, neighbourhoods, made)
    content_changed(municipality)
    return {title: made[entry["name"]] for entry in entries for title in entry.get("initiatives", [])}


def _make(entry, municipality, neighbourhoods, areas, organiser):
    organisation = partners.add(
        municipality,
        actor=organiser,
        name=entry["name"],
        phone=entry.get("phone", ""),
        can_host_volunteers=entry.get("volunteers", False),
    )
    profile = partners.Profile(
        kind=entry["kind"],
        summary=entry["summary"],
        words=entry["words"],
        areas=[areas[code] for code in entry["areas"]],
        neighbourhoods=[neighbourhoods[name] for name in entry["where"]],
        is_public_benefit=entry.get("opp", False),
        **{name: entry.get(name, "") for name in ("phone", "email", "website", "address", "krs")},
    )
    partners.write(organisation, actor=organiser, profile=profile)
    if "hidden" in entry:
        partners.hide(organisation, actor=organiser, reason=entry["hidden"])
    if entry.get("staff"):
        _employ(organisation)
    return organisation


def _employ(organisation):
    """One account works for a partner in each centre, as the organiser works in all of them."""
    user = people.find(PARTNER) or person(PARTNER, "Barbara Sąsiadka", 6)
    membership.grant(
        user, municipality=organisation.municipality, role=Role.PARTNER, organisation=organisation, actor=None
    )


def _make_places(municipality, neighbourhoods, made):
    PublicPlace.objects.bulk_create(
        PublicPlace(
            municipality=municipality,
            kind=entry["kind"],
            name=entry["name"],
            words=entry["words"],
            neighbourhood=neighbourhoods[entry["n"]],
            address=entry["address"],
            opening_hours=entry.get("hours", ""),
            step_free=entry.get("free", "unknown"),
            phone=entry.get("phone", ""),
            website=entry.get("website", ""),
            organisation=made.get(entry.get("by")),
        )
        for entry in STORY["places"]
        if entry["m"] == municipality.slug
    )
