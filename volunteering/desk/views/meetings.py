"""One meeting at the desk: who comes and who waits, another time, called off, helpers wanted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteering.desk.access import meetings_of, works_cases
from volunteering.desk.forms.meetings import CallOffForm, ChangeForm, HelpersForm, PromoteForm, SignUpForm
from volunteering.desk.people import by_surname
from volunteering.domain import meetings, sign_ups, wanted
from volunteering.errors import Refused
from volunteering.models import Commitment, HelpRequest, Meeting, Participation
from volunteering.states import SEATED, MeetingState, ParticipationState


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, find(request, pk))


@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who rings: on the list, or at the end of the queue."""
    meeting = find(request, pk)
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _show(request, meeting, sign_up=form)
    details = {"name": form.cleaned_data["name"], "phone": str(form.cleaned_data["phone"] or "")}
    try:
        participation = sign_ups.join(meeting, actor=request.user, waits=True, **details)
    except Refused as refusal:
        return _show(request, find(request, pk), sign_up=form, reasons=refusal.reasons, status=409)
    waits = participation.state == ParticipationState.WAITING
    words = _("All places are taken: %(name)s waits for one.") if waits else _("%(name)s is signed up.")
    messages.success(request, words % {"name": details["name"]})
    return redirect("desk:meeting", pk)


@require_POST
def sign_off(request: HttpRequest, pk: int, participation_pk: int) -> HttpResponse:
    sign_ups.leave(_on_the_list(request, pk, participation_pk), actor=request.user)
    messages.success(request, _("Signed off. If somebody waits, the place is offered to them."))
    return redirect("desk:meeting", pk)


@require_POST
def confirm(request: HttpRequest, pk: int, participation_pk: int) -> HttpResponse:
    """Staff rang somebody to whom a place was offered, and they come."""
    participation = _on_the_list(request, pk, participation_pk)
    try:
        sign_ups.confirm(participation, actor=request.user)
    except Refused as refusal:
        return _show(request, find(request, pk), reasons=refusal.reasons, status=409)
    messages.success(request, _("%(name)s is signed up.") % {"name": participation.person_name})
    return redirect("desk:meeting", pk)


@require_POST
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody goes first, for a reason."""
    meeting = find(request, pk)
    form = PromoteForm(request.POST, queue=_waiting(meeting))
    if not form.is_valid():
        return _show(request, meeting, promote=form)
    try:
        who = sign_ups.promote(
            _on_the_list(request, pk, form.cleaned_data["participation"]),
            actor=request.user,
            reason=form.cleaned_data["reason"],
        )
    except Refused as refusal:
        return _show(request, find(request, pk), promote=form, reasons=refusal.reasons, status=409)
    is_offered = who.state == ParticipationState.OFFERED
    words = _("%(name)s is offered a place.") if is_offered else _("%(name)s gets the next free place.")
    messages.success(request, words % {"name": who.person_name})
    return redirect("desk:meeting", pk)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place or number of places. Whoever signed up is told when time or place change."""
    meeting = find(request, pk)
    is_series = meeting.series is not None and Meeting.objects.from_here_on(meeting).count() > 1
    answers = request.POST if request.method == "POST" else None
    form = ChangeForm(answers, initial=ChangeForm.initial_of(meeting), is_series=is_series)
    context = {"initiative": meeting.initiative, "meeting": meeting, "form": form, "reasons": []}
    if request.method == "POST" and form.is_valid():
        try:
            meetings.change(meeting, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            context["reasons"] = refusal.reasons
            return render(request, "volunteering/desk/meeting_form.html", context, status=409)
        messages.success(request, _("The meeting is changed."))
        return redirect("desk:meeting", pk)
    return render(request, "volunteering/desk/meeting_form.html", context)


@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    form = CallOffForm(request.POST)
    if not form.is_valid():
        return _show(request, find(request, pk), call_off=form)
    try:
        meetings.call_off(find(request, pk), actor=request.user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        return _show(request, find(request, pk), reasons=refusal.reasons, status=409)
    messages.success(request, _("Called off. Whoever has an account is being told; ring the others."))
    return redirect("desk:meeting", pk)


@require_http_methods(["GET", "POST"])
def ask_helpers(request: HttpRequest, pk: int) -> HttpResponse:
    """Helpers wanted at the meeting. What a partner writes is read by the centre first."""
    meeting = find(request, pk)
    if not may_ask_helpers(request, meeting):
        raise Http404
    form = HelpersForm(request.POST if request.method == "POST" else None, meeting=meeting)
    context = {"initiative": meeting.initiative, "meeting": meeting, "form": form, "reasons": []}
    if request.method == "POST" and form.is_valid():
        try:
            wanted.ask(meeting, actor=request.user, by_partner=not works_cases(request), **form.cleaned_data)
        except Refused as refusal:
            context["reasons"] = refusal.reasons
            return render(request, "volunteering/desk/helpers_form.html", context, status=409)
        asked = _("Helpers near by are being asked.")
        messages.success(request, asked if works_cases(request) else _("Sent. The centre reads it first."))
        return redirect("desk:meeting", pk)
    return render(request, "volunteering/desk/helpers_form.html", context)


def find(request, pk):
    return get_object_or_404(meetings_of(request).with_details(), pk=pk)


def _on_the_list(request, pk, participation_pk):
    people = Participation.objects.live().select_related("meeting", "user")
    return get_object_or_404(people, pk=participation_pk, meeting=find(request, pk))


def may_ask_helpers(request, meeting):
    """Case workers, and partners that the law lets work with volunteers (art. 42(1) of the Volunteering Act)."""
    organisation = meeting.initiative.organisation
    return works_cases(request) or (organisation is not None and organisation.can_host_volunteers)


def _waiting(meeting):
    return list(Participation.objects.at([meeting]).waiting().with_people())


def _show(request, meeting, *, sign_up=None, promote=None, call_off=None, reasons=(), status=200):
    people = list(Participation.objects.live().at([meeting]).with_people().order_by("turn", "pk"))
    if meeting.initiative.is_closed:
        people = []  # Names at a closed group's door say who belongs to it: the centre keeps none.
    seated = by_surname(it for it in people if it.state in SEATED)
    queue = [it for it in people if it.state == ParticipationState.WAITING]
    helpers = list(HelpRequest.objects.of_meeting(meeting).with_people_found())
    context = {
        "meeting": meeting,
        "initiative": meeting.initiative,
        "people": seated,
        "queue": queue,
        "attended": sum(it.state == ParticipationState.ATTENDED for it in seated),
        "to_ring": [it for it in [*seated, *queue] if it.user_id is None and it.phone],
        "has_begun": meeting.starts_at <= timezone.now(),
        "is_planned": meeting.state == MeetingState.PLANNED,
        "helpers": helpers,
        "promises": list(Commitment.objects.at_meeting(meeting)) if helpers else [],
        "may_ask_helpers": may_ask_helpers(request, meeting),
        "works_cases": works_cases(request),
        "against": sign_ups.reasons_against_joining(meeting, by_staff=True),
        "sign_up": sign_up or SignUpForm(),
        "promote": promote or PromoteForm(queue=queue),
        "call_off": call_off or CallOffForm(),
        "form": sign_up or promote or call_off,
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/meeting.html", context, status=status)
