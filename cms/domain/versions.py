"""When words of a site change, its cached pages are forgotten."""

from neighbourhoods.domain.freshness import content_changed


def site_changed(site):
    """Call inside or outside a transaction after anything that a public page of this site shows has changed. The
    portal has no municipality and keeps no version: its pages are cached for a minute only."""
    municipality = getattr(site, "municipality", None) if site else None
    if municipality is not None:
        content_changed(municipality)


def page_changed(page):
    """A page was published, taken down, moved or deleted."""
    site_changed(page.get_site())


def initiative_changed(initiative):
    """Words of an initiative were published, taken down or deleted."""
    content_changed(initiative.municipality)
