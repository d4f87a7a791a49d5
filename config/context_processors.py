"""What every page's frame needs, without touching the session of anonymous visitors."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from neighbourhoods.domain import membership


def page(request):
    """`signed_in` looks at the cookie only, so that anonymous pages stay cacheable; `viewer` is the person or None."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    return {
        "municipality": getattr(request, "municipality", None),
        "signed_in": signed_in,
        "viewer": request.user if signed_in else None,
        "text_size": size if (size := request.COOKIES.get("text_size")) in {"aa", "aaa"} else "a",
        "contrast": "high" if request.COOKIES.get("contrast") == "high" else "normal",
        "is_demo": settings.DEMO,
        # Messages are read (and their cookie is touched) only where there can be any.
        "show_messages": signed_in or "messages" in request.COOKIES,
        "viewer_is_staff": SimpleLazyObject(lambda: signed_in and works_at_desk(request)),
        "viewer_is_partner": SimpleLazyObject(lambda: signed_in and works_for_a_partner(request)),
        "viewer_may_edit": SimpleLazyObject(lambda: signed_in and may_edit(request)),
    }


def works_at_desk(request):
    """Whether this site's desk is open to the person; asked only by pages that show the way there."""
    municipality = getattr(request, "municipality", None)
    return municipality is not None and request.user.has_perm("neighbourhoods.work_cases", municipality)


def works_for_a_partner(request):
    """Whether the person has the desk of a partner here, and not that of the centre."""
    municipality = getattr(request, "municipality", None)
    return (
        municipality is not None
        and request.user.has_perm("neighbourhoods.work_for_partner", municipality)
        and not works_at_desk(request)
    )


def may_edit(request):
    """Whether the CMS is open to the person. The editors of a centre have a role, so residents cost no query; those of
    the portal have none."""
    if getattr(request, "municipality", None) is not None and not membership.is_staff(request.user):
        return request.user.is_superuser
    return request.user.has_perm("wagtailadmin.access_admin")
