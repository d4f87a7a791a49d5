"""The public tree of pages in its languages, and the photos of small installations."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.static import serve as serve_file
from wagtail import views as wagtail_views

from cms.models import HomePage, PortalPage
from cms.trees import home_in, site_of_request
from neighbourhoods.public_pages import public_page

A_DAY = 24 * 3600


@public_page
def serve_page(request: HttpRequest, path: str) -> HttpResponse:
    """A page of this host's site. The address alone says in which language: without a prefix it is Polish, whatever
    the reader's cookie says, so that every address means one page. Only the bare front door leads those who chose
    another language on to their own home."""
    site = site_of_request(request)
    if site is None:
        raise Http404
    if not path and not request.language_prefix and (home := own_home(request, site)):
        return redirect(home.get_url(request))
    language = request.language_prefix or settings.LANGUAGE_CODE
    home = home_in(language, site, kind=HomePage if request.municipality else PortalPage)
    if home is None:
        raise Http404
    # Wagtail keeps its findings there, and would ask the database for them again.
    request._wagtail_site = site  # noqa: SLF001
    request._wagtail_route_for_request = home.route(request, [part for part in path.split("/") if part])  # noqa: SLF001
    # Only now: that there is no such page is said in the reader's own language.
    translation.activate(language)
    request.LANGUAGE_CODE = language
    return wagtail_views.serve(request, path)


def own_home(request, site):
    """The home in the language that the reader once chose, if that is another one and the home is there."""
    return None if request.LANGUAGE_CODE == settings.LANGUAGE_CODE else home_in(request.LANGUAGE_CODE, site)


@login_not_required
@cache_control(public=True, max_age=A_DAY)
def serve_photo(request: HttpRequest, path: str) -> HttpResponse:
    """Photos in the embedded shape; elsewhere the web server hands them out. Only the scaled copies that pages show:
    uploads as they came may hold a place and a time in their margins, and documents have a view of their own."""
    if not settings.EMBEDDED:
        raise Http404
    return serve_file(request, path, document_root=Path(settings.MEDIA_ROOT) / "images")
