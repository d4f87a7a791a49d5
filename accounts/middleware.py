"""Language of the answer, and the second factor that staff must have shown."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.second_factor import has_shown_second_factor


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


def require_second_factor_in_cms(get_response):
    """Nobody enters the CMS by an e-mail code alone: its pages belong to staff."""

    def middleware(request):
        if (
            request.path_info.startswith(settings.CMS_PREFIX)
            and request.user.is_authenticated
            and not has_shown_second_factor(request)
        ):
            name = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
            return redirect(f"{reverse(name)}?next={request.path}")
        return get_response(request)

    return middleware
