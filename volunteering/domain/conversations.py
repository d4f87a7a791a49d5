"""Conversations: the helper and the resident of one commitment write to each other, and whoever they invite.

The row of the conversation is locked by whatever writes into it, so the keys of its messages become visible in order:
who has read up to one has missed nothing before it. That lock is taken after all others of a transaction.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.models import Membership, Role
from notifications import inboxes
from notifications.outbox import publish
from volunteering.domain import words
from volunteering.domain.checks import are_blocked
from volunteering.domain.one_row import one_row
from volunteering.errors import Refused
from volunteering.models import (
    ALT_LIMIT,
    MESSAGE_LIMIT,
    ClosedWhy,
    Conversation,
    Message,
    Participant,
    Photo,
    Side,
    Standing,
    SystemWords,
    VolunteerProfile,
)
from volunteering.states import CommitmentState, StandingState

# Before the resident has agreed, nobody writes to her.
TALKING = (CommitmentState.ACCEPTED, CommitmentState.ARRIVED, CommitmentState.DONE)
# So long after a visit there may still be something to say.
OPEN_AFTER = timedelta(days=14)
MOST_MESSAGES, MESSAGES_WITHIN = 30, timedelta(minutes=5)
MOST_PHOTOS, PHOTOS_WITHIN = 10, timedelta(hours=1)


# --- Whether ----------------------------------------------------------------------------------------------------------


def reasons_against_beginning(commitment):
    """Why there is no conversation about this promise; empty where there may be one."""
    help_request = commitment.visit.help_request
    if commitment.state not in TALKING:
        return [_("You can write to each other once the visit is agreed.")]
    if help_request.requester_id is None:
        return [_("This person asked by phone and reads no messages here. Ring the centre if there is news.")]
    if is_long_over(commitment):
        return [_("This visit was long ago, so nobody can write about it any more.")]
    if are_blocked(commitment.volunteer_id, help_request.requester_id):
        return [closed_words()]
    return []


def may_talk(commitment):
    """Whether the way to the conversation is shown beside this promise; what else stands against it is told there."""
    return commitment.state in TALKING and not is_long_over(commitment)


def is_long_over(commitment):
    return timezone.now() > commitment.ends_at + OPEN_AFTER


def closed_words():
    """Never says who did not want to go on."""
    return _("This conversation is closed. If you need something, please ring the centre.")


def reasons_against_saying(conversation, participant):
    """Why this person cannot write now; empty when they can. The page shows it in the place of the form."""
    if conversation.erased_at:
        return [_("This conversation was long ago and its messages were erased.")]
    if conversation.closed_why == ClosedWhy.OVER or is_long_over(conversation.commitment):
        return [_("This visit was long ago, so nobody can write about it any more.")]
    if conversation.closed_at:
        return [closed_words()]
    if participant.side == Side.STAFF:
        return []
    return _reasons_between(conversation)


def _reasons_between(conversation):
    """What stops the two sides, and not the centre."""
    commitment = conversation.commitment
    if commitment.state not in TALKING:
        return [_("This visit is no longer agreed between you, so the conversation rests.")]
    if are_blocked(commitment.volunteer_id, commitment.visit.help_request.requester_id):
        return [closed_words()]
    if not Standing.objects.of(commitment.volunteer).filter(state=StandingState.ACTIVE).exists():
        # The same words for both: she need not learn what the centre decided about a helper.
        return [_("The centre looks after this visit itself for now. Please ring the centre.")]
    if conversation.with_minor and not staff_present(conversation):
        return [_("Somebody under age is concerned here, so the centre must take part. Please ring the centre.")]
    return []


def staff_present(conversation):
    """Whether somebody who still works with cases of this gmina takes part."""
    staff = Participant.objects.filter(conversation=conversation).staff().present()
    workers = Membership.objects.of_case_workers().filter(municipality=conversation.municipality_id)
    return staff.filter(user__in=workers.values("user")).exists()


# --- Beginning and taking part ----------------------------------------------------------------------------------------


@transaction.atomic
def begin(commitment, *, actor):
    """The conversation about this promise, the same one for both sides, however often and by whom it is begun.
    Raises Refused with the reason why there is none."""
    if reasons := reasons_against_beginning(commitment):
        raise Refused(*reasons)
    help_request = commitment.visit.help_request
    with_minor = concerns_minor(commitment)
    conversation, is_new = Conversation.objects.get_or_create(
        commitment=commitment, defaults={"municipality": help_request.municipality, "with_minor": with_minor}
    )
    if not is_new:
        return _wake(conversation)
    sides = [(commitment.volunteer, Side.HELPER), (help_request.requester, Side.RESIDENT)]
    if with_minor:
        sides += [(user, Side.STAFF) for user in guardians(commitment)]
    Participant.objects.bulk_create(
        Participant(conversation=conversation, user=user, side=side) for user, side in sides
    )
    note(conversation, SystemWords.OPENED)
    if with_minor:
        note(conversation, SystemWords.JOINED)
    tell("begin", conversation, actor=actor)
    return conversation


def concerns_minor(commitment):
    """Whether the help is for children, or the helper has not declared to be of age."""
    if commitment.visit.help_request.category.involves_minors:
        return True
    return VolunteerProfile.objects.filter(user=commitment.volunteer_id, is_adult=False).exists()


def guardians(commitment):
    """The coordinators of the gmina, who take part where somebody under age is concerned; its organisers where it has
    none. Raises Refused where nobody is there."""
    municipality = commitment.visit.help_request.municipality
    sides = {commitment.volunteer_id, commitment.visit.help_request.requester_id}
    workers = list(
        Membership.objects.of_case_workers()
        .filter(municipality=municipality)
        .exclude(user__in=sides)
        .select_related("user")
        .order_by("pk")
    )
    coordinators = [worker.user for worker in workers if worker.role == Role.COORDINATOR]
    found = coordinators or [worker.user for worker in workers]
    if not found:
        raise Refused(_("Somebody under age is concerned here, so the centre must take part. Please ring the centre."))
    return list(dict.fromkeys(found))


def _wake(conversation):
    """A promise that was given again after a long time opens its conversation again."""
    if conversation.closed_why == ClosedWhy.OVER and conversation.erased_at is None:
        conversation = lock(conversation)
        conversation.closed_at, conversation.closed_why = None, ""
        conversation.save(update_fields=["closed_at", "closed_why"])
        note(conversation, SystemWords.OPENED)
    return conversation


def participant_of(conversation, user):
    """How this person takes part; None where they do not (any more)."""
    return Participant.objects.filter(conversation=conversation, user=user).present().first()


def first_names(conversation):
    """Key of each person who takes or took part → what the others call them. Nobody learns more here."""
    people = Participant.objects.filter(conversation=conversation).with_people()
    return {it.user_id: name_of(it.user, it.side) for it in people}


def name_of(user, side):
    if side == Side.STAFF:
        return _("%(name)s (the centre)") % {"name": user.first_name or _("Staff")}
    return user.first_name or (_("A helper") if side == Side.HELPER else _("A resident"))


# --- Writing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def say(conversation, *, actor, key, text="", photo=None, alt=""):
    """Writes one message. `key`: one for each filled-in form; the same one again gives the same message. `photo`: a
    `photos.Redrawn`, with `alt`, what it shows. Raises Refused where this person cannot write now."""
    conversation = lock(conversation)
    participant = participant_of(conversation, actor)
    if participant is None:
        raise Refused(closed_words())
    said = Message.objects.of(conversation).by(actor).filter(key=key).first()
    if said is not None:
        return said
    text = words.clean(text).strip()
    if reasons := [*reasons_against_saying(conversation, participant), *_reasons_in(actor, text, photo, alt)]:
        raise Refused(*reasons)
    message = Message.objects.create(
        conversation=conversation, sender=actor, text=text, has_photo=photo is not None, key=key
    )
    if photo is not None:
        Photo.objects.create(
            message=message, content=photo.content, width=photo.width, height=photo.height, alt=words.clean(alt).strip()
        )
    tell("say", conversation, actor=actor, message=message.pk)
    return message


def _reasons_in(actor, text, photo, alt):
    if not text and photo is None:
        return [_("Write something, or add a photo.")]
    if len(text) > MESSAGE_LIMIT or len(alt) > ALT_LIMIT:
        return [_("That is too long. Write it in several messages.")]
    now = timezone.now()
    lately = Message.objects.by(actor)
    if lately.since(now - MESSAGES_WITHIN).count() >= MOST_MESSAGES:
        return [_("These were many messages in a short time. Wait a few minutes, then go on.")]
    if photo is not None and not photos_left(actor):
        return [_("These were many photos in a short time. Send the next ones in an hour.")]
    return []


def photos_left(actor):
    """How many photos this person may send just now."""
    lately = Message.objects.by(actor).since(timezone.now() - PHOTOS_WITHIN).filter(has_photo=True)
    return max(0, MOST_PHOTOS - lately.count())


def was_said(conversation, *, actor, key):
    return Message.objects.of(conversation).by(actor).filter(key=key).exists()


def seen(conversation, participant, *, up_to):
    """This person has read up to this message: the bell and the mail need not tell of it. Returns how many notices were
    settled by it."""
    one_row(Participant, participant.pk).filter(read_up_to__lt=up_to).update(read_up_to=up_to)
    return inboxes.mark_read_about(participant.user, conversation)


def mute(participant, *, muted):
    """No notices of this conversation, or again; nobody else learns of it."""
    Participant.objects.filter(pk=participant.pk).update(is_muted=muted)


# --- The end ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def close(conversation, *, why, actor=None):
    """Nobody writes any more; what was written can be read until it is erased. Closing twice is closing once."""
    conversation = lock(conversation)
    if conversation.closed_at is None:
        conversation.closed_at, conversation.closed_why = timezone.now(), why
        conversation.save(update_fields=["closed_at", "closed_why"])
        note(conversation, SystemWords.CLOSED)
        tell("close", conversation, actor=actor, why=str(why))
    return conversation


@transaction.atomic
def erase(conversation):
    """The messages, photos and reports go; that there was a conversation stays, as in the trail of events."""
    conversation = lock(conversation)
    Message.objects.of(conversation).delete()
    conversation.reports.all().delete()
    now = timezone.now()
    conversation.erased_at = now
    if conversation.closed_at is None:
        conversation.closed_at, conversation.closed_why = now, ClosedWhy.OVER
    conversation.staff_invited_at = None
    conversation.save(update_fields=["erased_at", "closed_at", "closed_why", "staff_invited_at"])
    return conversation


def long_over(now):
    """Open conversations about visits that were long ago."""
    return Conversation.objects.open().of_visits_before(now - OPEN_AFTER)


def to_erase(now, *, days):
    """Conversations about visits of so many days ago. What was reported is kept until staff have settled it."""
    return Conversation.objects.not_erased().of_visits_before(now - timedelta(days=days)).without_open_report()


# --- Shared with `conversation_safety` --------------------------------------------------------------------------------


def lock(conversation):
    return Conversation.objects.with_details().select_for_update(of=("self",)).get(pk=conversation.pk)


def note(conversation, system):
    """The conversation says something by itself. Only under its lock."""
    return Message.objects.create(conversation=conversation, system=system)


def tell(verb, conversation, *, actor, **codes):
    publish(
        f"volunteering.conversation_{verb}",
        conversation,
        actor=actor,
        municipality=conversation.municipality,
        **codes,
    )
