"""The host decides the municipality; its scope is open while a view runs, so that no list can show another gmina."""

from django.http import HttpRequest
from django_scopes import scope

from neighbourhoods.models import Municipality


def find_municipality(get_response):
    """Sets `request.municipality`: the gmina of this host, or None on the portal and on bare health checks."""

    def middleware(request: HttpRequest):
        host = request.get_host().rsplit(":", 1)[0]
        request.municipality = Municipality.objects.select_related("site").filter(site__hostname=host).first()
        return get_response(request)

    return middleware


def open_scope(get_response):
    """Opens the scope of the host's gmina. The portal opens none: there, queries on tenant data fail closed."""

    def middleware(request: HttpRequest):
        if request.municipality is None:
            return get_response(request)
        with scope(municipality=request.municipality):
            return get_response(request)

    return middleware
