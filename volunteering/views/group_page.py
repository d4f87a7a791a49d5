"""What people of a group write to each other, and their polls. New posts come in by themselves where scripts run: the
page asks for what came after the last one that it shows (`?po=…`), as conversations do."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteering.domain import group_posts, groups
from volunteering.errors import Refused
from volunteering.forms.groups import PollForm, ReportPostForm, SayForm
from volunteering.models import Group, GroupMember, GroupPhoto, GroupPost, GroupSays, Poll, PollOption, Vote
from volunteering.views.groups import for_members, frame_of
from volunteering.views.threads import NEWS_AT_ONCE, key_in, part_of, photo_answer

POLLS = 20


@for_members
def page(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    if request.method == "POST":
        return _say(request, group, membership)
    after = key_in(request.GET.get("po"))
    if after is not None:
        return _news(request, group, membership, after)
    return _page(request, group, membership)


def _say(request, group, membership):
    is_live = "X-Live" in request.headers
    form = SayForm(request.POST, request.FILES)
    if not form.is_valid():
        return _unsaid(request, group, membership, form, [], is_live=is_live)
    try:
        said = group_posts.say(membership, **form.cleaned_data)
    except Refused as refusal:
        return _unsaid(request, group, membership, form, refusal.reasons, is_live=is_live)
    if is_live:
        return _news(request, group, membership, key_in(request.POST.get("po")) or said.pk - 1)
    return redirect(f"{group.get_absolute_url()}#w-{said.pk}")


def _unsaid(request, group, membership, form, reasons, *, is_live):
    """The page with all that was typed, or only the reasons where the page itself asks."""
    if not is_live:
        return _page(request, group, membership, form=form, reasons=reasons, status=409 if reasons else 200)
    mistakes = [error for errors in form.errors.values() for error in errors]
    return render(request, "volunteering/conversations/problems.html", {"reasons": [*reasons, *mistakes]}, status=409)


def _news(request, group, membership, after):
    """The posts after this one, as rows for the open page; and the key for the next post."""
    found = list(GroupPost.objects.of(group).for_page().after(after)[:NEWS_AT_ONCE])
    rows = _rows(found, group, request.user)
    answer = render(request, "volunteering/groups/posts.html", {"rows": rows, "group": group})
    if "ukryta" not in request.GET:  # nobody looks at a tab in the background
        last = max([after, *(post.pk for post in found)])
        answer["X-Seen"] = group_posts.seen(membership, up_to=last)
    answer["X-Next-Key"] = str(uuid.uuid4())
    return answer


def _page(request, group, membership, *, form=None, reasons=(), status=200):
    before = key_in(request.GET.get("przed"))
    shown = GroupPost.objects.of(group).for_page()
    found, earlier_before = part_of(shown, before)
    pinned = list(shown.pinned()[: group_posts.MOST_PINNED])
    names = groups.names_in(group)
    rows = _rows(found, group, request.user, names)
    if before is None:
        group_posts.seen(membership, up_to=rows[-1]["post"].pk if rows else 0)
    context = {
        **frame_of(group, membership, "posts"),
        "rows": rows,
        "pinned": _rows(pinned, group, request.user, names),
        "last": rows[-1]["post"].pk if rows else 0,
        "is_newest": before is None,
        "earlier_before": earlier_before,
        "against": group_posts.reasons_against_saying(group, membership),
        "form": form or SayForm(),
        "reasons": reasons,
        "polls_to_vote": Poll.objects.of(group).open().without_vote_of(membership).count(),
        "asking": GroupMember.objects.of_group(group).asking().count() if membership.is_facilitator else 0,
        "reported": GroupPost.objects.of(group).reported(to_centre=False).count() if membership.is_facilitator else 0,
    }
    return render(request, "volunteering/groups/page.html", context, status=status)


def _rows(found, group, reader, names=None):
    names = groups.names_in(group) if names is None else names
    return [
        {
            "post": post,
            "is_own": post.author_id == reader.pk,
            "name": names.get(post.author_id) or groups.nameless(),
            "photo": post.photo if post.has_photo and not post.hidden_at else None,
            "says": GroupSays(post.system).label if post.system else "",
        }
        for post in found
    ]


# --- One post ---------------------------------------------------------------------------------------------------------


def find_post(group, post_pk):
    return get_object_or_404(GroupPost.objects.of(group).for_page(), pk=post_pk)


@require_safe
@for_members
def post(request: HttpRequest, group: Group, membership: GroupMember, post_pk: int) -> HttpResponse:
    """What can be done about one post."""
    return show_post(request, group, membership, find_post(group, post_pk))


def show_post(request, group, membership, found, *, form=None, reasons=(), status=200):
    row = _rows([found], group, request.user)[0]
    context = {
        **frame_of(group, membership, "posts"),
        "row": row,
        "post": found,
        "form": form or ReportPostForm(),
        "reasons": reasons,
        # Words that nobody stands for any more are in the facilitator's care.
        "may_remove": not found.system and (row["is_own"] or (membership.is_facilitator and found.author_id is None)),
        "may_report": not found.system and not row["is_own"] and not found.hidden_at,
    }
    return render(request, "volunteering/groups/post.html", context, status=status)


@require_safe
@for_members
def photo(request: HttpRequest, group: Group, membership: GroupMember, post_pk: int) -> HttpResponse:
    """The photo of one post, for those of the group; no other address leads to it."""
    found = get_object_or_404(GroupPhoto, post=post_pk, post__group=group, post__hidden_at=None)
    return photo_answer(found)


@require_POST
@for_members
def take_back(request: HttpRequest, group: Group, membership: GroupMember, post_pk: int) -> HttpResponse:
    found = find_post(group, post_pk)
    is_own = found.author_id == request.user.pk
    if found.system or not (is_own or (membership.is_facilitator and found.author_id is None)):
        raise PermissionDenied
    group_posts.take_back(found)
    messages.success(request, _("It is removed."))
    return redirect(group)


@require_POST
@for_members
def report(request: HttpRequest, group: Group, membership: GroupMember, post_pk: int) -> HttpResponse:
    found, form = find_post(group, post_pk), ReportPostForm(request.POST)
    if not form.is_valid():
        return show_post(request, group, membership, found, form=form)
    try:
        group_posts.report(found, membership=membership, **form.cleaned_data)
    except Refused as refusal:
        return show_post(request, group, membership, found, form=form, reasons=refusal.reasons, status=409)
    messages.success(request, _("Thank you for telling us. Nobody in the group learns that it was you."))
    return redirect(group)


# --- Polls ------------------------------------------------------------------------------------------------------------


@for_members
def polls(request: HttpRequest, group: Group, membership: GroupMember) -> HttpResponse:
    """The polls; the open ones to vote in, the others with their numbers. A new one is asked here too."""
    form, reasons = PollForm(request.POST if request.method == "POST" else None), []
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("question", "options")}
        try:
            group_posts.ask(membership, ends_at=form.ends_at(), **asked)
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            return redirect("volunteering:group_polls", group.pk)
    context = {**_polls(group, membership), "form": form, "reasons": reasons}
    return render(request, "volunteering/groups/polls.html", context, status=409 if reasons else 200)


def _polls(group, membership):
    found = list(Poll.objects.of(group).newest_first()[:POLLS])
    options = {}
    for option in PollOption.objects.of_polls(found).counted():
        options.setdefault(option.poll_id, []).append(option)
    own = Vote.objects.by_poll(membership)
    rows = [{"poll": poll, "options": options.get(poll.pk, []), "own": own.get(poll.pk)} for poll in found]
    for row in rows:
        row["all"] = sum(option.number for option in row["options"])
    return {
        **frame_of(group, membership, "polls"),
        "open": [row for row in rows if not row["poll"].is_over],
        "over": [row for row in rows if row["poll"].is_over],
    }


@require_POST
@for_members
def vote(request: HttpRequest, group: Group, membership: GroupMember, poll_pk: int) -> HttpResponse:
    chosen = key_in(request.POST.get("option"))
    if chosen is None:
        messages.warning(request, _("Choose one of the answers first."))
        return redirect("volunteering:group_polls", group.pk)
    options = PollOption.objects.of_polls([poll_pk]).select_related("poll")
    option = get_object_or_404(options, pk=chosen, poll__group=group)
    try:
        group_posts.vote(membership, option=option)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.warning(request, reason)
    else:
        messages.success(request, _("Your vote counts. Nobody reads how you voted."))
    return redirect("volunteering:group_polls", group.pk)


@require_POST
@for_members
def end_poll(request: HttpRequest, group: Group, membership: GroupMember, poll_pk: int) -> HttpResponse:
    if not membership.is_facilitator:
        raise Http404
    group_posts.end(get_object_or_404(Poll.objects.of(group), pk=poll_pk))
    return redirect("volunteering:group_polls", group.pk)
