"""The page of one request, with a face for each reader: who asked, who may help, who has promised to, staff. The acts
of the first three are here too; staff act at the desk.

Nothing is written by looking: whoever wants to see an address presses a button, and that is told to the resident.
"""

import re
from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from neighbourhoods.errors import Erased
from volunteering.domain import alerts, commitments, distances, help_requests, reveals, suggestions, waves
from volunteering.domain.checks import is_too_late, reasons_against_taking
from volunteering.domain.conversations import may_talk
from volunteering.domain.timeline import timeline
from volunteering.errors import Refused
from volunteering.forms.answers import ConfirmForm, ReasonForm, TakeForm
from volunteering.models import Alert, Commitment, HelpRequest, Standing, Visit
from volunteering.rules import is_helper, is_requester
from volunteering.states import HOLDING, REQUEST, CommitmentState, RequestState, VisitState

REFERENCE = re.compile(r"[A-Z]{2,3}-[A-Z0-9]{4,8}")
# Promises that are shown with their visit; how the others ended stands in the story of the request.
SHOWN = {*HOLDING, CommitmentState.NO_SHOW}
AGREED = {CommitmentState.ACCEPTED, CommitmentState.ARRIVED}
# How long before the agreed hour a helper may say "I am at the door".
ARRIVAL = timedelta(hours=2)


@never_cache
def page(request: HttpRequest, reference: str) -> HttpResponse:
    help_request = _find(request, reference)
    if help_request is None:
        return _gone(request, reference)
    return _page(request, help_request)


def act(view):
    """Decorator of the acts on a request: `view(request, help_request, …)` does it by POST and says whom to thank, or
    nothing. What a verb refuses is read on the same page; whoever comes by GET just sees the page."""

    @wraps(view)
    @never_cache
    def wrapper(request, reference, **keys):
        help_request = _find(request, reference)
        if help_request is None:
            return _gone(request, reference)
        if request.method != "POST":
            return redirect(help_request)
        try:
            answer = view(request, help_request, **keys)
        except (Refused, Erased) as refusal:
            return _refused(request, reference, refusal.reasons)
        if isinstance(answer, HttpResponse):
            return answer
        if answer:
            messages.success(request, answer)
        return redirect(help_request)

    return wrapper


# --- The resident ----------------------------------------------------------------------------------------------------


@act
def cancel(request: HttpRequest, help_request: HelpRequest) -> HttpResponse | str:
    _require(is_requester(request.user, help_request))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, help_request, cancel_form=form)
    help_requests.cancel(help_request, actor=request.user, reason=form.cleaned_data["reason"])
    return _("Your request is withdrawn. Whoever wanted to come has been told.")


@act
def accept(request: HttpRequest, help_request: HelpRequest, pk: int) -> str:
    commitment = _commitment(help_request, pk)
    _require(is_requester(request.user, commitment))
    commitments.accept(commitment, actor=request.user)
    return _("Agreed! The person who will help has been told.")


@act
def decline(request: HttpRequest, help_request: HelpRequest, pk: int) -> str:
    commitment = _commitment(help_request, pk)
    _require(is_requester(request.user, commitment))
    commitments.decline(commitment, actor=request.user)
    return _("All right. We are looking for somebody else.")


@act
def no_show(request: HttpRequest, help_request: HelpRequest, pk: int) -> str:
    commitment = _commitment(help_request, pk)
    _require(is_requester(request.user, commitment))
    commitments.no_show(commitment, actor=request.user)
    return _("We are sorry. The centre knows, and will ring if you need help soon.")


@act
@sensitive_variables()
def own_address(request: HttpRequest, help_request: HelpRequest) -> HttpResponse:
    """What the resident herself told: name, phone and address."""
    _require(is_requester(request.user, help_request))
    home = reveals.to_requester(help_request, actor=request.user)
    return render(request, "volunteering/requests/address.html", {"help_request": help_request, "home": home})


# --- The helper ------------------------------------------------------------------------------------------------------


@act
def take(request: HttpRequest, help_request: HelpRequest, pk: int) -> HttpResponse | str:
    visit = get_object_or_404(Visit, help_request=help_request, pk=pk)
    if is_too_late(visit, request.user):
        return _too_late(request, help_request)
    visit.help_request = help_request
    form = TakeForm(request.POST, visit=visit)
    if not form.is_valid():
        return _page(request, help_request, take_form=(visit.pk, form))
    try:
        commitment = commitments.take(
            visit, actor=request.user, starts_at=form.starts_at(), note=form.cleaned_data["note"]
        )
    except Refused as refusal:
        if is_too_late(Visit.objects.get(pk=visit.pk), request.user):
            return _too_late(request, help_request)
        # What was typed stays in the form: another hour may suit.
        return _refused(request, help_request.reference, refusal.reasons, take_form=(visit.pk, form))
    if commitment.state == CommitmentState.PROPOSED:
        return _("Thank you! The resident has been asked whether it suits. You will hear at once.")
    return _("Thank you! It is agreed: you help.")


@act
def pass_on(request: HttpRequest, help_request: HelpRequest, pk: int) -> HttpResponse:
    """Not this time: the next person is asked. `again`: not now, but the same person may be asked once more."""
    alert = get_object_or_404(Alert, visit__help_request=help_request, visit=pk, volunteer=request.user)
    again = request.POST.get("again") == "1"
    waves.decline(alert, actor=request.user, again=again)
    if again:
        messages.success(request, _("All right. If nobody else is found, we will ask you once more."))
    else:
        messages.success(request, _("All right, not this time. We are asking somebody else."))
    return redirect("volunteering:help")


@act
def withdraw(request: HttpRequest, help_request: HelpRequest, pk: int) -> HttpResponse:
    commitment = _commitment(help_request, pk)
    _require(is_helper(request.user, commitment))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, help_request, reasons=[_("That is too long. Shorten it to 300 characters.")])
    commitments.withdraw(commitment, actor=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("Your promise is taken back. The resident has been told, and we are asking others."))
    return redirect("volunteering:help")


@act
def arrive(request: HttpRequest, help_request: HelpRequest, pk: int) -> str:
    commitment = _commitment(help_request, pk)
    _require(is_helper(request.user, commitment))
    commitments.arrive(commitment, actor=request.user)
    return _("The resident knows that you are at the door.")


@act
@sensitive_variables()
def address(request: HttpRequest, help_request: HelpRequest, pk: int) -> HttpResponse:
    """Name, phone and address for the helper, once for each press of the button."""
    commitment = _commitment(help_request, pk)
    _require(is_helper(request.user, commitment))
    home = reveals.to_helper(commitment, actor=request.user)
    context = {
        "help_request": help_request,
        "home": home,
        "commitment": commitment,
        "words": help_request.words if help_request.words_held_back else "",
    }
    return render(request, "volunteering/requests/address.html", context)


# --- Both ------------------------------------------------------------------------------------------------------------


@act
def confirm(request: HttpRequest, help_request: HelpRequest, pk: int) -> HttpResponse | str:
    """One side says that the visit took place; the helper also says how long it was."""
    commitment = _commitment(help_request, pk)
    if is_requester(request.user, commitment):
        commitments.confirm(commitment, actor=request.user)
        return _("Thank you for confirming.")
    _require(is_helper(request.user, commitment))
    form = ConfirmForm(request.POST, commitment=commitment)
    if not form.is_valid():
        return _page(request, help_request, confirm_form=(commitment.pk, form))
    commitments.confirm(commitment, actor=request.user, minutes=form.cleaned_data["minutes"])
    return _("Thank you for helping and for confirming.")


# --- The page --------------------------------------------------------------------------------------------------------


def _page(request, help_request, reasons=(), status=200, **forms):
    """`forms`: those that were just filled in and must not be lost."""
    context = {"help_request": help_request, "reasons": reasons, "now": timezone.now()}
    if is_requester(request.user, help_request):
        context |= _own_face(help_request, forms)
        template = "volunteering/requests/own.html"
    else:
        context |= _helper_face(request, help_request, forms)
        template = "volunteering/requests/helper.html"
    return render(request, template, context, status=status)


def _own_face(help_request, forms):
    visits = [
        _visit_to_resident(visit, help_request) for visit in Visit.objects.of_request(help_request).with_promises()
    ]
    return {
        "visits": visits,
        "awaits_answer": any(promise["is_question"] for row in visits for promise in row["promises"]),
        "story": timeline(help_request),
        "initiatives": [] if help_request.finished_at else suggestions.initiatives_for_request(help_request),
        "may_cancel": help_request.state in REQUEST["cancel"].sources,
        "cancel_form": forms.get("cancel_form") or ReasonForm(),
        "form": forms.get("cancel_form"),
    }


def _visit_to_resident(visit, help_request):
    now = timezone.now()
    promises = [_promise_to_resident(it, now) for it in visit.commitments.all() if it.state in SHOWN]
    return {"visit": visit, "promises": promises, "words": _rest_of_visit(visit, help_request, promises)}


def _rest_of_visit(visit, help_request, promises):
    """What is to be said of a visit beside its helpers; nothing while the centre reads the request."""
    if visit.places > 1 and visit.state in {VisitState.OPEN, VisitState.FULL}:
        words = ngettext("%(taken)d of %(places)d person found", "%(taken)d of %(places)d people found", visit.places)
        return words % {"taken": visit.taken, "places": visit.places}
    if promises or help_request.state == RequestState.AWAITING_REVIEW:
        return ""
    return visit.get_state_display()


def _promise_to_resident(commitment, now):
    has_begun = commitment.starts_at <= now
    is_agreed = commitment.state in AGREED
    return {
        "commitment": commitment,
        "first_name": commitment.volunteer.first_name,
        "is_question": commitment.state == CommitmentState.PROPOSED,
        "may_change_mind": commitment.state == CommitmentState.ACCEPTED and not has_begun,
        "may_confirm": is_agreed and has_begun and commitment.resident_confirmed_at is None,
        "may_talk": may_talk(commitment),
        "may_miss": is_agreed and has_begun and commitment.helper_confirmed_at is None,
    }


def _helper_face(request, help_request, forms):
    user = request.user
    helps_here = Standing.objects.active().of(user).exists()
    promises = list(Commitment.objects.of(user).with_details().of_request(help_request))
    holds = {promise.visit_id for promise in promises if promise.state in HOLDING}
    told = {alert.visit_id: alert for alert in Alert.objects.to(user).about(help_request).with_category()}
    open_visits = Visit.objects.of_request(help_request).open().with_details() if helps_here else []
    shown = [promise for promise in promises if promise.state in SHOWN]
    return {
        "is_staff_here": user.has_perm("volunteering.work_requests", help_request),
        "helps_here": helps_here,
        "may_read_words": helps_here or bool(holds),
        "promises": [_promise_to_helper(promise, user, forms) for promise in shown],
        "visits": [_offer(visit, user, told.get(visit.pk), forms) for visit in open_visits if visit.pk not in holds],
        "form": next((form for _pk, form in forms.values()), None),
    }


def _promise_to_helper(commitment, user, forms):
    now = timezone.now()
    is_agreed = commitment.state in AGREED
    opens, closes = reveals.window(commitment)
    return {
        "commitment": commitment,
        "is_agreed": is_agreed,
        "address_opens": opens,
        "address_closes": closes,
        "against_address": reveals.reasons_against(commitment, user, now),
        "may_see_address": is_agreed or commitment.state == CommitmentState.DONE,
        "may_talk": may_talk(commitment) and commitment.visit.help_request.requester_id is not None,
        "may_arrive": commitment.state == CommitmentState.ACCEPTED
        and commitment.starts_at - ARRIVAL < now < commitment.ends_at,
        "may_confirm": is_agreed and commitment.starts_at <= now and commitment.helper_confirmed_at is None,
        "may_withdraw": commitment.state in {CommitmentState.PROPOSED, CommitmentState.ACCEPTED}
        and now < commitment.ends_at,
        "confirm_form": _filled(forms.get("confirm_form"), commitment.pk) or ConfirmForm(commitment=commitment),
    }


def _offer(visit, user, alert, forms):
    """A visit that still needs somebody, as this helper sees it."""
    against = [] if visit.is_flexible else reasons_against_taking(visit, user, (visit.starts_at, visit.ends_at))
    return {
        "visit": visit,
        "against": against,
        "form": _filled(forms.get("take_form"), visit.pk) or TakeForm(visit=visit),
        "reasons": alerts.reasons_of(alert) if alert else [],
        "distance": distances.in_words(alert.parts["band"]) if alert and alert.parts.get("band") else "",
        "may_pass": alert is not None and alert.answer == Alert.Answer.NONE,
    }


def _filled(pair, pk):
    """The form that was just filled in, if it belongs to this row."""
    return pair[1] if pair and pair[0] == pk else None


def _refused(request, reference, reasons, **forms):
    """The page as it is now, with the sentences of a verb that may not act."""
    help_request = _find(request, reference)
    return _page(request, help_request, reasons, 409, **forms) if help_request else _gone(request, reference)


def _find(request, reference):
    """The request if this person may see it now, else None."""
    reference = reference.upper()
    if not REFERENCE.fullmatch(reference):
        return None
    return HelpRequest.objects.visible_to(request.user).with_details().called(reference).first()


def _gone(request, reference):
    """Who was told of a request follows the link also when it is over: then they read that, and 404 is for others."""
    reference = reference.upper()
    if not REFERENCE.fullmatch(reference) or not Alert.objects.to(request.user).about_reference(reference).exists():
        raise Http404
    return render(request, "volunteering/requests/gone.html", status=410)


def _too_late(request, help_request):
    """A short page, quickly made: fifty people may press in the same second. Other days of the request may still be
    free."""
    context = {"help_request": help_request, "has_more": Visit.objects.of_request(help_request).open().exists()}
    return render(request, "volunteering/requests/too_late.html", context, status=409)


def _commitment(help_request, pk):
    return get_object_or_404(Commitment.objects.with_details(), visit__help_request=help_request, pk=pk)


def _require(right):
    if not right:
        raise PermissionDenied
