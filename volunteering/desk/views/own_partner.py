"""The desk of a partner's own staff: their organisation, its initiatives and the words of these. Meetings have the
pages that case workers use (`desk.access.meetings_of` narrows them)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neighbourhoods.domain.membership import belonging_of
from neighbourhoods.models import Membership, Organisation
from volunteering.desk.access import initiatives_of
from volunteering.desk.forms.partner_words import WordsForm
from volunteering.desk.forms.partners import ProfileForm
from volunteering.domain import partner_words, partners
from volunteering.errors import Refused
from volunteering.models import Meeting, PartnerProfile

MEETINGS = 8
VERBS = {"submit": partner_words.submit, "take_back": partner_words.take_back}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything of the own organisation."""
    organisation = own(request)
    profiles = PartnerProfile.objects.of_organisation(organisation)
    context = {
        "organisation": organisation,
        "pending": profiles.pending().first(),
        "has_profile": profiles.approved().exists(),
        "initiatives": initiatives_of(request).for_desk().order_by("next_at", "pk"),
        "meetings": list(Meeting.objects.run_by([organisation]).upcoming().with_details()[:MEETINGS]),
        "colleagues": Membership.objects.of_organisation(organisation),
    }
    return render(request, "volunteering/desk/partners/own.html", context)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What everybody shall read of the organisation, sent to the centre."""
    organisation = own(request)
    context = write_profile(request, organisation, act=partners.propose)
    if context is None:
        messages.success(request, _("Sent. The centre reads it; what was public stays so until then."))
        return redirect("desk:own_partner")
    return show_profile_form(request, context, is_own=True)


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A new initiative, as a draft."""
    organisation = own(request)
    form = WordsForm(*_sent(request), is_new=True)
    context = {"organisation": organisation, "form": form, "reasons": [], "initiative": None, "draft": None}
    context |= {"approval": partner_words.Approval(), "may_send": False}
    if request.method == "POST" and form.is_valid():
        try:
            words = form.words(_photo(form, organisation, request.user))
            joining = form.cleaned_data["joining"]
            initiative = partner_words.begin(organisation, actor=request.user, words=words, joining=joining)
        except Refused as refusal:
            context["reasons"] = refusal.reasons
            return render(request, "volunteering/desk/partners/words.html", context, status=409)
        messages.success(request, _("Saved as a draft. Look at it once more and send it to the centre."))
        return redirect("desk:own_words", initiative.slug)
    return render(request, "volunteering/desk/partners/words.html", context)


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest words of an initiative: read, changed, sent to the centre."""
    initiative = find(request, slug)
    form = _words_form(request, initiative)
    if request.method == "POST" and form.is_valid():
        try:
            image = _photo(form, initiative.organisation, request.user)
            seen = form.cleaned_data["seen"]
            partner_words.save(initiative, actor=request.user, words=form.words(image), seen=seen)
        except Refused as refusal:
            return _show_words(request, initiative, form=form, reasons=refusal.reasons, status=409)
        messages.success(request, _("Saved as a draft. Nobody outside sees it yet."))
        return redirect("desk:own_words", slug)
    return _show_words(request, initiative, form=form)


@require_POST
def decide(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """One of VERBS: to the centre, or back."""
    initiative = find(request, slug)
    try:
        VERBS[verb](initiative, actor=request.user)
    except Refused as refusal:
        return _show_words(request, find(request, slug), reasons=refusal.reasons, status=409)
    sent = _("Sent. An editor of the centre reads it and publishes it.")
    messages.success(request, sent if verb == "submit" else _("Taken back. You can change it again."))
    return redirect("desk:own_words", slug)


def own(request):
    """The organisation that this person works for here: one at most, by a constraint."""
    return get_object_or_404(
        Organisation.objects.among(belonging_of(request.user).organisations).select_related("municipality")
    )


def find(request, slug):
    rows = initiatives_of(request).run_by([own(request)])
    return get_object_or_404(rows.select_related("organisation", "lifecycle", "municipality"), slug=slug)


def write_profile(request, organisation, *, act):
    """Lets `act` write what was sent. Returns None once it is done, otherwise what the form shows."""
    profiles = PartnerProfile.objects.of_organisation(organisation).with_details()
    newest = profiles.pending().first() or profiles.approved().first()
    form = ProfileForm(*_sent(request), image=newest and newest.image, initial=ProfileForm.initial_of(newest))
    context = {"organisation": organisation, "form": form, "reasons": [], "newest": newest}
    if request.method == "POST" and form.is_valid():
        try:
            act(organisation, actor=request.user, profile=form.profile(_photo(form, organisation, request.user)))
        except Refused as refusal:
            return {**context, "reasons": refusal.reasons}
        return None
    return context


def show_profile_form(request, context, *, is_own):
    status = 409 if context["reasons"] else 200
    return render(request, "volunteering/desk/partners/profile_form.html", {**context, "is_own": is_own}, status=status)


def _photo(form, organisation, actor):
    """The uploaded photo, kept; None where there is none. Raises Refused for what is no photo."""
    photo = form.cleaned_data.get("photo")
    if not photo:
        return None
    description = form.cleaned_data["image_description"]
    return partners.keep_photo(photo, organisation=organisation, description=description, actor=actor)


def _sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _words_form(request, initiative):
    draft = partner_words.latest(initiative)
    sent = _sent(request) if request.resolver_match.url_name == "own_words" else ()
    return WordsForm(*sent, is_new=False, image=draft.image, initial=WordsForm.initial_of(draft))


def _show_words(request, initiative, *, form=None, reasons=(), status=200):
    draft = partner_words.latest(initiative)
    approval = partner_words.approval_of(initiative)
    context = {
        "organisation": initiative.organisation,
        "initiative": initiative,
        "draft": draft,
        "approval": approval,
        "form": form or _words_form(request, initiative),
        "reasons": reasons,
        "may_send": initiative.has_unpublished_changes and not approval.waits,
    }
    return render(request, "volunteering/desk/partners/words.html", context, status=status)
