"""Who may enter the desk: case workers of the host's gmina who have shown their second factor. Nobody else learns that
a page is there.

Applied to every address of the desk in one place, `urls.py`.
"""

from functools import wraps

from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from accounts.second_factor import has_shown_second_factor, second_factor_required

SAFE = ("GET", "HEAD", "OPTIONS")


def for_case_workers(view):
    """404 for strangers, for staff of other centres and for other roles; then the second factor. Nothing that is read
    at the desk is kept by a browser or a proxy."""
    view = second_factor_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if not request.user.has_perm("neighbourhoods.work_cases", request.municipality):
            raise Http404
        if request.method not in SAFE and not has_shown_second_factor(request):
            # A button of a page left open overnight: its address cannot be gone back to afterwards.
            return redirect("desk:today")
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
