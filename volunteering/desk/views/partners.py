"""Partners at the centre's desk: who they are, who works for them, and what they may say of themselves in public."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Refused as NotGranted
from neighbourhoods.domain import membership
from neighbourhoods.models import Membership, Organisation, Role
from volunteering.desk.forms.partners import HideForm, InviteForm, OrganisationForm, SendBackForm
from volunteering.desk.views.own_partner import show_profile_form, write_profile
from volunteering.domain import partners
from volunteering.errors import Refused
from volunteering.models import Initiative, PartnerProfile


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    waiting = set(PartnerProfile.objects.to_read().values_list("organisation_id", flat=True))
    organisations = list(Organisation.objects.order_by("name", "pk"))
    # Those that wait for a word of the centre first.
    organisations.sort(key=lambda it: it.pk not in waiting)
    return render(request, "volunteering/desk/partners/list.html", {"organisations": organisations, "waiting": waiting})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "reasons": [], "organisation": None}
    if request.method == "POST" and form.is_valid():
        try:
            organisation = partners.add(request.municipality, actor=request.user, **form.facts())
        except Refused as refusal:
            context["reasons"] = refusal.reasons
            return render(request, "volunteering/desk/partners/form.html", context, status=409)
        messages.success(request, _("Added. Invite its people, or write its profile for it."))
        return redirect("desk:partner", organisation.pk)
    return render(request, "volunteering/desk/partners/form.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, find(pk))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What the centre keeps of it."""
    organisation = find(pk)
    initial = OrganisationForm.initial_of(organisation)
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"form": form, "reasons": [], "organisation": organisation}
    if request.method == "POST" and form.is_valid():
        try:
            partners.change(organisation, actor=request.user, **form.facts())
        except Refused as refusal:
            context["reasons"] = refusal.reasons
            return render(request, "volunteering/desk/partners/form.html", context, status=409)
        messages.success(request, _("Saved."))
        return redirect("desk:partner", pk)
    return render(request, "volunteering/desk/partners/form.html", context)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """The centre writes the profile of a partner that has nobody to do it."""
    context = write_profile(request, find(pk), act=partners.write)
    if context is None:
        messages.success(request, _("Saved. This is what everybody reads now."))
        return redirect("desk:partner", pk)
    return show_profile_form(request, context, is_own=False)


@require_POST
def approve(request: HttpRequest, pk: int, profile_pk: int) -> HttpResponse:
    """The words that were read: others that have come meanwhile are another profile."""
    return _settle(request, pk, profile_pk, partners.approve, _("These words are public now."))


@require_POST
def send_back(request: HttpRequest, pk: int, profile_pk: int) -> HttpResponse:
    form = SendBackForm(request.POST, name="send_back")
    if not form.is_valid():
        return _show(request, find(pk), forms={"send_back": form})
    done = _("Sent back. The partner reads what you wrote.")
    return _settle(request, pk, profile_pk, partners.send_back, done, answer=form.cleaned_data["answer"])


@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    form = HideForm(request.POST, name="hide")
    if not form.is_valid():
        return _show(request, find(pk), forms={"hide": form})
    return _act(request, pk, partners.hide, _("Hidden."), reason=form.cleaned_data["reason"])


@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, partners.show, _("It can be seen again."))


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A person of the partner gets a role; whoever has no account gets one."""
    form = InviteForm(request.POST, name="invite")
    organisation = find(pk)
    if not form.is_valid():
        return _show(request, organisation, forms={"invite": form})
    try:
        membership.invite(
            form.cleaned_data["email"],
            municipality=request.municipality,
            role=Role.PARTNER,
            organisation=organisation,
            display_name=form.cleaned_data["display_name"],
            actor=request.user,
        )
    except NotGranted as refusal:
        return _show(request, organisation, forms={"invite": form}, reasons=refusal.reasons, status=409)
    messages.success(request, _("Invited: a letter with the way in is on its way."))
    return redirect("desk:partner", pk)


@require_POST
def end(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Somebody no longer works there: their next page is closed, and so are those that stand open."""
    row = get_object_or_404(Membership.objects.of_organisation(find(pk)), pk=membership_pk)
    membership.end(row, actor=request.user)
    messages.success(request, _("Ended: this person sees nothing of the partner any more."))
    return redirect("desk:partner", pk)


def find(pk):
    return get_object_or_404(Organisation.objects.select_related("municipality"), pk=pk)


def _settle(request, pk, profile_pk, act, done, **details):
    organisation = find(pk)
    profiles = PartnerProfile.objects.of_organisation(organisation).select_related("organisation__municipality")
    profile = profiles.in_bulk([profile_pk]).get(profile_pk)
    if profile is None:
        reasons = [_("These words do not wait any more. Read what stands here now.")]
        return _show(request, organisation, reasons=reasons, status=409)
    try:
        act(profile, actor=request.user, **details)
    except Refused as refusal:
        return _show(request, find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, done)
    return redirect("desk:partner", pk)


def _act(request, pk, act, done, **details):
    try:
        act(find(pk), actor=request.user, **details)
    except Refused as refusal:
        return _show(request, find(pk), reasons=refusal.reasons, status=409)
    messages.success(request, done)
    return redirect("desk:partner", pk)


def _show(request, organisation, *, forms=None, reasons=(), status=200):
    forms = forms or {}
    profiles = PartnerProfile.objects.of_organisation(organisation).with_details().select_related("written_by")
    context = {
        "organisation": organisation,
        "public": profiles.approved().first(),
        "pending": profiles.pending().first(),
        "staff": Membership.objects.of_organisation(organisation),
        "initiatives": Initiative.objects.run_by([organisation]).for_desk().order_by("next_at", "pk"),
        "may_name_staff": request.user.has_perm("neighbourhoods.manage_roles", request.municipality),
        "invite_form": forms.get("invite") or InviteForm(name="invite"),
        "hide_form": forms.get("hide") or HideForm(name="hide"),
        "send_back_form": forms.get("send_back") or SendBackForm(name="send_back"),
        # Under the name that the title of the page looks at.
        "form": next(iter(forms.values()), None),
        "reasons": reasons,
    }
    return render(request, "volunteering/desk/partners/detail.html", context, status=status)
