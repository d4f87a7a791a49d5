"""The reference of the pages: a view that answers two letters, behind all that stands before every page of a centre
(security headers, host and gmina, language, scope). `/healthz` is spared some of that, so it would be no reference."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

PATH = "empty-view/"


@login_not_required
def empty_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def add_empty_view():
    """Adds the address to those of the project. Called once Django is set up, before the first request."""
    from config import urls  # noqa: PLC0415 -- needs Django set up

    urls.urlpatterns.insert(0, path(PATH, empty_view))
