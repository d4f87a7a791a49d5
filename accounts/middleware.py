"""Language of the answer, and the second factor that staff must have shown."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.domain import people
from accounts.second_factor import has_shown_second_factor, to_second_factor


def choose_language(get_response):
    """The language: of the address (`/en/…`, `/uk/…`), else of the reader's cookie, else Polish."""
    codes = {code for code, _name in settings.LANGUAGES}

    def middleware(request):
        prefix = request.path_info.split("/", 2)[1]
        request.language_prefix = prefix if prefix in codes else ""
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = request.language_prefix or (cookie if cookie in codes else settings.LANGUAGE_CODE)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        if not request.language_prefix:
            patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


def guard_staff_pages(get_response):
    """Nobody sees the desk or the CMS by an e-mail code alone, whatever a single view forgets.

    Who has no business there is not asked for a second factor: the desk's views refuse by themselves, and the CMS,
    which would send them round to the sign-in page for ever, is refused here.
    """

    def middleware(request):
        path = request.path_info
        if path.startswith((settings.CMS_PREFIX, settings.DESK_PREFIX)) and request.user.is_authenticated:
            in_cms = path.startswith(settings.CMS_PREFIX)
            if in_cms and not request.user.has_perm("wagtailadmin.access_admin"):
                raise PermissionDenied
            if (in_cms or people.is_staff(request.user)) and not has_shown_second_factor(request):
                return to_second_factor(request)
        return get_response(request)

    return middleware
