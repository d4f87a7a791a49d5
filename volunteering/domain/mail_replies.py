"""Answers by e-mail: a mail to the address in a letter becomes a message of its conversation, as if it had been typed
on the page. Whoever reads a mailbox can sign in with it, so it may also speak; staff show a second factor, so they
cannot.

An address belongs to one person in one conversation, and to the mailbox that it was sent to. What is not taken is told
to that person only, as a notice, whoever the mail was from.
"""

import logging
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from notifications import reply_addresses
from notifications.outbox import history
from volunteering.domain import conversations, photos, words
from volunteering.errors import Refused
from volunteering.models import MESSAGE_LIMIT, Conversation, MailTrouble, Participant, Side

log = logging.getLogger(__name__)

# Of the names of mails, so that the same mail gives the same message however often it is brought.
NAMES = uuid.UUID("6d0c7f9a-54be-4b0b-9f6e-2f1b4f1c9a35")
MOST_PHOTOS_AT_ONCE = 5
# The same trouble is told once in so long, and all of them together so many times a day.
TOLD_AGAIN_AFTER = timedelta(minutes=15)
MOST_TOLD_A_DAY = 10
UNSAID = "volunteering.conversation_unsaid"


# --- Addresses --------------------------------------------------------------------------------------------------------


def reply_address(conversation, participant):
    """Where this person can answer letters about this conversation; empty where nowhere."""
    if conversation.closed_at or not may_answer(participant):
        return ""
    return reply_addresses.address_of(participant.pk, bound_to=_bound_to(participant))


def may_answer(participant):
    return participant.side != Side.STAFF and participant.left_at is None and participant.user.is_active


def _bound_to(participant):
    """Who has moved to another mailbox is not spoken for from the old one."""
    return f"{participant.conversation_id}/{participant.user_id}/{participant.user.email}"


def _participant_of(token):
    """Whom this address belongs to; None where we never gave it, or to somebody who takes part no more."""
    with scopes_disabled():
        participant = Participant.objects.with_people().filter(pk=token.number).first()
    if participant is None or not reply_addresses.is_genuine(token, bound_to=_bound_to(participant)):
        return None
    return participant if may_answer(participant) else None


# --- What comes -------------------------------------------------------------------------------------------------------


def take(reply):
    """Says what a mail says (`notifications.replies.Reply`), once. An address that is not genuine gets no answer."""
    participant = _participant_of(reply.token)
    if participant is None:
        log.info("An answer by mail was dropped: its address is not in use")
        return
    with scopes_disabled():
        conversation = Conversation.objects.with_details().get(pk=participant.conversation_id)
    with scope(municipality=conversation.municipality):
        trouble = _say(reply, conversation, participant)
        if trouble:
            log.info("An answer by mail in conversation %s met trouble: %s", conversation.pk, trouble)
            _tell(trouble, conversation, participant)


def _say(reply, conversation, participant):
    """Returns what went wrong, if anything. What is slow (reading, photos) stays outside any transaction."""
    if reply.sender != participant.user.email:
        return MailTrouble.FOREIGN
    name = f"{participant.pk}/{reply.name}"
    key = uuid.uuid5(NAMES, name)
    if conversations.reasons_against_saying(conversation, participant):
        return "" if conversations.was_said(conversation, actor=participant.user, key=key) else MailTrouble.CLOSED
    content = reply.read()
    if content.words is None:
        return MailTrouble.UNREADABLE
    text = without_mailboxes(words.clean(content.words).strip(), participant.user)
    if trouble := _trouble_in(text, content):
        return trouble
    try:
        if text:
            conversations.say(conversation, actor=participant.user, key=key, text=text)
    except Refused:
        return MailTrouble.MANY
    all_said = _say_photos(content.photos, conversation, participant.user, name)
    return MailTrouble.LEFT_OUT if content.has_other_files or not all_said else ""


def _trouble_in(text, content):
    if not text and not content.photos:
        return MailTrouble.EMPTY
    return MailTrouble.TOO_LONG if len(text) > MESSAGE_LIMIT else ""


def _say_photos(files, conversation, actor, name):
    """Each photo is a message of its own. Returns whether all of them could be said."""
    all_said = len(files) <= MOST_PHOTOS_AT_ONCE
    for number, file in enumerate(files[:MOST_PHOTOS_AT_ONCE]):
        key = uuid.uuid5(NAMES, f"{name}/{number}")
        if conversations.was_said(conversation, actor=actor, key=key):
            continue
        if not conversations.photos_left(actor):  # drawing is slow: not in vain
            return False
        try:
            conversations.say(conversation, actor=actor, key=key, photo=photos.redraw(file))
        except Refused:
            all_said = False
    return all_said


def without_mailboxes(text, user):
    """The text without the writer's own mailbox and our address for answers, which mail programs put there unasked.
    What people tell each other on purpose is theirs, as on the page."""

    def cut(found):
        address = found.group().lower()
        return words.GAP if address == user.email or reply_addresses.is_ours(address) else found.group()

    return words.EMAIL.sub(cut, text)


@transaction.atomic
def _tell(trouble, conversation, participant):
    """Not again and again: whatever writes to us must not make us write without end."""
    conversation = conversations.lock(conversation)
    now = timezone.now()
    told = history(conversation).filter(kind=UNSAID, data__user=participant.user_id)
    if told.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_TOLD_A_DAY:
        return
    if told.filter(data__trouble=trouble, created_at__gt=now - TOLD_AGAIN_AFTER).exists():
        return
    conversations.tell("unsaid", conversation, actor=None, user=participant.user_id, trouble=str(trouble))
