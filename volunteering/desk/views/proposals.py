"""Ideas of residents at the desk: read, asked about, taken up, closed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteering import keyset
from volunteering.desk.forms.proposals import AskForm, CloseIdeaForm, TakeUpForm
from volunteering.domain import proposals
from volunteering.errors import Refused
from volunteering.models import Proposal
from volunteering.states import PROPOSAL

ANSWERS = {"ask": (AskForm, proposals.ask), "close": (CloseIdeaForm, proposals.close)}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All ideas, what moved last first."""
    page = keyset.page(Proposal.objects.with_people(), request.GET, order=("-changed_at", "-pk"))
    links = {
        "next_url": f"?after={page.next}" if page.next else "",
        "previous_url": f"?before={page.previous}" if page.previous else "",
    }
    return render(request, "volunteering/desk/proposals/list.html", {"page": page, "links": links})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, find(pk))


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """How to reach the resident. That it was looked at stays in the audit."""
    proposal = find(pk)
    proposals.note_contact_shown(proposal, actor=request.user)
    return _show(request, proposal, contact=proposal.proposer)


@require_POST
def reply(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """A question, or a kind no: one of ANSWERS."""
    form_class, act = ANSWERS[verb]
    form = form_class(request.POST, name=verb)
    if not form.is_valid():
        return _show(request, find(pk), forms={verb: form})
    try:
        act(find(pk), actor=request.user, text=form.cleaned_data["text"])
    except Refused as refusal:
        return _show(request, find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, _("The resident is told."))
    return redirect("desk:proposal", pk)


@require_http_methods(["GET", "POST"])
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of the draft that the idea becomes."""
    proposal = find(pk)
    form = TakeUpForm(request.POST if request.method == "POST" else None, initial=TakeUpForm.initial_of(proposal))
    context = {"proposal": proposal, "form": form, "reasons": []}
    if request.method == "POST" and form.is_valid():
        try:
            proposal = proposals.take_up(
                proposal, actor=request.user, words=form.words(), text=form.cleaned_data["text"]
            )
        except Refused as refusal:
            context["reasons"] = refusal.reasons
            return render(request, "volunteering/desk/proposals/take_up.html", context, status=409)
        messages.success(request, _("Taken up. It is a draft now: publish its words in the CMS and start it here."))
        return redirect("desk:initiative", proposal.initiative.slug)
    return render(request, "volunteering/desk/proposals/take_up.html", context)


def find(pk):
    return get_object_or_404(Proposal.objects.with_people(), pk=pk)


def _show(request, proposal, *, forms=None, contact=None, reasons=(), status=200):
    forms = forms or {}
    context = {
        "proposal": proposal,
        "contact": contact,
        "said": list(proposal.messages.all()),
        "acts": {verb for verb, transition in PROPOSAL.items() if proposal.state in transition.sources},
        "ask_form": forms.get("ask") or AskForm(name="ask"),
        "close_form": forms.get("close") or CloseIdeaForm(name="close"),
        "faulty": next(iter(forms.values()), None),
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/proposals/detail.html", context, status=status)
