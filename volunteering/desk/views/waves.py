"""The search for helpers of one visit, as staff steer it: go on now, stop, start again, ask somebody by hand."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from volunteering.desk.forms.requests import PlainAct
from volunteering.desk.search_panel import panel_of, told_about
from volunteering.desk.views.request_page import TOLD, act, find
from volunteering.domain import invitations, waves
from volunteering.models import Standing, Visit
from volunteering.states import SearchState

VERBS = {"advance": waves.advance, "stop": waves.stop, "start": waves.start_again}


@require_POST
def steer(request: HttpRequest, reference: str, visit_pk: int, verb: str) -> HttpResponse:
    """One of VERBS on the search of a visit."""
    help_request, visit = _find(request, reference, visit_pk)
    form = PlainAct(request.POST, name=f"{verb}_{visit.pk}")
    done = _("The search is stopped. Nobody else is told.") if verb == "stop" else _came_of
    return act(request, help_request, form, partial(VERBS[verb], visit, actor=request.user), done=done, visit=visit)


@require_safe
def now(request: HttpRequest, reference: str, visit_pk: int) -> HttpResponse:
    """The search as it stands: the part of the request's page that asks for itself again and again."""
    help_request, visit = _find(request, reference, visit_pk)
    panel = panel_of(visit, told_about(help_request, TOLD))
    context = {"panel": panel, "visit": visit, "help_request": help_request}
    return render(request, "volunteering/desk/_search_now.html", context)


@require_POST
def invite(request: HttpRequest, reference: str, visit_pk: int, volunteer_pk: int) -> HttpResponse:
    """Asks one helper of this centre by a notification."""
    help_request, visit = _find(request, reference, visit_pk)
    standing = get_object_or_404(Standing.objects.with_people(), volunteer=volunteer_pk)
    form = PlainAct(request.POST, name=f"invite_{visit.pk}_{volunteer_pk}")
    verb = partial(invitations.invite, visit, volunteer=standing.volunteer, actor=request.user)
    return act(request, help_request, form, verb, done=_("The invitation is on its way."), visit=visit)


def _find(request, reference, visit_pk):
    help_request = find(request, reference)
    return help_request, get_object_or_404(Visit.objects.with_details(), pk=visit_pk, help_request=help_request)


def _came_of(step):
    """What a step by hand has led to."""
    if step.told:
        people = len(step.told)
        return ngettext("%(people)d more person is being asked.", "%(people)d more people are being asked.", people) % {
            "people": people
        }
    if step.search.state == SearchState.EXHAUSTED:
        return _("Everybody who fits has been asked. You can still invite somebody by name.")
    return _(
        "Nobody can be asked just now: it is quiet time, or people have had enough requests today. We go on later."
    )
