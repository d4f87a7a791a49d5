"""What search engines and readers of feeds are told of a site. Data: whoever brings public pages adds a source.

A source is a function(site, request) → entries of the sitemap. Only what every stranger may read: no drafts, no closed
groups, no requests for help, nothing about people.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from wagtail.models import Site

from cms.models import NewsletterIssue, NewsPage
from cms.trees import home_in, homes_of, pages_of
from volunteering.models import Initiative, PartnerProfile

# What a sitemap may hold by its standard.
MOST_ENTRIES = 50_000
MOST_NEWS = 20


@dataclass(frozen=True)
class Entry:
    """One address. `alternates`: language → address of the same page, where there are several."""

    address: str
    changed: datetime | None = None
    alternates: dict = field(default_factory=dict)


def sitemap(site, request):
    """Entries of all sources, as many as a sitemap may hold."""
    entries = [entry for source in SOURCES for entry in source(site, request)]
    return entries[:MOST_ENTRIES]


def pages(site: Site, request) -> Iterator[Entry]:
    """Published pages of the languages whose home is published: below a draft home nothing is served."""
    live_homes = {home.locale_id for home in homes_of(site) if home.live}
    rows = pages_of(site).live().public().select_related("locale").order_by("path")
    families = {}
    for page in rows:
        if page.locale_id in live_homes and (address := page.get_full_url(request)):
            families.setdefault(page.translation_key, []).append((page, address))
    for family in families.values():
        alternates = {page.locale.language_code: address for page, address in family} if len(family) > 1 else {}
        for page, address in family:
            yield Entry(address, page.last_published_at, alternates)


def initiatives(site, request):
    """Of centres; the portal has none."""
    if request.municipality is None:
        return
    origin = request.municipality.origin
    yield Entry(origin + reverse("volunteering:initiatives"))
    for initiative in Initiative.objects.published():
        yield Entry(origin + initiative.get_absolute_url(), initiative.last_published_at)


def partners(site, request):
    """The list of partners with the page of each, and what is around here."""
    if request.municipality is None:
        return
    origin = request.municipality.origin
    yield Entry(origin + reverse("cms:partners"))
    yield Entry(origin + reverse("cms:surroundings"))
    for profile in PartnerProfile.objects.public().select_related("organisation"):
        yield Entry(origin + reverse("cms:partner", args=[profile.organisation.slug]), profile.written_at)


def newsletters(site, request):
    """Issues in the archive, of centres that have sent one."""
    issues = list(NewsletterIssue.objects.public()) if request.municipality else []
    if issues:
        origin = request.municipality.origin
        yield Entry(origin + reverse("cms:newsletter"), issues[0].sending_at)
        for issue in issues:
            yield Entry(origin + issue.get_absolute_url(), issue.sending_at)


SOURCES = [pages, initiatives, partners, newsletters]


def latest_news(site, language):
    """The home in one language (None where there is none) and its newest news."""
    home = home_in(language, site)
    return home, list(NewsPage.objects.latest_below(home)[:MOST_NEWS]) if home else []


def feed_address(language):
    """Where the feed of news in one language is."""
    return reverse("cms:news_feed", args=[language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE])
