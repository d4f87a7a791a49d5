"""One meeting at the desk: who comes, who came, another time, called off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteering.desk.forms.meetings import MeetingForm, SignUpForm
from volunteering.domain import meetings
from volunteering.domain.words import fold
from volunteering.errors import Refused
from volunteering.models import Meeting, Participation
from volunteering.states import MeetingState, ParticipationState


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(pk))


@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who rings, or who came in without having signed up."""
    meeting = _find(pk)
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _show(request, meeting, sign_up=form)
    details = {"name": form.cleaned_data["name"], "phone": str(form.cleaned_data["phone"] or "")}
    try:
        meetings.join(meeting, actor=request.user, **details)
    except Refused as refusal:
        return _show(request, _find(pk), sign_up=form, reasons=refusal.reasons, status=409)
    messages.success(request, _("%(name)s is signed up.") % {"name": details["name"]})
    return redirect("desk:meeting", pk)


@require_POST
def sign_off(request: HttpRequest, pk: int, participation_pk: int) -> HttpResponse:
    participation = get_object_or_404(
        Participation.objects.live().select_related("meeting"), pk=participation_pk, meeting=_find(pk)
    )
    meetings.leave(participation, actor=request.user)
    messages.success(request, _("Signed off. The place is free."))
    return redirect("desk:meeting", pk)


@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there: a tick for each. A tick for somebody who has signed off meanwhile counts for nobody."""
    meeting = _find(pk)
    ticked = set(request.POST.getlist("present"))
    present = [participation.pk for participation in _people(meeting) if str(participation.pk) in ticked]
    try:
        meetings.note_attendance(meeting, actor=request.user, present=present)
    except Refused as refusal:
        return _show(request, _find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, _("The attendance is saved."))
    return redirect("desk:meeting", pk)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place or number of places. Whoever signed up is told when time or place change."""
    meeting = _find(pk)
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=MeetingForm.initial_of(meeting))
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
    try:
        meetings.call_off(_find(pk), actor=request.user)
    except Refused as refusal:
        return _show(request, _find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, _("Called off. Whoever has an account is being told; ring the others."))
    return redirect("desk:meeting", pk)


def _find(pk):
    return get_object_or_404(Meeting.objects.with_details(), pk=pk)


def _people(meeting):
    """Everybody on the list, by surname as far as one can tell: the last word of the name."""
    people = Participation.objects.live().at([meeting]).with_people().order_by("pk")
    return sorted(people, key=lambda it: [fold(word) for word in reversed(it.person_name.split())])


def _show(request, meeting, *, sign_up=None, reasons=(), status=200):
    # Names at a closed group's door say who belongs to it: the centre keeps none.
    people = [] if meeting.initiative.is_closed else _people(meeting)
    has_begun = meeting.starts_at <= timezone.now()
    context = {
        "meeting": meeting,
        "initiative": meeting.initiative,
        "people": people,
        "attended": sum(it.state == ParticipationState.ATTENDED for it in people),
        "to_ring": [it for it in people if it.user_id is None and it.phone],
        "has_begun": has_begun,
        "is_planned": meeting.state == MeetingState.PLANNED,
        "against": meetings.reasons_against_joining(meeting, by_staff=True),
        "sign_up": sign_up or SignUpForm(),
        "form": sign_up,
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/meeting.html", context, status=status)
