"""Promises of help at the desk: staff act for those who ring."""

from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from volunteering.desk.forms.commitments import ConfirmForm
from volunteering.desk.views.request_page import COMMITMENT_FORMS, act, assign_form, find
from volunteering.domain import commitments
from volunteering.models import Commitment, Standing, Visit

VERBS = {
    "accept": commitments.accept,
    "decline": commitments.decline,
    "release": commitments.release,
    "no_show": commitments.no_show,
}


@require_POST
def decide(request: HttpRequest, reference: str, pk: int, verb: str) -> HttpResponse:
    """One of VERBS on a promise of this request."""
    help_request = find(request, reference)
    commitment = get_object_or_404(Commitment.objects.with_details(), pk=pk, visit__help_request=help_request)
    form = COMMITMENT_FORMS[verb](request.POST, name=f"{verb}_{commitment.pk}")
    return act(request, help_request, form, partial(VERBS[verb], commitment, actor=request.user), done=_done(verb))


@require_POST
def confirm(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """That the visit took place, as one side or both said on the phone."""
    help_request = find(request, reference)
    commitment = get_object_or_404(Commitment.objects.with_details(), pk=pk, visit__help_request=help_request)
    form = ConfirmForm(request.POST, name=f"confirm_{commitment.pk}")

    @transaction.atomic
    def verb(side, minutes):
        if side in {ConfirmForm.HELPER, ConfirmForm.BOTH}:
            commitments.confirm(commitment, actor=request.user, minutes=minutes)
        if side in {ConfirmForm.RESIDENT, ConfirmForm.BOTH}:
            commitments.confirm(commitment, actor=request.user, minutes=minutes, for_resident=True)

    return act(request, help_request, form, verb, done=_("Written down. Thank you!"))


@require_POST
def assign(request: HttpRequest, reference: str, visit_pk: int, volunteer_pk: int) -> HttpResponse:
    """Puts down a helper by hand, after talking with both sides."""
    help_request = find(request, reference)
    visit = get_object_or_404(Visit.objects.with_details(), pk=visit_pk, help_request=help_request)
    standing = get_object_or_404(Standing.objects.with_people(), volunteer=volunteer_pk)
    form = assign_form(visit, standing.volunteer, data=request.POST)
    verb = partial(commitments.assign, visit, volunteer=standing.volunteer, actor=request.user)
    return act(request, help_request, form, verb, done=_("Arranged. Both sides are being told."))


def _done(verb):
    return {
        "accept": _("The helper is accepted and is being told."),
        "decline": _("The helper is declined; the place is free again."),
        "release": _("The place is free again; the next people near by are being told."),
        "no_show": _("Written down: the helper did not come."),
    }[verb]
