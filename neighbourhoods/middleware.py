"""The host decides the municipality; its scope is open while a view runs, so that no list can show another gmina."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django_scopes import scope

from neighbourhoods.models import Municipality

# Asked by machines that know neither host nor database state: it must answer while the process lives.
WITHOUT_A_CENTRE = {"/healthz"}
# Addresses that answer while a site is in preparation: ways in, staff pages (which guard themselves), what the frame of
# pages needs, and machines.
OPEN_BEFORE_OPENING = (
    "/konto/",
    "/cms/",
    "/biurko/",
    "/static/",
    "/media/images/",
    "/marka.css",
    "/manifest.webmanifest",
    "/service-worker.js",
    "/robots.txt",
    "/poczta/",
    "/readyz",
    "/metrics",
)


def find_municipality(get_response):
    """Sets `request.municipality`: the gmina of this host, or None on the portal (every other host we answer to)."""

    def middleware(request: HttpRequest):
        request.municipality = None
        if request.path_info not in WITHOUT_A_CENTRE:
            host, _port = split_domain_port(request.get_host())
            request.municipality = Municipality.objects.at_host(host)
        return get_response(request)

    return middleware


def open_scope(get_response):
    """Opens the scope of the host's gmina around the view and the rendering of its template.

    The portal opens none: there, queries on tenant data fail closed, and pages that only a centre has say where the
    centres are. A streamed body runs after the scope has closed: its rows must be read before.
    """

    def middleware(request: HttpRequest):
        if request.municipality is None:
            return get_response(request)
        with scope(municipality=request.municipality):
            return get_response(request)

    def process_view(request: HttpRequest, view, args, kwargs):
        if request.municipality is None and settings.CENTRE_APPS & set(request.resolver_match.namespaces):
            return choose_centre(request)
        return None

    middleware.process_view = process_view
    return middleware


def show_when_open(get_response):
    """A site in preparation is seen by its staff; everybody else reads that it will open, and whom to ring.

    To the public there is no such page yet, so it is 404 whatever was asked for, and search engines remember nothing
    (503 would be an error in the log for every visitor). Stands behind authentication and asks nothing of
    the database on sites that are open.
    """

    def middleware(request: HttpRequest):
        municipality = request.municipality
        if municipality is None or not municipality.in_preparation or not is_public_address(request.path_info):
            return get_response(request)
        if is_signed_in(request) and request.user.has_perm("neighbourhoods.see_unopened_site", municipality):
            return get_response(request)
        response = render(request, "neighbourhoods/in_preparation.html", {"centre": municipality}, status=404)
        response.headers["X-Robots-Tag"] = "noindex"
        patch_cache_control(response, no_store=True)
        return response

    return middleware


def is_public_address(path):
    return path not in WITHOUT_A_CENTRE and not path.startswith(OPEN_BEFORE_OPENING)


def is_signed_in(request):
    """Anonymous visitors bring no session, and none is looked for."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def choose_centre(request):
    """On the portal, in place of a page that only a centre has: the same page of every centre."""
    context = {"centres": Municipality.objects.with_site().opened(), "path": request.path}
    return render(request, "neighbourhoods/choose_centre.html", context, status=404)
