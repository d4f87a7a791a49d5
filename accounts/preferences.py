"""How a person wants to read: kept in three cookies of the device, so that pages need no session to obey them."""

from django.conf import settings

from accounts.models import Contrast, Language, TextSize

YEAR = 365 * 24 * 3600


def choices():
    """Name of each cookie → the values it may have, the usual one first. It is also the name of the person's field."""
    return {settings.LANGUAGE_COOKIE_NAME: Language.values, "text_size": TextSize.values, "contrast": Contrast.values}


def set_cookies(response, **values):
    """Makes the device keep these choices, such as `text_size="aa"`."""
    for name, value in values.items():
        response.set_cookie(
            name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )


def follow(response, user):
    """Makes the device keep what the person has set for themselves."""
    set_cookies(response, **{name: getattr(user, name) for name in choices()})


def bring(request, response, user):
    """At sign-in: the person's own settings, wherever this device has made no choice of its own."""
    for name, values in choices().items():
        if request.COOKIES.get(name) not in values and getattr(user, name) != values[0]:
            set_cookies(response, **{name: getattr(user, name)})
