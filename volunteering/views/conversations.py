"""The page of a conversation, and what those who take part can do there. Whoever does not take part finds nothing.

Opening the page marks it read, as opening a notice does. The page asks again for what came after the last message that
it shows (`?po=…`) when news arrives; it gets the new messages alone.
"""

import uuid
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.second_factor import has_shown_second_factor, to_second_factor
from volunteering.domain import conversation_safety, conversations
from volunteering.domain.conversations import participant_of, reasons_against_saying
from volunteering.errors import Refused
from volunteering.forms.conversations import ReportForm, SayForm
from volunteering.models import Commitment, Conversation, Message, Participant, Photo, Side
from volunteering.rules import is_helper, is_requester
from volunteering.views.threads import NEWS_AT_ONCE, key_in, part_of, photo_answer


def for_participants(view):
    """Decorator: `view(request, conversation, participant, …)`. 404 for everybody else; staff show their second factor
    first."""

    @wraps(view)
    @never_cache
    def wrapper(request: HttpRequest, pk: int, **keys):
        visible = Conversation.objects.visible_to(request.user).with_details()
        conversation = get_object_or_404(visible, pk=pk)
        participant = participant_of(conversation, request.user)
        if participant is None:  # left a moment ago
            raise Http404
        if participant.side == Side.STAFF and not has_shown_second_factor(request):
            return to_second_factor(request)
        participant.user = request.user
        return view(request, conversation, participant, **keys)

    return wrapper


@require_POST
@never_cache
def begin(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """From the page of the request, by either side."""
    promises = Commitment.objects.with_details().with_helper().of_reference(reference.upper())
    commitment = get_object_or_404(promises, pk=pk)
    if not (is_helper(request.user, commitment) or is_requester(request.user, commitment)):
        raise Http404
    try:
        return redirect(conversations.begin(commitment, actor=request.user))
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.warning(request, reason)
        return redirect(commitment.visit.help_request)


@for_participants
def page(request: HttpRequest, conversation: Conversation, participant: Participant) -> HttpResponse:
    if request.method == "POST":
        return _say(request, conversation, participant)
    after = key_in(request.GET.get("po"))
    if after is not None:
        return _news(request, conversation, participant, after)
    return _page(request, conversation, participant)


def _say(request, conversation, participant):
    is_live = "X-Live" in request.headers
    form = SayForm(request.POST, request.FILES)
    if not form.is_valid():
        return _unsaid(request, conversation, participant, form, [], is_live=is_live)
    try:
        said = conversations.say(conversation, actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _unsaid(request, conversation, participant, form, refusal.reasons, is_live=is_live)
    if is_live:
        return _news(request, conversation, participant, key_in(request.POST.get("po")) or said.pk - 1)
    return redirect(f"{conversation.get_absolute_url()}#w-{said.pk}")


def _unsaid(request, conversation, participant, form, reasons, *, is_live):
    """The page with all that was typed, or only the reasons where the page itself asks."""
    if not is_live:
        return _page(request, conversation, participant, form=form, reasons=reasons, status=409 if reasons else 200)
    mistakes = [error for errors in form.errors.values() for error in errors]
    return render(request, "volunteering/conversations/problems.html", {"reasons": [*reasons, *mistakes]}, status=409)


def _news(request, conversation, participant, after):
    """The messages after this one, as rows for the open page; and the key for the next message."""
    found = list(Message.objects.of(conversation).for_page().after(after)[:NEWS_AT_ONCE])
    rows = _rows(found, conversation, request.user)
    answer = render(request, "volunteering/conversations/messages.html", {"rows": rows, "conversation": conversation})
    if "ukryta" not in request.GET:  # nobody looks at a tab in the background
        last = max([after, *(message.pk for message in found)])
        answer["X-Seen"] = conversations.seen(conversation, participant, up_to=last)
    answer["X-Next-Key"] = str(uuid.uuid4())
    return answer


def _page(request, conversation, participant, *, form=None, reasons=(), status=200):
    before = key_in(request.GET.get("przed"))
    found, earlier_before = part_of(Message.objects.of(conversation).for_page(), before)
    rows = _rows(found, conversation, request.user)
    if before is None and rows:
        conversations.seen(conversation, participant, up_to=rows[-1]["message"].pk)
    against = reasons_against_saying(conversation, participant)
    is_staff = participant.side == Side.STAFF
    context = {
        "conversation": conversation,
        "participant": participant,
        "is_staff": is_staff,
        "help_request": conversation.commitment.visit.help_request,
        "others": _others(conversation, request.user),
        "rows": rows,
        "last": rows[-1]["message"].pk if rows else 0,
        "is_newest": before is None,
        "earlier_before": earlier_before,
        "against": against,
        "form": form or SayForm(),
        "reasons": reasons,
        "report_form": ReportForm(auto_id="report-%s"),
        "reports": list(conversation.reports.unsettled()) if is_staff else [],
        "centre_is_here": conversations.staff_present(conversation),
        "is_blocked": conversation.closed_why == "blocked",
    }
    return render(request, "volunteering/conversations/page.html", context, status=status)


def _rows(found, conversation, reader):
    names = conversations.first_names(conversation)
    return [
        {
            "message": message,
            "is_own": message.sender_id == reader.pk,
            "name": names.get(message.sender_id, ""),
            "photo": message.photo if message.has_photo else None,
        }
        for message in found
    ]


def _others(conversation, reader):
    """Whom the reader writes with, without the centre's people."""
    sides = [(conversation.commitment.volunteer, Side.HELPER)]
    sides.append((conversation.commitment.visit.help_request.requester, Side.RESIDENT))
    return [conversations.name_of(user, side) for user, side in sides if user and user.pk != reader.pk]


@require_safe
@for_participants
def photo(request: HttpRequest, conversation: Conversation, participant: Participant, message_pk: int) -> HttpResponse:
    """The photo of one message, for those who take part; no other address leads to it."""
    found = get_object_or_404(Photo, message=message_pk, message__conversation=conversation)
    return photo_answer(found)


def act(view):
    """Decorator of the acts: does it by POST and says so; a refusal is read on the same page."""

    @require_POST
    @for_participants
    @wraps(view)
    def wrapper(request: HttpRequest, conversation: Conversation, participant: Participant) -> HttpResponse:
        try:
            messages.success(request, view(request, conversation, participant))
        except Refused as refusal:
            return _page(request, conversation, participant, reasons=refusal.reasons, status=409)
        return redirect(conversation)

    return wrapper


@act
def mute(request: HttpRequest, conversation: Conversation, participant: Participant) -> str:
    muted = request.POST.get("muted") == "1"
    conversations.mute(participant, muted=muted)
    if muted:
        return _("You will get no notifications of this conversation.")
    return _("You will again get notifications of this conversation.")


@act
def invite_staff(request: HttpRequest, conversation: Conversation, participant: Participant) -> str:
    conversation_safety.invite_staff(conversation, actor=request.user)
    return _("The centre has been asked to join. You will hear when somebody is here.")


@act
def report(request: HttpRequest, conversation: Conversation, participant: Participant) -> str:
    form = ReportForm(request.POST)
    if not form.is_valid():
        raise Refused(_("That is too long. Shorten it to 1000 characters."))
    conversation_safety.report(conversation, actor=request.user, text=form.cleaned_data["text"])
    return _("Thank you for telling us. The centre will look at it. In danger call 112.")


@act
def block(request: HttpRequest, conversation: Conversation, participant: Participant) -> str:
    if participant.side == Side.STAFF:
        raise PermissionDenied
    conversation_safety.block(conversation, actor=request.user)
    return _("You will not be brought together again. The conversation is closed.")
