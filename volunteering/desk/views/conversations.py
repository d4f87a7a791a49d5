"""Staff in conversations: they come in when asked or when something was reported, and everybody there sees it."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from volunteering.domain import conversation_safety, conversations
from volunteering.domain.conversations import participant_of
from volunteering.errors import Refused
from volunteering.models import ClosedWhy, Conversation, Side


def act(view):
    """Decorator: finds the conversation, does it, says so, and leads on to where the view says."""

    @require_POST
    @wraps(view)
    def wrapper(request: HttpRequest, pk: int) -> HttpResponse:
        conversation = get_object_or_404(Conversation.objects.with_details(), pk=pk)
        try:
            words, address = view(request, conversation)
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.warning(request, reason)
            return redirect("desk:today")
        messages.success(request, words)
        return redirect(address)

    return wrapper


@act
def join(request: HttpRequest, conversation: Conversation) -> tuple:
    conversation_safety.join(conversation, actor=request.user)
    return _("You are in the conversation now; both sides see it."), conversation


@act
def leave(request: HttpRequest, conversation: Conversation) -> tuple:
    conversation_safety.leave(conversation, actor=request.user)
    return _("You have left the conversation."), "desk:today"


@act
def settle(request: HttpRequest, conversation: Conversation) -> tuple:
    conversation_safety.settle(conversation, actor=request.user)
    return _("What was reported is settled."), conversation


@act
def close(request: HttpRequest, conversation: Conversation) -> tuple:
    participant = participant_of(conversation, request.user)
    if participant is None or participant.side != Side.STAFF:
        raise Http404
    conversations.close(conversation, why=ClosedWhy.CENTRE, actor=request.user)
    return _("The conversation is closed."), conversation
