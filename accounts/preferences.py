"""How a person wants to read: kept in three cookies of the device, so that pages need no session to obey them."""

from django.conf import settings

from accounts.models import Contrast, Language, TextSize

YEAR = 365 * 24 * 3600

CHOICES = {settings.LANGUAGE_COOKIE_NAME: Language, "text_size": TextSize, "contrast": Contrast}


def set_cookie(response, name, value):
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )


def set_all(response, user):
    """Makes this device follow the person's own settings."""
    set_cookie(response, settings.LANGUAGE_COOKIE_NAME, user.language)
    set_cookie(response, "text_size", user.text_size)
    set_cookie(response, "contrast", user.contrast)


def bring(request, response, user):
    """At sign-in: the person's own settings, wherever this device has made no choice of its own."""
    wanted = {settings.LANGUAGE_COOKIE_NAME: user.language, "text_size": user.text_size, "contrast": user.contrast}
    for name, value in wanted.items():
        if request.COOKIES.get(name) not in CHOICES[name].values and value != CHOICES[name].values[0]:
            set_cookie(response, name, value)
