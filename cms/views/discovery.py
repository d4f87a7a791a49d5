"""Sitemap, robots.txt and the feed of news, each of the host that is asked."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.discovery import latest_news
from cms.discovery import sitemap as sitemap_of
from cms.trees import site_of_request
from neighbourhoods.public_pages import public_page

# Pages of one person, of staff, or of people who ask for help.
KEPT_OUT = ("/cms/", "/biurko/", "/konto/", "/moje/", "/prosby/", "/rozmowy/", "/kalendarz/", "/api/")


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    entries = sitemap_of(site_or_404(request), request)
    return render(request, "cms/sitemap.xml", {"entries": entries}, content_type="application/xml")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    if request.municipality is not None and request.municipality.in_preparation:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        address = request.build_absolute_uri("/sitemap.xml")
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT), f"Sitemap: {address}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public_page
@require_safe
def news_feed(request: HttpRequest, language: str) -> HttpResponse:
    """Atom: title, lead and day of the newest news in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    site = site_or_404(request)
    home, news = latest_news(site, language)
    if home is None:
        raise Http404
    with translation.override(language):
        feed = Atom1Feed(
            title=f"{_('News')} – {site.site_name}",
            link=home.get_full_url(request),
            feed_url=request.build_absolute_uri(request.path),
            description="",
            language=language,
            author_name=site.site_name,
        )
    for page in news:
        feed.add_item(
            title=page.title,
            link=page.get_full_url(request),
            description=page.lead,
            # The key stays when the page moves: readers are not told twice.
            unique_id=f"urn:uuid:{page.translation_key}",
            pubdate=at_noon(page.date),
            updateddate=page.last_published_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def at_noon(date):
    """News have a day and no hour."""
    return timezone.make_aware(timezone.datetime(date.year, date.month, date.day, 12))


def site_or_404(request):
    site = site_of_request(request)
    if site is None:
        raise Http404
    return site
