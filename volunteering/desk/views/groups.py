"""Groups at the desk: opened, and given somebody who leads them. Who belongs to them is not shown here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from volunteering.desk.views.initiatives import find, show
from volunteering.domain import group_posts, groups, time_banks
from volunteering.models import Group, GroupPost, GroupRole


@require_POST
def open_group(request: HttpRequest, slug: str) -> HttpResponse:
    groups.open_for(find(request, slug), actor=request.user)
    messages.success(request, _("The group is open. Now give it somebody who leads it."))
    return redirect("desk:initiative", slug)


@require_POST
def appoint(request: HttpRequest, slug: str) -> HttpResponse:
    """An invitation for the facilitator, shown once. Whoever uses it is announced in the group."""
    initiative = find(request, slug)
    group = _group_of(initiative)
    code = groups.invite(group, role=GroupRole.FACILITATOR, by_centre=request.user)
    return show(request, initiative, code=code)


@require_POST
def open_bank(request: HttpRequest, slug: str) -> HttpResponse:
    time_banks.open_bank(_group_of(find(request, slug)))
    messages.success(request, _("The time bank is open. Its people open their accounts themselves."))
    return redirect("desk:initiative", slug)


@require_POST
def settle(request: HttpRequest, slug: str, post_pk: int, hide: bool) -> HttpResponse:
    """What was reported to the centre: hidden from the group, or it may stay. Posts that nobody reported to the centre
    are not found."""
    reported = GroupPost.objects.of(_group_of(find(request, slug))).reported(to_centre=True)
    (group_posts.hide if hide else group_posts.settle)(get_object_or_404(reported, pk=post_pk))
    messages.success(request, _("Done."))
    return redirect("desk:initiative", slug)


def _group_of(initiative):
    return get_object_or_404(Group.objects.with_details(), initiative=initiative)
