"""The facilitator's tools: who comes in, what is agreed upon, what is on top, what is hidden. 404 for other members."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteering.domain import group_posts, groups
from volunteering.errors import Refused
from volunteering.forms.groups import AgreementForm
from volunteering.models import Group, GroupMember, GroupPost
from volunteering.views.group_page import find_post, show_post
from volunteering.views.groups import for_members, frame_of


def for_facilitators(view):
    @wraps(view)
    @for_members
    def wrapper(request: HttpRequest, group: Group, membership: GroupMember, **keys):
        if not membership.is_facilitator:
            raise Http404
        return view(request, group, membership, **keys)

    return wrapper


@require_safe
@for_facilitators
def page(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    return _show(request, group, membership)


def _show(request, group, membership, *, form=None, code="", reasons=(), status=200):
    agreement = groups.agreement_of(group)
    people = list(GroupMember.objects.present().of_group(group).by_name())
    context = {
        **frame_of(group, membership, "leading"),
        "asking": list(GroupMember.objects.of_group(group).asking().select_related("user")),
        "people": people,
        "others": [it for it in people if it.pk != membership.pk],
        "reported": list(GroupPost.objects.of(group).reported(to_centre=False).with_reports()),
        "hidden": list(GroupPost.objects.of(group).hidden()),
        "form": form or AgreementForm(initial={"text": agreement.text if agreement else ""}),
        "agreement": agreement,
        "code": "-".join(code[start : start + 4] for start in range(0, len(code), 4)),
        "code_url": request.build_absolute_uri(reverse("volunteering:group_invitation", args=[code])) if code else "",
        "valid_days": groups.INVITED_FOR.days,
        "reasons": reasons,
    }
    return render(request, "volunteering/groups/leading.html", context, status=status)


VERBS = {"przyjmij": groups.accept, "odmow": groups.decline, "usun": groups.remove}


@require_POST
@for_facilitators
def decide(request: HttpRequest, group: Group, membership: GroupMember, member_pk: int, verb: str) -> HttpResponse:
    """One of VERBS on somebody who asked or belongs."""
    found = get_object_or_404(GroupMember.objects.of_group(group).select_related("group", "user"), pk=member_pk)
    found.group = group
    try:
        VERBS[verb](found)
    except Refused as refusal:
        return _show(request, group, membership, reasons=refusal.reasons, status=409)
    messages.success(request, _("Done."))
    return redirect("volunteering:group_leading", group.pk)


@require_POST
@for_facilitators
def agreement(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    form = AgreementForm(request.POST)
    if not form.is_valid():
        return _show(request, group, membership, form=form)
    groups.write_agreement(group, text=form.cleaned_data["text"])
    messages.success(request, _("The agreement is written. Everybody accepts it before they read on, you too."))
    return redirect("volunteering:group_leading", group.pk)


@require_POST
@for_facilitators
def invite(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    """The code is shown on this page only: it cannot be read again."""
    return _show(request, group, membership, code=groups.invite(group))


@require_POST
@for_facilitators
def hand_over(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    chosen = request.POST.get("to", "")
    to = chosen if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else 0
    found = get_object_or_404(GroupMember.objects.present().of_group(group), pk=to)
    try:
        groups.hand_over(membership, to=found)
    except Refused as refusal:
        return _show(request, group, membership, reasons=refusal.reasons, status=409)
    messages.success(request, _("You have handed the role over."))
    return redirect(group)


POST_VERBS = {
    "na-gorze": group_posts.pin,
    "z-gory": group_posts.unpin,
    "ukryj": group_posts.hide,
    "pokaz": group_posts.show,
    "w-porzadku": group_posts.settle,
}


@require_POST
@for_facilitators
def decide_post(request: HttpRequest, group: Group, membership: GroupMember, post_pk: int, verb: str) -> HttpResponse:
    """One of POST_VERBS on a post."""
    found = find_post(group, post_pk)
    try:
        POST_VERBS[verb](found)
    except Refused as refusal:
        return show_post(request, group, membership, found, reasons=refusal.reasons, status=409)
    messages.success(request, _("Done."))
    return redirect("volunteering:group_leading" if verb == "w-porzadku" else "volunteering:group", group.pk)
