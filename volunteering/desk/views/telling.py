"""How the notifications of a centre run: for its organisers. Who runs the installation also sees all of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications import operations
from volunteering.desk.access import for_organisers
from volunteering.desk.forms.telling import AgainForm

# In the address: the whole installation instead of this centre.
WHOLE = "calosc"


@for_organisers
@require_safe
def telling(request: HttpRequest) -> HttpResponse:
    municipality = _looked_at(request)
    queues, crew = operations.queues(municipality), operations.crew()
    days = operations.days(municipality)
    context = {
        "is_whole": municipality is None,
        "own_url": reverse("desk:telling"),
        "whole_url": _address(None),
        "again_url": _address(municipality, "desk:telling_again"),
        "may_see_whole": request.user.is_superuser,
        "crew": crew,
        "backlog": operations.backlog(municipality),
        "queues": queues,
        "due": sum(queue.due for queue in queues),
        "later": sum(queue.later for queue in queues),
        "failures": operations.failures(municipality),
        "days": days if any(day.page.told or day.outside.told for day in days) else [],
        # One queue for all centres: its length says nothing about one of them.
        "tasks": operations.tasks() if municipality is None else None,
        "since": min((queue.since for queue in queues if queue.since), default=None),
    }
    return render(request, "volunteering/desk/telling.html", context)


@for_organisers
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """What failed for one reason goes back into the queue."""
    municipality = _looked_at(request)
    form = AgainForm(request.POST)
    number = 0
    if form.is_valid():
        number = operations.send_again(municipality, **form.cleaned_data, actor=request.user)
    if not number:
        messages.info(request, _("There was nothing left to send again."))
    else:
        messages.success(request, _("Back in the queue: %(number)d.") % {"number": number})
    return redirect(_address(municipality))


def _looked_at(request):
    """The centre whose figures are meant; None: all of them."""
    if request.GET.get("zakres") != WHOLE:
        return request.municipality
    if not request.user.is_superuser:
        raise Http404
    return None


def _address(municipality, name="desk:telling"):
    return reverse(name) if municipality else f"{reverse(name)}?zakres={WHOLE}"
