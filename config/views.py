"""Pages of the whole site that belong to no feature."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts import preferences
from cms.frames import frame_of
from notifications import health


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; `readyz` says whether the whole chain works."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Messages arrive in an inbox, by the process that was asked and by a worker. 503 with the reasons otherwise."""
    answer = health.check.run()
    seconds = {
        name: value and round(value, 3)
        for name, value in (("inbox_seconds", answer.inbox_seconds), ("worker_seconds", answer.worker_seconds))
    }
    content = {"ready": not answer.reasons, "reasons": answer.reasons, **seconds}
    return JsonResponse(content, status=503 if answer.reasons else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A page that needs no database, session or context processor: any of them may be what has failed."""
    page = loader.render_to_string("500.html", {"municipality": getattr(request, "municipality", None)})
    return HttpResponseServerError(page)


# --- How pages look ---------------------------------------------------------------------------------------------------


@csrf_exempt
@login_not_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keeps text size, contrast and language in cookies (and with the account of who is signed in), and goes back.

    There is no CSRF token, because the form stands in the frame of cached pages that set no cookie. It is harmless:
    the answer changes how the reader's own pages look, a click puts it back, and a form on a stranger's page is
    refused by its origin; the session cookie (SameSite=Lax) would not come along with it anyway.
    """
    if not comes_from_here(request):
        raise PermissionDenied
    known = preferences.choices()
    chosen = {name: request.POST[name] for name in known if request.POST.get(name) in known[name]}
    if chosen and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        keep(request.user, chosen)
    response = HttpResponseRedirect(way_back(request, chosen.get("language")))
    preferences.set_cookies(response, **chosen)
    return response


def keep(user, chosen):
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=list(chosen))


def comes_from_here(request):
    """Whether the form was sent by a page of this host. Browsers too old to say so are believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def way_back(request, language):
    """The page the form stood on; in another language its translation, where the page named one."""
    addresses = [request.POST.get(f"address_{language}", ""), request.POST.get("next", "")]
    return next((address for address in addresses if is_own_page(address, request)), "/")


def is_own_page(address, request):
    """An address of this host that can be gone to: not elsewhere, not this very view."""
    return (
        url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
        and urlsplit(address).path != request.path
    )


# Colours are settings of the CMS; what is no colour never gets into a stylesheet.
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
AN_HOUR, A_YEAR = 3600, 365 * 24 * 3600


@login_not_required
@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """The colours of this site as a stylesheet, because the content policy allows no inline styles.

    Pages link it with the version of the centre's content, so that it may be kept for good. The portal has no version.
    """
    look = frame_of(request)
    colours = {"--brand": look.colour, "--brand-on-dark": look.colour_on_dark}
    rules = "".join(f"{name}:{colour};" for name, colour in colours.items() if COLOUR.fullmatch(colour))
    response = HttpResponse(f"@layer brand{{:root{{{rules}}}}}", content_type="text/css")
    patch_cache_control(response, public=True, max_age=A_YEAR if request.municipality else AN_HOUR)
    return response


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Makes the centre's site installable under its own name and in its own colours."""
    look, municipality = frame_of(request), request.municipality
    content = {
        "id": "/",
        "name": municipality.centre_name if municipality else "Ogniwo",
        "short_name": municipality.name if municipality else "Ogniwo",
        "lang": "pl",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": look.colour if COLOUR.fullmatch(look.colour) else "#17564e",
        "icons": [
            {"src": static("images/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
            {"src": static("images/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }
    response = JsonResponse(
        content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
    patch_cache_control(response, public=True, max_age=A_YEAR if municipality else AN_HOUR)
    return response


@login_not_required
@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the top of the site, as its reach is the folder that it comes from."""
    script = (settings.BASE_DIR / "config" / "static" / "js" / "service-worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
