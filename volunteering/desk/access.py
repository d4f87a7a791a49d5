"""Who may enter the desk: case workers of the host's gmina who have shown their second factor. Nobody else learns that
a page is there.

Applied to every address of the desk in one place, `urls.py`.
"""

from functools import wraps

from django.http import Http404, HttpRequest
from django.utils.cache import patch_cache_control

from accounts.second_factor import second_factor_required


def for_case_workers(view):
    """404 for strangers, for staff of other centres and for other roles; then the second factor. Nothing that is read
    at the desk is kept by a browser or a proxy."""
    view = second_factor_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if not request.user.has_perm("neighbourhoods.work_cases", request.municipality):
            raise Http404
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapper


def for_organisers(view):
    """Settings are the organiser's alone."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if not request.user.has_perm("neighbourhoods.change_settings", request.municipality):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper
