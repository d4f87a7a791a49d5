"""Who may enter the desk: case workers of the host's gmina who have shown their second factor, and to the pages about
initiatives also the staff of the partner that runs them. Nobody else learns that a page is there.

Applied to every address of the desk in one place, `urls.py`. Pages that partners share with case workers find their
rows through `initiatives_of` and `meetings_of`, and nowhere else.
"""

from functools import wraps

from django.http import Http404, HttpRequest
from django.utils.cache import patch_cache_control

from accounts.second_factor import second_factor_required
from neighbourhoods.domain.membership import belonging_of
from volunteering.models import Initiative, Meeting


def for_case_workers(view):
    """404 for strangers, for staff of other centres and for other roles; then the second factor. Nothing that is read
    at the desk is kept by a browser or a proxy."""
    return _guarded(view, works_cases)


def for_partners(view):
    """What is about one's own organisation; case workers have pages of their own for that."""
    return _guarded(view, works_for_a_partner)


def for_initiative_staff(view):
    """For case workers and for partners: the view itself looks among their own rows only."""
    return _guarded(view, lambda request: works_cases(request) or works_for_a_partner(request))


def works_cases(request):
    return request.user.has_perm("neighbourhoods.work_cases", request.municipality)


def works_for_a_partner(request):
    return request.user.has_perm("neighbourhoods.work_for_partner", request.municipality)


def initiatives_of(request):
    """The initiatives that this person works on: all of them, or those of their organisation."""
    rows = Initiative.objects.all()
    return rows if works_cases(request) else rows.run_by(belonging_of(request.user).organisations)


def meetings_of(request):
    """The same for meetings."""
    rows = Meeting.objects.all()
    return rows if works_cases(request) else rows.run_by(belonging_of(request.user).organisations)


def _guarded(view, is_open_to):
    view = second_factor_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if not is_open_to(request):
            raise Http404
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapper


def for_organisers(view):
    """Settings and roles are the organiser's alone."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if not request.user.has_perm("neighbourhoods.change_settings", request.municipality):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper
