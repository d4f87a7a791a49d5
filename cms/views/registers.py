"""Events at the desk: who comes, who waits, lists for the door. Outside of Wagtail, because people are no content.

At a centre these pages are open to its case workers; on the portal, which has none, to its editorial team.
"""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.second_factor import second_factor_required
from cms.domain import exports, registrations
from cms.domain.groups import may_edit
from cms.forms import CallerForm
from cms.models import EventRegister, Registration
from cms.states import RegistrationState, SignUp
from cms.trees import site_of_request
from volunteering.errors import Refused
from volunteering.folding import fold

PAST_ON_A_PAGE = 20
FILES = {
    exports.CSV: "text/csv; charset=utf-8",
    exports.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def for_event_staff(view):
    """404 for everybody who does not look after events here; then the second factor. Nothing is kept by a browser."""
    view = second_factor_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if not looks_after_events(request):
            raise Http404
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapper


def looks_after_events(request):
    """Whether the person sees who registered for events of this host's site."""
    if request.municipality is None:
        return request.user.is_authenticated and may_edit(site_of_request(request), request.user)
    return request.user.has_perm("neighbourhoods.work_cases", request.municipality)


@for_event_staff
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    registers = EventRegister.objects.at(site_of_request(request)).worth_listing().for_desk()
    past = Paginator(registers.past(), PAST_ON_A_PAGE).get_page(request.GET.get("strona"))
    context = {
        "coming": registers.coming(),
        "past": past,
        "previous_url": f"?strona={past.previous_page_number()}" if past.has_previous() else "",
        "next_url": f"?strona={past.next_page_number()}" if past.has_next() else "",
    }
    return _render(request, "cms/desk/events.html", context)


@for_event_staff
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@for_event_staff
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody rings, or stands at the door."""
    register = _find(request, pk)
    form = CallerForm(request.POST, asks_needs=register.page.asks_needs)
    if not form.is_valid():
        return _show(request, register, form=form)
    name, phone = form.cleaned_data["name"], str(form.cleaned_data["phone"])
    try:
        registration = registrations.join(
            register, name=name, phone=phone, needs=form.cleaned_data.get("needs", ""), actor=request.user
        )
    except Refused as refusal:
        return _show(request, _find(request, pk), form=form, reasons=refusal.reasons, status=409)
    waits = registration.state == RegistrationState.WAITING
    words = _("%(name)s is on the waiting list.") if waits else _("%(name)s is registered.")
    messages.success(request, words % {"name": name})
    return redirect("cms:desk_event", pk)


@for_event_staff
@require_POST
def decide(request: HttpRequest, pk: int, registration_pk: int, verb: str) -> HttpResponse:
    """A caller changes their mind, or says yes to a place."""
    register = _find(request, pk)
    registration = get_object_or_404(Registration.objects.of_register(register).live(), pk=registration_pk)
    try:
        {"leave": registrations.leave, "confirm": registrations.confirm}[verb](registration, actor=request.user)
    except Refused as refusal:
        return _show(request, _find(request, pk), reasons=refusal.reasons, status=409)
    messages.success(request, _("Taken off the list.") if verb == "leave" else _("The place is confirmed."))
    return redirect("cms:desk_event", pk)


@for_event_staff
@require_POST
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The list as a file. By a button and not by a link, because it is written down who took it."""
    register = _find(request, pk)
    rows = exports.table(_people(register))
    content = exports.as_csv(rows) if kind == exports.CSV else exports.as_workbook(rows, title=register.page.title)
    registrations.record_export(register, actor=request.user, kind=kind)
    response = HttpResponse(content, FILES[kind])
    response["Content-Disposition"] = f'attachment; filename="{register.page.slug}.{kind}"'
    return response


def _find(request, pk):
    return get_object_or_404(EventRegister.objects.at(site_of_request(request)).for_desk(), pk=pk)


def _people(register):
    """Those with a place by surname, as far as one can tell; then those who wait, in order."""
    people = Registration.objects.of_register(register).live().with_people().order_by("queued_at", "pk")
    order = {RegistrationState.JOINED: 0, RegistrationState.OFFERED: 1, RegistrationState.WAITING: 2}
    joined = RegistrationState.JOINED
    return sorted(
        people,
        key=lambda it: (
            order[it.state],
            [fold(word) for word in reversed(it.person_name.split())] if it.state == joined else [],
        ),
    )


def _show(request, register, *, form=None, reasons=(), status=200):
    people = _people(register)
    by_state = {state: [it for it in people if it.state == state] for state in RegistrationState}
    context = {
        "register": register,
        "page": register.page,
        "joined": by_state[RegistrationState.JOINED],
        "offered": by_state[RegistrationState.OFFERED],
        "waiting": by_state[RegistrationState.WAITING],
        "to_ring": [it for it in people if it.user_id is None] if register.status == SignUp.CALLED_OFF else [],
        "against": registrations.reasons_against_joining(register, by_staff=True),
        "is_over": register.page.ends_at <= timezone.now(),
        "caller": form or CallerForm(asks_needs=register.page.asks_needs),
        "form": form,
        "reasons": reasons,
    }
    return _render(request, "cms/desk/event.html", context, status=status)


def _render(request, template, context, *, status=200):
    """In the frame of the desk; the portal has no desk, so there the page stands for itself."""
    frame = "volunteering/desk/base.html" if request.municipality else "cms/desk/base.html"
    return render(request, template, {**context, "frame": frame}, status=status)
