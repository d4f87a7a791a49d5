"""Groups for those who belong to them, and the ways in. For everybody else a group's pages do not exist, whether there
is such a group or not."""

from functools import partial, wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from volunteering.domain import groups, time_banks
from volunteering.errors import Refused
from volunteering.forms.groups import CodeForm, EntranceForm, JoinForm, OwnForm
from volunteering.models import Group, GroupMember, Joining, Meeting, MemberState

COMING = 6


def for_members(view=None, *, before_agreeing=False):
    """Decorator: `view(request, group, membership, …)`, and 404 for all others. Whoever has not accepted the agreement
    in force reads nothing but what is open `before_agreeing`."""
    if view is None:
        return partial(for_members, before_agreeing=before_agreeing)

    @wraps(view)
    @never_cache
    def wrapper(request: HttpRequest, pk: int, **keys):
        membership = get_object_or_404(GroupMember.objects.present().of(request.user).with_group(), group=pk)
        membership.user = request.user
        if groups.must_agree(membership) and not before_agreeing:
            return redirect("volunteering:group_agreement", pk)
        return view(request, membership.group, membership, **keys)

    return wrapper


def frame_of(group, membership, tab):
    """What every page of a group shows."""
    return {
        "group": group,
        "initiative": group.initiative,
        "membership": membership,
        "tab": tab,
        "has_bank": hasattr(group, "time_bank"),
        "is_running": groups.is_running(group),
    }


# --- Ways in and out --------------------------------------------------------------------------------------------------


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The groups I belong to, and what I asked for."""
    if request.municipality is None:
        raise Http404
    memberships = GroupMember.objects.of(request.user).with_group().by_title()
    found = {state: [it for it in memberships if it.state == state] for state in MemberState.values}
    context = {"members": found["member"], "asked": found["asked"], "declined": found["declined"], "form": CodeForm()}
    return render(request, "volunteering/groups/mine.html", context)


@require_POST
@never_cache
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Into an open group in one press; to the facilitator of one on request with a word. Closed ones are not found."""
    group = get_object_or_404(Group.objects.to_be_joined().with_details(), pk=pk)
    on_request = group.initiative.joining == Joining.REQUEST
    form = (JoinForm if on_request else EntranceForm)(request.POST)
    if not form.is_valid():
        messages.warning(request, _("That is too long. Shorten it to 500 characters."))
        return redirect(group.initiative)
    try:
        membership = groups.join(
            group, user=request.user, word=form.cleaned_data.get("word", ""), shown_to=form.shown_to()
        )
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.warning(request, reason)
        return redirect(group.initiative)
    if membership.state == MemberState.MEMBER:
        return redirect(group)
    messages.success(request, _("The facilitator has your word. You will hear from us here."))
    return redirect("volunteering:groups")


@require_POST
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    groups.withdraw(get_object_or_404(GroupMember.objects.of(request.user).waiting().with_group(), group=pk))
    return redirect("volunteering:groups")


@never_cache
def invitation(request: HttpRequest, code: str = "") -> HttpResponse:
    """By a code from the facilitator, typed in or as a link. Looking changes nothing; the press comes in."""
    if request.municipality is None:
        raise Http404
    code = code or request.POST.get("kod", "") or request.GET.get("kod", "")
    found = groups.invitation_of(code[:40]) if code else None
    if found is None:
        reasons = [groups.useless_words()] if code else []
        context = {"form": CodeForm(initial={"kod": code[:40]}), "reasons": reasons, "group": None}
        return render(request, "volunteering/groups/invitation.html", context, status=409 if reasons else 200)
    form = EntranceForm(request.POST if "wchodze" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            return redirect(groups.use(code, user=request.user, shown_to=form.shown_to()).group)
        except Refused as refusal:
            context = {"form": CodeForm(), "reasons": refusal.reasons, "group": None}
            return render(request, "volunteering/groups/invitation.html", context, status=409)
    context = {"form": form, "reasons": [], "group": found.group, "initiative": found.group.initiative, "code": code}
    return render(request, "volunteering/groups/invitation.html", context)


@require_POST
@for_members(before_agreeing=True)
def leave(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    groups.leave(membership, remove_words=request.POST.get("remove_words") == "1")
    messages.success(request, _("You have left the group. Nobody is told."))
    return redirect("volunteering:groups")


# --- The page of a group ----------------------------------------------------------------------------------------------


@require_safe
@for_members
def people(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    """First names of those who show them, and how many others there are."""
    present = list(GroupMember.objects.present().of_group(group).by_name())
    named = [it for it in present if it.shows_name]
    context = {**frame_of(group, membership, "people"), "named": named, "others": len(present) - len(named)}
    return render(request, "volunteering/groups/people.html", context)


@require_safe
@for_members
def meetings(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    coming = Meeting.objects.of_initiative(group.initiative).upcoming().with_details()[:COMING]
    context = {**frame_of(group, membership, "meetings"), "coming": list(coming)}
    return render(request, "volunteering/groups/meetings.html", context)


@for_members(before_agreeing=True)
def agreement(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    """The agreement in force; who has not accepted it does so here."""
    found, reasons = groups.agreement_of(group), []
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            groups.agree(membership, version=int(version) if version.isdecimal() and len(version) < 6 else -1)
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            return redirect(group)
    context = {
        **frame_of(group, membership, "agreement"),
        "agreement": found,
        "must_agree": groups.must_agree(membership),
        "reasons": reasons,
    }
    return render(request, "volunteering/groups/agreement.html", context, status=409 if reasons else 200)


@for_members
def own(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    """How I am shown, whether I hear of news, and the way out."""
    form = OwnForm(request.POST if request.method == "POST" else None, membership=membership)
    reasons = []
    if form.is_valid():
        try:
            groups.set_own(membership, **form.cleaned_data)
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("Your choice is saved."))
            return redirect("volunteering:group_own", group.pk)
    context = {
        **frame_of(group, membership, "own"),
        "form": form,
        "reasons": reasons,
        "has_account": time_banks.has_account(group, request.user),
        "leaves_alone": membership.is_facilitator and not groups.has_another_facilitator(membership),
    }
    return render(request, "volunteering/groups/own.html", context, status=409 if reasons else 200)
