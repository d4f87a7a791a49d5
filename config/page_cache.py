"""Anonymous visitors share rendered pages until something that they show has changed.

A page is kept under host, address, language, text size, contrast and the content version of the municipality. The
version is read from the database with the municipality itself, so that every process forgets at once.
"""

from hashlib import blake2b

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

# Seconds. "This week" and "free places" move with time even where nothing was changed.
LIFE = 60
LONGEST_ADDRESS = 500


class PublicPageCache:
    """Middleware; stands after the language and before everything that looks at the person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.page_cache_key = None
        response = self.get_response(request)
        if request.page_cache_key and self.may_keep(request, response):
            caches["pages"].set(request.page_cache_key, (response.content, response["Content-Type"]), LIFE)
        return response

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "is_public_page", False) or not self.is_anonymous(request):
            return None
        key = self.key(request)
        kept = caches["pages"].get(key) if key else None
        if kept is None:
            request.page_cache_key = key
            return None
        content, content_type = kept
        response = HttpResponse(content, content_type=content_type)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response

    @staticmethod
    def is_anonymous(request):
        return (
            request.method in {"GET", "HEAD"}
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and "messages" not in request.COOKIES
        )

    @staticmethod
    def key(request):
        path = request.get_full_path()
        if len(path) > LONGEST_ADDRESS:
            return None
        version = request.municipality.content_version if request.municipality else 0
        parts = (
            request.get_host(),
            path,
            request.LANGUAGE_CODE,
            request.COOKIES.get("text_size", ""),
            request.COOKIES.get("contrast", ""),
            request.headers.get("HX-Request", ""),
            version,
        )
        return f"page:{hash_of(parts)}"

    @staticmethod
    def may_keep(request, response):
        """Only whole, good answers that set nothing for this one visitor."""
        return (
            response.status_code == HttpResponse.status_code
            and not response.streaming
            and not response.cookies
            and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
            and "no-store" not in response.get("Cache-Control", "")
        )


def hash_of(parts):
    """Hostile addresses may hold anything: keys are digests."""
    return blake2b("\n".join(map(str, parts)).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
