"""Who was there: a list on paper, a phone at the door, and ticks afterwards."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteering.desk.forms.meetings import SignUpForm
from volunteering.desk.people import by_surname
from volunteering.desk.views import meetings
from volunteering.domain import attendance
from volunteering.errors import Refused
from volunteering.models import Participation
from volunteering.states import SEATED, MeetingState, ParticipationState


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Names and boxes to tick, nothing else. Who opened it is written down."""
    meeting = meetings.find(request, pk)
    people = by_surname(attendance.read_list(meeting, actor=request.user))
    context = {"meeting": meeting, "initiative": meeting.initiative, "people": people, "blank": range(4)}
    return render(request, "volunteering/desk/attendance_paper.html", context)


@require_safe
def door(request: HttpRequest, pk: int) -> HttpResponse:
    return _door(request, meetings.find(request, pk))


@require_POST
def tick(request: HttpRequest, pk: int, participation_pk: int) -> HttpResponse:
    """One person is there, or not after all. Sent again it changes nothing: a phone may have lost the answer."""
    meeting = meetings.find(request, pk)
    people = Participation.objects.live().select_related("meeting")
    participation = get_object_or_404(people, pk=participation_pk, meeting=meeting)
    try:
        attendance.tick(participation, actor=request.user, present=request.POST.get("present") == "1")
    except Refused as refusal:
        return _door(request, meetings.find(request, pk), reasons=refusal.reasons, status=409)
    return redirect(f"{reverse('desk:meeting_door', args=[pk])}#osoba-{participation_pk}")


@require_POST
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who has come without having signed up."""
    meeting = meetings.find(request, pk)
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _door(request, meeting, form=form)
    details = {"name": form.cleaned_data["name"], "phone": str(form.cleaned_data["phone"] or "")}
    try:
        who = attendance.walk_in(meeting, actor=request.user, **details)
    except Refused as refusal:
        return _door(request, meeting, form=form, reasons=refusal.reasons, status=409)
    return redirect(f"{reverse('desk:meeting_door', args=[pk])}#osoba-{who.pk}")


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Afterwards, all at once. A tick for somebody who has signed off meanwhile counts for nobody."""
    meeting = meetings.find(request, pk)
    ticked = set(request.POST.getlist("present"))
    seated = Participation.objects.seated().at([meeting]).order_by("pk").values_list("pk", flat=True)
    try:
        attendance.note(meeting, actor=request.user, present=[key for key in seated if str(key) in ticked])
    except Refused as refusal:
        messages.warning(request, " ".join(refusal.reasons))
        return redirect("desk:meeting", pk)
    messages.success(request, _("The attendance is saved."))
    return redirect("desk:meeting", pk)


def _door(request, meeting, *, form=None, reasons=(), status=200):
    people = by_surname(Participation.objects.live().at([meeting]).with_people())
    seated = [it for it in people if it.state in SEATED]
    context = {
        "meeting": meeting,
        "initiative": meeting.initiative,
        "people": seated,
        "queue": [it for it in people if it.state == ParticipationState.WAITING],
        "here": sum(it.state == ParticipationState.ATTENDED for it in seated),
        "is_open": attendance.is_open(meeting),
        "is_off": meeting.state == MeetingState.CANCELLED,
        "walk_in": form or SignUpForm(),
        "form": form,
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/attendance_door.html", context, status=status)
