"""What people can do when a conversation goes wrong: ask the centre in, report, block. Staff come in only when they are
asked or when something was reported, and everybody in the conversation sees that they came."""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.outbox import publish
from volunteering.domain import commitments, words
from volunteering.domain.conversations import close, lock, note, participant_of, staff_present, tell
from volunteering.errors import Refused, TransitionError
from volunteering.models import (
    MESSAGE_LIMIT,
    Block,
    ClosedWhy,
    Participant,
    Report,
    Side,
    SystemWords,
)
from volunteering.states import CommitmentState

GIVEN_BACK = (CommitmentState.PROPOSED, CommitmentState.ACCEPTED)


@transaction.atomic
def invite_staff(conversation, *, actor):
    """One of the two asks the centre to join. Asking twice is asking once."""
    conversation = lock(conversation)
    _require_side(conversation, actor)
    if conversation.erased_at:
        raise Refused(_("This conversation was long ago and its messages were erased."))
    if staff_present(conversation):
        raise Refused(_("The centre takes part in this conversation already: just write."))
    if conversation.staff_invited_at is None:
        conversation.staff_invited_at = timezone.now()
        conversation.save(update_fields=["staff_invited_at"])
        note(conversation, SystemWords.INVITED)
        tell("invite_staff", conversation, actor=actor)
    return conversation


@transaction.atomic
def report(conversation, *, actor, text=""):
    """Tells the centre that something is not right. The other side is not told who did. Until staff have settled it, a
    second report by the same person adds to the first."""
    conversation = lock(conversation)
    _require_side(conversation, actor)
    if conversation.erased_at:
        raise Refused(_("This conversation was long ago and its messages were erased."))
    text = words.clean(text).strip()
    made = Report.objects.filter(conversation=conversation, by=actor, settled_at=None).first()
    if made is None:
        made = Report.objects.create(conversation=conversation, by=actor, words=text[:MESSAGE_LIMIT])
        tell("report", conversation, actor=actor, report=made.pk)
    elif text and text not in made.words:
        made.words = f"{made.words}\n\n{text}".strip()[-MESSAGE_LIMIT:]
        made.save(update_fields=["words"])
    return made


@transaction.atomic
def block(conversation, *, actor):
    """These two are never brought together again. A promise that is still ahead is given back first, in the way of the
    one who blocks; the conversation closes, and nobody is told why. The centre is."""
    participant = participant_of(conversation, actor)
    if participant is None or participant.side == Side.STAFF:
        raise Refused(_("Only the two people who write to each other can do this."))
    commitment, other = conversation.commitment, _other_side(conversation, participant)
    if commitment.state in GIVEN_BACK:
        give_back = commitments.withdraw if participant.side == Side.HELPER else commitments.decline
        with suppress(TransitionError):  # given back a moment ago, perhaps by the other one's block
            give_back(commitment, actor=actor)
    Block.objects.get_or_create(municipality=conversation.municipality, by=actor, against=other)
    conversation = close(conversation, why=ClosedWhy.BLOCKED)
    tell("block", conversation, actor=actor)
    return conversation


# --- Staff ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def join(conversation, *, actor):
    """Staff come in and read. Raises Refused where nobody asked them and nothing was reported."""
    conversation = lock(conversation)
    present = participant_of(conversation, actor)
    if present is not None:
        if present.side != Side.STAFF:
            raise Refused(_("You are one of the two sides here: somebody else from the centre must look at it."))
        return conversation
    why = _why_staff(conversation)
    if not why:
        raise Refused(_("Nobody has asked the centre into this conversation."))
    Participant.objects.update_or_create(
        conversation=conversation,
        user=actor,
        defaults={"side": Side.STAFF, "left_at": None, "joined_at": timezone.now(), "is_muted": False},
    )
    conversation.staff_invited_at = None
    conversation.save(update_fields=["staff_invited_at"])
    note(conversation, SystemWords.JOINED)
    tell("join", conversation, actor=actor, why=why)
    # In the story of the request too, where everybody concerned can read it later.
    publish(
        "volunteering.conversation_read",
        conversation.commitment.visit.help_request,
        actor=actor,
        municipality=conversation.municipality,
        helper=conversation.commitment.volunteer_id,
        why=why,
    )
    return conversation


def _why_staff(conversation):
    if conversation.erased_at:
        return ""
    if conversation.reports.filter(settled_at=None).exists():
        return "report"
    if conversation.staff_invited_at:
        return "invited"
    return "minor" if conversation.with_minor else ""


@transaction.atomic
def leave(conversation, *, actor):
    """Staff go out and read no more. With somebody under age one of them stays."""
    conversation = lock(conversation)
    participant = participant_of(conversation, actor)
    if participant is None or participant.side != Side.STAFF:
        raise Refused(_("You do not take part in this conversation for the centre."))
    participant.left_at = timezone.now()
    participant.save(update_fields=["left_at"])
    if conversation.with_minor and not conversation.closed_at and not staff_present(conversation):
        raise Refused(_("Somebody under age is concerned here: ask a colleague to join before you leave."))
    note(conversation, SystemWords.LEFT)
    tell("leave", conversation, actor=actor)
    return conversation


@transaction.atomic
def settle(conversation, *, actor):
    """Staff have dealt with what was reported. Only who takes part can say so: they have read it."""
    conversation = lock(conversation)
    participant = participant_of(conversation, actor)
    if participant is None or participant.side != Side.STAFF:
        raise Refused(_("Join the conversation first, so that you know what it is about."))
    settled = conversation.reports.filter(settled_at=None).update(settled_at=timezone.now(), settled_by=actor)
    if settled:
        tell("settle", conversation, actor=actor, reports=settled)
    return settled


def _require_side(conversation, actor):
    if participant_of(conversation, actor) is None:
        raise Refused(_("Only the two people who write to each other can do this."))


def _other_side(conversation, participant):
    sides = Participant.objects.filter(conversation=conversation).exclude(side=Side.STAFF).with_people()
    return sides.exclude(pk=participant.pk).get().user
